"""What shows that a benefit comes: indicators, and the measurements they call for."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from benefits.arithmetic import achievement
from benefits.models.benefit import Benefit
from benefits.models.codes import Direction, Every, Kind, Quantity
from benefits.models.kept import OF_INDICATOR, marking
from benefits.queries import IndicatorQuerySet, MeasurementQuerySet
from core import constraints
from core.history import Tracked, tracked
from organization.feed import in_feed

if TYPE_CHECKING:
    from datetime import date

HUNDRED = Decimal(100)


@in_feed(
    kind="indicator", resource="indicators",
    municipality="(select i.municipality_id from benefits_benefit b join governance_initiative i on i.id = b.initiative_id"
    " where b.id = {row}.benefit_id)",
)  # fmt: skip
@tracked()
class Indicator(Tracked):
    """What is counted to see whether a benefit comes, how, from where and how often.

    The baseline is its first measurement and stands among the others.  The main indicator of a benefit
    is the one its figures are computed from.
    """

    benefit = models.ForeignKey(Benefit, models.CASCADE, related_name="indicators")
    name = models.CharField(_("indikator"), max_length=200)
    quantity = models.CharField(_("hva telles"), max_length=10, choices=Quantity.choices)
    unit = models.CharField(_("måleenhet"), max_length=60)
    method = models.TextField(_("målemetode"), max_length=2000)
    source = models.CharField(_("kilde"), max_length=300, blank=True)
    direction = models.CharField(_("retning"), max_length=10, choices=Direction.choices)
    target = models.DecimalField(_("mål"), max_digits=16, decimal_places=4)
    forecast = models.DecimalField(
        _("ventet resultat"), max_digits=16, decimal_places=4, null=True, blank=True
    )
    baseline_on = models.DateField(_("nullpunkt måles"))
    first_on = models.DateField(_("første måling"))
    last_on = models.DateField(_("siste måling"))
    every = models.CharField(_("hvor ofte"), max_length=10, choices=Every.choices)
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="indicators",
        verbose_name=_("måleansvarlig"),
    )  # fmt: skip
    is_main = models.BooleanField(_("hovedindikator"), default=False)
    created_at = models.DateTimeField()

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("indikator")
        verbose_name_plural = _("indikatorer")
        ordering = ["-is_main", "pk"]
        indexes = [models.Index(fields=["-changed_at", "-id"], name="indicator_changed")]
        constraints = [
            constraints.known("indicator_quantity", "quantity", Quantity),
            constraints.known("indicator_direction", "direction", Direction),
            constraints.known("indicator_every", "every", Every),
            constraints.unique(
                "indicator_main", "benefit", condition=Q(is_main=True),
                message=_("Gevinsten har alt en hovedindikator."),
            ),
            constraints.check(
                "indicator_dates", Q(first_on__gt=F("baseline_on")) & Q(last_on__gte=F("first_on")),
                _("Nullpunktet kommer først, så første og siste måling."),
            ),
            constraints.check(
                "indicator_percent", ~Q(quantity="percent") | Q(target__gte=0, target__lte=100),
                _("Prosent går fra 0 til 100."),
            ),
        ]  # fmt: skip
        triggers = marking(
            "select {row}.benefit_id", "benefit_id", "is_main", "target", "forecast", "direction"
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_percent(self) -> bool:
        return self.quantity == Quantity.PERCENT

    @property
    def may_be_negative(self) -> bool:
        return self.quantity == Quantity.OTHER

    @property
    def baseline(self) -> Measurement | None:
        """The first measurement, or ``None`` until it is made."""
        return next((row for row in self.measured if row.is_baseline), None)

    @property
    def measured(self) -> list[Measurement]:
        """What is measured, in order of day."""
        return sorted((row for row in self.measurements.all() if row.is_measured), key=_day_of)

    @property
    def latest(self) -> Measurement | None:
        """The last measurement after the baseline."""
        after = [row for row in self.measured if not row.is_baseline]
        return after[-1] if after else None

    @property
    def achieved(self) -> Decimal | None:
        """How far the last measurement has come from the baseline to the target; 1 is all the way."""
        return self.achieved_at(self.latest.value if self.latest else None)

    def achieved_at(self, value: Decimal | None) -> Decimal | None:
        return achievement(self.baseline.value if self.baseline else None, self.target, value)

    @property
    def measured_by(self) -> int | None:
        """Who measures: the one named here, else the service owner."""
        return self.responsible_id or self.benefit.service_owner_id


@in_feed(
    kind="measurement", resource="measurements",
    municipality="(select i.municipality_id from benefits_indicator n join benefits_benefit b on b.id = n.benefit_id"
    " join governance_initiative i on i.id = b.initiative_id where n.id = {row}.indicator_id)",
)  # fmt: skip
@tracked()
class Measurement(Tracked):
    """One point of the schedule, and what was measured there: due, then measured, then verified.

    A row without a value is missing once it is due; a value of zero is zero.
    """

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="measurements")
    kind = models.CharField(_("type"), max_length=10, choices=Kind.choices)
    due_on = models.DateField(_("skal måles"))
    measured_on = models.DateField(_("målt dato"), null=True, blank=True)
    value = models.DecimalField(_("verdi"), max_digits=16, decimal_places=4, null=True, blank=True)
    comment = models.TextField(_("kommentar"), max_length=2000, blank=True)
    measured_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("målt av"),
    )  # fmt: skip
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("bekreftet av"),
    )  # fmt: skip
    verified_at = models.DateTimeField(null=True)

    objects = MeasurementQuerySet.as_manager()

    class Meta:
        verbose_name = _("måling")
        verbose_name_plural = _("målinger")
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index(fields=["due_on", "id"], name="measurement_missing", condition=Q(value=None)),
            models.Index(fields=["-changed_at", "-id"], name="measurement_changed"),
        ]
        constraints = [
            constraints.known("measurement_kind", "kind", Kind),
            constraints.together("measurement_made", "measured_on", "value", _("En måling har både verdi og dato.")),
            constraints.together(
                "measurement_verified", "verified_by", "verified_at", _("En bekreftelse har både navn og tidspunkt.")
            ),
            constraints.check(
                "measurement_verified_is_made", Q(verified_at=None) | Q(value__isnull=False),
                _("Bare det som er målt, kan bekreftes."),
            ),
            constraints.unique(
                "measurement_due", "indicator", "due_on", message=_("Det er alt en måling denne dagen."),
                include=("value", "verified_at"),
            ),
            constraints.unique(
                "measurement_day", "indicator", "measured_on", message=_("Det er alt en måling denne dagen.")
            ),
            constraints.unique(
                "measurement_baseline", "indicator", condition=Q(kind="baseline"),
                message=_("Indikatoren har alt et nullpunkt."),
            ),
        ]  # fmt: skip
        triggers = marking(
            OF_INDICATOR, "indicator_id", "kind", "due_on", "measured_on", "value", "verified_at"
        )

    def __str__(self) -> str:
        return f"{self.indicator_id}: {self.due_on}"

    def get_absolute_url(self) -> str:
        return reverse("benefits:measurement_edit", args=[self.pk])

    @property
    def is_baseline(self) -> bool:
        return self.kind == Kind.BASELINE

    @property
    def is_measured(self) -> bool:
        return self.value is not None

    @property
    def is_verified(self) -> bool:
        return self.verified_at is not None

    def is_missing(self, today: date) -> bool:
        return self.value is None and self.due_on <= today


def _day_of(row: Measurement) -> date:
    assert row.measured_on is not None
    return row.measured_on
