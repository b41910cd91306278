"""From days to places on the calendar of the roadmap.  Nothing here knows of projects or of drawing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

FIRST_YEAR, LAST_YEAR = 1990, 2150
THINNEST = 4.0
"""How narrow a bar is drawn, so that a single day can be seen in five years."""
_DAY = timedelta(days=1)


class Zoom(StrEnum):
    """How close the calendar is; the value stands in the address."""

    YEAR = "ar"
    QUARTER = "kvartal"
    MONTH = "maned"

    @property
    def years(self) -> int:
        """How many years are shown at a time."""
        return {Zoom.YEAR: 5, Zoom.QUARTER: 2, Zoom.MONTH: 1}[self]

    @property
    def months(self) -> int:
        """How many months there are between two lines of the calendar."""
        return {Zoom.YEAR: 12, Zoom.QUARTER: 3, Zoom.MONTH: 1}[self]


@dataclass(frozen=True, slots=True)
class Window:
    """The days that are shown, from ``first`` up to and without ``until``."""

    first: date
    until: date

    @property
    def last(self) -> date:
        return self.until - _DAY

    def holds(self, day: date) -> bool:
        return self.first <= day < self.until


def window_of(zoom: Zoom, year: int) -> Window:
    """Return whole years from ``year``, as many as ``zoom`` shows, within the years there are."""
    begins = min(max(year, FIRST_YEAR), LAST_YEAR - zoom.years)
    return Window(date(begins, 1, 1), date(begins + zoom.years, 1, 1))


def year_around(zoom: Zoom, today: date) -> int:
    """Return the year to begin with so that today is shown, with what has just been where there is room for it."""
    return today.year - (1 if zoom == Zoom.YEAR else 0)


def ticks(window: Window, zoom: Zoom) -> Iterator[date]:
    """Yield the first days of the years, quarters or months that are shown."""
    day = window.first
    while day < window.until:
        yield day
        years, month = divmod(day.month - 1 + zoom.months, 12)
        day = date(day.year + years, month + 1, 1)


@dataclass(frozen=True, slots=True)
class Scale:
    """Puts the days of a window on a line from ``left`` to ``right``."""

    window: Window
    left: float
    right: float

    def at(self, day: date) -> float:
        """Return where a day begins; days outside the window lie at its edges."""
        inside = min(max(day, self.window.first), self.window.until)
        share = (inside - self.window.first).days / (self.window.until - self.window.first).days
        return self.left + share * (self.right - self.left)

    def middle_of(self, day: date) -> float:
        return (self.at(day) + self.at(day + _DAY)) / 2


@dataclass(frozen=True, slots=True)
class Bar:
    """A period as it is drawn, and whether it goes on outside the window."""

    x: float
    width: float
    begins_before: bool
    ends_after: bool

    @property
    def right(self) -> float:
        return self.x + self.width


def bar_of(scale: Scale, start: date, end: date | None) -> Bar | None:
    """Return the part of a period that is in the window, or ``None``; it holds its last day, and without one it goes on."""
    window = scale.window
    last = window.until if end is None else end
    if start >= window.until or last < window.first:
        return None
    x, right = scale.at(start), scale.right if end is None else scale.at(end + _DAY)
    width = max(right - x, THINNEST)
    x = min(x, scale.right - width)
    return Bar(x, width, start < window.first, end is None or end >= window.until)


Point = tuple[float, float]


def elbow(begin: Point, end: Point, *, gap: float) -> list[Point]:
    """Return a way from under or over ``begin`` to ``end``: out by ``gap``, along between two rows, and in."""
    (x1, y1), (x2, y2) = begin, end
    lane = y1 + gap if y2 > y1 else y1 - gap
    return [(x1, y1), (x1, lane), (x2, lane), (x2, y2)]
