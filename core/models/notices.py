"""Notices, the ledger of reminders and the outbox of e-mail."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import constraints
from core.queries import NoticeQuerySet


class Mail(models.Model):
    """One e-mail to one person: written once, sent at least once.

    The address ``message_id`` is fixed when the row is written, so a receiver can drop the
    repeat that a killed worker may cause.
    """

    key = models.CharField(max_length=200, unique=True)
    message_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    subject = models.CharField(max_length=200)
    body = models.TextField()
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("e-post")
        verbose_name_plural = _("e-post")
        indexes = [models.Index(fields=["created_at"], name="mail_unsent", condition=Q(sent_at=None))]

    def __str__(self) -> str:
        return self.key


class Notice(models.Model):
    """Something a person should know.  It is in the inbox at once and in the day's e-mail later."""

    key = models.CharField(max_length=200, unique=True)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    event = models.CharField(max_length=80)
    title = models.CharField(max_length=300)
    body = models.TextField(blank=True)
    url = models.CharField(max_length=300, blank=True)
    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.BigIntegerField()
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mail = models.ForeignKey(Mail, models.SET_NULL, null=True, related_name="notices")

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("varsel")
        verbose_name_plural = _("varsler")
        indexes = [
            models.Index(fields=["recipient", "-created_at"], name="notice_inbox"),
            models.Index(fields=["recipient"], name="notice_unmailed", condition=Q(mail=None)),
            models.Index(fields=["content_type", "object_id"], name="notice_about"),
        ]

    def __str__(self) -> str:
        return self.title


class ReminderEntry(models.Model):
    """The ledger: this reminder, about this record, to this person, for this period, was given."""

    reminder = models.CharField(max_length=80)
    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.BigIntegerField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    period = models.CharField(max_length=60)
    given_at = models.DateTimeField()

    class Meta:
        verbose_name = _("påminnelse gitt")
        verbose_name_plural = _("påminnelser gitt")
        constraints = [
            constraints.unique(
                "reminder_once",
                "reminder",
                "content_type",
                "object_id",
                "person",
                "period",
                message=_("Påminnelsen er alt gitt."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.reminder} {self.period}"
