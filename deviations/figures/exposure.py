"""What counts are divided by: the organization's dated figures, month by month, or nothing at all."""

from __future__ import annotations

from calendar import isleap
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core.formats import number, numeric_date
from deviations.figures.periods import moved
from organization.models import Exposure

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from deviations.figures.periods import Period

Kind = Exposure.Kind
_PER = {Kind.WORK_YEARS: 1, Kind.RESIDENT_DAYS: 1000}


@dataclass(frozen=True)
class Denominator:
    """Årsverk in years, or resident days, of each month; a month without a full figure has none."""

    kind: str
    months: Mapping[date, float]
    figures: Sequence[Exposure]

    @property
    def is_missing(self) -> bool:
        return not self.months

    @property
    def covered(self) -> list[date]:
        return sorted(self.months)

    @property
    def total(self) -> float:
        return sum(self.months.values())

    def rate(self, count: int) -> float | None:
        """Return the rate of what was counted in the covered months, or ``None``: never one without a denominator."""
        return count * _PER[Kind(self.kind)] / self.total if self.total else None

    def rate_in(self, month: date, count: int) -> float | None:
        amount = self.months.get(month)
        return count * _PER[Kind(self.kind)] / amount if amount else None

    @property
    def sources(self) -> list[str]:
        """The figures that are used, in words."""
        return [
            _("%(value)s fra %(first)s til %(last)s (%(source)s)") % {
                "value": number(figure.value), "first": numeric_date(figure.period_start),
                "last": numeric_date(figure.period_end), "source": figure.source,
            }
            for figure in self.figures
        ]  # fmt: skip


def denominator_of(kind: str, figures: Sequence[Exposure], period: Period, since: date | None) -> Denominator:
    """Return the denominator of each month that the figures of one unit cover to its last day.

    Months before ``since`` are left out: nobody could report then, and a rate would be too low.
    Årsverk count for each day they hold, so that a year of 84 årsverk is 84; resident days are
    spread evenly over the days that their figure is for.
    """
    own = sorted((figure for figure in figures if figure.kind == kind), key=lambda one: one.period_start)
    months = {}
    for month in period.months:
        parts = [_of_day(day, kind, own) for day in _days(month, period)]
        if period.is_known(month, since) and parts and all(part is not None for part in parts):
            months[month] = sum(part for part in parts if part is not None)
    used = [
        figure
        for figure in own
        if any(figure.period_start < moved(month, 1) and figure.period_end >= month for month in months)
    ]
    return Denominator(kind, {month: amount for month, amount in months.items() if amount}, used)


def _days(month: date, period: Period) -> Iterator[date]:
    for n in range((period.last_day_of(month) - month).days + 1):
        yield month + timedelta(days=n)


def _of_day(day: date, kind: str, figures: Sequence[Exposure]) -> float | None:
    """Return what one day adds by the latest figure that holds on it."""
    for figure in reversed(figures):
        if figure.period_start <= day <= figure.period_end:
            if kind == Kind.WORK_YEARS:
                return float(figure.value) / (366 if isleap(day.year) else 365)
            return float(figure.value) / ((figure.period_end - figure.period_start).days + 1)
    return None
