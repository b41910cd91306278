"""The sums of months say what the cases say, to whoever reads them, whatever has happened to the cases.

That they are in step is checked after every test of this folder too (``conftest.py``).
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from deviations.figures.counting import count, count_before, count_cases, reported_between
from deviations.figures.periods import period_of
from deviations.figures.scope import Scope, View
from deviations.models import Deviation, MonthlyCount
from deviations.operations import sum_up_counts
from deviations.tasks import sum_up_counts as sum_up_task
from organization.roles import Role
from tests.deviations import kept, stories
from tests.deviations.test_figures import a_mixture, months_ago, reported_at

PERIODS = ["12", "36", str(timezone.localdate().year - 1)]


def led(place) -> Scope:
    return Scope(place.actor(Role.KOMMUNEDIREKTOR), place.municipality, View.LINE)


@pytest.fixture
def full(world):
    """Two municipalities with reports of every sort, some about who leads and some confidential."""
    for place in (world.home, world.neighbor):
        a_mixture(place)
        director = place.person(Role.KOMMUNEDIREKTOR)
        reported_at(stories.report(place, concerned=(director,)), months_ago(1))
        stories.report(place, concerned=(director,), by=place.actor(Role.KOMMUNEDIREKTOR))
        stories.report(place, by=place.actor(Role.KOMMUNEDIREKTOR), code="HMS-PSYK")
    return world


@pytest.mark.parametrize("key", PERIODS)
def test_count__from_the_sums_is_that_of_the_cases_one_sees(full, key):
    period = period_of(key, timezone.localdate())
    for place in (full.home, full.neighbor):
        scope = led(place)
        assert scope.leads_municipality
        assert count(scope, period, covered=period.months[:3]) == count_cases(
            scope, period, covered=period.months[:3]
        )
        assert (
            count(scope, period, covered=[]).all.count
            == reported_between(scope.rows, period.first, period.last_day).count()
        )
        assert count_before(scope, period) == reported_between(scope.rows, *period.before).count()


def test_count__leaves_out_what_is_about_whoever_reads(full):
    scope, period = led(full.home), period_of("12", timezone.localdate())
    before = count(scope, period, covered=[]).all.count
    case = stories.report(full.home, concerned=(full.home.person(Role.KOMMUNEDIREKTOR),))
    assert count(scope, period, covered=[]).all.count == before
    case.concerned.clear()
    assert count(scope, period, covered=[]).all.count == before + 1


def test_count__of_what_became_confidential_only_for_whom_the_type_names(full):
    scope, period = led(full.home), period_of("12", timezone.localdate())
    before = count(scope, period, covered=[])
    case = stories.report(full.home, code="IS-SNOK")
    assert scope.actor.person_id != case.responsible_id
    Deviation.objects.filter(pk=case.pk).update(type=None, is_confidential=True, responsible=None)
    assert count(scope, period, covered=[]) == before


def test_count__in_one_statement(full, django_assert_num_queries):
    scope, period = led(full.home), period_of("12", timezone.localdate())
    with django_assert_num_queries(1):
        count(scope, period, covered=[])
    with django_assert_num_queries(1):
        count_before(scope, period)


@pytest.mark.parametrize(
    ("role", "view"),
    [
        (Role.LEADER, View.LINE),
        (Role.SECTOR_LEADER, View.LINE),
        (Role.QUALITY_MANAGER, View.FIGURES),
        (Role.KOMMUNEDIREKTOR, View.HMS),
    ],
)
def test_read_sums__only_who_leads_the_municipality_and_looks_at_all_of_it(full, role, view):
    home = full.home
    assert not Scope(home.actor(role), home.municipality, view).leads_municipality
    assert not Scope(home.actor(Role.KOMMUNEDIREKTOR), home.sector, View.LINE).leads_municipality
    assert not Scope(
        home.actor(Role.KOMMUNEDIREKTOR), full.neighbor.municipality, View.LINE
    ).leads_municipality


def test_keep_sums__of_cases_that_move_change_and_go(full):
    rows = Deviation.objects.filter(municipality=full.home.municipality, is_confidential=False).exclude(
        status="draft"
    )
    now = timezone.now()
    for change in (
        {"created_at": now - timedelta(days=400)}, {"category": ""}, {"type": None}, {"severity": 4}, {"severity": 1},
        {"severity": None, "reported_severity": None}, {"answered_at": now}, {"answered_at": None}, {"is_confidential": True},
    ):  # fmt: skip
        pk = rows.order_by("pk").values_list("pk", flat=True)[0]
        Deviation.objects.filter(pk=pk).update(**change)
        assert kept.sums() == kept.counted(), change
    first = rows.order_by("pk").values("pk")[:1]
    rows.filter(pk=first).update(municipality=full.neighbor.municipality, number="A1-0001")
    assert kept.sums() == kept.counted()
    Deviation.objects.filter(merged_into=None, action_links=None).order_by("-pk")[0].delete()
    assert kept.sums() == kept.counted()


def test_keep_sums__nothing_of_what_was_undone(full):
    before = kept.sums()
    with transaction.atomic():
        stories.report(full.home)
        assert kept.sums() != before
        transaction.set_rollback(True)
    assert kept.sums() == before


def test_sum_up__says_the_same_in_one_row_each(full):
    before = kept.sums()
    assert MonthlyCount.objects.count() > len(before)
    assert sum_up_counts() == len(before)
    assert kept.sums() == before
    assert MonthlyCount.objects.count() == len(before)
    assert sum_up_counts() == 0
    stories.report(full.home)
    assert 0 < sum_up_counts() < len(before)
    assert kept.sums() == kept.counted()


def test_sum_up__is_on_the_schedule():
    assert sum_up_task.name in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}


def test_keep_sums__nothing_confidential_and_no_drafts(world):
    stories.draft(world.home)
    stories.report(world.home, code="HMS-PSYK")
    assert not MonthlyCount.objects.exists()


def test_month__is_that_of_the_clock_here(world):
    midnight = months_ago(2).replace(day=1, hour=0, minute=10)
    reported_at(stories.report(world.home), midnight)
    assert {month for _place, month, *_rest in kept.sums()} == {midnight.date()}
