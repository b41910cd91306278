"""Draw the roadmap as SVG.  Each row is a link to its project, named in full; the table beside says the same.

The colors of the print palette stand in the attributes, those of the screen in ``roadmap.css``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core.charts.svg import (
    FONT_SIZE,
    GRID,
    INK,
    PAPER,
    SERIES_COLORS,
    el,
    grid_line,
    label,
    shortened,
    text_width,
)
from core.formats import month
from portfolio.models import ProjectStatus
from portfolio.roadmap.geometry import Scale, Zoom, bar_of, elbow, ticks

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from django.utils.safestring import SafeString

    from portfolio.plan.presentation import MilestoneLine
    from portfolio.roadmap.geometry import Bar, Point, Window
    from portfolio.roadmap.rows import Awaited, Group, Row

WIDTH, _NAMES, _EDGE = 1200.0, 290.0, 12.0
_HEAD, _GROUP, _ROW = 46.0, 30.0, 48.0
_BAR, _DIAMOND = 20.0, 6.5
_BAR_AT, _DIAMOND_AT = 18.0, 37.0
_GAP = 7.0
_SERIES = {
    ProjectStatus.ACTIVE: 0, ProjectStatus.PAUSED: 3, ProjectStatus.STOPPED: 1, ProjectStatus.COMPLETED: 4,
}  # fmt: skip
_LATE, _TODAY = 1, 1


@dataclass(frozen=True, slots=True)
class Placed:
    """A row with the height at which it stands, and its bar."""

    row: Row
    top: float
    bar: Bar | None

    @property
    def bar_y(self) -> float:
        return self.top + _BAR_AT


def drawn(groups: Sequence[Group], *, window: Window, zoom: Zoom, today: date, title: str) -> SafeString:
    """Return the calendar of the rows."""
    scale = Scale(window, _NAMES, WIDTH - _EDGE)
    placed, headings, height = _placed(groups, scale)
    parts = [
        *_calendar(scale, zoom, height),
        *_today(scale, today, height),
        *(_heading(name, y) for name, y in headings),
        *(part for one in placed for part in _row(one, scale)),
        *_arrows(placed, scale),
    ]
    return el(
        "svg", el("title", title), *parts, xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH:.0f} {height:.0f}", width=WIDTH, height=height, role="group", aria_label=title, class_="chart roadmap",
        font_family="Inter, sans-serif", font_size=FONT_SIZE,
    )  # fmt: skip


def _placed(groups: Iterable[Group], scale: Scale) -> tuple[list[Placed], list[tuple[str, float]], float]:
    y, placed, headings = _HEAD, [], []
    for group in groups:
        headings.append((group.name, y))
        y += _GROUP
        for row in group.rows:
            placed.append(Placed(row, y, bar_of(scale, row.start, row.end)))
            y += _ROW
    return placed, headings, y + 6


# --- The calendar ----------------------------------------------------------------------------------------
def _calendar(scale: Scale, zoom: Zoom, height: float) -> Iterable[SafeString]:
    for day in ticks(scale.window, zoom):
        x = scale.at(day)
        yield grid_line(x, _HEAD - 8, x, height, strong=day.month == 1 and zoom != Zoom.YEAR)
        yield label(_tick_text(day, zoom), x + 4, _HEAD - 18)


def _tick_text(day: date, zoom: Zoom) -> str:
    if zoom == Zoom.YEAR:
        return str(day.year)
    if zoom == Zoom.MONTH:
        return month(day)
    return _("%(quarter)d. kv. %(year)d") % {"quarter": (day.month + 2) // 3, "year": day.year}


def _heading(name: str, y: float) -> SafeString:
    line = el("line", x1=0.0, y1=y + 2, x2=WIDTH, y2=y + 2, stroke=GRID, class_="chart-grid")
    text = label(
        shortened(name, WIDTH / 2), 0, y + _GROUP / 2 + 3, fill=INK, class_="chart-name roadmap-group"
    )
    return el("g", line, text)


def _today(scale: Scale, today: date, height: float) -> Iterable[SafeString]:
    if not scale.window.holds(today):
        return
    x, text = scale.middle_of(today), _("i dag")
    anchor = "end" if x + text_width(text) + 6 > scale.right else "start"
    color = SERIES_COLORS[_TODAY]
    yield el(
        "line", x1=x, y1=4.0, x2=x, y2=height, stroke=color, stroke_width=1.5, stroke_dasharray="4 3", class_="chart-line chart-s2",
    )  # fmt: skip
    yield label(
        text, x + (4 if anchor == "start" else -4), 8, anchor=anchor, fill=color, font_weight="600", class_="chart-text chart-s2",
    )  # fmt: skip


# --- One project -------------------------------------------------------------------------------------------
def _row(one: Placed, scale: Scale) -> Iterable[SafeString]:
    row, y = one.row, one.bar_y
    place = _SERIES[ProjectStatus(row.project.status)]
    hit = el("rect", x=0.0, y=one.top, width=WIDTH, height=_ROW, fill="none", class_="roadmap-hit")
    name = label(shortened(row.project.name, _NAMES - 22), 6, y, fill=INK, class_="chart-name roadmap-name")
    parts = [el("title", row.told), hit, name, *_bar(one, place), *_expected(one, scale), _phase(one, scale)]
    yield el("a", *parts, href=row.project.get_absolute_url(), class_=f"roadmap-row chart-s{place + 1}")
    for line in row.milestones:
        yield from _milestone(line, scale, one.top + _DIAMOND_AT)


def _bar(one: Placed, place: int) -> Iterable[SafeString]:
    bar, color = one.bar, SERIES_COLORS[place]
    if bar is None:
        return
    is_open = one.row.end is None or not one.row.project.is_active
    yield el(
        "rect", x=bar.x, y=one.bar_y - _BAR / 2, width=bar.width, height=_BAR, rx=3, fill=color, fill_opacity="0.25", stroke=color,
        stroke_dasharray="5 3" if is_open else None, class_="roadmap-bar",
    )  # fmt: skip
    for at, is_cut in ((bar.x, bar.begins_before), (bar.right, bar.ends_after)):
        if is_cut:
            yield _chevron(at, one.bar_y, right=at != bar.x)


def _chevron(x: float, y: float, *, right: bool) -> SafeString:
    """Return the mark of a bar that goes on outside the window."""
    out = 5 if right else -5
    points = f"{x - out:.1f},{y - 5:.1f} {x:.1f},{y:.1f} {x - out:.1f},{y + 5:.1f}"
    return el("polyline", points=points, fill="none", stroke=INK, stroke_width=1.5, class_="roadmap-mark")


def _expected(one: Placed, scale: Scale) -> Iterable[SafeString]:
    """Return a dashed tail to the end that is expected, or a line in the bar where it comes sooner."""
    expected, bar = one.row.expected, one.bar
    if expected is None or not scale.window.holds(expected):
        return
    x, y = scale.middle_of(expected), one.bar_y
    if bar is not None and x > bar.right:
        yield el(
            "line", x1=bar.right, y1=y, x2=x, y2=y, stroke=INK, stroke_width=1.5, stroke_dasharray="3 3", class_="roadmap-mark",
        )  # fmt: skip
    yield el("line", x1=x, y1=y - 9, x2=x, y2=y + 9, stroke=INK, stroke_width=2, class_="roadmap-mark")


def _phase(one: Placed, scale: Scale) -> SafeString:
    """Return phase and status: in the bar where there is room, else after it, else before it."""
    row, bar, text = one.row, one.bar, one.row.stands
    width = text_width(text)
    if bar is None:
        return label(text, scale.left + 6, one.bar_y, class_="chart-label")
    if width + 20 <= bar.width:
        return label(text, bar.x + (12 if bar.begins_before else 8), one.bar_y, fill=INK, class_="chart-name")
    after = bar.right
    if row.expected is not None and scale.window.holds(row.expected):
        after = max(after, scale.middle_of(row.expected))
    if after + 8 + width <= scale.right:
        return label(text, after + 8, one.bar_y, class_="chart-label")
    return label(text, max(bar.x - 8, scale.left + width), one.bar_y, anchor="end", class_="chart-label")


def _milestone(line: MilestoneLine, scale: Scale, y: float) -> Iterable[SafeString]:
    day = line.row.reached_on or line.row.expected_on
    if not scale.window.holds(day):
        return
    x, place = scale.middle_of(day), _LATE if line.is_late else 0
    is_reached = line.row.reached_on is not None
    corners = ((0, -_DIAMOND), (_DIAMOND, 0), (0, _DIAMOND), (-_DIAMOND, 0))
    points = " ".join(f"{x + dx:.1f},{y + dy:.1f}" for dx, dy in corners)
    color = SERIES_COLORS[place]
    told = _("Milepæl: %(name)s. %(word)s.") % {"name": line.row.name, "word": line.word}
    yield el(
        "polygon", el("title", told), points=points, fill=color if is_reached else PAPER, stroke=color, stroke_width=1.75,
        class_=f"chart-line chart-s{place + 1} {'chart-solid' if is_reached else 'chart-hollow'}",
    )  # fmt: skip
    if line.is_late:
        yield label(
            "!", x - _DIAMOND - 3, y, anchor="end", fill=color, font_weight="700", class_="chart-text chart-s2",
        )  # fmt: skip


# --- What waits for what -------------------------------------------------------------------------------------
def _arrows(placed: Sequence[Placed], scale: Scale) -> Iterable[SafeString]:
    """Yield an arrow for each dependency of which both ends can be seen."""
    by_project = {one.row.project.pk: one for one in placed}
    for waiting in placed:
        for awaited in waiting.row.awaited:
            source = by_project.get(awaited.on)
            begin = _source_of(awaited, source, scale) if source is not None else None
            end = _goal_of(awaited, waiting, scale)
            if begin is not None and end is not None:
                yield _arrow(begin, end, awaited, waiting)


def _source_of(awaited: Awaited, one: Placed, scale: Scale) -> Point | None:
    lines = (line for line in one.row.milestones if line.row.pk == awaited.milestone)
    milestone = next(lines, None)
    if milestone is not None:
        day = milestone.row.reached_on or milestone.row.expected_on
        return (scale.middle_of(day), one.top + _DIAMOND_AT) if scale.window.holds(day) else None
    last = one.row.expected or one.row.end
    if last is None or not scale.window.holds(last):
        return None
    return scale.middle_of(last), one.bar_y


def _goal_of(awaited: Awaited, one: Placed, scale: Scale) -> Point | None:
    day = awaited.wait.needed_on or one.row.start
    if one.bar is None or not scale.window.holds(day):
        return None
    return min(max(scale.middle_of(day), one.bar.x + 2), one.bar.right - 2), one.bar_y


def _arrow(begin: Point, end: Point, awaited: Awaited, waiting: Placed) -> SafeString:
    is_down = end[1] > begin[1]
    out = _BAR / 2 if awaited.milestone is None else _DIAMOND
    start = (begin[0], begin[1] + (out if is_down else -out))
    goal = (end[0], end[1] + (-_BAR / 2 if is_down else _BAR / 2))
    way = " ".join(f"{x:.1f},{y:.1f}" for x, y in elbow(start, goal, gap=_GAP))
    place = _LATE if awaited.wait.warning else 4
    color = SERIES_COLORS[place]
    x, y, back = goal[0], goal[1], -6 if is_down else 6
    head = f"{x:.1f},{y:.1f} {x - 4:.1f},{y + back:.1f} {x + 4:.1f},{y + back:.1f}"
    words = {"name": waiting.row.project.name, "on": awaited.wait.name}
    told = awaited.wait.warning or _("«%(name)s» venter på «%(on)s».") % words
    return el(
        "g", el("title", told),
        el("polyline", points=way, fill="none", stroke=color, stroke_width=1.5, stroke_dasharray="4 2" if awaited.wait.warning else None,
           class_="chart-line"),
        el("polygon", points=head, fill=color, class_="chart-solid"), class_=f"roadmap-arrow chart-s{place + 1}",
    )  # fmt: skip
