"""Celery's shell around the job of leadership.  It carries work, never data."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from leadership.figures.keeping import keep_numbers


@shared_task(name="leadership.keep_numbers", label=_("Dagens tall for ledelsen"))
def keep() -> int:
    return keep_numbers(now=timezone.now())
