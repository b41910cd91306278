"""Celery's shells around the jobs of deviations.  They carry work, never data."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deviations import duty_clock, importing, operations


@shared_task(name="deviations.watch_duties", label=_("Frister for lovpålagte plikter"))
def watch_duties() -> int:
    return duty_clock.run(now=timezone.now())


@shared_task(name="deviations.forget", label=_("Sletting av avvik etter fristene"))
def forget() -> int:
    return operations.forget_ended(now=timezone.now())


@shared_task(name="deviations.sum_up_counts", label=_("Månedstall for avvik"))
def sum_up_counts() -> int:
    return operations.sum_up_counts()


@shared_task(name="deviations.carry_out_imports", label=_("Import av eldre avvik"))
def carry_out_imports() -> int:
    return importing.carry_out_all()
