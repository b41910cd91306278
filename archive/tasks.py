"""Celery's shells around the jobs of the archive.  They carry work, never data."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive import receiving, reconciliation, shipping
from archive.history import exporting


@shared_task(name="archive.ship", label=_("Sending til sak/arkiv"))
def ship() -> int:
    return shipping.ship_all(now=timezone.now())


@shared_task(name="archive.receive", label=_("Svar fra sak/arkiv"))
def receive() -> int:
    return receiving.receive_all(now=timezone.now())


@shared_task(name="archive.export", label=_("Eksport av historiske saker til arkivet"))
def export() -> int:
    return exporting.carry_out_all(now=timezone.now())


@shared_task(name="archive.reconcile", label=_("Avstemming mot sak/arkiv"))
def reconcile() -> int:
    return reconciliation.reconcile(now=timezone.now())
