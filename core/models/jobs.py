"""How the background jobs go."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class JobRun(models.Model):
    """How one kind of background job went last; holds no personal data, so whoever administers may read it."""

    name = models.CharField(max_length=100, unique=True)
    done_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)  # in a row
    error = models.CharField(max_length=100, blank=True)  # the kind of the last one; the log has its words

    class Meta:
        verbose_name = _("jobbkjøring")
        verbose_name_plural = _("jobbkjøringer")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
