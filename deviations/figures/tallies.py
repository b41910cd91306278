"""What counting gives: how many, how grave, and how long it took."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Tally:
    """How many, how many of them grave, and how many in months that have a denominator."""

    count: int = 0
    grave: int = 0
    covered: int = 0


@dataclass(frozen=True, slots=True)
class Wait:
    """How long something took: for how many, how many still wait, the median and the 90th percentile.

    Who waits is longer than every other: a percentile that lies among them is not known yet.
    """

    done: int = 0
    waiting: int = 0
    half: timedelta | None = None
    most: timedelta | None = None

    @property
    def count(self) -> int:
        return self.done + self.waiting


@dataclass(frozen=True, slots=True)
class Counts:
    """The cases of a scope that were reported in a period, divided in every way a page shows."""

    all: Tally
    months: Mapping[date, Tally]
    categories: Mapping[str, Tally]
    types: Mapping[int | None, Tally]
    severities: Mapping[int, Tally]
    answer: Wait
    closing: Wait
