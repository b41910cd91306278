"""Days of the demo: counted in working days from the day of seeding, so that any later start is just as fresh.

Working days keep the order of things whatever weekday or holiday the demo is started on: two different offsets
never fall on the same date, and nobody decides anything on 17 May.
"""

from __future__ import annotations

from datetime import date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from core.workdays import add_working_days, is_working_day

OSLO = ZoneInfo("Europe/Oslo")


@lru_cache(maxsize=4096)
def working_day(anchor: date, offset: int) -> date:
    """Return the working day `offset` working days from the last one on or before `anchor`."""
    start = anchor if is_working_day(anchor) else add_working_days(anchor, -1)
    return add_working_days(start, offset)


def moment(anchor: date, offset: int, clock: str) -> datetime:
    """Return an aware moment in Norwegian time, `clock` as "HH:MM"."""
    return datetime.combine(working_day(anchor, offset), time.fromisoformat(clock), tzinfo=OSLO)
