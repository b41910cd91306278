"""Tell a lasting change from chance in a series over time: the runs analysis of a run chart.

The rules are those of Anhøj and Olesen (2014), *Run Charts Revisited*, PLoS ONE 9(11): e113825,
which keep the rate of false signals near 5 % whatever the length of the series: a change is
there when the longest run on one side of the median is longer than log2(n) + 3, rounded, or
when the line crosses the median fewer times than the 5 % quantile of the binomial distribution
(n - 1, 0.5).  n counts the useful values: those that are known and not on the median.  A value
on the median neither breaks a run nor lengthens it, and neither does one that is missing.
Trends of five or so rising values are left out on purpose: the same study shows that the rule
finds nothing but noise.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import groupby
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.charts.chart import Value

FEWEST = 10
"""Useful values below which the rules say nothing (Anhøj and Olesen study 10 and more)."""
_LEVEL = 0.05  # the probability below which chance is no longer believed
_BACK = 3  # values on the median after a long run: the level has gone back


@dataclass(frozen=True, slots=True)
class Run:
    """Useful values on one side of the median; ``first`` and ``last`` are their places in the series."""

    first: int
    last: int
    length: int
    is_above: bool


@dataclass(frozen=True, slots=True)
class Shift:
    """A level that began at the place ``first`` and has lasted since."""

    first: int
    is_higher: bool


@dataclass(frozen=True, slots=True)
class Runs:
    """What the rules found in a series; ``known`` are the places that have a value."""

    median: float | None
    known: tuple[int, ...]
    runs: tuple[Run, ...]

    @property
    def useful(self) -> int:
        return sum(run.length for run in self.runs)

    @property
    def longest(self) -> int:
        return max((run.length for run in self.runs), default=0)

    @property
    def crossings(self) -> int:
        return max(len(self.runs) - 1, 0)

    @property
    def longest_expected(self) -> int:
        return longest_expected(self.useful)

    @property
    def fewest_crossings(self) -> int:
        return fewest_crossings(self.useful)

    @property
    def is_enough(self) -> bool:
        return self.useful >= FEWEST

    @property
    def has_long_run(self) -> bool:
        return self.long_run is not None

    @property
    def has_few_crossings(self) -> bool:
        return self.is_enough and self.crossings < self.fewest_crossings

    @property
    def is_random(self) -> bool:
        return self.is_enough and not (self.has_long_run or self.has_few_crossings)

    @property
    def long_run(self) -> Run | None:
        """The latest run that is longer than chance gives."""
        long = (run for run in reversed(self.runs) if run.length > self.longest_expected)
        return next(long, None) if self.is_enough else None

    @property
    def shift(self) -> Shift | None:
        """The change to the level that the series ends with, where a long run tells of one.

        A long run that the series begins with is the level before: the change comes where it ends.
        """
        run = self.long_run
        if run is None:
            return None
        later = [place for place in self.known if place > run.last]
        if run.first > self.known[0]:
            return Shift(run.first, is_higher=run.is_above) if len(later) < _BACK else None
        has_settled = len(self.runs) - self.runs.index(run) <= 2  # noqa: PLR2004 - itself and the next
        return Shift(later[0], is_higher=not run.is_above) if later and has_settled else None


def runs_of(values: Sequence[Value]) -> Runs:
    """Return the runs of ``values`` about their median; ``None`` was not measured, and is not zero."""
    known = tuple(place for place, value in enumerate(values) if value is not None)
    if not known:
        return Runs(None, (), ())
    middle = median(float(value) for value in values if value is not None)
    sides = [
        (place, float(value) > middle)
        for place, value in enumerate(values)
        if value is not None and float(value) != middle
    ]
    found = []
    for is_above, group in groupby(sides, key=lambda side: side[1]):
        places = [place for place, _side in group]
        found.append(Run(places[0], places[-1], len(places), is_above))
    return Runs(middle, known, tuple(found))


def longest_expected(useful: int) -> int:
    """Return the longest run that chance gives in ``useful`` values: log2(n) + 3, rounded."""
    return round(math.log2(useful) + 3) if useful else 0


def fewest_crossings(useful: int) -> int:
    """Return the fewest crossings that chance gives: the 5 % quantile of the binomial (n - 1, 0.5)."""
    if useful < 2:  # noqa: PLR2004 - one value crosses nothing
        return 0
    trials = useful - 1
    below = 0
    for crossings in range(trials + 1):
        below += math.comb(trials, crossings)
        if below * 20 >= 2**trials:
            return crossings
    return trials


def is_more_than_chance(now: int, before: int, *, share: float = 0.5) -> bool:
    """Tell whether two counts differ more than two Poisson counts of the same level do (p < 0.05).

    The exact conditional test of Przyborowski and Wilenski (1940), Biometrika 31: given the sum,
    the first is binomial.  The doubled smaller tail is compared with 5 %.

    :param share: how much of the exposure (days, person-years) the first count has.
    """
    total = now + before
    if not total or not 0 < share < 1:
        return False
    # A count up to its mean has at least half of the probability at or above it: only the other tail can be the smaller.
    if now <= total * share:
        return 2 * _at_most(now, total, share) < _LEVEL
    return 2 * _at_most(before, total, 1 - share) < _LEVEL


def _at_most(count: int, total: int, share: float) -> float:
    """Return the probability of at most ``count`` of ``total``, where ``count`` is no more than the mean.

    From there each term downwards is smaller than the one before it, so that some standard deviations are all that adds.
    """
    ways = math.lgamma(total + 1) - math.lgamma(count + 1) - math.lgamma(total - count + 1)
    term = math.exp(ways + count * math.log(share) + (total - count) * math.log1p(-share))
    found = term
    for k in range(count, 0, -1):
        term *= k / (total - k + 1) * (1 - share) / share
        found += term
        if term <= found * 1e-18:
            break
    return found
