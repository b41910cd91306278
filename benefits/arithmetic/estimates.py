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
        """(MO + 3·MS + MP) / 5, the *usikkerhetsjustert anslag* of the template Prosjektbegrunnelse (domain/benefits 3.5)."""
        return (self.low + 3 * self.likely + self.high) / _FIFTH

    @property
    def variance(self) -> Decimal:
        """The square of a fifth of the span.

        No source that was read names it: domain/benefits 3.5 gives the mean alone, and the golden values of 6.2 have
        no variance.  From general knowledge and not read: S. Lichtenberg's successive calculation rounds
        (low + 2.9·likely + high) / 4.9 and span / 4.6 to these fifths, where low and high come once in a hundred each.

        What is computed in the tests: for such percentiles of an Erlang distribution (shape 5 to 25) the mean fits
        within half a per cent, and a fifth of the span is 7 to 8 per cent less than the true deviation.
        """
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
