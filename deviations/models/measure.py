"""What a deviation led to beyond itself: an initiative that was raised because of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core import constraints
from deviations.models.deviation import Deviation
from deviations.queries import DeviationChildQuerySet
from governance.models import Initiative


class MeasureLink(models.Model):
    """The chain from a deviation to the initiative that is to put it right, read from both ends."""

    deviation = models.ForeignKey(Deviation, models.CASCADE, related_name="measures")
    initiative = models.ForeignKey(Initiative, models.PROTECT, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = DeviationChildQuerySet.as_manager()

    class Meta:
        verbose_name = _("tiltak som kom av et avvik")
        verbose_name_plural = _("tiltak som kom av avvik")
        constraints = [
            constraints.unique(
                "measure_once", "deviation", "initiative", message=_("Tiltaket er alt koblet til avviket.")
            )
        ]

    def __str__(self) -> str:
        return f"{self.deviation_id}: {self.initiative_id}"
