"""Celery's shells around the jobs of benefits.  They carry work, never data."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from benefits.operations import compute_due, count_marked


@shared_task(name="benefits.compute_indicators", label=_("Beregning av indikatorer"))
def compute_indicators() -> int:
    return compute_due(now=timezone.now())


@shared_task(name="benefits.count_marked", label=_("Summer til styringskortet"))
def count_marked_benefits() -> int:
    return count_marked()
