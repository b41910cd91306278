"""Months, which are what capacity is planned in."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

FIRST_YEAR, LAST_YEAR = 2000, 2100
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


def month_of(day: dt.date) -> dt.date:
    """Return the first day of the month."""
    return day.replace(day=1)


def shifted(month: dt.date, count: int) -> dt.date:
    """Return the first day of the month that is ``count`` months later."""
    years, place = divmod(month.year * 12 + month.month - 1 + count, 12)
    return dt.date(years, place + 1, 1)


def last_day_of(month: dt.date) -> dt.date:
    return shifted(month, 1) - dt.timedelta(days=1)


def months_between(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """Yield the months that have a day from ``first`` to ``last``, both included."""
    month = month_of(first)
    while month <= last:
        yield month
        month = shifted(month, 1)


def shared_days(month: dt.date, first: dt.date, last: dt.date) -> int:
    """Return how many days of the month lie from ``first`` to ``last``, both included."""
    return max((min(last, last_day_of(month)) - max(first, month)).days + 1, 0)


def read_month(text: str) -> dt.date | None:
    """Return the month in «2026-11», or ``None`` where there is none we plan for."""
    found = _MONTH.fullmatch(text)
    if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR or not 1 <= int(found[2]) <= 12:  # noqa: PLR2004
        return None
    return dt.date(int(found[1]), int(found[2]), 1)
