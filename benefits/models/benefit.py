"""A benefit that an initiative is expected to give."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from benefits.arithmetic import Cut, counts_as_budget
from benefits.models.codes import Measure, Ownership, Use
from benefits.models.kept import marking
from benefits.queries import BenefitQuerySet
from core import constraints
from core.history import Tracked, tracked
from governance.models import Initiative
from organization.feed import in_feed

if TYPE_CHECKING:
    from benefits.models.indicator import Indicator


@in_feed(
    kind="benefit", resource="benefits",
    municipality="(select municipality_id from governance_initiative where id = {row}.initiative_id)",
)  # fmt: skip
@tracked()
class Benefit(Tracked):
    """One expected benefit: what, for whom, of which kind, how much, and who owns it.

    The overview in the intake *is* the first version of the benefit plan; nothing is copied
    later.  Types and forms follow domain/benefits 3.4.
    """

    class Beneficiary(models.TextChoices):
        OWN_ORGANIZATION = "own_organization", _("Egen virksomhet")
        OTHER_PUBLIC = "other_public", _("Andre offentlige virksomheter")
        CITIZENS = "citizens", _("Innbyggere")
        BUSINESS = "business", _("Næringsliv")
        VOLUNTARY = "voluntary", _("Frivillighet")

    class Kind(models.TextChoices):
        SAVED_TIME = "saved_time", _("Spart tid")
        AVOIDED_COST = "avoided_cost", _("Unngåtte kostnader")
        QUALITY = "quality", _("Økt kvalitet")
        INCOME = "income", _("Økte inntekter")

    class Form(models.TextChoices):
        BUDGET = "budget", _("Budsjettmessig (kan tas ut)")
        ALTERNATIVE_USE = "alternative_use", _("Alternativ anvendelse (frigjort tid)")
        ELSEWHERE = "elsewhere", _("I annen offentlig virksomhet")
        NOT_PRICED = "not_priced", _("Ikke prissatt")

    class Status(models.TextChoices):
        IDENTIFIED = "identified", _("Identifisert")
        PLANNED = "planned", _("Planlagt")
        BASELINE_MEASURED = "baseline_measured", _("Nullpunkt målt")
        REALIZING = "realizing", _("Under realisering")
        REALIZED = "realized", _("Realisert")
        PARTLY_REALIZED = "partly_realized", _("Delvis realisert")
        NOT_REALIZED = "not_realized", _("Ikke realisert")
        DROPPED = "dropped", _("Utgått")

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="benefits")
    title = models.CharField(_("gevinst"), max_length=200)
    how = models.TextField(_("for hvem og hvordan"), max_length=2000, blank=True)
    beneficiary = models.CharField(_("hvem får gevinsten"), max_length=20, choices=Beneficiary.choices)
    kind = models.CharField(_("type"), max_length=20, choices=Kind.choices)
    form = models.CharField(_("form"), max_length=20, choices=Form.choices)
    kroner_per_year = models.DecimalField(
        _("kroner per år"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    hours_per_year = models.DecimalField(
        _("timer per år"), max_digits=10, decimal_places=1, null=True, blank=True
    )
    full_effect_from = models.PositiveSmallIntegerField(_("full virkning fra år"), null=True, blank=True)
    prerequisites = models.TextField(_("forutsetninger"), max_length=2000, blank=True)
    losers = models.TextField(_("ulemper og hvem som taper"), max_length=2000, blank=True)
    service_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="benefits",
        verbose_name=_("tjenesteeier"),
    )  # fmt: skip
    ownership = models.CharField(
        _("tjenesteeierens svar"), max_length=10, choices=Ownership.choices, default=Ownership.ASKED
    )
    ownership_note = models.TextField(_("begrunnelse for svaret"), max_length=2000, blank=True)
    points = models.DecimalField(_("nyttepoeng"), max_digits=5, decimal_places=1, null=True, blank=True)
    used_for = models.CharField(_("hva gevinsten brukes til"), max_length=20, choices=Use.choices, blank=True)
    cut_amount = models.DecimalField(
        _("beløp som kuttes"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    cut_account = models.CharField(_("ansvar eller tjeneste som kuttes"), max_length=100, blank=True)
    cut_year = models.PositiveSmallIntegerField(_("kuttes fra år"), null=True, blank=True)
    lesson = models.TextField(_("hva dere lærte"), max_length=4000, blank=True)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.IDENTIFIED)
    created_at = models.DateTimeField()

    objects = BenefitQuerySet.as_manager()

    class Meta:
        verbose_name = _("gevinst")
        verbose_name_plural = _("gevinster")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["service_owner", "status"], name="benefit_of_owner"),
            models.Index(fields=["-changed_at"], name="benefit_latest"),
        ]
        constraints = [
            constraints.check(
                "benefit_status",
                Q(
                    status__in=[
                        "identified",
                        "planned",
                        "baseline_measured",
                        "realizing",
                        "realized",
                        "partly_realized",
                        "not_realized",
                        "dropped",
                    ]
                ),
                _("Ukjent status."),
            ),
            constraints.not_negative(
                "benefit_kroner", "kroner_per_year", _("Beløpet kan ikke være negativt.")
            ),
            constraints.not_negative("benefit_hours", "hours_per_year", _("Timene kan ikke være negative.")),
            constraints.check(
                "benefit_not_priced",
                ~Q(form="not_priced") | Q(kroner_per_year=None),
                _("En gevinst som ikke er prissatt, har ikke et beløp."),
            ),
            constraints.known("benefit_ownership", "ownership", Ownership),
            constraints.check(
                "benefit_points",
                Q(points=None) | Q(points__gte=0, points__lte=100),
                _("Nyttepoeng går fra 0 til 100."),
            ),
            constraints.check(
                "benefit_cut",
                Q(cut_amount=None, cut_year=None, cut_account="")
                | (Q(cut_amount__gt=0, cut_year__isnull=False) & ~Q(cut_account="")),
                _("Et budsjettkutt har beløp, ansvar eller tjeneste, og år. Fyll ut alle tre, eller ingen."),
            ),
        ]
        triggers = marking("select {row}.id")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("benefits:benefit_detail", args=[self.pk])

    @property
    def tone(self) -> str:
        return TONES[self.status]

    @property
    def is_under_way(self) -> bool:
        return self.status in UNDER_WAY

    @property
    def cut(self) -> Cut | None:
        """The budget cut that is agreed on, if any."""
        if self.cut_amount is None or self.cut_year is None:
            return None
        return Cut(self.cut_amount, self.cut_account, self.cut_year)

    @property
    def counts_as_budget(self) -> bool:
        return counts_as_budget(kind=self.kind, form=self.form, cut=self.cut)

    @property
    def measure(self) -> str:
        """What its yearly estimates are counted in."""
        if self.kroner_per_year is None and self.hours_per_year is not None:
            return Measure.HOURS
        return Measure.KRONER if self.is_priced else Measure.POINTS

    @property
    def main_indicator(self) -> Indicator | None:
        return next((row for row in self.indicators.all() if row.is_main), None)

    @property
    def profile_mark(self) -> str:
        """A short text that is another one as soon as an estimate is another."""
        rows = sorted((row.year, row.measure, row.in_words) for row in self.estimates.all())
        return hashlib.blake2s(repr(rows).encode(), digest_size=6).hexdigest()

    @property
    def is_priced(self) -> bool:
        return self.form != self.Form.NOT_PRICED


S = Benefit.Status
UNDER_WAY = frozenset({S.PLANNED, S.BASELINE_MEASURED, S.REALIZING})
CONCLUDED = frozenset({S.REALIZED, S.PARTLY_REALIZED, S.NOT_REALIZED})
OPEN_TO_PLANNING = frozenset({S.IDENTIFIED, *UNDER_WAY})
TONES: dict[str, str] = {
    S.IDENTIFIED: "neutral", S.PLANNED: "info", S.BASELINE_MEASURED: "info", S.REALIZING: "info", S.REALIZED: "success",
    S.PARTLY_REALIZED: "warning", S.NOT_REALIZED: "warning", S.DROPPED: "neutral",
}  # fmt: skip
