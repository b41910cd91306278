"""What a municipality has for new initiatives in a year."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.history import Tracked, tracked
from organization.models import Unit
from organization.queries import InMunicipality
from portfolio.models.money import FIRST_YEAR, LAST_YEAR


@tracked()
class BudgetFrame(Tracked):
    """The money for what stands on the ranking in a year, in kroner, and where that is decided."""

    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(_("år"))
    amount = models.DecimalField(_("ramme"), max_digits=14, decimal_places=2)
    source = models.CharField(_("vedtatt i"), max_length=200)

    objects = InMunicipality.as_manager()

    class Meta:
        verbose_name = _("ramme for et år")
        verbose_name_plural = _("rammer for år")
        constraints = [
            constraints.unique("frame_year", "municipality", "year", message=_("Året har alt en ramme.")),
            constraints.not_negative("frame_amount", "amount", _("Rammen kan ikke være negativ.")),
            constraints.check(
                "frame_known_year", Q(year__gte=FIRST_YEAR) & Q(year__lte=LAST_YEAR), _("Skriv et årstall mellom 2000 og 2100.")
            ),
            constraints.check("frame_source", ~Q(source=""), _("Skriv hvor rammen er vedtatt.")),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.municipality_id} {self.year}"
