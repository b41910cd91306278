"""Bars that lie down, since names are longer than a bar is wide, and phones are narrow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext

from core.charts import words
from core.charts.chart import Chart, Series, Value, require_equal_lengths, with_unit, written
from core.charts.scales import Scale, scale
from core.charts.svg import (
    INK,
    PAPER,
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
    from collections.abc import Sequence

_ROW, _BAR = 32, 20
_PAD = 6
_WIDEST_LABEL = 220


def bars(
    title: str,
    labels: Sequence[str],
    values: Sequence[Value],
    *,
    unit: str = "",
    width: float = 640,
    key: str = "",
) -> Chart:
    """Draw one bar per label, always from zero, with its value behind it.

    Zero has no bar and says 0; ``None`` has no bar and says «mangler».

    :raises ValueError: if there are not as many values as labels.
    """
    require_equal_lengths(labels, [Series(title, values)])
    drawing = Drawing(width, max(len(labels), 1) * _ROW + 2 * _PAD)
    texts = [gettext("mangler") if value is None else written(value, unit) for value in values]
    left = _label_width(labels)
    room = max((text_width(text) for text in texts), default=0) + 10
    negative = any(value is not None and value < 0 for value in values)
    across = scale(values, left + (room if negative else 0), width - room)
    for place, (name, value, text) in enumerate(zip(labels, values, texts, strict=True)):
        y = _PAD + place * _ROW + _ROW / 2
        drawing.add(
            label(shortened(name, left - 10), left - 10, y, anchor="end", fill=INK, class_="chart-name")
        )
        _draw_bar(drawing, across, value, text, y)
    drawing.add(grid_line(across(0), _PAD, across(0), drawing.height - _PAD, strong=True))
    description = words.amounts(labels, values, unit)
    markup = drawing.finish(title=title, description=description, key=key)
    rows = tuple(zip(labels, values, strict=True))
    return Chart(title, description, markup, ("", with_unit(title, unit)), rows)


def _draw_bar(drawing: Drawing, across: Scale, value: Value, text: str, y: float) -> None:
    at, zero = across(float(value or 0)), across(0)
    if value:
        drawing.add(
            el(
                "rect", x=min(at, zero), y=y - _BAR / 2, width=abs(at - zero), height=_BAR, rx=2,
                fill=color(0), class_=series_class(0, "fill"),
            )
        )  # fmt: skip
    before = value is not None and value < 0
    known = {"fill": INK, "class_": "chart-name"} if value is not None else {"font_style": "italic"}
    drawing.add(label(text, at - 6 if before else at + 6, y, anchor="end" if before else "start", **known))


def stacked_bars(
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    unit: str = "",
    width: float = 640,
    key: str = "",
) -> Chart:
    """Draw one bar per label, made of a layer per series, with the sum behind it.

    Where a layer is unknown the sum is a sum of the rest, and says so.

    :raises ValueError: if lengths differ, or a value is negative: layers cannot be taken away.
    """
    require_equal_lengths(labels, series)
    if any(value is not None and value < 0 for one in series for value in one.values):
        raise ValueError("a layer cannot be negative")
    stacks = [[one.values[at] for one in series] for at in range(len(labels))]
    sums = [sum(float(value or 0) for value in stack) for stack in stacks]
    texts = [_sum_text(stack, total, unit) for stack, total in zip(stacks, sums, strict=True)]
    left = _label_width(labels)
    keys, top = _key_rows(series, width)
    drawing = Drawing(width, top + max(len(labels), 1) * _ROW + _PAD)
    drawing.add(*keys)
    across = scale(sums, left, width - max((text_width(text) for text in texts), default=0) - 10)
    for place, name in enumerate(labels):
        y = top + place * _ROW + _ROW / 2
        drawing.add(
            label(shortened(name, left - 10), left - 10, y, anchor="end", fill=INK, class_="chart-name")
        )
        _draw_layers(drawing, across, series, stacks[place], unit, y)
        drawing.add(label(texts[place], across(sums[place]) + 6, y, fill=INK, class_="chart-name"))
    drawing.add(grid_line(across(0), top, across(0), drawing.height - _PAD, strong=True))
    description = _layers_told(labels, series, texts, unit)
    markup = drawing.finish(title=title, description=description, key=key)
    rows = tuple((name, *stack) for name, stack in zip(labels, stacks, strict=True))
    return Chart(title, description, markup, ("", *(with_unit(one.name, unit) for one in series)), rows)


def _draw_layers(
    drawing: Drawing, across: Scale, series: Sequence[Series], stack: Sequence[Value], unit: str, y: float
) -> None:
    reached = 0.0
    for place, value in enumerate(stack):
        if not value:
            continue
        start, end = across(reached), across(reached + float(value))
        reached += float(value)
        drawing.add(
            el(
                "rect", el("title", f"{series[place].name}: {written(value, unit)}"), x=start, y=y - _BAR / 2,
                width=end - start, height=_BAR, fill=color(place), stroke=PAPER,
                class_=f"{series_class(place, 'fill')} chart-layer",
            )
        )  # fmt: skip
        text = _fitting(series[place].name, written(value, unit), end - start - 8)
        if text:
            middle = (start + end) / 2
            drawing.add(label(text, middle, y, anchor="middle", fill=PAPER, class_="chart-inside"))


def _fitting(name: str, amount: str, room: float) -> str:
    return next((text for text in (f"{name} {amount}", amount) if text_width(text) <= room), "")


def _key_rows(series: Sequence[Series], width: float) -> tuple[list[str], float]:
    """Return the names of the layers in the order they stand, and how far down they reach."""
    parts: list[str] = []
    x, y = 0.0, _PAD + 8.0
    for place, one in enumerate(series):
        wide = 18 + text_width(one.name) + 16
        if x and x + wide > width:
            x, y = 0.0, y + 20
        parts.append(
            el(
                "rect",
                x=x,
                y=y - 6,
                width=12,
                height=12,
                rx=2,
                fill=color(place),
                class_=series_class(place, "fill"),
            )
        )
        parts.append(label(one.name, x + 18, y, fill=INK, class_="chart-name"))
        x += wide
    return parts, y + 16


def _sum_text(stack: Sequence[Value], total: float, unit: str) -> str:
    if all(value is None for value in stack):
        return gettext("mangler")
    if any(value is None for value in stack):
        return gettext("%(sum)s, noe mangler") % {"sum": written(total, unit)}
    return written(total, unit)


def _layers_told(labels: Sequence[str], series: Sequence[Series], sums: Sequence[str], unit: str) -> str:
    told = []
    for place, (name, total) in enumerate(zip(labels, sums, strict=True)):
        parts = [
            f"{one.name} {written(value, unit)}" for one in series if (value := one.values[place]) is not None
        ]
        inside = gettext(" (%(parts)s)") % {"parts": ", ".join(parts)} if parts else ""
        told.append(f"{name}: {total}{inside}.")
    return " ".join(told) or gettext("Ingen tall ennå.")


def _label_width(labels: Sequence[str]) -> float:
    return min(max((text_width(name) for name in labels), default=0), _WIDEST_LABEL) + 14
