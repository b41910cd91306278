"""The numbers of the leadership page: what they were on a day, and what leadership wants them to be."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.history import Tracked, tracked
from leadership.queries import OfArea
from organization.models import Unit


class Key(models.TextChoices):
    """The numbers of the page, in their order."""

    NEEDY = "needy", _("Prosjekter som trenger hjelp")
    MONEY = "money", _("Prognose mot budsjett i år")
    BENEFITS = "benefits", _("Gevinstmålinger gjort i år")
    QUEUE = "queue", _("Tiltak som venter på avgjørelse")
    DECIDING = "deciding", _("Tid fra innmelding til vedtak")
    REPORTED = "reported", _("Avvik meldt siste 30 dager")
    CLOSING = "closing", _("Tid til avvik er lukket")
    DUTIES = "duties", _("Meldeplikter over fristen")
    ACTIONS = "actions", _("Tiltak etter avvik over fristen")


def _number() -> models.DecimalField:
    return models.DecimalField(max_digits=18, decimal_places=4, null=True)


class Snapshot(models.Model):
    """What a number was at the end of a day.  ``whole`` is what it is a part of, where it is one.

    Kept only of what everybody in the municipality may know; what depends on who looks is computed each time.
    """

    area = models.ForeignKey(Unit, models.CASCADE, related_name="+")
    key = models.CharField(max_length=12, choices=Key.choices)
    day = models.DateField()
    value, whole = _number(), _number()

    objects = OfArea.as_manager()

    class Meta:
        verbose_name = _("dagens tall")
        verbose_name_plural = _("dagens tall")
        constraints = [
            constraints.known("snapshot_key", "key", Key),
            constraints.unique(
                "snapshot_once", "area", "key", "day", message=_("Tallet er alt lagret for dagen.")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area_id} {self.key} {self.day}"


@tracked()
class Target(Tracked):
    """What leadership wants a number to be in an area, and why.  Without a value the target is taken away."""

    area = models.ForeignKey(Unit, models.CASCADE, related_name="+")
    key = models.CharField(max_length=12, choices=Key.choices)
    value = models.DecimalField(_("mål"), max_digits=12, decimal_places=2, null=True, blank=True)
    reason = models.CharField(_("begrunnelse"), max_length=500)

    objects = OfArea.as_manager()

    class Meta:
        verbose_name = _("mål for et tall")
        verbose_name_plural = _("mål for tall")
        constraints = [
            constraints.known("target_key", "key", Key),
            constraints.unique("target_once", "area", "key", message=_("Tallet har alt et mål.")),
            constraints.not_negative("target_value", "value", _("Målet kan ikke være negativt.")),
            constraints.check("target_reason", ~Q(reason=""), _("Skriv hvorfor målet er slik.")),
        ]

    def __str__(self) -> str:
        return self.get_key_display()
