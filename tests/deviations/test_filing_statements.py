"""Filing a report costs few statements, and nothing of what it does besides is lost by that."""

from __future__ import annotations

import uuid

import pytest
from django.utils import timezone

from core.workflow import TransitionDenied
from deviations.models import Deviation, Injury
from deviations.operations import ReportInput, report
from deviations.workflow import deviation_workflow
from organization.roles import Role
from tests.deviations import stories

MOST = 16


def given(place, **fields):
    values = {
        "unit": place.unit, "description": "En kollega skled på glatt gulv.", "type": stories.type_of(place, stories.FALL),
        "submission_key": uuid.uuid4(), "answers": {"staff_injured": "no", "violence": "no"}, **fields,
    }  # fmt: skip
    return ReportInput(**values)


def test_report__in_few_statements(world, django_assert_max_num_queries):
    place, by, now = world.home, world.home.actor(Role.EMPLOYEE), timezone.now()
    report(given(place), by=by, now=now)  # the first one builds what is kept
    sent = given(place)
    with django_assert_max_num_queries(MOST):
        case, _code = report(sent, by=by, now=now)
    kept = Deviation.objects.get(pk=case.pk)
    assert (kept.status, kept.number, kept.responsible) == (case.status, case.number, case.responsible)
    assert kept.answers.count() == 2
    assert kept.routings.get().person == kept.responsible


def test_report__the_same_key_again_is_the_same_case(world):
    place, by, now = world.home, world.home.actor(Role.EMPLOYEE), timezone.now()
    sent = given(place)
    first, _code = report(sent, by=by, now=now)
    again, _code = report(sent, by=by, now=now)
    assert again == first
    assert Deviation.objects.count() == 1


def test_report__what_it_returns_holds_no_old_relations(world):
    place, by = world.home, world.home.actor(Role.EMPLOYEE)
    case, _code = report(given(place), by=by, now=timezone.now())
    case.concerned.add(place.person(Role.HR))
    assert list(case.concerned.all()) == [place.person(Role.HR)]


@pytest.mark.parametrize("said", ["yes", "no"])
def test_report__writes_the_injury_it_tells_of_and_no_other(world, said):
    sent = given(world.home, answers={"staff_injured": said, "injury_who": "Ansatt"})
    case, _code = report(sent, by=world.home.actor(Role.EMPLOYEE), now=timezone.now())
    assert Injury.objects.filter(deviation=case).exists() is (said == "yes")


def test_perform_on_new__asks_the_policy_all_the_same(world):
    case = stories.draft(world.home)
    with pytest.raises(TransitionDenied):
        deviation_workflow.perform_on_new(
            "submit", case, by=world.home.actor(Role.LEADER), now=timezone.now()
        )
