"""From values to places on the drawing, with round numbers on the axis."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.charts.chart import Value

# Differences below these are noise of the computer, and would make ticks that are all equal.
_DECIMALS = 9
_SAME = 1e-9
_ROUND = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True, slots=True)
class Scale:
    """Maps ``low``…``high`` to ``start``…``end``; ``ticks`` are the round values between."""

    low: float
    high: float
    start: float
    end: float
    ticks: tuple[float, ...]

    def __call__(self, value: float) -> float:
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def scale(
    values: Iterable[Value], start: float, end: float, *, steps: int = 4, from_zero: bool = True
) -> Scale:
    """Return a scale that holds every known value, and zero unless told otherwise."""
    known = [round(float(value), _DECIMALS) for value in values if value is not None]
    if from_zero or not known:
        known.append(0.0)
    low, high = min(known), max(known)
    if high - low <= _SAME * max(abs(low), abs(high)):
        low, high = (low, low + 1) if low >= 0 else (low, 0)
    step = _round_step((high - low) / steps)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    ticks = tuple(round(place * step, _DECIMALS) for place in range(first, last + 1))
    return Scale(ticks[0], ticks[-1], start, end, ticks)


def _round_step(rough: float) -> float:
    magnitude = 10.0 ** math.floor(math.log10(rough))
    return next(magnitude * factor for factor in _ROUND if magnitude * factor >= rough * 0.999)
