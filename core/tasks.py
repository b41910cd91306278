"""Celery's shells around the jobs of the kernel.  They carry work, never data."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import mail, reminders, retention
from core.api import idempotency


@shared_task(name="core.give_reminders", label=_("Påminnelser"))
def give_reminders() -> int:
    return reminders.run(day=timezone.localdate(), now=timezone.now())


@shared_task(name="core.write_daily_mail", label=_("Dagens e-post"))
def write_daily_mail() -> int:
    return mail.bundle_all(day=timezone.localdate(), now=timezone.now())


@shared_task(name="core.sweep_idempotency", label=_("Rydding etter forespørsler til API-et"))
def sweep_idempotency() -> None:
    idempotency.sweep(timezone.now())


@shared_task(name="core.deliver_mail", label=_("Utsending av e-post"))
def deliver_mail() -> int:
    return mail.deliver()


@shared_task(name="core.sweep", label=_("Sletting av e-post, leselogg og løse filer"))
def sweep() -> None:
    """Let go of what is past its own term, and of files that a process that died left behind."""
    now = timezone.now()
    retention.sweep_mail(now)
    retention.sweep_access_log(now)
    retention.sweep_files(now)
