"""How much a result moves when one assumption does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Assumption:
    """What is assumed, and what it may come down to at the lowest and at the highest."""

    name: str
    low: Decimal
    likely: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Swing:
    """The result when one assumption is at its lowest and at its highest, and all others as likely."""

    assumption: Assumption
    at_low: Decimal
    at_high: Decimal

    @property
    def width(self) -> Decimal:
        return abs(self.at_high - self.at_low)


def sensitivity(
    assumptions: Sequence[Assumption], result: Callable[[Mapping[str, Decimal]], Decimal]
) -> list[Swing]:
    """Return how far each assumption alone moves the result, the one that matters most on top."""
    likely = {one.name: one.likely for one in assumptions}
    swings = [
        Swing(one, result({**likely, one.name: one.low}), result({**likely, one.name: one.high}))
        for one in assumptions
    ]
    return sorted(swings, key=lambda swing: swing.width, reverse=True)
