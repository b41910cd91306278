"""Days of the demo: counted in working days from the day of seeding, so that any later start is just as fresh.

Working days keep the order of things whatever weekday or holiday the demo is started on: two different offsets
never fall on the same date, and nobody decides anything on 17 May.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

OSLO = ZoneInfo("Europe/Oslo")
SATURDAY = 5


@lru_cache(maxsize=16)
def _public_holidays(year: int) -> frozenset[date]:
    """Return the Norwegian public holidays of one year."""
    return frozenset(holidays.country_holidays("NO", years=year))


def is_working_day(day: date) -> bool:
    """Tell whether a day is neither in a weekend nor a public holiday."""
    return day.weekday() < SATURDAY and day not in _public_holidays(day.year)


@lru_cache(maxsize=4096)
def working_day(anchor: date, offset: int) -> date:
    """Return the working day `offset` working days from the last one on or before `anchor`."""
    day = anchor
    while not is_working_day(day):
        day -= timedelta(days=1)
    step = timedelta(days=1 if offset > 0 else -1)
    remaining = abs(offset)
    while remaining:
        day += step
        remaining -= is_working_day(day)
    return day


def moment(anchor: date, offset: int, clock: str) -> datetime:
    """Return an aware moment in Norwegian time, `clock` as "HH:MM"."""
    return datetime.combine(working_day(anchor, offset), time.fromisoformat(clock), tzinfo=OSLO)
