"""How much of a role is in use, month by month: the statement against plain arithmetic, and what does not count."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from organization.roles import Role
from portfolio.capacity.load import Load, by_weight, first_month_over, loads_of
from portfolio.capacity.months import months_between, read_month, shared_days, shifted
from portfolio.models import Absence, Capacity, Project, ResourceRequest, ResourceRole
from portfolio.workflow import status_workflow
from tests import stories
from tests.portfolio import people
from tests.portfolio.people import SPRING, YEAR

FIRST, LAST = date(2027, 1, 1), date(2027, 12, 31)
ONE_DAY = timedelta(days=1)


@pytest.fixture
def place(world):
    return world.home


@pytest.fixture
def project(place):
    return stories.in_portfolio(place).project


# --- Against plain arithmetic --------------------------------------------------------------------
DAYS = st.integers(min_value=-400, max_value=800).map(lambda count: FIRST + timedelta(days=count))
AMOUNTS = st.decimals(min_value=Decimal("0.01"), max_value=Decimal(5), places=2)
PERIODS = st.tuples(DAYS, st.integers(min_value=0, max_value=500)).map(
    lambda found: (found[0], found[0] + timedelta(days=found[1]))
)
SPANS = st.lists(st.tuples(st.sampled_from(["absence", "granted", "waiting"]), AMOUNTS, PERIODS), max_size=8)
CUTS = st.lists(st.tuples(st.integers(min_value=1, max_value=200), AMOUNTS), max_size=4)


def write(role, project, part, amount, period):
    first, last = period
    now = timezone.now()
    if part == "absence":
        Absence.objects.create(
            role=role, kind="other", work_years=amount, from_on=first, to_on=last, changed_at=now
        )
        return
    given = {"granted": amount, "granted_from": first, "granted_to": last} if part == "granted" else {}
    ResourceRequest.objects.create(
        role=role, project=project, work_years=amount, from_on=first, to_on=last, purpose="x", asked_by=project.manager,
        asked_at=now, changed_at=now, status="granted" if given else "requested", **given,
    )  # fmt: skip


def steps_of(cuts):
    """Return capacities that follow each other, with holes between them, the last without an end."""
    begins = FIRST - timedelta(days=300)
    for number, (length, amount) in enumerate(cuts):
        ends = None if number == len(cuts) - 1 else begins + timedelta(days=length)
        yield amount, begins, ends
        begins = (ends or begins) + timedelta(days=1 + length // 3)


def by_hand(spans, cuts):
    """Count every day of every month."""
    found = {month: defaultdict(Decimal) for month in months_between(FIRST, LAST)}
    rows = [(part, amount, *period) for part, amount, period in spans]
    rows += [("capacity", amount, first, last) for amount, first, last in steps_of(cuts)]
    day = FIRST
    while day <= LAST:
        for part, amount, first, last in rows:
            if first <= day and (last is None or day <= last):
                found[day.replace(day=1)][part] += amount
        day += ONE_DAY
    return found


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spans=SPANS, cuts=CUTS)
def test_count_load__as_day_by_day(place, project, spans, cuts):
    role = ResourceRole.objects.filter(name="Prøve").first() or people.role(place, "Prøve")
    Capacity.objects.all().delete()
    Absence.objects.all().delete()
    ResourceRequest.objects.all().delete()
    for amount, first, last in steps_of(cuts):
        Capacity.objects.create(
            role=role, work_years=amount, from_on=first, to_on=last, changed_at=timezone.now()
        )
    for span in spans:
        write(role, project, *span)
    wanted = by_hand(spans, cuts)
    found = loads_of([role.pk], FIRST, LAST)[role.pk]
    assert [load.month for load in found] == list(wanted)
    for load in found:
        sums = wanted[load.month]
        assert (load.capacity_days, load.absence_days, load.granted_days, load.waiting_days) == (
            sums["capacity"], sums["absence"], sums["granted"], sums["waiting"],
        )  # fmt: skip
        assert load.days == shared_days(load.month, FIRST, LAST)
        assert load.is_over == (sums["granted"] > max(sums["capacity"] - sums["absence"], 0))
    over = ResourceRole.objects.annotate(over=first_month_over("pk", FIRST, LAST)).get(pk=role.pk).over
    assert over == next((load.month for load in found if load.is_over), None)


# --- What counts ---------------------------------------------------------------------------------
def load_in(role, month):
    (found,) = loads_of([role.pk], month, month)[role.pk]
    return found


def test_count_load__half_a_month_counts_half(place, project):
    role = people.role(place)
    people.capacity(role, place, 2)
    people.granted(project, role, place, 1, (date(YEAR, 4, 1), date(YEAR, 4, 15)))
    load = load_in(role, date(YEAR, 4, 1))
    assert (load.capacity, load.granted, load.ratio, load.is_over) == (
        2,
        Decimal("0.5"),
        Decimal("0.25"),
        False,
    )


def test_count_load__capacity_that_begins_with_the_grant_is_just_full(place, project):
    role = people.role(place)
    people.capacity(role, place, "0.7", date(YEAR, 3, 13))
    people.granted(project, role, place, "0.3", (date(YEAR, 3, 13), SPRING[1]))
    people.granted(project, role, place, "0.4", (date(YEAR, 3, 13), SPRING[1]))
    load = load_in(role, SPRING[0])
    assert (load.ratio, load.is_over) == (1, False)


@pytest.mark.parametrize(
    ("name", "data"), [("refuse_request", {"reason": "Ingen ledige"}), ("withdraw_request", None)]
)
def test_count_load__what_is_refused_or_withdrawn_does_not_wait(place, project, name, data):
    role = people.role(place)
    request = people.asked(project, role, place)
    assert load_in(role, SPRING[0]).waiting == 1
    people.step(name, request, place, data, Role.PORTFOLIO_MANAGER)
    assert load_in(role, SPRING[0]).waiting == 0


def test_count_load__a_project_that_ends_gives_back(place, project):
    role = people.role(place)
    today = timezone.localdate()
    period = (today - timedelta(days=40), today + timedelta(days=200))
    people.capacity(role, place, 5, today - timedelta(days=400))
    people.granted(project, role, place, 1, period)
    people.asked(project, role, place, 2, period)
    by, data = place.actor(Role.PORTFOLIO_MANAGER), {"reason": "For dyrt", "spent": 0}
    status_workflow.perform("stop", Project.objects.get(pk=project.pk), by=by, now=timezone.now(), data=data)
    before, after = (
        load_in(role, shifted(today.replace(day=1), -1)),
        load_in(role, shifted(today.replace(day=1), 1)),
    )
    assert before.granted > 0
    assert (after.granted, after.waiting) == (0, 0)
    assert load_in(role, today.replace(day=1)).granted_days == today.day


def test_count_load__absence_larger_than_capacity_leaves_nothing(place):
    role = people.role(place)
    people.capacity(role, place, 1)
    people.absence(role, place, 3)
    load = load_in(role, SPRING[0])
    assert (load.available, load.ratio, load.is_over) == (0, None, False)


def test_order_months__what_has_no_capacity_is_worst():
    month, days = date(2027, 1, 1), 31

    def load(number, capacity, granted):
        return Load(1, shifted(month, number), days, Decimal(capacity), Decimal(0), Decimal(granted))

    calm, full, none, without = load(0, 10, 1), load(1, 10, 12), load(2, 0, 0), load(3, 0, 1)
    assert by_weight([calm, full, none, without]) == [without, full, calm, none]


@pytest.mark.parametrize(
    "text", ["", "2027", "2027-13", "2027-00", "1999-01", "2101-01", "27-1", "2027-1", "x", "２０２７-01"]
)
def test_read_month__none(text):
    assert read_month(text) is None


def test_read_month():
    assert read_month("2027-03") == date(2027, 3, 1)


def test_count_load__one_statement_for_all_roles(place, project, django_assert_num_queries):
    roles = [people.role(place, f"Rolle {number}") for number in range(5)]
    with django_assert_num_queries(1):
        found = loads_of([role.pk for role in roles], FIRST, LAST)
    assert {len(months) for months in found.values()} == {12}
