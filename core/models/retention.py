"""What is left when something has been forgotten on purpose."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Tombstone(models.Model):
    """States that a record was redacted or deleted: which kind, where, on what legal basis, by whom."""

    kind = models.CharField(max_length=100)
    object_id = models.BigIntegerField()
    unit_label = models.CharField(max_length=200, blank=True)
    columns = models.JSONField(default=list)
    legal_basis = models.CharField(max_length=300)
    decision = models.CharField(max_length=300, blank=True)
    forgotten_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    by_label = models.CharField(max_length=100)

    class Meta:
        verbose_name = _("sletteprotokoll")
        verbose_name_plural = _("sletteprotokoller")
        indexes = [models.Index(fields=["kind", "object_id"], name="tombstone_of")]
        triggers = [
            pgtrigger.Protect(name="tombstone_append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"
