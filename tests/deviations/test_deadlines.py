"""Deadlines of the municipality: by severity and by type, edited on the page and counted in the case."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from deviations import operations
from deviations.models import DeviationRules, DeviationType
from organization.roles import Role
from tests.deviations import stories
from tests.deviations.test_catalogue_pages import ROOT, address, row, rules_data, type_data


@pytest.fixture
def place(world):
    return world.home


def in_days(days):
    return timezone.localdate() + timedelta(days=days)


def set_days(as_role, place, **days):
    rules = DeviationRules.objects.get(municipality=place.municipality)
    answer = as_role(Role.QUALITY_MANAGER).post(f"{ROOT}regler/", rules_data(rules, **days))
    assert answer.status_code == 302, answer.context["form"].errors


def set_type(as_role, place, days, code="HMS-FALL"):
    one = row(place, code=code)
    return as_role(Role.QUALITY_MANAGER).post(address("typer", one), type_data(one, handling_days=str(days)))


def judge(case, place, severity, **changed):
    values = {"type_": case.type, "category": case.category, "severity": severity, **changed}
    return operations.assess(case, by=place.actor(Role.LEADER), now=timezone.now(), **values)


@pytest.mark.parametrize(("severity", "days"), [(1, 40), (2, 9), (3, 6), (4, 2)])
def test_receive__counts_the_days_of_the_severity_as_they_were_set(as_role, world, place, severity, days):
    set_days(as_role, place, days_1="40", days_2="9", days_3="6", days_4="2")
    case = stories.received(place, reported_severity=severity)
    assert case.due_on == in_days(days)
    assert stories.received(world.neighbor, reported_severity=2).due_on == in_days(21)


def test_receive__a_type_with_fewer_days_goes_first_and_one_with_more_does_not(as_role, world, place):
    assert set_type(as_role, place, 5).status_code == 302
    assert stories.received(place, reported_severity=2).due_on == in_days(5)
    assert stories.received(place, reported_severity=4).due_on == in_days(3)
    assert stories.received(place, code="HMS-BRANN", reported_severity=2).due_on == in_days(21)
    assert stories.received(world.neighbor, reported_severity=2).due_on == in_days(21)


@pytest.mark.parametrize(("days", "told"), [("0", "mindre enn"), ("731", "større enn"), ("snart", "tall")])
def test_edit_type__refuses_days_that_are_none(as_role, place, days, told):
    answer = set_type(as_role, place, days)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert row(place, DeviationType).handling_days is None


def test_list_types__shows_the_deadlines(as_role, place):
    set_type(as_role, place, 5)
    page = as_role(Role.QUALITY_MANAGER).get(ROOT).content.decode()
    assert "høyst 5 dager" in page
    assert "etter alvorlighet" in page


def test_start__suggests_the_deadline_from_the_receipt(place, as_role):
    case = stories.received(place, reported_severity=2)
    page = as_role(Role.LEADER).get(f"/avvik/{case.pk}/handling/start/").content.decode()
    assert in_days(21).isoformat() in page


def test_assess__a_higher_severity_shortens_and_a_lower_lengthens(place):
    case = stories.received(place, reported_severity=2)
    assert judge(case, place, 4).due_on == in_days(3)
    assert judge(case, place, 1).due_on == in_days(30)


def test_assess__keeps_a_date_that_somebody_set_unless_it_is_too_late(place):
    data = {"handler": place.person(Role.LEADER), "deadline": in_days(8)}
    case = stories.report(place, reported_severity=2)
    case = stories.perform("start", case, by=place.actor(Role.LEADER), now=timezone.now(), data=data)
    assert judge(case, place, 1).due_on == in_days(8)
    assert judge(case, place, 4).due_on == in_days(3)


def test_assess__another_type_brings_its_deadline_and_the_page_tells(as_role, place):
    set_type(as_role, place, 4, code="HMS-BRANN")
    case = stories.in_progress(place, reported_severity=2)
    fire = row(place, code="HMS-BRANN")
    data = {"type": str(fire.pk), "category": "", "severity": "2", "version": str(case.version)}
    answer = as_role(Role.LEADER).post(f"/avvik/{case.pk}/vurdering/", data, follow=True)
    case.refresh_from_db()
    assert case.due_on == in_days(4)
    assert "Fristen er nå" in answer.content.decode()


def test_assess__leaves_the_deadline_of_the_reporters_answer_alone(place):
    case = stories.awaiting_reporter(place, reported_severity=2)
    assert judge(case, place, 4).due_on == case.due_on
