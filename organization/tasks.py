"""Celery's shells around the jobs of the organisation.  They carry work, never data."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organization import operations


@shared_task(name="organization.move_consultations", label=_("Høringer åpnes og avsluttes"))
def move_consultations() -> int:
    return operations.move_consultations(now=timezone.now())
