"""Which leaders have the leadership page, as the municipality decides."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.history import Tracked, tracked
from organization.models import Unit
from organization.queries import InMunicipality


class Level(models.TextChoices):
    """From the top of the municipality downwards."""

    MUNICIPALITY = "municipality", _("Bare hele kommunen")
    SECTOR = "sector", _("Sektor")
    UNIT = "unit", _("Enhet")
    DEPARTMENT = "department", _("Avdeling")


@tracked()
class LeadershipRules(Tracked):
    """One row per municipality or region; without it the page goes down to the sectors."""

    municipality = models.OneToOneField(Unit, models.CASCADE, related_name="leadership_rules")
    lowest_level = models.CharField(
        _("ledere ned til dette nivået har siden"),
        max_length=20,
        choices=Level.choices,
        default=Level.SECTOR,
    )

    objects = InMunicipality.as_manager()

    class Meta:
        verbose_name = _("regler for ledelsens side")
        verbose_name_plural = _("regler for ledelsens side")
        constraints = [constraints.known("leadership_level", "lowest_level", Level)]

    def __str__(self) -> str:
        return str(self.municipality)
