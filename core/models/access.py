"""Who read what is shielded or confidential."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _


class AccessLog(models.Model):
    """One read of a shielded or confidential record.  Append-only (a trigger refuses the rest)."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    object_id = models.BigIntegerField()
    what = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("oppslag")
        verbose_name_plural = _("oppslag")
        indexes = [models.Index(fields=["content_type", "object_id", "-at"], name="access_of_object")]
        triggers = [
            pgtrigger.Protect(name="access_append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.what} {self.content_type_id}/{self.object_id}"
