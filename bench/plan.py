"""What a generator is told: how much, from which seed, and which day is today."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench import sql

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True)
class Plan:
    initiatives: int
    seed: int
    day: date
    deviations: int = 0
    benefits: int = 0
    """How many benefits each initiative has, all measured; 0 for some, not measured."""
    years: int = 0
    """How far back followed projects go, with status reports, money and risks all the way; 0 for projects without."""

    def draw(self, word: str, number: str = "g") -> str:
        """Return a number from 0 up to 1 for each row, which the seed has a part in."""
        return sql.draw(f"{self.seed} {word}", number)

    @property
    def noon(self) -> str:
        """Today at noon, as SQL: everything that is generated happened before it."""
        return f"timestamptz '{self.day.isoformat()} 12:00+00'"
