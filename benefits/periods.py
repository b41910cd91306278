"""The time that one point of a computed indicator is about: whole calendar months before its day."""

from __future__ import annotations

from datetime import date, timedelta

_DECEMBER = 12


def period_of(day: date, months: int) -> tuple[date, date]:
    """Return the first day of the months that end with ``day`` or before it, and the day after their last.

    The month of ``day`` itself is among them when ``day`` is its last day.
    """
    following = day + timedelta(days=1)
    end = following if following.day == 1 else day.replace(day=1)
    years, month = divmod(end.year * _DECEMBER + end.month - 1 - months, _DECEMBER)
    return date(years, month + 1, 1), end
