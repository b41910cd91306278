"""What other apps lay before the council."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.history import Tracked, tracked
from governance.models.initiative import Initiative
from governance.queries import MatterQuerySet
from organization.models import Unit


@tracked()
class Matter(Tracked):
    """A paper of another app that asks for a decision, until it has one or is taken back (``governance.matters``).

    ``kind`` and ``subject_id`` name the record it stands for.  Who reads what is shielded follows the initiative.
    """

    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    initiative = models.ForeignKey(Initiative, models.PROTECT, related_name="matters")
    kind = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    title = models.CharField(_("tittel"), max_length=200)
    recommendation = models.TextField(_("innstilling"), max_length=8000)
    proposed = models.CharField(_("foreslått utfall"), max_length=20, blank=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    objects = MatterQuerySet.as_manager()

    class Meta:
        verbose_name = _("sak til rådet")
        verbose_name_plural = _("saker til rådet")
        indexes = [
            models.Index(
                fields=["municipality", "sent_at", "id"], name="matter_open", condition=Q(closed_at=None)
            )
        ]
        constraints = [
            constraints.unique(
                "matter_once", "kind", "subject_id", condition=Q(closed_at=None), message=_("Saken ligger alt hos rådet.")
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("governance:matter_detail", args=[self.pk])
