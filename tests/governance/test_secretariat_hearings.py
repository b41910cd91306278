"""Hearings: who is asked, who answers, and the number in the archive."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from core.models import Notice
from core.workflow import TransitionBlocked
from governance import guards
from governance.hearings import operations as hearings
from governance.models import Hearing, Initiative
from organization.operations import give_role
from organization.roles import Role
from tests import stories
from tests.world import SYSTEM, end_roles_of


def ask_url(case) -> str:
    return reverse("governance:initiative_hearings_ask", args=[case.pk])


def answer_url(hearing) -> str:
    return reverse("governance:hearing_answer", args=[hearing.pk])


def in_days(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def asked(case, role: Role) -> Hearing:
    return Hearing.objects.create(
        initiative=case, role=role, person=case_place(case).person(role), asked_at=timezone.now(),
        due_on=timezone.localdate() + timedelta(days=5), changed_at=timezone.now(),
    )  # fmt: skip


def case_place(case):
    from tests.world import WORLD

    return next(
        place for place in (WORLD.home, WORLD.neighbor, WORLD.region) if place.code == case.municipality.code
    )


def said(response) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def test_ask_roles__puts_the_case_before_those_who_hold_them(world, as_role):
    case = stories.under_preparation(world.home)
    data = {"roles": [Role.HR, Role.ARCHIVIST], "deadline": in_days(8)}
    response = as_role(Role.COORDINATOR).post(ask_url(case), data)
    assert response["Location"] == ask_url(case)
    assert "2 er spurt" in said(response)
    assert {h.person for h in case.hearings.all()} == {
        world.home.person(Role.HR),
        world.home.person(Role.ARCHIVIST),
    }
    assert (
        Notice.objects.filter(recipient=world.home.person(Role.HR), event__startswith="hearing").count() == 1
    )
    again = as_role(Role.COORDINATOR).post(ask_url(case), data)
    assert "er spurt fra før" in said(again)
    assert case.hearings.count() == 2


def test_ask_roles__that_nobody_holds_says_so(world, as_role):
    case = stories.under_preparation(world.home)
    for place in (world.home, world.region):
        end_roles_of(place.person(Role.HR), timezone.localdate())
    response = as_role(Role.COORDINATOR).post(ask_url(case), {"roles": [Role.HR], "deadline": in_days(8)})
    assert "Ingen har rollen: HR" in said(response)


@pytest.mark.parametrize(
    "data",
    [{}, {"roles": ["hr"], "deadline": "i morgen"}, {"roles": ["administrator"], "deadline": "2099-01-01"},
     {"roles": ["hr"], "deadline": "2001-01-01"}, {"roles": ["hr\x00"], "deadline": "1.1.2030"}],
)  # fmt: skip
def test_ask_roles__wrongly_filled_in(world, as_role, data):
    case = stories.under_preparation(world.home)
    assert as_role(Role.COORDINATOR).post(ask_url(case), data).status_code == 422
    assert not case.hearings.exists()


def test_ask_roles__after_the_preparation_is_refused(world, as_role):
    case = stories.ready_for_council(world.home)
    data = {"roles": [Role.HR], "deadline": in_days(8)}
    response = as_role(Role.COORDINATOR).post(ask_url(case), data)
    assert response.status_code == 409
    assert "Høringen er avsluttet" in response.content.decode()


@pytest.mark.parametrize("role", [Role.EMPLOYEE, Role.SECTOR_LEADER, Role.COUNCIL_MEMBER])
def test_ask_roles__is_for_the_secretariat(world, as_role, role):
    assert as_role(role).get(ask_url(stories.under_preparation(world.home))).status_code == 403


def test_answer_hearing__by_the_person_asked(world, as_role):
    hearing = asked(stories.under_preparation(world.home), Role.HR)
    client = as_role(Role.HR)
    page = client.get(answer_url(hearing)).content.decode()
    assert "Du er spurt som HR" in page
    assert "I dag skrives alt to ganger." in page
    assert (
        client.post(
            answer_url(hearing), {"answer": "Vi trenger opplæring.", "position": "against"}
        ).status_code
        == 302
    )
    hearing.refresh_from_db()
    assert (hearing.answer, hearing.position) == ("Vi trenger opplæring.", "against")
    assert "Endre svaret" in client.get(answer_url(hearing)).content.decode()
    treatment = as_role(Role.SECRETARIAT).get(hearing.initiative.get_absolute_url(), {"vis": "behandling"})
    assert "Fraråder" in treatment.content.decode()


def test_answer_hearing__by_a_stand_in(world, as_role):
    hearing = asked(stories.under_preparation(world.home), Role.HR)
    stand_in = world.home.person(Role.EMPLOYEE)
    give_role(
        person=stand_in, role=Role.HR, unit=world.home.municipality, valid_from=timezone.localdate(), by=SYSTEM,
        now=timezone.now(),
    )  # fmt: skip
    assert (
        as_role(Role.EMPLOYEE)
        .post(answer_url(hearing), {"answer": "For HR.", "position": "remarks"})
        .status_code
        == 302
    )
    hearing.refresh_from_db()
    assert hearing.answered_by == stand_in


@pytest.mark.parametrize("role", [Role.EMPLOYEE, Role.SECRETARIAT, Role.ARCHIVIST, Role.LEADER])
def test_answer_hearing__of_another_does_not_exist(world, as_role, role):
    hearing = asked(stories.under_preparation(world.home), Role.HR)
    client = as_role(role)
    assert client.get(answer_url(hearing)).status_code == 404
    assert client.post(answer_url(hearing), {"answer": "Nei.", "position": "remarks"}).status_code == 404


def test_answer_hearing__of_another_municipality_does_not_exist(world, as_role):
    hearing = asked(stories.under_preparation(world.home), Role.HR)
    assert as_role(Role.HR, world.neighbor).get(answer_url(hearing)).status_code == 404


@pytest.mark.parametrize("answer", ["", "   ", "x\x00", "x" * 8001])
def test_answer_hearing__wrongly_filled_in(world, as_role, answer):
    hearing = asked(stories.under_preparation(world.home), Role.HR)
    response = as_role(Role.HR).post(answer_url(hearing), {"answer": answer, "position": "against"})
    assert response.status_code == 422
    assert 'name="position"' in response.content.decode()
    hearing.refresh_from_db()
    assert not hearing.is_answered


def test_answer_hearing__too_late_shows_why(world, as_role):
    case = stories.ready_for_council(world.home)
    hearing = asked(case, Role.HR)
    client = as_role(Role.HR)
    assert "Høringen er avsluttet" in client.get(answer_url(hearing)).content.decode()
    assert client.post(answer_url(hearing), {"answer": "Vent!", "position": "remarks"}).status_code == 409


def test_enter_archive_number__by_the_archivist(world, as_role):
    case = stories.received(world.home)
    url = reverse("governance:initiative_archive_reference", args=[case.pk])
    client = as_role(Role.ARCHIVIST)
    assert client.get(url).status_code == 200
    assert client.post(url, {"archive_reference": " 26/01234 "}).status_code == 302
    assert Initiative.objects.get(pk=case.pk).archive_reference == "26/01234"
    page = as_role(Role.SECRETARIAT).get(case.get_absolute_url()).content.decode()
    assert "26/01234" in page


@pytest.mark.parametrize("number", ["", "ukjent", "x" * 61, "1\x00"])
def test_enter_archive_number__wrongly_filled_in(world, as_role, number):
    case = stories.received(world.home)
    url = reverse("governance:initiative_archive_reference", args=[case.pk])
    assert as_role(Role.ARCHIVIST).post(url, {"archive_reference": number}).status_code == 422


def test_enter_archive_number__is_for_the_archivist(world, as_role):
    case = stories.received(world.home)
    url = reverse("governance:initiative_archive_reference", args=[case.pk])
    assert as_role(Role.SECRETARIAT).get(url).status_code == 403
    assert as_role(Role.ARCHIVIST, world.neighbor).get(url).status_code == 404


def test_answer_hearing__costs_at_most_twelve_queries(world, as_role, django_assert_max_num_queries):
    hearing = asked(stories.under_preparation(world.home), Role.HR)
    client = as_role(Role.HR)
    client.get(answer_url(hearing))
    with django_assert_max_num_queries(12):
        client.get(answer_url(hearing))


# --- One answer, one who gave it -------------------------------------------------------------------
def stand_in_for(role, world):
    person = world.home.person(Role.EMPLOYEE)
    give_role(
        person=person, role=role, unit=world.home.municipality, valid_from=timezone.localdate(), by=SYSTEM,
        now=timezone.now(),
    )  # fmt: skip
    return person


def test_answer_hearing__stand_in_does_not_overwrite_who_was_asked(world, as_role):
    hearing = asked(stories.under_preparation(world.home), Role.HR)
    stand_in_for(Role.HR, world)
    as_role(Role.HR).post(answer_url(hearing), {"answer": "Vi trenger opplæring.", "position": "remarks"})
    client = as_role(Role.EMPLOYEE)
    assert "har alt svart" in client.get(answer_url(hearing)).content.decode()
    assert client.post(answer_url(hearing), {"answer": "Nei.", "position": "remarks"}).status_code == 409
    hearing.refresh_from_db()
    assert (hearing.answer, hearing.answered_by) == ("Vi trenger opplæring.", hearing.person)


def test_answer_hearing__two_at_once_the_first_stands(world):
    hearing = asked(stories.under_preparation(world.home), Role.HR)
    stand_in_for(Role.HR, world)
    late = Hearing.objects.get(pk=hearing.pk)
    given = {"position": "remarks", "now": timezone.now(), "stamp": ""}
    hearings.answer_hearing(hearing, answer="Først.", by=world.home.actor(Role.HR), **given)
    with pytest.raises(TransitionBlocked, match="har alt svart"):
        hearings.answer_hearing(late, answer="Sist.", by=world.home.actor(Role.EMPLOYEE), **given)


def test_answer_hearing__from_an_old_window_is_a_conflict(world, as_role):
    hearing = asked(stories.under_preparation(world.home), Role.HR)
    client = as_role(Role.HR)
    client.post(answer_url(hearing), {"answer": "Først.", "position": "remarks"})
    again = client.post(
        answer_url(hearing), {"answer": "Fra et gammelt vindu.", "position": "remarks", "stamp": ""}
    )
    assert again.status_code == 409
    assert "Fra et gammelt vindu." in again.content.decode()
    hearing.refresh_from_db()
    assert (
        client.post(
            answer_url(hearing),
            {"answer": "Endret.", "position": "remarks", "stamp": hearing.stamp_of_answer},
        ).status_code
        == 302
    )


# --- Heard anew ----------------------------------------------------------------------------------
def sent_back(world, **fields):
    case = stories.decided(world.home, "send_back", **fields)
    data = {"case_handler": world.home.person(Role.COORDINATOR), "deadline": timezone.localdate()}
    by = world.home.actor(Role.COORDINATOR)
    return stories.perform("resume_preparation", case, by=by, now=timezone.now(), data=data)


def test_ask_roles__again_after_the_council_sent_the_case_back(world, as_role):
    case = sent_back(world, affects_staff="yes")
    data = {"roles": [Role.TILLITSVALGT], "deadline": in_days(8)}
    assert "1 er spurt" in said(as_role(Role.COORDINATOR).post(ask_url(case), data))
    first, second = case.hearings.filter(role=Role.TILLITSVALGT).order_by("round")
    assert (first.is_answered, second.is_answered, second.round) == (True, False, 2)
    assert "runde 2" in as_role(Role.COORDINATOR).get(ask_url(case)).content.decode()
    assert "er spurt fra før" in said(as_role(Role.COORDINATOR).post(ask_url(case), data))


def test_start_preparation__of_a_completed_case_hears_staff_anew(world):
    case = stories.under_preparation(world.home, affects_staff="yes")
    hearing = case.hearings.get(role=Role.VERNEOMBUD)
    hearings.answer_hearing(
        hearing,
        answer="Greit.",
        position="remarks",
        by=world.home.actor(Role.VERNEOMBUD),
        now=timezone.now(),
    )
    by, now = world.home.actor(Role.SECRETARIAT), timezone.now()
    answer = {"missing": ["Kostnad"], "deadline": timezone.localdate()}
    stories.perform("return_for_completion", case, by=by, now=now, data=answer)
    stories.perform(
        "resubmit", case, by=world.home.actor(Role.EMPLOYEE), now=now, data={"changes": "Kostnad."}
    )
    stories.perform("endorse", case, by=world.home.actor(Role.SECTOR_LEADER), now=now)
    data = {"case_handler": world.home.person(Role.COORDINATOR), "deadline": timezone.localdate()}
    stories.perform("start_preparation", case, by=by, now=now, data=data)
    rounds = sorted(case.hearings.values_list("role", "round"))
    assert rounds == [("tillitsvalgt", 2), ("verneombud", 1), ("verneombud", 2)]


def test_ask_roles__who_let_the_deadline_pass_is_asked_anew(world, as_role):
    case = stories.under_preparation(world.home)
    hearing = asked(case, Role.HR)
    Hearing.objects.filter(pk=hearing.pk).update(due_on=timezone.localdate() - timedelta(days=1))
    data = {"roles": [Role.HR], "deadline": in_days(8)}
    assert "1 er spurt" in said(as_role(Role.COORDINATOR).post(ask_url(case), data))
    hearing.refresh_from_db()
    assert hearing.due_on.isoformat() == in_days(8)


def test_start_preparation__asks_the_privacy_officer_where_personal_data_are_processed(world):
    case = stories.under_preparation(world.home, personal_data="yes")
    assert [hearing.person for hearing in case.hearings.all()] == [world.home.person(Role.PRIVACY_OFFICER)]
    assert not stories.under_preparation(world.home, personal_data="no").hearings.exists()


def test_mark_ready__waits_for_the_privacy_officer_where_personal_data_are_processed(world):
    case = stories.under_preparation(world.home)
    Initiative.objects.filter(pk=case.pk).update(personal_data="yes")
    case = Initiative.objects.get(pk=case.pk)
    assert "personvernombud" in str(guards.privacy_is_heard(case))
    by = world.home.actor(Role.COORDINATOR)
    hearings.ask_hearings(case, roles=[Role.PRIVACY_OFFICER], due_on=None, by=by, now=timezone.now())
    assert guards.privacy_is_heard(case) is None
