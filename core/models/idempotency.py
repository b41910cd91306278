"""Requests that were carried out, remembered for a day so that a repeat is answered and not done again."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core import constraints


class IdempotentRequest(models.Model):
    """One write of the API under the key its caller chose.

    The row is written in the transaction of the write itself: what was rolled back is not
    remembered, and what was carried out always is.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    method = models.CharField(max_length=10)
    path = models.CharField(max_length=500)
    request_hash = models.CharField(max_length=64)
    scope_hash = models.CharField(max_length=64, default="")  # what the caller could see when it was answered
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("utført forespørsel")
        verbose_name_plural = _("utførte forespørsler")
        indexes = [models.Index(fields=["created_at"], name="idempotency_age")]
        constraints = [
            constraints.unique("idempotency_once", "person", "key", message=_("Nøkkelen er alt i bruk.")),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"
