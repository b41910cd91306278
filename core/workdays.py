"""Norwegian working days, in which deadlines are counted.

A working day is a day from Monday to Friday that no law makes a holiday: the days of
helligdagsfredloven (LOV-1995-02-24-12) § 2, and 1 and 17 May (LOV-1947-04-26-1).  A
deadline that ends on another day ends on the next working day, as in domstolloven § 149.

**24 and 31 December are ordinary working days by law**, and so is the Wednesday before
Easter: many offices close early, but that is agreement or custom, and no deadline waits
for it.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

import holidays

_DAY = dt.timedelta(days=1)
_SATURDAY = 5


@lru_cache(maxsize=64)
def holidays_of(year: int) -> frozenset[dt.date]:
    """Return the public holidays of ``year``, Sundays that carry no name not among them."""
    return frozenset(holidays.country_holidays("NO", years=year))


def is_working_day(day: dt.date) -> bool:
    """Tell whether ``day`` is neither Saturday, Sunday nor a public holiday.

    :raises TypeError: if given a point in time, which is in no set of days and would always pass.
    """
    if isinstance(day, dt.datetime):
        raise TypeError("a point in time is no calendar day: use core.formats.local_day first")
    return day.weekday() < _SATURDAY and day not in holidays_of(day.year)


def add_working_days(day: dt.date, count: int) -> dt.date:
    """Return the working day that is ``count`` working days after ``day``, before it when negative.

    ``day`` itself is not counted.  With ``count`` 0 the answer is ``day``, or the next
    working day when it is not one.
    """
    if count == 0:
        return day if is_working_day(day) else add_working_days(day, 1)
    step = _DAY if count > 0 else -_DAY
    left = abs(count)
    while left:
        day += step
        left -= is_working_day(day)
    return day


def working_days_between(start: dt.date, end: dt.date) -> int:
    """Count the working days after ``start`` up to and with ``end``.

    When ``end`` comes first the answer is negative and counts from the day before ``start``
    down to and with ``end``, so that ``add_working_days(start, n)`` is always ``n`` away.
    """
    if end < start:
        return -sum(is_working_day(end + _DAY * offset) for offset in range((start - end).days))
    return sum(is_working_day(start + _DAY * offset) for offset in range(1, (end - start).days + 1))
