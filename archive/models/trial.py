"""What the trial archive holds: a journal of its own, and answers that nobody has fetched yet."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core import constraints
from organization.models import Unit


class TrialRecord(models.Model):
    """A folder or a record in the trial archive, under the external key it came with."""

    municipality = models.ForeignKey(Unit, models.CASCADE, related_name="+")
    key = models.CharField(_("nøkkel"), max_length=200)
    kind = models.CharField(_("hva"), max_length=40)
    system_id = models.UUIDField()
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    closed = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("oppføring i prøvearkivet")
        verbose_name_plural = _("oppføringer i prøvearkivet")
        constraints = [
            constraints.unique("trial_key", "municipality", "key", message=_("Nøkkelen er i bruk.")),
        ]

    def __str__(self) -> str:
        return self.key


class TrialAnswer(models.Model):
    """An answer of the trial archive that waits to be fetched."""

    municipality = models.ForeignKey(Unit, models.CASCADE, related_name="+")
    name = models.CharField(_("fil"), max_length=200)
    content = models.BinaryField()

    class Meta:
        verbose_name = _("svar i prøvearkivet")
        verbose_name_plural = _("svar i prøvearkivet")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name
