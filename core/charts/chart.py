"""What every chart is made of: a drawing, words for it, and the table behind it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, TypeAlias

from django.utils.translation import gettext

from core import formats

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.utils.safestring import SafeString

Number: TypeAlias = int | float | Decimal
Value: TypeAlias = Number | None
Cell: TypeAlias = str | Number | dt.date | None
Style: TypeAlias = Literal["measured", "plan", "reference"]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart, and the same data as a table.

    ``markup`` is SVG (HTML for a matrix) that is safe to put in a page or in a PDF;
    ``description`` says in words what it shows; ``headings`` and ``rows`` are the numbers
    behind it, for «Vis tallene» and for download.
    """

    title: str
    description: str
    markup: SafeString
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def __html__(self) -> str:
        return self.markup

    def __str__(self) -> str:
        return self.markup

    @property
    def shown_rows(self) -> list[list[str]]:
        """The rows as a page shows them; what is not known is «mangler», never zero."""
        return [[_shown(cell) for cell in row] for row in self.rows]


@dataclass(frozen=True, slots=True)
class Series:
    """One line or one layer: a value per label, ``None`` where nothing was measured."""

    name: str
    values: Sequence[Value]
    style: Style = "measured"


def written(value: Number, unit: str = "") -> str:
    """Write a value as it stands beside a mark: «27,2 dager», «4,9 mill. kr», «12 %»."""
    if unit == "kr":
        return formats.kroner_short(value)
    return f"{formats.number(value)}{formats.NBSP}{unit}" if unit else formats.number(value)


def tick(value: Number, unit: str) -> str:
    """Write a value on an axis, where «dager» on every line would only be in the way."""
    return written(value, unit if unit in {"kr", "%"} else "")


def with_unit(name: str, unit: str) -> str:
    """Return a heading that says what its numbers count: «Målt (dager)»."""
    return f"{name} ({unit})" if unit else name


def require_equal_lengths(labels: Sequence[str], series: Sequence[Series]) -> None:
    """Fail when a series has another number of values than there are labels.

    :raises ValueError: since a value without its label would be drawn in the wrong place.
    """
    for one in series:
        if len(one.values) != len(labels):
            raise ValueError(f"{one.name} has {len(one.values)} values for {len(labels)} labels")


def _shown(cell: Cell) -> str:
    if cell is None:
        return gettext("mangler")
    if isinstance(cell, dt.date):
        return formats.short_date(cell)
    return cell if isinstance(cell, str) else formats.number(cell)
