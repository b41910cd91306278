"""A matrix, such as likelihood by consequence, as a real table: readable without seeing it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from core.charts.chart import Chart

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

# As many shades as ``charts.css`` has.
_SHADES = 5


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that lies in a cell, with a link to it when there is one."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Axis:
    """What one side of the matrix is called, and its steps."""

    name: str
    steps: tuple[str, ...]


def matrix(
    title: str,
    down: Axis,
    across: Axis,
    entries: Mapping[tuple[int, int], Sequence[Entry]],
    *,
    levels: Sequence[str],
    level: Callable[[int, int], int],
) -> Chart:
    """Build a table with a row per step of ``down`` and a column per step of ``across``.

    Every cell says its level in words as well as by its shade.

    :param entries: what lies in each cell, by the places of its row and its column.
    :param levels: the names of the levels, the mildest first.
    :param level: tells the level of a cell.
    :raises ValueError: if an entry lies outside the matrix.
    """
    if outside := [place for place in entries if not _inside(place, down, across)]:
        raise ValueError(f"{outside[0]} is outside the matrix")
    markup = format_html(
        '<table class="chart-matrix"><caption>{}</caption>{}<tbody>{}</tbody></table>',
        title,
        _head(down, across),
        format_html_join(
            "",
            '<tr><th scope="row">{}</th>{}</tr>',
            (
                (step, _cells(row, len(across.steps), entries, levels, level))
                for row, step in enumerate(down.steps)
            ),
        ),
    )
    rows = tuple(
        (entry.text, down.steps[row], across.steps[column], levels[level(row, column)])
        for (row, column), inside in sorted(entries.items())
        for entry in inside
    )
    headings = (gettext("Navn"), down.name, across.name, gettext("Nivå"))
    return Chart(title, _told(rows, levels), markup, headings, rows)


def _head(down: Axis, across: Axis) -> SafeString:
    return format_html(
        '<thead><tr><th scope="col">{} / {}</th>{}</tr></thead>',
        down.name,
        across.name,
        format_html_join("", '<th scope="col">{}</th>', ((step,) for step in across.steps)),
    )


def _inside(place: tuple[int, int], down: Axis, across: Axis) -> bool:
    return 0 <= place[0] < len(down.steps) and 0 <= place[1] < len(across.steps)


def _cells(
    row: int,
    columns: int,
    entries: Mapping[tuple[int, int], Sequence[Entry]],
    levels: Sequence[str],
    level: Callable[[int, int], int],
) -> SafeString:
    return format_html_join(
        "",
        '<td class="chart-level-{}"><span class="chart-level">{}</span>{}</td>',
        (
            (
                _shade(level(row, column), len(levels)),
                levels[level(row, column)],
                _listed(entries.get((row, column), ())),
            )
            for column in range(columns)
        ),
    )


def _shade(place: int, count: int) -> int:
    """Return which of the shades stands for a level, so that the gravest is always the darkest."""
    return 1 if count == 1 else 1 + round(place * (_SHADES - 1) / (count - 1))


def _listed(entries: Sequence[Entry]) -> SafeString:
    if not entries:
        return SafeString("")
    return format_html(
        "<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((_entry(one),) for one in entries))
    )


def _entry(entry: Entry) -> SafeString | str:
    return format_html('<a href="{}">{}</a>', entry.url, entry.text) if entry.url else entry.text


def _told(rows: Sequence[tuple[str, ...]], levels: Sequence[str]) -> str:
    counts = [(name, sum(row[3] == name for row in rows)) for name in reversed(levels)]
    told = " ".join(f"{name}: {count}." for name, count in counts if count)
    return told or gettext("Ingenting er plassert i matrisen ennå.")
