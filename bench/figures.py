"""The arithmetic of the report."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_GROWTH = 1.3


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least ``share`` of the values do not exceed.

    :raises ValueError: if there are no values.
    """
    if not values:
        raise ValueError("no values")
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * share // 1).__int__() - 1)]


def paired_ratio(above: Sequence[float], below: Sequence[float]) -> float:
    """Return the median of the ratios of figures that were measured side by side.

    Each pair comes from one round, so that what disturbed the machine disturbed both.

    :raises ValueError: if the rounds do not pair up.
    """
    return float(median(a / b for a, b in zip(above, below, strict=True)))


def growth_is_held(ratio: float) -> bool:
    return ratio <= MOST_GROWTH
