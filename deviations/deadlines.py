"""How long the handling of a case may take: by its severity, and by its type where the municipality has said so."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from deviations.models import DeviationRules, Status

if TYPE_CHECKING:
    from datetime import date, datetime

    from deviations.models import Deviation

_HANDLED_BY_NOW = frozenset({Status.RECEIVED, Status.IN_PROGRESS})


def handling_days(case: Deviation) -> int:
    """Return the calendar days a case has: those of its severity, or of its type where these are fewer."""
    days = DeviationRules.of(case.municipality).days_for(case.judged_severity)
    return min(days, case.type.handling_days) if case.type and case.type.handling_days else days


def handling_due(case: Deviation, moment: datetime) -> date:
    return timezone.localdate(moment) + timedelta(days=handling_days(case))


def suggested_due(case: Deviation, *, day: date) -> date:
    """Return the deadline to begin with on ``day``: counted from the receipt, but not passed already."""
    return (
        max(day, handling_due(case, case.received_at))
        if case.received_at
        else day + timedelta(days=handling_days(case))
    )


def due_after_judgement(case: Deviation, *, days_before: int, now: datetime) -> date | None:
    """Return the deadline of a case whose severity or type was judged anew.

    Fewer days count from the judgement, so that nobody is late at once.  More days count from where the
    deadline began, and only where nobody has set a date of their own.
    """
    days = handling_days(case)
    if case.due_on is None or case.status not in _HANDLED_BY_NOW or days == days_before:
        return case.due_on
    if days < days_before:
        return min(case.due_on, timezone.localdate(now) + timedelta(days=days))
    begun = case.due_on - timedelta(days=days_before)
    starts = {timezone.localdate(moment) for moment in (case.received_at, case.status_since) if moment}
    return begun + timedelta(days=days) if begun in starts else case.due_on
