"""Celery's shells around the jobs of deviations.  They carry work, never data."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from deviations import duty_clock, importing, operations


@shared_task(name="deviations.watch_duties")
def watch_duties() -> int:
    return duty_clock.run(now=timezone.now())


@shared_task(name="deviations.forget")
def forget() -> int:
    return operations.forget_ended(now=timezone.now())


@shared_task(name="deviations.sum_up_counts")
def sum_up_counts() -> int:
    return operations.sum_up_counts()


@shared_task(name="deviations.carry_out_imports")
def carry_out_imports() -> int:
    return importing.carry_out_all()
