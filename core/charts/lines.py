"""Lines over time: what was measured against what was planned, and the small line in a card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.charts import words
from core.charts.chart import Chart, Series, Value, require_equal_lengths, tick, with_unit, written
from core.charts.scales import Scale, scale
from core.charts.svg import (
    LINE_HEIGHT,
    Drawing,
    color,
    el,
    grid_line,
    label,
    series_class,
    shortened,
    spread,
    text_width,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_DASHES = {"measured": None, "plan": "6 4", "reference": "2 4"}
_ORDER = ("reference", "plan", "measured")
_TOP, _BOTTOM = 14, 34
_LONGEST_NAME = 170
_LONGEST_UNIT = 14

Point = tuple[float, float]


def line(  # noqa: PLR0913 - a chart is told by its labels, not by an object for each choice
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    unit: str = "",
    from_zero: bool = True,
    size: tuple[float, float] = (640, 300),
    key: str = "",
) -> Chart:
    """Draw series over ``labels``, such as months; every series carries its name at its end.

    A value that is ``None`` leaves a gap: nothing is drawn between its neighbors.  A plan is
    dashed with hollow marks and a reference (baseline, limit) is dotted, so that color is
    never alone in telling them apart.

    :raises ValueError: if a series has another number of values than there are labels.
    """
    require_equal_lengths(labels, series)
    drawing = Drawing(*size)
    ends = [_end_text(one, "" if _stands_alone(unit) else unit) for one in series]
    right = size[0] - max((text_width(text, bold=True) for text in ends), default=0) - 28
    every = [value for one in series for value in one.values]
    top = _TOP + LINE_HEIGHT if _stands_alone(unit) else _TOP
    height = scale(every, size[1] - _BOTTOM, top, from_zero=from_zero)
    left = max(text_width(tick(value, unit)) for value in height.ticks) + 10
    _draw_axis(drawing, height, unit, left, right)
    xs = _places(len(labels), left + 8, right - 8)
    _draw_labels(drawing, labels, xs, size[1] - _BOTTOM)
    # What was measured lies on top of what was only planned.
    for place, one in sorted(enumerate(series), key=lambda pair: _ORDER.index(pair[1].style)):
        _draw_series(drawing, one, place, xs, height)
    _draw_names(drawing, series, ends, xs, height)
    description = " ".join(words.course(one, labels, unit) for one in series)
    rows = tuple((name, *(one.values[at] for one in series)) for at, name in enumerate(labels))
    headings = ("", *(with_unit(one.name, unit) for one in series))
    markup = drawing.finish(title=title, description=description, key=key)
    return Chart(title, description, markup, headings, rows)


def sparkline(
    title: str, labels: Sequence[str], values: Sequence[Value], *, unit: str = "", key: str = ""
) -> Chart:
    """Draw one small line without axis, for a card or a row of a table; gaps stay gaps."""
    one = Series(title, values)
    require_equal_lengths(labels, [one])
    drawing = Drawing(120, 28, class_="chart chart--small")
    height = scale(values, 24, 4, from_zero=False)
    xs = _places(len(values), 4, 116)
    for run in _runs(xs, values, height):
        drawing.add(_path(run, 0, dash=None, width=1.75))
        if len(run) == 1:
            drawing.add(_circle(run[0], 0, radius=1.75))
    known = [(x, value) for x, value in zip(xs, values, strict=True) if value is not None]
    if known:
        x, value = known[-1]
        drawing.add(_circle((x, height(float(value))), 0, radius=3))
    description = words.course(one, labels, unit)
    markup = drawing.finish(title=title, description=description, key=key)
    rows = tuple(zip(labels, values, strict=True))
    return Chart(title, description, markup, ("", with_unit(title, unit)), rows)


def _places(count: int, left: float, right: float) -> list[float]:
    if count == 1:
        return [(left + right) / 2]
    return [left + (right - left) * place / (count - 1) for place in range(count)]


def _stands_alone(unit: str) -> bool:
    """Tell whether a unit is so long that it stands once, above the axis, and not at the end of each line."""
    return len(unit) > _LONGEST_UNIT


def _draw_axis(drawing: Drawing, height: Scale, unit: str, left: float, right: float) -> None:
    if _stands_alone(unit):
        drawing.add(label(shortened(unit, drawing.width), 0, _TOP / 2))
    for value in height.ticks:
        y = height(value)
        drawing.add(
            grid_line(left, y, right, y, strong=value == 0),
            label(tick(value, unit), left - 8, y, anchor="end"),
        )


def _draw_labels(drawing: Drawing, labels: Sequence[str], xs: Sequence[float], bottom: float) -> None:
    """Draw as many labels as there is room for, always the last one."""
    if not labels:
        return
    widest = max(text_width(text) for text in labels) + 10
    between = (xs[-1] - xs[0]) / max(len(xs) - 1, 1)
    every = max(1, -int(-widest // between)) if between else 1
    for place in range(len(labels) - 1, -1, -every):
        middle = max(xs[place], text_width(labels[place]) / 2)  # the first may not hang out of the drawing
        drawing.add(label(labels[place], middle, bottom + LINE_HEIGHT, anchor="middle"))


def _draw_series(drawing: Drawing, one: Series, place: int, xs: Sequence[float], height: Scale) -> None:
    for run in _runs(xs, one.values, height):
        drawing.add(_path(run, place, dash=_DASHES[one.style], width=2 if one.style == "measured" else 1.75))
        if one.style != "reference":
            drawing.add(*(_mark(point, place, hollow=one.style == "plan") for point in run))
        elif len(run) == 1:
            drawing.add(_mark(run[0], place, hollow=True))


def _runs(xs: Sequence[float], values: Sequence[Value], height: Scale) -> Iterator[list[Point]]:
    """Yield the points that stand side by side without a gap between them."""
    run: list[Point] = []
    for x, value in zip(xs, values, strict=True):
        if value is not None:
            run.append((x, height(float(value))))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _path(run: Sequence[Point], place: int, *, dash: str | None, width: float) -> str:
    if len(run) == 1:
        return ""
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in run)
    return el(
        "polyline", points=points, fill="none", stroke=color(place), stroke_width=width,
        stroke_dasharray=dash, stroke_linejoin="round", class_=series_class(place, "line"),
    )  # fmt: skip


def _mark(point: Point, place: int, *, hollow: bool) -> str:
    """Return a mark whose shape belongs to the series: circle, square, triangle, diamond."""
    x, y = point
    r = 3.5
    shapes = (
        None,
        [(x - r, y - r), (x + r, y - r), (x + r, y + r), (x - r, y + r)],
        [(x, y - r - 1), (x + r + 1, y + r), (x - r - 1, y + r)],
        [(x, y - r - 1), (x + r + 1, y), (x, y + r + 1), (x - r - 1, y)],
    )
    shape = shapes[place % len(shapes)]
    if shape is None:
        return _circle(point, place, radius=r, hollow=hollow)
    points = " ".join(f"{px:.1f},{py:.1f}" for px, py in shape)
    return el("polygon", points=points, **_ink(place, hollow=hollow))


def _circle(point: Point, place: int, *, radius: float, hollow: bool = False) -> str:
    return el("circle", cx=point[0], cy=point[1], r=radius, **_ink(place, hollow=hollow))


def _ink(place: int, *, hollow: bool) -> dict[str, str | float]:
    if hollow:
        return {
            "fill": "#ffffff", "stroke": color(place), "stroke_width": 1.5,
            "class_": f"{series_class(place, 'line')} chart-hollow",
        }  # fmt: skip
    return {"fill": color(place), "class_": series_class(place, "fill")}


def _end_text(one: Series, unit: str) -> str:
    known = [value for value in one.values if value is not None]
    name = shortened(one.name, _LONGEST_NAME)
    return f"{name} {written(known[-1], unit)}" if known else ""


def _draw_names(
    drawing: Drawing, series: Sequence[Series], ends: Sequence[str], xs: Sequence[float], height: Scale
) -> None:
    """Write each name at the height where its line ends, behind the mark that the line has."""
    lasts: list[tuple[int, Point]] = []
    for place, one in enumerate(series):
        known = [(x, float(value)) for x, value in zip(xs, one.values, strict=True) if value is not None]
        if known:
            lasts.append((place, (known[-1][0], height(known[-1][1]))))
    ys = spread((y for _, (_, y) in lasts), gap=LINE_HEIGHT, low=_TOP, high=drawing.height - _BOTTOM)
    right = max(xs, default=0)
    for (place, _), y in zip(lasts, ys, strict=True):
        if series[place].style != "reference":
            drawing.add(_mark((right + 16, y), place, hollow=series[place].style == "plan"))
        drawing.add(
            label(
                ends[place], right + 25, y, class_=series_class(place, "text"), fill=color(place),
                font_weight="600",
            )
        )  # fmt: skip
