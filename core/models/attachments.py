"""Files that belong to a record."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from core import constraints


def storage_path(attachment: Attachment, _name: str) -> str:
    """Return where the bytes lie: by checksum, so that a name can never choose a path."""
    digest = attachment.sha256
    return f"attachments/{digest[:2]}/{digest[2:4]}/{digest}-{attachment.key}"


class Attachment(models.Model):
    """One file of one record.  Its type is read from its content, never from its name."""

    key = models.UUIDField(unique=True)
    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    object_id = models.BigIntegerField()
    subject = GenericForeignKey("content_type", "object_id")
    name = models.CharField(_("filnavn"), max_length=200)
    title = models.CharField(_("tittel"), max_length=200, blank=True)
    file = models.FileField(upload_to=storage_path, max_length=300)
    mime = models.CharField(max_length=120)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    inline = models.BooleanField(default=False)
    is_shielded = models.BooleanField(_("skjermet"), default=False)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    """Nobody, where a record's own rules keep the name of whoever wrote it out of the database."""
    uploaded_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("vedlegg")
        verbose_name_plural = _("vedlegg")
        indexes = [models.Index(fields=["content_type", "object_id"], name="attachment_of")]
        constraints = [
            constraints.not_negative("attachment_size", "size", _("Størrelsen kan ikke være negativ."))
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.sha256:
            raise ValueError("an attachment is made by core.attachments.attach")
        super().save(*args, **kwargs)
