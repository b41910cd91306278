"""The reckoning of nyttepoker (domain/benefits 3.9)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from governance.scoring.arithmetic import HUNDRED, mean

if TYPE_CHECKING:
    from collections.abc import Sequence

_CENT = Decimal("0.01")
_MILLION = Decimal(1_000_000)


def median(points: Sequence[Decimal]) -> Decimal | None:
    """Return the middle of the points, or the mean of the two in the middle; ``None`` of nothing."""
    ordered = sorted(points)
    middle = len(ordered) // 2
    return mean(ordered[middle - 1 + len(ordered) % 2 : middle + 1])


def locked_value(points: Sequence[Decimal], *, by_mean: bool) -> Decimal | None:
    """Return what a round gives, to two decimals: the median of its points, or their mean."""
    found = mean(points) if by_mean else median(points)
    return None if found is None else found.quantize(_CENT, ROUND_HALF_UP)


def normalized(weights: Sequence[Decimal]) -> list[Decimal] | None:
    """Return the weights as shares of 100, or ``None`` where nothing weighs."""
    total = sum(weights, Decimal(0))
    return [weight * HUNDRED / total for weight in weights] if total else None


def benefit_points(given: Sequence[tuple[Decimal, Decimal]]) -> Decimal:
    """Return Σ weight/100 · points of pairs of a normalized weight and points."""
    return sum((weight / HUNDRED * points for weight, points in given), Decimal(0))


def benefit_cost_index(points: Decimal, cost: Decimal) -> Decimal | None:
    """Return the points per million kroner of cost, or ``None`` where nothing is spent."""
    return points * _MILLION / cost if cost else None
