"""Celery's shells around the jobs of governance.  They carry work, never data."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.hearings import stand_ins


@shared_task(name="governance.ask_again", label=_("Høringer der stedfortrederen har sluttet"))
def ask_again() -> int:
    return stand_ins.ask_again(now=timezone.now())
