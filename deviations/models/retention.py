"""What was forgotten of deviations: the log that administrators, archivists and privacy officers read."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from core import constraints
from deviations.retention_queries import ForgottenQuerySet
from organization.models import Unit


class WhatForgotten(models.TextChoices):
    IDENTITY = "identity", _("Navn og fritekst fjernet")
    DELETION = "deletion", _("Saker slettet")


class Forgotten(models.Model):
    """Cases of one type that one run forgot, by number: written in the transaction that forgot them.

    It holds no personal data, and is never changed.
    """

    What = WhatForgotten

    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("når"))
    what = models.CharField(_("hva"), max_length=20, choices=WhatForgotten.choices)
    type_name = models.CharField(_("type"), max_length=160)
    numbers = ArrayField(models.CharField(max_length=20), verbose_name=_("saker"))
    count = models.PositiveIntegerField(_("antall"))
    legal_basis = models.CharField(_("hjemmel"), max_length=300)
    decision = models.CharField(_("kassasjonsvedtak"), max_length=300, blank=True)

    objects = ForgottenQuerySet.as_manager()

    class Meta:
        verbose_name = _("glemte saker")
        verbose_name_plural = _("glemte saker")
        indexes = [models.Index(fields=["municipality", "-at", "-id"], name="forgotten_latest")]
        constraints = [constraints.known("forgotten_what", "what", WhatForgotten)]
        triggers = [
            pgtrigger.Protect(name="forgotten_append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.get_what_display()}: {self.count}"
