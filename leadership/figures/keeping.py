"""What the numbers were: kept each night for everybody, and found again by the page."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from core.actors import System
from leadership.areas import Place, kept_areas
from leadership.figures.catalogue import FIGURES, Measured, measure
from leadership.models import Snapshot, Target

if TYPE_CHECKING:
    from datetime import date, datetime

    from organization.models import Unit

KEPT = [figure for figure in FIGURES if not figure.has_past]
DAYS_KEPT = 400
_LATE = timedelta(days=7)
"""How many days earlier than asked for a kept number may be from, where a night was missed."""
_FACTS = ("value", "whole")


def keep_numbers(*, now: datetime) -> int:
    """Keep today's numbers of every area; a second run the same day replaces the first.  Returns how many were kept."""
    day, actor = timezone.localdate(now), System("leadership")
    kept = sum(keep_of(Place(actor, area, now)) for area in kept_areas(day))
    Snapshot.objects.filter(day__lt=day - timedelta(days=DAYS_KEPT)).exclude(day__day=1).delete()
    return kept


@transaction.atomic
def keep_of(place: Place) -> int:
    """Keep the numbers of one area, so that a job that is tried again goes on where it stopped."""
    found = measure([(figure, place) for figure in KEPT])
    rows = [
        Snapshot(area=place.area, key=figure.key, day=place.day, value=one.value, whole=one.whole)
        for figure, one in zip(KEPT, found, strict=True)
    ]
    Snapshot.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["area", "key", "day"], update_fields=_FACTS
    )
    return len(rows)


def kept_before(area: Unit, day: date) -> tuple[dict[str, Measured], dict[str, Target]]:
    """Return what the numbers of an area were on a day, or some days before it, and its targets; two statements."""
    rows = Snapshot.objects.filter(area=area, day__lte=day, day__gte=day - _LATE).order_by("key", "-day")
    kept = {row.key: Measured(row.value, row.whole) for row in rows.distinct("key")}
    return kept, {target.key: target for target in Target.objects.filter(area=area)}
