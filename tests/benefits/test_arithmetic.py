"""The golden values of domain/benefits 6.2, and what must hold whatever the figures are."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benefits.arithmetic import (
    Assumption,
    Cut,
    Rates,
    RateStep,
    ThreePoint,
    achievement,
    aggregated,
    counts_as_budget,
    discount_factor,
    irr,
    net_present_value,
    payback,
    sensitivity,
    welfare,
    work_years,
)

D = Decimal
DAY = date(2021, 6, 25)
FLAT = Rates((RateStep(D("0.04")),), DAY, "prøve")
STEPPED = Rates((RateStep(D("0.04"), 40), RateStep(D("0.03"), 75), RateStep(D("0.02"))), DAY, "R-109")
FLOW = [D(-1_000_000), *[D(250_000)] * 5]
money = st.decimals(min_value=-10_000_000, max_value=10_000_000, places=2)


def cents(value: D) -> D:
    return value.quantize(D("0.01"))


def test_net_present_value__golden():
    assert cents(net_present_value(FLOW, FLAT)) == D("112955.58")


def test_net_present_value__of_four_years_as_the_tool_of_ks():
    flow = [D(-600_000), D(100_000), D(200_000), D(250_000), D(250_000)]
    assert cents(net_present_value(flow, FLAT)) == D("117015.23")


def test_irr__golden():
    found = irr(FLOW)
    assert found is not None
    assert found.quantize(D("0.000001")) == D("0.079308")


def test_payback__golden():
    assert payback(FLOW) == D(4)
    discounted = payback(FLOW, FLAT)
    assert discounted is not None
    assert discounted.quantize(D("0.0001")) == D("4.4503")


def test_welfare__all_public_with_cost_of_tax():
    found = welfare(FLOW, [], FLAT, invested=D(1_000_000), tax_cost=D("0.20"))
    assert cents(found.total) == D("135546.70")


def test_welfare__split_between_public_and_citizens():
    public, citizens = [D(-1_000_000), *[D(150_000)] * 5], [D(0), *[D(100_000)] * 5]
    found = welfare(public, citizens, FLAT, invested=D(1_000_000), tax_cost=D("0.20"))
    assert (cents(found.public), cents(found.others)) == (D("-332226.65"), D("445182.23"))
    assert (cents(found.tax), cents(found.total)) == (D("-66445.33"), D("46510.25"))
    assert found.per_krone is not None
    assert found.per_krone.quantize(D("0.0001")) == D("0.0465")


def test_welfare__without_cost_of_tax_unless_it_is_asked_for():
    found = welfare(FLOW, [], FLAT, invested=D(0))
    assert found.total == net_present_value(FLOW, FLAT)
    assert found.per_krone is None


@pytest.mark.parametrize(
    ("year", "factor"),
    [(1, "0.961538"), (5, "0.821927"), (10, "0.675564"), (40, "0.208289"), (41, "0.202222"), (75, "0.074022"), (76, "0.072571")],
)  # fmt: skip
def test_discount_factor__with_steps(year, factor):
    assert discount_factor(STEPPED, year).quantize(D("0.000001")) == D(factor)


def test_three_point__golden():
    assert ThreePoint(D(800), D(1000), D(1500)).mean == D(1060)
    assert ThreePoint(D(800), D(1000), D(1500)).variance == D(140) ** 2


def _erlang(share, shape):
    """Return the value that ``share`` of an Erlang distribution of rate 1 is below."""
    low, high = 0.0, 200.0
    for _ in range(100):
        middle = (low + high) / 2
        above = math.exp(-middle) * sum(middle**i / math.factorial(i) for i in range(shape))
        low, high = (middle, high) if 1 - above < share else (low, middle)
    return D(str(low))


@pytest.mark.parametrize("shape", [5, 7, 10, 15, 25])
def test_three_point__fits_one_in_a_hundred_of_an_erlang_distribution(shape):
    estimate = ThreePoint(_erlang(0.01, shape), D(shape - 1), _erlang(0.99, shape))
    assert abs(estimate.mean / shape - 1) < D("0.005")
    assert D("0.92") < estimate.distribution.deviation / D(shape).sqrt() < D("0.93")


def test_three_point__out_of_order_is_refused():
    with pytest.raises(ValueError, match="order"):
        ThreePoint(D(3), D(2), D(4))


@pytest.mark.parametrize(
    ("start", "target", "measured", "share"),
    [(80, 100, 80, 0), (80, 100, 90, "0.5"), (80, 100, 100, 1), (80, 100, 70, "-0.5"), (10, 4, 7, "0.5")],
)
def test_achievement__golden(start, target, measured, share):
    assert achievement(D(start), D(target), D(measured)) == D(share)


@pytest.mark.parametrize("lacking", range(3))
def test_achievement__cannot_be_computed_without_all_three(lacking):
    values: list[D | None] = [D(1), D(2), D(3)]
    values[lacking] = None
    assert achievement(*values) is None


@given(money, money)
def test_achievement__never_divides_by_zero(start, measured):
    assert achievement(start, start, measured) is None


@given(money, money)
def test_achievement__is_none_at_the_start_and_all_at_the_target(start, target):
    if start != target:
        assert achievement(start, target, start) == 0
        assert achievement(start, target, target) == 1


@given(st.lists(money, min_size=1, max_size=40))
def test_net_present_value__of_no_rate_is_the_sum(flow):
    assert net_present_value(flow, Rates((RateStep(D(0)),), DAY, "")) == sum(flow, D(0))


@given(st.lists(money, min_size=1, max_size=20), st.lists(money, min_size=1, max_size=20))
def test_net_present_value__adds_up(first, second):
    length = max(len(first), len(second))
    one, other = ([*flow, *[D(0)] * (length - len(flow))] for flow in (first, second))
    together = net_present_value([a + b for a, b in zip(one, other, strict=True)], STEPPED)
    apart = net_present_value(one, STEPPED) + net_present_value(other, STEPPED)
    assert abs(together - apart) < D("0.0001")


@given(st.decimals(min_value=1000, max_value=10_000_000, places=2), st.lists(st.decimals(min_value=1, max_value=1_000_000, places=2), min_size=1, max_size=15))  # fmt: skip
def test_irr__makes_the_flow_worth_nothing(invested, income):
    flow = [-invested, *income]
    rate = irr(flow)
    if rate is not None:
        assert abs(net_present_value(flow, Rates((RateStep(rate),), DAY, ""))) < D("0.01")


@pytest.mark.parametrize("flow", [[], [0, 0], [1, 2], [-1, -2], [-1, 3, -2]])
def test_irr__is_none_where_no_single_rate_tells_anything(flow):
    assert irr([D(amount) for amount in flow]) is None


@pytest.mark.parametrize(("flow", "years"), [([1, 1], 0), ([-10, 1], None), ([-10, 5, 5], 2), ([-10, 20, -15, 10], "2.5")])  # fmt: skip
def test_payback__is_when_it_stays_paid_back(flow, years):
    assert payback([D(amount) for amount in flow]) == (None if years is None else D(years))


@given(st.lists(money, min_size=1, max_size=20))
def test_payback__comes_no_sooner_when_discounted(flow):
    investment = [-sum((abs(amount) for amount in flow), D(1)), *(abs(amount) for amount in flow)]
    plain, discounted = payback(investment), payback(investment, STEPPED)
    assert discounted is None or (plain is not None and discounted >= plain)


@given(st.lists(st.tuples(money, money, money), max_size=8))
def test_aggregate_estimates__adds_means_and_variances(triples):
    estimates = [ThreePoint(*sorted(triple)) for triple in triples]
    total = aggregated(estimates)
    assert total.mean == sum((one.mean for one in estimates), D(0))
    assert total.variance == sum((one.variance for one in estimates), D(0))
    assert total.variance >= 0


@given(money, money, money)
def test_three_point__lies_between_its_ends(a, b, c):
    low, likely, high = sorted((a, b, c))
    assert low <= ThreePoint(low, likely, high).mean <= high


CUT = Cut(D(100_000), "3200 Hjemmetjenesten", 2027)


@pytest.mark.parametrize(
    ("kind", "form", "cut", "counts"),
    [
        ("saved_time", "budget", None, False),
        ("saved_time", "budget", Cut(D(0), "3200", 2027), False),
        ("saved_time", "budget", Cut(D(1), " ", 2027), False),
        ("saved_time", "budget", CUT, True),
        ("saved_time", "alternative_use", CUT, False),
        ("avoided_cost", "budget", None, True),
        ("avoided_cost", "elsewhere", None, False),
        ("quality", "not_priced", None, False),
    ],
)
def test_count_as_budget__saved_time_only_with_a_cut(kind, form, cut, counts):
    assert counts_as_budget(kind=kind, form=form, cut=cut) is counts


def test_work_years__are_freed_minutes_over_a_year_of_hours():
    assert work_years(D(10), D(10_200), hours_per_work_year=D(1700)) == D(1)


def test_sensitivity__shows_what_matters_most_first():
    small, large = Assumption("liten", D(9), D(10), D(11)), Assumption("stor", D(0), D(10), D(40))
    swings = sensitivity([small, large], lambda at: at["liten"] + at["stor"])
    assert [swing.assumption.name for swing in swings] == ["stor", "liten"]
    assert (swings[0].at_low, swings[0].at_high) == (D(10), D(50))


@given(money, money, money)
def test_sensitivity__of_what_does_not_matter_is_nothing(a, b, c):
    swing = sensitivity([Assumption("uten virkning", *sorted((a, b, c)))], lambda _at: D(7))[0]
    assert swing.width == 0
