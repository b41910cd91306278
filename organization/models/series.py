"""Running numbers per municipality and year."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core import constraints
from organization.models.unit import Unit


class NumberSeries(models.Model):
    """The last number given out in a series, such as initiatives of one municipality in 2026."""

    municipality = models.ForeignKey(Unit, models.CASCADE, related_name="+")
    series = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("nummerserie")
        verbose_name_plural = _("nummerserier")
        constraints = [
            constraints.unique(
                "series_once", "municipality", "series", "year", message=_("Nummerserien finnes alt.")
            )
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.year}: {self.last}"
