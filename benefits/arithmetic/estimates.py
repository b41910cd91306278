"""Three-point estimates: what is likely, and how sure it is."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_FIFTH = Decimal(5)


@dataclass(frozen=True, slots=True)
class Distribution:
    """An expected value with its variance."""

    mean: Decimal
    variance: Decimal

    @property
    def deviation(self) -> Decimal:
        return self.variance.sqrt()


@dataclass(frozen=True, slots=True)
class ThreePoint:
    """The lowest, the likely and the highest that is thought of.

    :raises ValueError: they are not in that order.
    """

    low: Decimal
    likely: Decimal
    high: Decimal

    def __post_init__(self) -> None:
        if not self.low <= self.likely <= self.high:
            raise ValueError("low, likely and high are not in order")

    @property
    def mean(self) -> Decimal:
        """(MO + 3·MS + MP) / 5, the weights of successive calculation (domain/benefits 3.5)."""
        return (self.low + 3 * self.likely + self.high) / _FIFTH

    @property
    def variance(self) -> Decimal:
        """The square of a fifth of the span, which belongs to those weights."""
        return ((self.high - self.low) / _FIFTH) ** 2

    @property
    def distribution(self) -> Distribution:
        return Distribution(self.mean, self.variance)


def aggregated(estimates: Iterable[ThreePoint]) -> Distribution:
    """Return the sum of estimates that do not depend on each other: means and variances add up."""
    known = [one.distribution for one in estimates]
    return Distribution(
        sum((one.mean for one in known), Decimal(0)), sum((one.variance for one in known), Decimal(0))
    )
