"""Plans over time: a row per project with its period, its milestones and today."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from core import formats
from core.charts.chart import Chart
from core.charts.svg import (
    FONT_SIZE,
    INK,
    SERIES_COLORS,
    Drawing,
    color,
    el,
    grid_line,
    label,
    series_class,
    shortened,
    text_width,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_ROW, _BAR = 34, 16
_TOP, _BOTTOM = 30, 8
_WIDEST_LABEL = 230
_TODAY_COLOR = SERIES_COLORS[1]
_YEAR = 12
_LONG = 40 * 31
_SHORT = 9 * 31


@dataclass(frozen=True, slots=True)
class Milestone:
    name: str
    day: dt.date
    done: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """A row.  Without ``end`` the period is open; without ``start`` there is nothing planned yet."""

    name: str
    start: dt.date | None
    end: dt.date | None
    status: str = ""
    milestones: tuple[Milestone, ...] = ()


def timeline(
    title: str, spans: Sequence[Span], *, today: dt.date, width: float = 860, key: str = ""
) -> Chart:
    """Draw the periods of ``spans`` on one calendar, with a line at ``today``.

    The calendar runs from the first to the last day that anything says, today among them.
    """
    first, last = _calendar(spans, today)
    left = min(max((text_width(span.name) for span in spans), default=0), _WIDEST_LABEL) + 14
    drawing = Drawing(width, _TOP + max(len(spans), 1) * _ROW + _BOTTOM, class_="chart chart--wide")
    calendar = _Calendar(first, last, left, width - 8)
    _draw_calendar(drawing, calendar)
    for place, span in enumerate(spans):
        _draw_span(drawing, calendar, span, _TOP + place * _ROW + _ROW / 2)
    _draw_today(drawing, calendar, today)
    description = _told(spans, today)
    headings = (gettext("Navn"), gettext("Start"), gettext("Slutt"), gettext("Status"), gettext("Milepæler"))
    rows = tuple((one.name, one.start, one.end, one.status, _milestones_told(one)) for one in spans)
    return Chart(
        title, description, drawing.finish(title=title, description=description, key=key), headings, rows
    )


@dataclass(frozen=True, slots=True)
class _Calendar:
    first: dt.date
    last: dt.date
    left: float
    right: float

    def at(self, day: dt.date) -> float:
        share = (day - self.first).days / (self.last - self.first).days
        return self.left + share * (self.right - self.left)


def _calendar(spans: Sequence[Span], today: dt.date) -> tuple[dt.date, dt.date]:
    """Return the first and the last day shown, moved out to whole months."""
    days = [day for span in spans for day in (span.start, span.end) if day is not None]
    days += [milestone.day for span in spans for milestone in span.milestones]
    first, last = min([*days, today]), max([*days, today])
    return first.replace(day=1), _next_month(last)


def _next_month(day: dt.date, months: int = 1) -> dt.date:
    years, month = divmod(day.month - 1 + months, 12)
    return dt.date(day.year + years, month + 1, 1)


def _draw_calendar(drawing: Drawing, calendar: _Calendar) -> None:
    bottom = drawing.height - _BOTTOM
    free = 0.0
    for day, text in _ticks(calendar):
        x = calendar.at(day)
        drawing.add(grid_line(x, _TOP - 6, x, bottom))
        if x >= free and x + text_width(text) <= calendar.right + 8:
            drawing.add(label(text, x + 3, _TOP - 14))
            free = x + text_width(text) + 12


def _ticks(calendar: _Calendar) -> Iterator[tuple[dt.date, str]]:
    """Yield the beginnings of months, quarters or years, whichever there is room for."""
    days = (calendar.last - calendar.first).days
    months = _YEAR if days > _LONG else 3 if days > _SHORT else 1
    day = calendar.first
    while (day.month - 1) % months:
        day = _next_month(day)
    while day < calendar.last:
        yield day, _tick_text(day, months)
        day = _next_month(day, months)


def _tick_text(day: dt.date, months: int) -> str:
    if months == _YEAR:
        return str(day.year)
    if months == 1:
        return formats.month(day)
    return gettext("%(quarter)d. kv. %(year)d") % {"quarter": (day.month + 2) // 3, "year": day.year}


def _draw_span(drawing: Drawing, calendar: _Calendar, span: Span, y: float) -> None:
    name = shortened(span.name, calendar.left - 14)
    drawing.add(label(name, calendar.left - 10, y, anchor="end", fill=INK, class_="chart-name"))
    if span.start is None:
        drawing.add(label(gettext("ikke planlagt"), calendar.left + 6, y, font_style="italic"))
    else:
        _draw_period(drawing, calendar, span.start, span.end, y)
    for milestone in span.milestones:
        drawing.add(_diamond(calendar.at(milestone.day), y, milestone))


def _draw_period(
    drawing: Drawing, calendar: _Calendar, start: dt.date, end: dt.date | None, y: float
) -> None:
    # A period holds its last day, so it reaches to the beginning of the next.
    until = calendar.last if end is None else min(end + dt.timedelta(days=1), calendar.last)
    x1, x2 = calendar.at(start), max(calendar.at(until), calendar.at(start) + 2)
    drawing.add(
        el(
            "rect", x=x1, y=y - _BAR / 2, width=x2 - x1, height=_BAR, rx=3, fill=color(0), fill_opacity="0.3",
            stroke=color(0), stroke_dasharray="5 3" if end is None else None,
            class_=f"{series_class(0, 'fill')} chart-s1-edge",
        )
    )  # fmt: skip


def _diamond(x: float, y: float, milestone: Milestone) -> str:
    points = " ".join(f"{x + dx:.1f},{y + dy:.1f}" for dx, dy in ((0, -7), (7, 0), (0, 7), (-7, 0)))
    told = f"{milestone.name} {formats.short_date(milestone.day)}"
    return el(
        "polygon", el("title", told), points=points, fill=color(0) if milestone.done else "#ffffff",
        stroke=color(0), stroke_width=1.75,
        class_=f"chart-line chart-s1 {'chart-solid' if milestone.done else 'chart-hollow'}",
    )  # fmt: skip


def _draw_today(drawing: Drawing, calendar: _Calendar, today: dt.date) -> None:
    x = calendar.at(today)
    text = gettext("i dag")
    anchor = "end" if x + text_width(text) > calendar.right else "start"
    drawing.add(
        el("line", x1=x, y1=4, x2=x, y2=drawing.height - _BOTTOM, stroke=_TODAY_COLOR, stroke_width=1.5,
           stroke_dasharray="4 3", class_="chart-line chart-s2"),
        label(text, x + (4 if anchor == "start" else -4), FONT_SIZE / 2 + 1, anchor=anchor, fill=_TODAY_COLOR,
              font_weight="600", class_="chart-text chart-s2"),
    )  # fmt: skip


def _told(spans: Sequence[Span], today: dt.date) -> str:
    parts = [gettext("I dag er %(today)s.") % {"today": formats.short_date(today)}]
    for span in spans:
        milestones = _milestones_told(span)
        parts += [_period_told(span), f"{milestones}." if milestones else ""]
    return " ".join(filter(None, parts))


def _period_told(span: Span) -> str:
    values = {"name": span.name, "status": f" ({span.status})" if span.status else ""}
    if span.start is None:
        return gettext("%(name)s%(status)s er ikke planlagt.") % values
    values["start"] = formats.short_date(span.start)
    if span.end is None:
        return gettext("%(name)s%(status)s fra %(start)s uten sluttdato.") % values
    values["end"] = formats.short_date(span.end)
    return gettext("%(name)s%(status)s fra %(start)s til %(end)s.") % values


def _milestones_told(span: Span) -> str:
    return ", ".join(
        f"{one.name} {formats.short_date(one.day)}{' ' + gettext('(nådd)') if one.done else ''}"
        for one in span.milestones
    )
