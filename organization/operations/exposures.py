"""Dated figures to count against."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from core.history import record
from organization.models import Exposure

if TYPE_CHECKING:
    from datetime import datetime

    from core.actors import Actor


@transaction.atomic
def register_exposure(row: Exposure, *, by: Actor, now: datetime) -> Exposure:
    """Save a figure; one that stands for the same unit, kind and first day is corrected."""
    earlier = (
        Exposure.objects.select_for_update()
        .filter(unit=row.unit, kind=row.kind, period_start=row.period_start)
        .first()
    )
    saved = earlier or row
    saved.period_end, saved.value, saved.source = row.period_end, row.value, row.source
    saved.stamp(now)
    with record("register_exposure", actor=by):
        saved.save()
    return saved
