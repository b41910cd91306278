"""The arithmetic of run charts, against what the literature prints."""

from __future__ import annotations

from fractions import Fraction
from math import comb
from random import Random
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.runs import Shift, fewest_crossings, is_more_than_chance, longest_expected, runs_of

# Anhøj and Olesen (2014), PLoS ONE 9(11): e113825, and the table of Anhøj's qicharts2: useful
# values, longest run, fewest crossings: round(log2(n) + 3), qbinom(0.05, n - 1, 0.5).
LIMITS = [
    (10, 6, 2), (11, 6, 2), (12, 7, 3), (13, 7, 3), (14, 7, 4), (15, 7, 4), (16, 7, 4), (17, 7, 5), (18, 7, 5), (19, 7, 6),
    (20, 7, 6), (21, 7, 6), (22, 7, 7), (23, 8, 7), (24, 8, 8), (25, 8, 8), (26, 8, 8), (27, 8, 9), (28, 8, 9), (29, 8, 10),
    (30, 8, 10), (45, 8, 17), (46, 9, 17), (60, 9, 23), (90, 9, 37), (91, 10, 37), (100, 10, 41),
]  # fmt: skip


@pytest.mark.parametrize(("useful", "longest", "crossings"), LIMITS)
def test_limits__as_they_are_printed(useful, longest, crossings):
    assert (longest_expected(useful), fewest_crossings(useful)) == (longest, crossings)


def test_count_runs__the_thirteen_points_of_wentzel_larsen_and_anhoj():
    """Sciencetrends 2019, *Crossings, runs and crossrun*: crossings after 3, 6, 7, 9 and 10; the longest run is three."""
    above = [2, 3, 2, -1, -2, -1, 3, -2, -1, 2, -3, -1, -2]
    found = runs_of(above)
    assert (found.crossings, found.longest) == (5, 3)


def test_count_runs__twenty_four_points_with_three_on_the_median():
    """Unaettie, *Run chart (Anhøj rules)*: median 10; points 2, 11 and 14 on it; two runs of nine; three crossings."""
    values = [14, 10, 16, 7, 20, 12, 15, 11, 18, 13, 10, 17, 12, 10, 12, 9, 8, 6, 9, 7, 5, 8, 4, 6]
    found = runs_of(values)
    assert (found.median, found.useful, found.crossings, found.longest) == (10, 21, 3, 9)
    assert (found.longest_expected, found.fewest_crossings) == (7, 6)
    assert found.has_long_run
    assert found.has_few_crossings
    assert found.shift == Shift(15, is_higher=False)


def test_count_runs__systolic_pressure_is_random():
    """The 26 mornings of Mohammed, Worthington and Woodall (2008), Qual Saf Health Care 17: 137-145."""
    values = [
        169, 172, 175, 174, 161, 142, 174, 171, 168, 174, 180, 194, 161, 181, 175, 176, 186, 166, 157, 183, 177, 171, 185, 176,
        181, 174,
    ]  # fmt: skip
    assert runs_of(values).is_random


def test_count_runs__a_single_peak_is_no_change():
    assert runs_of([4, 5, 6, 4, 5, 40, 5, 6, 4, 6, 5, 4, 6, 4, 6, 4]).is_random


def test_count_runs__what_the_series_begins_with_is_the_level_before():
    found = runs_of([2, 3, 2, 1, 2, 3, 2, 2, 9, 8, 9, 7, 8, 9, 8, 9])
    assert found.shift == Shift(8, is_higher=True)


def test_count_runs__a_change_that_went_back_is_not_lasting():
    found = runs_of([2, 9, 1, 8, *[9] * 9, 1, 2, 1, 2, 1, 2, 1, 2, 9, 2, 1])
    assert found.long_run.length == 10
    assert found.shift is None


@pytest.mark.parametrize(
    ("values", "shift"),
    [
        ([2] * 12 + [5] * 11, Shift(12, is_higher=True)),  # all of the level before lie on the median
        ([5] * 11 + [2] * 12, Shift(11, is_higher=False)),
        ([2] * 8 + [5] * 11 + [2] * 8, None),
        ([None] * 3 + [5] * 11 + [None] + [2] * 12, Shift(15, is_higher=False)),
    ],
)
def test_find_change__where_one_level_is_the_median_itself(values, shift):
    found = runs_of(values)
    assert found.has_long_run
    assert found.shift == shift


def test_count_runs__missing_is_not_zero():
    without = runs_of([5, None, 7, 5, 7, None])
    assert without.median == 6
    assert without.useful == 4
    assert runs_of([5, 0, 7, 5, 7, 0]).median == 5


@pytest.mark.parametrize("values", [[], [None, None], [3], [3, 3, 3], [1, 2] * 4])
def test_count_runs__too_few_say_nothing(values):
    found = runs_of(values)
    assert not any((found.is_enough, found.is_random, found.has_long_run, found.has_few_crossings))
    assert found.shift is None


@given(st.lists(st.none() | st.integers(0, 50) | st.floats(0, 50, allow_nan=False), max_size=60))
def test_count_runs__properties(values):
    found = runs_of(values)
    known = [float(value) for value in values if value is not None]
    assert found.useful == sum(run.length for run in found.runs) <= len(known)
    assert found.crossings <= max(found.useful - 1, 0)
    assert all(one.is_above != other.is_above for one, other in zip(found.runs, found.runs[1:], strict=False))
    assert (found.shift is None) or found.has_long_run
    if known:
        assert found.median == median(known)
        above = sum(run.length for run in found.runs if run.is_above)
        assert max(above, found.useful - above) <= len(known) / 2
    upside_down = runs_of([None if value is None else -value for value in values])
    assert [run.length for run in upside_down.runs] == [run.length for run in found.runs]
    assert [run.is_above for run in upside_down.runs] == [not run.is_above for run in found.runs]


@given(st.integers(2, 200))
def test_limits__fewest_crossings_is_the_quantile(useful):
    limit, trials = fewest_crossings(useful), useful - 1
    below = sum(comb(trials, k) for k in range(limit))
    assert below * 20 < 2**trials <= (below + comb(trials, limit)) * 20


@pytest.mark.parametrize("length", [12, 24, 36])
def test_find_change__false_alarms_are_few(length):
    """Anhøj and Olesen print about 5 %; ours stays below 10 % for the two rules together."""
    chance = Random(20141125)
    alarms = sum(not runs_of([chance.random() for _ in range(length)]).is_random for _ in range(2000))
    assert alarms / 2000 < 0.1


def test_find_change__a_doubling_is_mostly_found():
    chance = Random(1)

    def poisson(mean):
        return sum(chance.random() < mean / 1000 for _ in range(1000))

    found = sum(
        not runs_of([poisson(8) for _ in range(12)] + [poisson(16) for _ in range(12)]).is_random
        for _ in range(60)
    )
    assert found > 40


def test_compare_counts__ten_and_thirteen_are_chance():
    assert not is_more_than_chance(13, 10)
    assert is_more_than_chance(40, 10)
    assert not is_more_than_chance(0, 0)


def test_compare_counts__against_tables_of_the_binomial():
    """Two-sided 5 % limits of the binomial (n, 0.5): 5 of 20 differ, 6 of 20 do not; 9 of 30 and 10 of 30."""
    assert is_more_than_chance(5, 15)
    assert not is_more_than_chance(6, 14)
    assert is_more_than_chance(9, 21)
    assert not is_more_than_chance(10, 20)


@given(st.integers(0, 4000), st.integers(0, 4000), st.floats(0.1, 0.9))
def test_compare_counts__does_not_mind_the_order(now, before, share):
    assert is_more_than_chance(now, before, share=share) == is_more_than_chance(before, now, share=1 - share)


@pytest.mark.parametrize("share", [0.02, 0.3, 0.5, 0.9])
def test_compare_counts__as_the_sum_of_every_term_says(share):
    part = Fraction(share)
    for total in (1, 7, 60):
        terms = [comb(total, k) * part**k * (1 - part) ** (total - k) for k in range(total + 1)]
        for now in range(total + 1):
            smaller = min(sum(terms[: now + 1]), sum(terms[now:]))
            assert is_more_than_chance(now, total - now, share=share) == (2 * smaller < Fraction("0.05")), (
                now,
                total,
            )


def test_compare_counts__of_millions_at_once():
    assert not is_more_than_chance(10_000_000, 10_005_000)
    assert is_more_than_chance(10_000_000, 10_015_000)
    assert is_more_than_chance(0, 5_000_000)
