"""Celery's shells around the jobs of the portfolio.  They carry work, never data."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portfolio.subscribing import sending


@shared_task(name="portfolio.send_reports", label=_("Porteføljerapporter på e-post"))
def send_reports() -> int:
    return sending.send_due(now=timezone.now())
