"""Benefits that are computed from deviations, and the deviations they are computed from."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from benefits import operations
from benefits.models import Benefit, Indicator
from deviations.models import Deviation
from organization.models import Exposure
from organization.roles import Role
from tests.benefits import stories
from tests.deviations import stories as reports
from tests.world import BORN

if TYPE_CHECKING:
    from tests.world import Place

OSLO = ZoneInfo("Europe/Oslo")
CODE = "TJ-LEGEMIDDEL"
BASELINE, LATER = 7, 1
"""Months ago: the baseline counts the three months before the first of them, the later point those before the other."""


def first_of_month(months_ago: int) -> date:
    today = timezone.localdate()
    years, month = divmod(today.year * 12 + today.month - 1 - months_ago, 12)
    return date(years, month + 1, 1)


def reported(
    place: Place, months_ago: int, times: int = 1, *, code: str = "TJ-FALL", **fields: Any
) -> list[Deviation]:
    """Report so many times in the month, on the days of it one after the other: once, and copies of that."""
    if not times:
        return []
    first, case = first_of_month(months_ago), reports.report(place, code=code, **fields)
    Deviation.objects.filter(pk=case.pk).update(**_moments(first, 0))
    copies = [Deviation.objects.get(pk=case.pk) for _ in range(times - 1)]
    for at, copy in enumerate(copies, 1):
        copy.pk, copy.number = None, f"{case.number}-{at}"
        for name, moment in _moments(first, at).items():
            setattr(copy, name, moment)
    return [case, *Deviation.objects.bulk_create(copies)]


def _moments(first: date, at: int) -> dict[str, datetime]:
    moment = datetime(first.year, first.month, at % 27 + 1, 12, tzinfo=OSLO)
    return {"created_at": moment, "reported_at": moment, "discovered_at": moment}


def severe(place: Place, months_ago: int, times: int = 1, **fields: Any) -> list[Deviation]:
    return reported(place, months_ago, times, reported_severity=3, **fields)


def mild(place: Place, months_ago: int, times: int = 1, **fields: Any) -> list[Deviation]:
    return reported(place, months_ago, times, reported_severity=1, **fields)


def denominator(
    place: Place, *, kind: str = "resident_days", months: range = range(24, -1, -1), value: str = "1000"
) -> None:
    """Let each of the months have its figure."""
    for at in months:
        first, following = first_of_month(at), first_of_month(at - 1)
        last = date.fromordinal(following.toordinal() - 1)
        Exposure.objects.create(
            unit=place.unit, kind=kind, period_start=first, period_end=last, value=Decimal(value), source="EPJ", changed_at=BORN
        )  # fmt: skip


def choice(place: Place, **values: Any) -> dict[str, Any]:
    return {
        "units": [place.unit.pk],
        "category": "",
        "type": 0,
        "severe": True,
        "per": "resident_days",
        **values,
    }


def indicator_of(place: Place, *, target: str = "1", first: int = LATER, **fields: Any) -> Indicator:
    """Return the main indicator of an adopted initiative's benefit, with points in the past, not computed yet."""
    benefit = stories.accept(stories.identified(place, **fields), place)
    return stories.add_indicator(
        benefit, place, name="Alvorlige avvik", target=Decimal(target), baseline_on=first_of_month(BASELINE),
        first_on=first_of_month(first), last_on=first_of_month(LATER), every="month",
    )  # fmt: skip


def computed(place: Place, *, first: int = LATER, **values: Any) -> Indicator:
    indicator = indicator_of(place, first=first)
    operations.set_source(
        indicator, "deviations", months=3, choice=choice(place, **values), by=place.actor(Role.SERVICE_OWNER), now=timezone.now()
    )  # fmt: skip
    return Indicator.objects.get(pk=indicator.pk)


def realizing(place: Place, indicator: Indicator) -> Benefit:
    """Approve the plan and begin to take the benefit out."""
    operations.approve_plan(
        indicator.benefit.initiative, by=place.actor(Role.PROJECT_OWNER), now=timezone.now()
    )
    benefit = Benefit.objects.get(pk=indicator.benefit_id)
    return stories.perform("begin_realizing", benefit, by=place.actor(Role.SERVICE_OWNER), now=timezone.now())


def improved(place: Place) -> Indicator:
    """Twelve severe of 42 reports before, two of 34 after, with 1 000 resident days a month."""
    denominator(place)
    mild(place, 20)
    for months_ago in (10, 9, 8):
        severe(place, months_ago, 4)
        mild(place, months_ago, 10)
    for months_ago, grave in ((4, 1), (3, 1), (2, 0)):
        severe(place, months_ago, grave)
        mild(place, months_ago, 10)
    for months_ago in (3, 2):
        mild(place, months_ago, 1)
    return computed(place)


def silenced(place: Place) -> Indicator:
    """As many before, and hardly anybody reports anything after."""
    denominator(place)
    mild(place, 20)
    for months_ago in (10, 9, 8):
        severe(place, months_ago, 4)
        mild(place, months_ago, 10)
    mild(place, 3, 2)
    return computed(place)
