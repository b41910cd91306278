"""Draw the benefit map: columns from enablers to goals, boxes that never cover each other, lines between.

A line that passes a column gets a lane of its own there, so that it runs between the boxes and not
behind them.  Columns are ordered by where their lines come from and go to.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from benefits.map import COLUMNS
from core.charts import Chart
from core.charts.svg import INK, LINE_HEIGHT, MUTED, PAPER, Drawing, color, el, label, text_width

if TYPE_CHECKING:
    from collections.abc import Iterable

    from benefits.map import BenefitMap, Box

WIDTH, GAP, PADDING = 158.0, 48.0, 11.0
_ABOVE, _BETWEEN, _LANE, _EDGE = 48.0, 16.0, 14.0, 2.0
_SWEEPS = 6
_ARROW = 7.0


@dataclass(slots=True)
class Place:
    """A box, or the lane of a line that passes: where it stands, and the lines of its text."""

    key: str
    column: int
    lines: tuple[str, ...] = ()
    y: float = 0.0

    @property
    def is_lane(self) -> bool:
        return not self.lines

    @property
    def height(self) -> float:
        return _LANE if self.is_lane else len(self.lines) * LINE_HEIGHT + 2 * PADDING

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


def wrapped(text: str, width: float) -> tuple[str, ...]:
    """Return the text in lines no wider than ``width``; a word that is too long is divided with a hyphen."""
    lines: list[str] = []
    for word in text.split():
        rest = f"{lines.pop()} {word}" if lines and text_width(f"{lines[-1]} {word}") <= width else word
        while text_width(rest) > width:
            head = _that_fits(rest, width)
            lines.append(f"{head}-")
            rest = rest[len(head) :]
        lines.append(rest)
    return tuple(lines) or ("–",)


def _that_fits(word: str, width: float) -> str:
    end = len(word) - 2
    while end > 1 and text_width(f"{word[:end]}-") > width:
        end -= 1
    return word[:end]


@dataclass(slots=True)
class Layout:
    """Every place by column, from the left, and each line as the places it goes through."""

    columns: list[list[Place]]
    ways: list[list[Place]]
    numbers: list[int]

    def x(self, column: int) -> float:
        return _EDGE + column * (WIDTH + GAP)

    @property
    def width(self) -> float:
        return self.x(len(self.columns) - 1) + WIDTH + _EDGE

    @property
    def height(self) -> float:
        return _ABOVE + max(_height_of(column) for column in self.columns) + _EDGE


def _height_of(column: list[Place]) -> float:
    return sum(place.height for place in column) + _BETWEEN * (len(column) - 1)


def layout(drawn: BenefitMap) -> Layout:
    """Return where everything stands."""
    found = drawn.columns()
    numbers = [number for number, _boxes in found]
    columns = [
        [Place(box.key, at, wrapped(box.title, WIDTH - 2 * PADDING)) for box in boxes]
        for at, (_number, boxes) in enumerate(found)
    ]
    by_key = {place.key: place for column in columns for place in column}
    ways = [_way(by_key[source], by_key[target], columns) for source, target in drawn.links]
    made = Layout(columns, ways, numbers)
    _order(made)
    tallest = max(_height_of(column) for column in columns)
    for column in columns:
        y = _ABOVE + (tallest - _height_of(column)) / 2
        for place in column:
            place.y, y = y, y + place.height + _BETWEEN
    return made


def _way(begin: Place, end: Place, columns: list[list[Place]]) -> list[Place]:
    """Return the places a line goes through, with a new lane in every column it passes."""
    lanes = [Place("", column) for column in range(begin.column + 1, end.column)]
    for lane in lanes:
        columns[lane.column].append(lane)
    return [begin, *lanes, end]


def _order(made: Layout) -> None:
    """Sort each column by the middle of its neighbors, forwards and backwards, so that few lines cross."""
    before: dict[int, list[Place]] = {}
    after: dict[int, list[Place]] = {}
    for way in made.ways:
        for here, there in pairwise(way):
            after.setdefault(id(here), []).append(there)
            before.setdefault(id(there), []).append(here)
    for sweep in range(_SWEEPS):
        forwards = sweep % 2 == 0
        for column in made.columns if forwards else reversed(made.columns):
            _sort(column, before if forwards else after, made.columns)


def _sort(column: list[Place], beside: dict[int, list[Place]], columns: list[list[Place]]) -> None:
    standing = {id(place): at for at, place in enumerate(column)}

    def rank(place: Place) -> float:
        others = beside.get(id(place), [])
        if not others:
            return float(standing[id(place)])
        shares = (_share(other, columns[other.column]) for other in others)
        return sum(shares) / len(others) * len(column)

    column.sort(key=rank)


def _share(place: Place, column: list[Place]) -> float:
    """Return how far down its column a place stands, from 0 to 1."""
    at = next(at for at, other in enumerate(column) if other is place)
    return (at + 0.5) / len(column)


# --- Drawing ---------------------------------------------------------------------------------------
def draw(drawn: BenefitMap, *, title: str) -> Chart | None:
    """Return the map as a chart with its table, or ``None`` when it has no boxes."""
    if not drawn.boxes:
        return None
    made = layout(drawn)
    drawing = Drawing(made.width, made.height, class_="chart chart--map")
    for way in made.ways:
        drawing.add(*_line(way, made))
    for at, column in enumerate(made.columns):
        number = made.numbers[at]
        drawing.add(*_heading(str(COLUMNS[number]), made.x(at)))
        for place in column:
            if not place.is_lane:
                drawing.add(*_box(place, made.x(at), number))
    rows = tuple(_row(box, drawn) for box in _in_order(made, drawn))
    markup = drawing.finish(title=title, description=described(drawn), key="map")
    headings = (_("Kolonne"), _("Boks"), _("Fører til"), _("Forutsetninger"))
    return Chart(title, described(drawn), markup, headings, rows)


def _in_order(made: Layout, drawn: BenefitMap) -> Iterable[Box]:
    return (drawn.boxes[place.key] for column in made.columns for place in column if not place.is_lane)


def _row(box: Box, drawn: BenefitMap) -> tuple[str, ...]:
    leads_to = "; ".join(other.title for other in drawn.after(box.key))
    return str(box.heading), box.title, leads_to or "–", box.prerequisites or "–"


def described(drawn: BenefitMap) -> str:
    """Say what the map shows in words, for those who do not see it."""
    counts = ", ".join(f"{str(COLUMNS[at]).lower()}: {len(boxes)}" for at, boxes in drawn.columns())
    count = len(drawn.links)
    links = ngettext("%(count)s lenke", "%(count)s lenker", count) % {"count": count}
    return _("Gevinstkart fra venstre mot høyre. %(counts)s. %(links)s. Tabellen under har alt sammen i ord.") % {
        "counts": counts[:1].upper() + counts[1:], "links": links,
    }  # fmt: skip


def _heading(text: str, x: float) -> Iterable[str]:
    for number, line in enumerate(wrapped(text, WIDTH)):
        yield label(line, x, 10 + number * LINE_HEIGHT, class_="chart-name", fill=INK, font_weight=600)


def _box(place: Place, x: float, number: int) -> Iterable[str]:
    yield el(
        "rect", x=x, y=place.y, width=WIDTH, height=place.height, rx=7, fill=PAPER, stroke=color(number),
        stroke_width=1.5, class_=f"map-box chart-line chart-s{number + 1}",
    )  # fmt: skip
    yield el(
        "rect",
        x=x,
        y=place.y,
        width=5,
        height=place.height,
        rx=2.5,
        fill=color(number),
        class_=f"chart-fill chart-s{number + 1}",
    )
    for line, text in enumerate(place.lines):
        y = place.y + PADDING + LINE_HEIGHT * (line + 0.5)
        yield label(text, x + PADDING + 2, y, class_="chart-name", fill=INK)


def _line(way: list[Place], made: Layout) -> Iterable[str]:
    """Draw one line from the right side of its first box to the left side of its last."""
    begin, *lanes, end = way
    x, y = made.x(begin.column) + WIDTH, begin.middle
    path = [f"M{x:.1f} {y:.1f}"]
    for place in [*lanes, end]:
        left = made.x(place.column) - (_ARROW if place is end else 0)
        half = (x + left) / 2
        path.append(f"C{half:.1f} {y:.1f} {half:.1f} {place.middle:.1f} {left:.1f} {place.middle:.1f}")
        x, y = left, place.middle
        if place is not end:
            x += WIDTH
            path.append(f"H{x:.1f}")
    yield el("path", d=" ".join(path), fill="none", stroke=MUTED, stroke_width=1.5, class_="chart-axis")
    tip = f"{x + _ARROW:.1f},{y:.1f} {x:.1f},{y - 4:.1f} {x:.1f},{y + 4:.1f}"
    yield el("polygon", points=tip, fill=MUTED, class_="map-arrow")
