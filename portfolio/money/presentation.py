"""How the money of a project is shown: its lines by year, with sums and forecast against budget in words."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING

from portfolio.models.money import AMOUNTS
from portfolio.status.presentation import money_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from portfolio.models import BudgetLine

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Sums:
    """Some lines, their sums in the order of ``AMOUNTS``, and the forecast against the budget in words."""

    year: int | None
    lines: list[BudgetLine]
    budget: Decimal
    committed: Decimal
    spent: Decimal
    forecast: Decimal
    words: str


def sums_of(lines: Iterable[BudgetLine], year: int | None = None) -> Sums:
    rows = list(lines)
    amounts = {name: sum((getattr(row, name) for row in rows), start=_ZERO) for name in AMOUNTS}
    return Sums(year, rows, **amounts, words=money_in_words(amounts["budget"], amounts["forecast"]))


def by_year(lines: Iterable[BudgetLine]) -> list[Sums]:
    """Return the sums of each year; the lines come in the order of their years."""
    return [sums_of(rows, year) for year, rows in groupby(lines, key=lambda row: row.year)]
