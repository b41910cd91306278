"""Who must be heard: the mandate says it, with dates, and in a regional case for each municipality."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.workdays import add_working_days
from governance import guards, policies
from governance.hearings import operations as hearings
from governance.models import CouncilMandate, Hearing, Initiative, Participation
from organization.models import RoleAssignment
from organization.roles import Role
from tests import stories
from tests.governance.mandates import fresh, roles_asked, settle
from tests.world import end_roles_of

YESTERDAY = timedelta(days=1)


def let_deadlines_pass(case):
    case.hearings.update(due_on=timezone.localdate() - YESTERDAY)


def answer(hearing, by):
    now = timezone.now()
    hearings.answer_hearing(hearing, answer="Greit.", position="remarks", by=by, now=now)


# --- Which roles, and when ------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("facts", "heard"),
    [
        ({}, ["archivist"]),
        ({"affects_staff": "yes"}, ["archivist", "hr", "tillitsvalgt", "verneombud"]),
        ({"personal_data": "yes"}, ["archivist", "privacy_officer"]),
        ({"financing": "budget_application"}, ["archivist", "chief_of_finance"]),
    ],
)
def test_start_preparation__hears_whom_the_mandate_says(world, facts, heard):
    settle(world.home, heard_always=["archivist"], heard_staff=["hr"])
    assert roles_asked(stories.under_preparation(world.home, **facts)) == heard


def test_start_preparation__hears_by_the_mandate_of_the_own_municipality(world):
    settle(world.home, heard_always=["archivist"])
    assert roles_asked(stories.under_preparation(world.neighbor)) == []


def test_start_preparation__without_a_mandate_hears_as_the_model_begins(world):
    CouncilMandate.objects.filter(municipality=world.home.municipality).delete()
    case = stories.under_preparation(world.home, affects_staff="yes", personal_data="yes")
    assert roles_asked(case) == ["privacy_officer", "tillitsvalgt", "verneombud"]


@pytest.mark.parametrize(
    ("column", "facts", "guard", "words"),
    [
        ("heard_always", {}, guards.fixed_roles_are_heard, "i alle saker"),
        ("heard_staff", {"affects_staff": "yes"}, guards.staff_are_heard, "påvirker ansatte"),
        ("heard_personal_data", {"personal_data": "yes"}, guards.privacy_is_heard, "personopplysninger"),
        ("heard_budget", {"financing": "budget_application"}, guards.finance_is_heard, "budsjett"),
    ],
)
def test_mark_ready__misses_whom_the_mandate_of_today_wants(world, column, facts, guard, words):
    """The mandate has changed since the preparation began: the one in force today counts."""
    case = stories.under_preparation(world.home, **facts)
    assert guard(fresh(case)) is None
    settle(world.home, **{column: ["hr", "archivist"]})
    reason = str(guard(fresh(case)))
    assert words in reason
    assert "HR og arkivar" in reason
    by = world.home.actor(Role.COORDINATOR)
    hearings.ask_hearings(
        fresh(case), roles=[Role.HR, Role.ARCHIVIST], due_on=None, by=by, now=timezone.now()
    )
    assert guard(fresh(case)) is None


def test_mark_ready__waits_for_an_answer_that_the_mandate_requires(world):
    settle(world.home, answer_required=["privacy_officer"])
    for place in (world.home, world.neighbor):
        case = stories.under_preparation(place, personal_data="yes")
        let_deadlines_pass(case)
        reason = guards.hearings_are_answered(fresh(case))
        if place is world.neighbor:
            assert "Noter det" in str(reason)
            continue
        assert "Mandatet krever svar fra personvernombud" in str(reason)
        answer(case.hearings.get(), place.actor(Role.PRIVACY_OFFICER))
        assert guards.hearings_are_answered(fresh(case)) is None


def test_mark_ready__is_content_with_the_answer_of_who_took_over_the_role(world):
    settle(world.home, answer_required=["hr"])
    case = stories.under_preparation(world.home)
    by, now = world.home.actor(Role.COORDINATOR), timezone.now()
    hearings.ask_hearings(case, roles=[Role.HR], due_on=None, by=by, now=now)
    let_deadlines_pass(case)
    successor = world.home.person(Role.EMPLOYEE)
    RoleAssignment.objects.filter(person=world.home.person(Role.HR)).update(person=successor)
    (asked,) = hearings.ask_hearings(fresh(case), roles=[Role.HR], due_on=None, by=by, now=now)
    assert asked.person == successor
    answer(asked, world.home.actor(Role.EMPLOYEE))
    assert guards.hearings_are_answered(fresh(case)) is None


def test_deadlines__are_those_of_the_mandate(world, as_role):
    settle(world.home, endorsement_days=3, hearing_days=4)
    today = timezone.localdate()
    for place, days in ((world.home, (3, 4)), (world.neighbor, (10, 10))):
        waiting = stories.awaiting_endorsement(place)
        case = stories.under_preparation(place, personal_data="yes")
        due = (waiting.due_on, case.hearings.get().due_on)
        assert due == tuple(add_working_days(today, n) for n in days)
    page = as_role(Role.COORDINATOR).get(
        reverse("governance:initiative_hearings_ask", args=[_of(world.home).pk])
    )
    assert page.context["form"]["deadline"].value() == add_working_days(today, 4)


def _of(place):
    return Initiative.objects.filter(municipality=place.municipality, status="under_preparation").get()


# --- The chief of finance of each municipality ------------------------------------------------------
@pytest.fixture
def regional(world):
    both = [world.home.municipality, world.neighbor.municipality]
    return stories.under_preparation(world.region, financing="budget_application", participants=both)


def of(case, place):
    return case.hearings.get(role=Role.CHIEF_OF_FINANCE, on_behalf_of=place.municipality)


def test_ask_finance__asks_the_chief_of_each_municipality_that_takes_part(world, regional):
    asked = {(h.on_behalf_of.code, h.person.username) for h in regional.hearings.all()}
    assert asked == {(code, f"chief_of_finance.{code}") for code in ("region", "heim", "granne")}


def test_finance_is_heard__names_the_municipality_that_nobody_asked(world, regional):
    of(regional, world.neighbor).delete()
    reason = str(guards.finance_is_heard(fresh(regional)))
    assert "økonomisjef i Granne kommune" in reason
    assert "Heim" not in reason


def test_hearings_are_answered__names_the_municipality_that_owes_an_answer(world, regional):
    settle(world.region, answer_required=["chief_of_finance"])
    answer(of(regional, world.region), world.region.actor(Role.CHIEF_OF_FINANCE))
    answer(of(regional, world.home), world.home.actor(Role.CHIEF_OF_FINANCE))
    assert "økonomisjef i Granne kommune har frist" in str(guards.hearings_are_answered(fresh(regional)))
    let_deadlines_pass(regional)
    reason = str(guards.hearings_are_answered(fresh(regional)))
    assert "krever svar fra økonomisjef i Granne kommune" in reason
    answer(of(regional, world.neighbor), world.neighbor.actor(Role.CHIEF_OF_FINANCE))
    assert guards.hearings_are_answered(fresh(regional)) is None


def test_municipality_that_steps_out__is_not_waited_for(world, regional):
    for place in (world.region, world.home):
        answer(of(regional, place), place.actor(Role.CHIEF_OF_FINANCE))
    assert guards.hearings_are_answered(fresh(regional)) is not None
    left = {"left_at": timezone.now(), "changed_at": timezone.now()}
    Participation.objects.filter(initiative=regional, municipality=world.neighbor.municipality).update(**left)
    assert guards.hearings_are_answered(fresh(regional)) is None
    assert guards.finance_is_heard(fresh(regional)) is None
    assert not Hearing.objects.visible_to(world.neighbor.actor(Role.CHIEF_OF_FINANCE)).asking(
        world.neighbor.actor(Role.CHIEF_OF_FINANCE), timezone.localdate()
    )


def test_one_chief_for_two__answers_once_for_each(world):
    """Where the region's chief of finance has the role for those without one of their own."""
    for place in (world.home, world.neighbor):
        end_roles_of(place.person(Role.CHIEF_OF_FINANCE), timezone.localdate())
    both = [world.home.municipality, world.neighbor.municipality]
    case = stories.under_preparation(world.region, financing="budget_application", participants=both)
    shared = world.region.person(Role.CHIEF_OF_FINANCE)
    assert sorted(case.hearings.values_list("on_behalf_of__code", "person")) == [
        (code, shared.pk) for code in ("granne", "heim", "region")
    ]


def test_answer_finance__is_not_for_the_chief_of_another_municipality(world, regional):
    hearing = of(regional, world.neighbor)
    assert policies.may_answer_hearing(world.neighbor.actor(Role.CHIEF_OF_FINANCE), hearing)
    assert not policies.may_answer_hearing(world.home.actor(Role.CHIEF_OF_FINANCE), hearing)


def test_answer_finance__page_of_another_municipality_does_not_exist(world, regional, as_role):
    url = reverse("governance:hearing_answer", args=[of(regional, world.neighbor).pk])
    assert as_role(Role.CHIEF_OF_FINANCE, world.neighbor).get(url).status_code == 200
    for place in (world.home, world.stranger):
        assert as_role(Role.CHIEF_OF_FINANCE, place).get(url).status_code == 404


def test_ask_page__says_which_municipality_has_nobody(world, regional, as_role):
    regional.hearings.all().delete()
    for place in (world.neighbor, world.region):
        end_roles_of(place.person(Role.CHIEF_OF_FINANCE), timezone.localdate())
    url = reverse("governance:initiative_hearings_ask", args=[regional.pk])
    data = {
        "roles": [Role.CHIEF_OF_FINANCE],
        "deadline": (timezone.localdate() + timedelta(days=9)).isoformat(),
    }
    text = as_role(Role.COORDINATOR, world.region).post(url, data, follow=True).content.decode()
    assert "1 er spurt" in text
    assert "Ingen har rollen: økonomisjef i Granne kommune" in text


def test_ask_page__names_whom_each_answers_for_at_constant_cost(
    world, regional, as_role, django_assert_max_num_queries
):
    url = reverse("governance:initiative_hearings_ask", args=[regional.pk])
    client = as_role(Role.COORDINATOR, world.region)
    client.get(url)
    with django_assert_max_num_queries(12):
        text = client.get(url).content.decode()
    assert "Økonomisjef, Granne kommune" in text


def test_case_page__of_a_regional_case_under_preparation_costs_at_most_twelve(
    world, regional, as_role, django_assert_max_num_queries
):
    client = as_role(Role.SECRETARIAT, world.region)
    client.get(regional.get_absolute_url())
    with django_assert_max_num_queries(12):
        client.get(regional.get_absolute_url())
