"""Yearly flows of kroner: present value, internal rate and payback.

A flow is a sequence of amounts, the first of them of year 0; money out is negative.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, localcontext
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

_DIGITS = 40
_LOWEST, _HIGHEST = Decimal("-0.99"), Decimal(10)
_HALVINGS = 120
ONE, ZERO = Decimal(1), Decimal(0)


@dataclass(frozen=True, slots=True)
class RateStep:
    """A yearly rate, as a fraction, up to and including year ``last``; the final step has none."""

    rate: Decimal
    last: int | None = None


@dataclass(frozen=True, slots=True)
class Rates:
    """The discount rate in its steps, from the day and the source it was set by."""

    steps: tuple[RateStep, ...]
    valid_from: date
    source: str

    def of_year(self, year: int) -> Decimal:
        """Return the rate that counts from the year before ``year`` to ``year``."""
        return next(step.rate for step in self.steps if step.last is None or year <= step.last)


def discount_factor(rates: Rates, year: int) -> Decimal:
    """Return what one krone in ``year`` is worth in year 0: 1 / ∏(1 + r_s)."""
    factor = ONE
    with localcontext() as context:
        context.prec = _DIGITS
        for passed in range(1, year + 1):
            factor /= ONE + rates.of_year(passed)
    return factor


def present_values(flow: Sequence[Decimal], rates: Rates) -> list[Decimal]:
    """Return each amount of the flow in kroner of year 0."""
    factor, values = ONE, []
    with localcontext() as context:
        context.prec = _DIGITS
        for year, amount in enumerate(flow):
            if year:
                factor /= ONE + rates.of_year(year)
            values.append(amount * factor)
    return values


def net_present_value(flow: Sequence[Decimal], rates: Rates) -> Decimal:
    return sum(present_values(flow, rates), ZERO)


def irr(flow: Sequence[Decimal]) -> Decimal | None:
    """Return the rate at which the flow is worth nothing, or ``None``.

    A flow that changes sign more than once may have several such rates, and one that never does has
    none: then no rate tells anything.
    """
    signs = [amount > 0 for amount in flow if amount]
    if sum(before != after for before, after in pairwise(signs)) != 1:
        return None
    with localcontext() as context:
        context.prec = _DIGITS
        return _root(lambda rate: _value_at(flow, rate))


def _value_at(flow: Sequence[Decimal], rate: Decimal) -> Decimal:
    value = ZERO
    for amount in reversed(flow):
        value = value / (ONE + rate) + amount
    return value


def _root(value: Callable[[Decimal], Decimal]) -> Decimal | None:
    """Return where ``value`` crosses zero between the lowest and the highest rate, by halving."""
    low, high = _LOWEST, _HIGHEST
    rises = value(low) < 0
    if rises == (value(high) < 0):
        return None
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if (value(middle) < 0) == rises:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def payback(flow: Sequence[Decimal], rates: Rates | None = None) -> Decimal | None:
    """Return after how many years the sum is back at zero for good, or ``None`` if it is not.

    Within a year the amount is taken to come evenly.

    :param rates: discount the flow first.
    """
    values = list(flow) if rates is None else present_values(flow, rates)
    sums = list(accumulate(values))
    below = [year for year, total in enumerate(sums) if total < 0]
    if not below:
        return ZERO
    last = below[-1]
    if last + 1 == len(sums):
        return None
    return last + -sums[last] / values[last + 1]
