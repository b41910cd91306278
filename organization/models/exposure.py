"""How much there is to count against: denominators per unit and period."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.history import Tracked, tracked
from organization.models.unit import Unit
from organization.queries import ExposureQuerySet


@tracked()
class Exposure(Tracked):
    """A dated figure with its source.  Without one a rate is *mangler*, never zero."""

    class Kind(models.TextChoices):
        WORK_YEARS = "work_years", _("Årsverk")
        USERS = "users", _("Brukere")
        RESIDENT_DAYS = "resident_days", _("Liggedøgn")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="exposures", verbose_name=_("enhet"))
    kind = models.CharField(_("hva"), max_length=20, choices=Kind.choices)
    period_start = models.DateField(_("fra og med"))
    period_end = models.DateField(_("til og med"))
    value = models.DecimalField(_("tall"), max_digits=12, decimal_places=2)
    source = models.CharField(_("kilde"), max_length=200)

    objects = ExposureQuerySet.as_manager()

    class Meta:
        verbose_name = _("nevner")
        verbose_name_plural = _("nevnere")
        constraints = [
            constraints.check(
                "exposure_kind", Q(kind__in=["work_years", "users", "resident_days"]), _("Ukjent slag.")
            ),
            constraints.not_negative("exposure_value", "value", _("Tallet kan ikke være negativt.")),
            constraints.check(
                "exposure_period",
                Q(period_end__gte=F("period_start")),
                _("Perioden slutter før den begynner."),
            ),
            constraints.unique(
                "exposure_once", "unit", "kind", "period_start", message=_("Tallet for perioden er alt ført.")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.period_start}"
