"""Two rates against each other: golden values from the literature, and when reporting has collapsed."""

from __future__ import annotations

from decimal import Decimal
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benefits.arithmetic import Rate, SilenceLimits, has_collapsed, has_fallen, rate_ratio
from benefits.arithmetic.rates import _at_most

D = Decimal
LIMITS = SilenceLimits(D("0.5"), D("0.05"), 5)
counts = st.integers(min_value=0, max_value=400)


def rate(count: int, exposure: object = 1) -> Rate:
    return Rate(count, D(str(exposure)))


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        # Stata, iri 41 15 28010 19017: «exact» (stata.com, incidence-rate ratio calculator).
        (rate(41, 28010), rate(15, 19017), ("1.855759", "1.005684", "3.609300")),
        # R, poisson.test(c(11, 6+8+7), c(800, 1083+1050+878)): lung cancer in Fredericia (ISwR, eba1977).
        (rate(11, 800), rate(21, 3011), ("1.971488", "0.858426", "4.277266")),
    ],
)
def test_rate_ratio__as_in_the_literature(now, before, expected):
    found = rate_ratio(now, before)
    assert tuple(str(round(value, 6)) for value in (found.ratio, found.low, found.high)) == expected


def test_rate_ratio__is_silent_without_events_or_exposure():
    assert rate_ratio(rate(0), rate(0)) is None
    assert rate_ratio(rate(3, 0), rate(4)) is None
    assert rate_ratio(rate(3), rate(4, 0)) is None


def test_rate_ratio__zero_on_one_side_has_an_open_end():
    none_left, out_of_nothing = rate_ratio(rate(0), rate(8)), rate_ratio(rate(8), rate(0))
    assert (none_left.ratio, none_left.low) == (0, 0)
    assert none_left.high < 1
    assert none_left.is_beyond_chance
    assert (out_of_nothing.ratio, out_of_nothing.high) == (None, None)
    assert out_of_nothing.low > 1


@given(counts, counts, st.integers(1, 50), st.integers(1, 50))
def test_rate_ratio__lies_in_its_interval_and_turns_round(a, b, first, second):
    found, turned = rate_ratio(rate(a, first), rate(b, second)), rate_ratio(rate(b, second), rate(a, first))
    if found is None:
        assert a + b == 0
        return
    if found.ratio is not None and found.high is not None:
        assert found.low <= found.ratio <= found.high
    if found.high and turned.low:
        assert abs(found.high * turned.low - 1) < D("0.000001")


@given(st.integers(1, 60), st.data())
def test_tail__is_the_sum_of_the_binomial(total, data):
    count = data.draw(st.integers(0, total))
    share = data.draw(st.floats(0.02, 0.98))
    summed = sum(comb(total, k) * share**k * (1 - share) ** (total - k) for k in range(count + 1))
    assert abs(_at_most(count, total, share) - summed) < 1e-9


def test_has_fallen__by_more_than_half_and_beyond_chance():
    assert has_fallen(rate(8), rate(40), LIMITS)
    assert not has_fallen(rate(21), rate(40), LIMITS), "not by half"
    assert not has_fallen(rate(1), rate(4), LIMITS), "by more than half, but so few that chance gives it"
    assert not has_fallen(rate(20, "0.5"), rate(40, 1), LIMITS), "half the time, the same rate"
    assert has_fallen(rate(0), rate(5), LIMITS)
    assert not has_fallen(rate(0), rate(0), LIMITS)


def test_has_collapsed__not_when_only_what_is_counted_fell():
    before, counted_before = rate(60), rate(40)
    assert not has_collapsed(rate(20), before, rate(2), counted_before, LIMITS), (
        "the other twenty are still reported"
    )
    assert has_collapsed(rate(6), before, rate(2), counted_before, LIMITS), "the others fell as well"


def test_has_collapsed__when_there_was_too_little_else_to_tell():
    assert has_collapsed(rate(4), rate(24), rate(1), rate(21), LIMITS)
    assert has_collapsed(rate(1), rate(20), rate(1), rate(20), LIMITS), "all that is reported is counted"


def test_has_collapsed__by_the_limits_of_the_municipality():
    mild = SilenceLimits(D("0.8"), D("0.05"), 5)
    assert has_collapsed(rate(15), rate(50), rate(0), rate(10), LIMITS)
    assert not has_collapsed(rate(15), rate(50), rate(0), rate(10), mild)
