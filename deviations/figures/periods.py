"""The months that figures are about: the last ones, or a calendar year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.utils.translation import gettext as _

from core.formats import short_date

LENGTHS = (12, 24, 36)
_DECEMBER = 12


def month_of(day: date) -> date:
    """Return the first day of the month."""
    return day.replace(day=1)


def moved(first: date, months: int) -> date:
    """Return the first day of the month so many months later, or earlier."""
    years, month = divmod(first.year * _DECEMBER + first.month - 1 + months, _DECEMBER)
    return date(years, month + 1, 1)


@dataclass(frozen=True)
class Period:
    """Whole calendar months from ``first`` and before ``end``; the one of ``today`` is not over yet."""

    key: str
    first: date
    end: date
    today: date

    @cached_property
    def months(self) -> tuple[date, ...]:
        return months_between(self.first, self.end)

    @property
    def last_day(self) -> date:
        """The last day that has been: what a list of the period is filtered to."""
        return min(self.end - timedelta(days=1), self.today)

    @property
    def days(self) -> int:
        return max((self.last_day - self.first).days + 1, 0)

    def is_over(self, month: date) -> bool:
        return moved(month, 1) <= self.today

    def is_known(self, month: date, since: date | None) -> bool:
        """Tell whether anybody could report in ``month``: before the first report nothing is known, and not zero."""
        return since is not None and month_of(since) <= month <= self.today

    def last_day_of(self, month: date) -> date:
        """Return the last day of ``month`` that has been."""
        return min(moved(month, 1) - timedelta(days=1), self.today)

    @cached_property
    def before(self) -> tuple[date, date]:
        """The first and last day of the time just as long before it, as far into its last month as this has come."""
        first = moved(self.first, -len(self.months))
        return first, first + timedelta(days=self.days - 1)

    @property
    def in_words(self) -> str:
        return _("%(first)s–%(last)s") % {
            "first": short_date(self.first),
            "last": short_date(self.last_day),
        }


def months_between(first: date, end: date) -> tuple[date, ...]:
    """Return the first days of the months from the one of ``first`` and before ``end``."""
    return tuple(
        moved(first, number)
        for number in range((end.year - first.year) * _DECEMBER + end.month - first.month)
    )


def period_of(key: str, today: date) -> Period:
    """Return the period of a choice: «12» for the last months with this one, or a year such as «2025»."""
    number = int(key)
    if number in LENGTHS:
        end = moved(month_of(today), 1)
        return Period(key, moved(end, -number), end, today)
    return Period(key, date(number, 1, 1), date(number + 1, 1, 1), today)


def period_choices(since: date | None, today: date) -> list[tuple[str, str]]:
    """Return the periods to choose from; years as far back as anything was reported."""
    lengths = [(str(length), _("Siste %(months)d måneder") % {"months": length}) for length in LENGTHS]
    first = since.year if since else today.year
    return lengths + [(str(year), str(year)) for year in range(today.year, first - 1, -1)]
