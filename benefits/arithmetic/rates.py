"""Two counted rates against each other: how much one is of the other, how sure that is, and silence.

Events are taken as Poisson counts.  Given their sum, the one of now is binomial with the share of the exposure
that now has, so the interval of the ratio follows exactly from the one of Clopper and Pearson (1934), Biometrika
26: 404-413, and the test is that of Przyborowski and Wilenski (1940), Biometrika 31: 313-323.  The binomial tails
are incomplete beta functions, by their continued fraction (Abramowitz and Stegun 26.5.8).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_TINY, _ENOUGH, _ROUNDS = 1e-300, 1e-15, 10_000
_HALVINGS = 200


@dataclass(frozen=True, slots=True)
class Rate:
    """So many events in so much exposure: resident days, årsverk, or days of the calendar."""

    count: int
    exposure: Decimal

    def less(self, other: Rate) -> Rate:
        """Return what is left of the events when those of ``other`` are taken away."""
        return Rate(self.count - other.count, self.exposure)


@dataclass(frozen=True, slots=True)
class RateRatio:
    """The rate of now divided by the one before, with its interval.  ``None`` is without bound."""

    ratio: Decimal | None
    low: Decimal
    high: Decimal | None

    @property
    def is_beyond_chance(self) -> bool:
        return self.low > 1 or (self.high is not None and self.high < 1)


@dataclass(frozen=True, slots=True)
class SilenceLimits:
    """When reporting has collapsed: how large a fall, how sure, and the fewest reports that tell anything."""

    fall: Decimal
    level: Decimal
    fewest: int


def rate_ratio(now: Rate, before: Rate, *, level: Decimal = Decimal("0.95")) -> RateRatio | None:
    """Return the ratio of two rates with its exact interval, or ``None`` where nothing can be told.

    Nothing is told without exposure, or when nothing happened in either time.
    """
    total = now.count + before.count
    if not total or now.exposure <= 0 or before.exposure <= 0:
        return None
    tail = float(1 - level) / 2
    low = 0.0 if not now.count else _root(lambda p: _at_least(now.count, total, p) - tail)
    high = 1.0 if not before.count else _root(lambda p: tail - _at_most(now.count, total, p))
    scale = float(before.exposure / now.exposure)
    ratio = (now.count / now.exposure) / (before.count / before.exposure) if before.count else None
    return RateRatio(ratio, _odds(low, scale) or Decimal(0), _odds(high, scale))


def has_fallen(now: Rate, before: Rate, limits: SilenceLimits) -> bool:
    """Tell whether the rate fell by more than the limit, and by more than chance gives (one-sided, exact)."""
    if before.exposure <= 0 or now.exposure <= 0 or not before.count:
        return False
    is_large = now.count * before.exposure < (1 - limits.fall) * before.count * now.exposure
    share = float(now.exposure / (now.exposure + before.exposure))
    return is_large and _at_most(now.count, now.count + before.count, share) < float(limits.level)


def has_collapsed(
    now: Rate, before: Rate, counted_now: Rate, counted_before: Rate, limits: SilenceLimits
) -> bool:
    """Tell whether reporting has gone silent, so that fewer counted events prove nothing.

    All reports fell by more than the limit, beyond chance.  It is no silence when only what is counted fell:
    when there was enough of everything else before, and that has not fallen by as much.
    """
    if not has_fallen(now, before, limits):
        return False
    rest_now, rest_before = now.less(counted_now), before.less(counted_before)
    has_held = (
        rest_now.count * rest_before.exposure >= (1 - limits.fall) * rest_before.count * rest_now.exposure
    )
    return not (rest_before.count >= limits.fewest and has_held)


def _odds(share: float, scale: float) -> Decimal | None:
    return None if share >= 1 else Decimal(str(share / (1 - share) * scale))


def _root(rising: Callable[[float], float]) -> float:
    """Return where a rising function passes zero between 0 and 1."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if middle in {low, high}:
            break
        if rising(middle) < 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _at_least(count: int, total: int, share: float) -> float:
    return 1.0 if count <= 0 else _beta(share, count, total - count + 1)


def _at_most(count: int, total: int, share: float) -> float:
    return 1.0 if count >= total else _beta(1 - share, total - count, count + 1)


def _beta(x: float, a: float, b: float) -> float:
    """Return the regularized incomplete beta function I_x(a, b)."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1.0 - _beta(1 - x, b, a)
    front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    return math.exp(front) * _fraction(x, a, b) / a


def _fraction(x: float, a: float, b: float) -> float:
    """Return the continued fraction of the incomplete beta function, by the method of Lentz."""
    c, d = 1.0, 1.0 / _away_from_zero(1.0 - (a + b) * x / (a + 1))
    found = d
    for m in range(1, _ROUNDS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for step in (even, odd):
            d = 1.0 / _away_from_zero(1.0 + step * d)
            c = _away_from_zero(1.0 + step / c)
            found *= c * d
        if abs(c * d - 1.0) < _ENOUGH:
            break
    return found


def _away_from_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
