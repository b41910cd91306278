"""Stand-ins of hearings: who names them, what they see and answer, and that nobody is waited for in vain."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from core import reminders
from core.actors import System
from core.inbox import Inbox
from core.models import Mail, Notice
from core.retention import forget
from core.workdays import add_working_days
from core.workflow import TransitionBlocked, TransitionDenied
from governance.filing.case import draft_hearing
from governance.hearings import operations as hearings
from governance.hearings import stand_ins
from governance.models import Hearing, Initiative
from governance.reminders import REMINDERS
from governance.tasks import ask_again as ask_again_task
from organization.models import RoleAssignment
from organization.operations import give_role
from organization.roles import Role
from tests.governance.test_hearing_answers import answer_url, ask, ask_url, fresh, paper_of
from tests.world import SYSTEM, end_roles_of

TODAY = timezone.localdate
SHIELDED = {"shield_basis": "offl_24", "public_title": "Sikring av bygg"}
_DUE = next(one for one in REMINDERS if one.key == "hearing_due")


def name_url(hearing):
    return reverse("governance:hearing_stand_in", args=[hearing.pk])


def back_url(hearing):
    return reverse("governance:hearing_stand_in_take_back", args=[hearing.pk])


def name(hearing, person, by, reason=""):
    return stand_ins.name_stand_in(fresh(hearing), person=person, reason=reason, by=by, now=timezone.now())


@pytest.fixture
def hearing(world):
    """HR is asked about a case whose papers a change agent does not read."""
    return ask(world.home, Role.HR)[0]


@pytest.fixture
def agent(world):
    return world.home.person(Role.CHANGE_AGENT)


def reads(case, place, role, rows="readable_by"):
    return getattr(Initiative.objects, rows)(place.actor(role)).filter(pk=case.pk).exists()


def answer(hearing, place, role):
    return hearings.answer_hearing(
        fresh(hearing), position="remarks", answer="Husk opplæring.", by=place.actor(role), now=timezone.now()
    )


# --- Who names, and whom ------------------------------------------------------------------------------
def test_name_stand_in__by_who_is_asked_opens_the_case_and_puts_it_in_the_inbox(
    world, as_role, hearing, agent
):
    case = hearing.initiative
    assert not reads(case, world.home, Role.CHANGE_AGENT)
    client = as_role(Role.HR)
    assert name_url(hearing) in client.get(answer_url(hearing)).content.decode()
    response = client.post(name_url(hearing), {"person": agent.name, "reason": "Jeg har ferie."})
    assert response["Location"] == answer_url(hearing)
    assert reads(case, world.home, Role.CHANGE_AGENT)
    (task,) = Inbox(world.home.actor(Role.CHANGE_AGENT)).tasks()
    assert str(task.why) == f"Du er stedfortreder for {world.home.person(Role.HR)}, som er spurt som HR"
    assert not Inbox(world.home.actor(Role.HR)).tasks()
    told = Notice.objects.get(recipient=agent)
    assert (told.url, told.title) == (answer_url(hearing), f"Gi høringssvar til «{case.card_title}»")
    page = as_role(Role.CHANGE_AGENT).get(answer_url(hearing)).content.decode()
    assert f"Du svarer som stedfortreder for {world.home.person(Role.HR)}, som er spurt som HR." in page
    assert "I dag skrives alt to ganger." in page


def test_name_stand_in__by_the_secretariat_tells_who_was_asked_too(world, as_role, hearing, agent):
    client = as_role(Role.COORDINATOR)
    assert name_url(hearing) in client.get(ask_url(hearing)).content.decode()
    assert client.post(name_url(hearing), {"person": agent.name})["Location"] == ask_url(hearing)
    assert f"Stedfortreder: {agent}" in client.get(ask_url(hearing)).content.decode()
    told = Notice.objects.get(recipient=world.home.person(Role.HR), event=f"stood_in_{hearing.pk}")
    assert f"{agent} svarer for deg" in told.body


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Stedfortreder"), ({"person": "-1"}, "Fant ingen treff"), ({"person": "qqq\x00"}, "Fant ingen treff"), ({"person": "9" * 30}, "Fant ingen treff"),
        ({"person": "own"}, "Fant ingen treff"), ({"person": "neighbor"}, "Fant ingen treff"), ({"person": "stranger"}, "Fant ingen treff"), ({"person": "left"}, "Fant ingen treff"),
        ({"person": "agent", "reason": "a" * 1001}, "1000"),
    ],
)  # fmt: skip
def test_name_stand_in__wrongly_filled_in(world, as_role, hearing, agent, data, words):
    left = world.home.person(Role.PROJECT_OWNER)
    end_roles_of(left, TODAY())
    people = {
        "own": hearing.person.name, "agent": agent.name, "left": left.name,
        "neighbor": world.neighbor.person(Role.HR).name, "stranger": world.stranger.person(Role.HR).name,
    }  # fmt: skip
    sent = {**data, "person": people.get(data.get("person"), data.get("person", ""))}
    response = as_role(Role.HR).post(name_url(hearing), sent)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert fresh(hearing).stand_in_id is None


@pytest.mark.parametrize("method", ["get", "post"])
def test_name_stand_in__is_for_who_is_asked_and_who_prepares(world, as_role, hearing, agent, method):
    for role, place in (
        (Role.EMPLOYEE, world.home), (Role.ARCHIVIST, world.home), (Role.CHANGE_AGENT, world.home),
        (Role.COORDINATOR, world.neighbor), (Role.HR, world.neighbor), (Role.HR, world.stranger),
    ):  # fmt: skip
        client = as_role(role, place)
        assert getattr(client, method)(name_url(hearing), {"person": agent.name}).status_code == 404, role
        assert client.post(back_url(hearing)).status_code == 404, role
    for act in (
        lambda: name(hearing, agent, world.neighbor.actor(Role.COORDINATOR)),
        lambda: stand_ins.take_back_stand_in(
            hearing, by=world.home.actor(Role.ARCHIVIST), now=timezone.now()
        ),
    ):
        with pytest.raises(TransitionDenied):
            act()


def test_name_stand_in__by_who_has_lost_the_role_is_refused(world, hearing, agent):
    end_roles_of(hearing.person, TODAY())
    give_role(
        person=hearing.person, role=Role.EMPLOYEE, unit=world.home.unit, valid_from=TODAY(), by=SYSTEM, now=timezone.now()
    )  # fmt: skip
    with pytest.raises(TransitionDenied):
        name(hearing, agent, world.home.actor(Role.HR))


def test_name_stand_in__from_the_region_where_it_has_the_service(world, hearing):
    name(hearing, world.region.person(Role.HR), world.home.actor(Role.HR))
    assert reads(hearing.initiative, world.region, Role.HR)
    assert len(Inbox(world.region.actor(Role.HR)).tasks()) == 1


def test_name_stand_in__after_the_preparation_is_refused(world, as_role, hearing, agent):
    answer(hearing, world.home, Role.HR)
    with pytest.raises(TransitionBlocked, match="har svart"):
        name(hearing, agent, world.home.actor(Role.COORDINATOR))
    response = as_role(Role.HR).post(name_url(hearing), {"person": agent.name})
    assert response.status_code == 409
    with pytest.raises(TransitionBlocked, match="har svart"):
        stand_ins.take_back_stand_in(fresh(hearing), by=world.home.actor(Role.HR), now=timezone.now())


def test_name_stand_in__of_a_shielded_case_is_for_the_secretariat(world, as_role, agent):
    (hearing,) = ask(world.home, Role.HR, **SHIELDED)
    response = as_role(Role.HR).post(name_url(hearing), {"person": agent.name})
    assert response.status_code == 409
    assert "Be sekretariatet om å navngi en stedfortreder" in response.content.decode()
    name(hearing, agent, world.home.actor(Role.COORDINATOR))
    assert reads(hearing.initiative, world.home, Role.CHANGE_AGENT, "read_in_full_by")
    told = Notice.objects.get(recipient=agent)
    assert (told.title, told.body.count("Digital vaktplan")) == ("Gi høringssvar til «Sikring av bygg»", 0)


def test_stand_in__named_before_the_case_was_shielded_reads_nothing_of_what_is(
    world, hearing, agent, as_role
):
    name(hearing, agent, world.home.actor(Role.HR))
    case = hearing.initiative
    Initiative.objects.filter(pk=case.pk).update(**SHIELDED)
    assert not reads(case, world.home, Role.CHANGE_AGENT, "read_in_full_by")
    page = as_role(Role.CHANGE_AGENT).get(answer_url(hearing)).content.decode()
    assert "Sikring av bygg" in page
    assert "I dag skrives alt to ganger." not in page
    assert Hearing.objects.asking(world.home.actor(Role.HR), TODAY()).contains(hearing)
    assert stand_ins.ask_again(now=timezone.now()) == 1
    assert fresh(hearing).stand_in_id is None


def test_name_stand_in__where_nobody_waits_for_an_answer_is_refused(world, hearing, agent, as_role):
    Hearing.objects.filter(pk=hearing.pk).update(
        noted_at=timezone.now(), noted_by=world.home.person(Role.COORDINATOR)
    )
    answered = as_role(Role.HR).post(name_url(hearing), {"person": agent.name})
    assert answered.status_code == 409
    assert "Ingen venter på dette svaret nå" in answered.content.decode()


def test_name_stand_in__the_way_back_is_where_one_came_from(hearing, as_role):
    ways = {Role.HR: answer_url(hearing), Role.COORDINATOR: ask_url(hearing)}
    for role, way in ways.items():
        client = as_role(role)
        assert f'href="{way}"' in client.get(name_url(hearing)).content.decode(), role
        assert client.get(way).status_code == 200


def test_ask_again__leaves_who_was_named_meanwhile(world, hearing, agent, monkeypatch):
    name(hearing, agent, world.home.actor(Role.HR))
    end_roles_of(agent, TODAY())
    other, lock = world.home.person(Role.PROJECT_MANAGER), stand_ins.lock_open

    def lock_late(row):
        Hearing.objects.filter(pk=row.pk).update(stand_in=other)
        return lock(row)

    monkeypatch.setattr(stand_ins, "lock_open", lock_late)
    assert stand_ins.ask_again(now=timezone.now()) == 0
    assert not Notice.objects.filter(event=f"stand_in_left_{hearing.pk}").exists()


# --- What the stand-in does ---------------------------------------------------------------------------
def test_answer_hearing__by_a_stand_in_says_for_whom_wherever_it_is_told(world, as_role, hearing, agent):
    name(hearing, agent, world.home.actor(Role.HR))
    answer(hearing, world.home, Role.CHANGE_AGENT)
    words = f"{agent} som stedfortreder for {world.home.person(Role.HR)}"
    assert fresh(hearing).answered_words == words
    client, case = as_role(Role.COORDINATOR), hearing.initiative
    assert words in client.get(ask_url(hearing)).content.decode()
    assert words in client.get(case.get_absolute_url(), {"vis": "behandling"}).content.decode()
    history = client.get(case.get_absolute_url(), {"vis": "historikk"}).content.decode()
    assert f"HR, som stedfortreder for {world.home.person(Role.HR)}" in history
    assert f"{agent} svarer for {world.home.person(Role.HR)}, HR" in history
    assert f"Besvart av {words}" in as_role(Role.CHANGE_AGENT).get(answer_url(hearing)).content.decode()
    filed = draft_hearing(fresh(hearing), fresh(hearing).initiative, now=timezone.now())
    assert f"{words}, HR" in str(filed.filing)
    (_sector_leader, statement) = paper_of(case)
    assert statement["by"] == f"HR {words}"


def test_answer_hearing__by_who_was_asked_ends_what_the_stand_in_sees(world, hearing, agent):
    name(hearing, agent, world.home.actor(Role.HR))
    answer(hearing, world.home, Role.HR)
    assert fresh(hearing).answered_words == str(world.home.person(Role.HR))
    assert not reads(hearing.initiative, world.home, Role.CHANGE_AGENT)


def test_take_back_stand_in__asks_the_first_again(world, as_role, hearing, agent):
    name(hearing, agent, world.home.actor(Role.HR), reason="Ferie")
    client = as_role(Role.HR)
    assert back_url(hearing) in client.get(answer_url(hearing)).content.decode()
    assert client.post(back_url(hearing))["Location"] == answer_url(hearing)
    row = fresh(hearing)
    assert (row.stand_in_id, row.stand_in_at, row.stand_in_by_id, row.stand_in_reason) == (
        None,
        None,
        None,
        "",
    )
    assert not reads(hearing.initiative, world.home, Role.CHANGE_AGENT)
    assert (
        len(Inbox(world.home.actor(Role.HR)).tasks()),
        len(Inbox(world.home.actor(Role.CHANGE_AGENT)).tasks()),
    ) == (1, 0)
    assert as_role(Role.CHANGE_AGENT).get(answer_url(hearing)).status_code == 404
    assert as_role(Role.HR).post(back_url(hearing)).status_code == 409
    with pytest.raises(TransitionDenied):
        answer(hearing, world.home, Role.CHANGE_AGENT)


def test_name_stand_in__anew_lets_the_first_go(world, hearing, agent):
    other = world.home.person(Role.PROJECT_MANAGER)
    name(hearing, agent, world.home.actor(Role.HR))
    name(hearing, other, world.home.actor(Role.HR))
    assert not reads(hearing.initiative, world.home, Role.CHANGE_AGENT)
    assert Notice.objects.filter(recipient=agent, event=f"let_go_{hearing.pk}").count() == 1


def test_reminder__goes_to_the_stand_in_and_after_the_deadline_to_both(world, hearing, agent):
    name(hearing, agent, world.home.actor(Role.HR))
    due = fresh(hearing).due_on
    told = Notice.objects.filter(title__startswith="Svar på høring")
    reminders.run(day=add_working_days(due, -2), now=timezone.now(), only=[_DUE])
    assert [one.recipient for one in told] == [agent]
    reminders.run(day=add_working_days(due, 1), now=timezone.now(), only=[_DUE])
    assert {one.recipient for one in told.all()} == {agent, world.home.person(Role.HR)}


# --- Who has left -------------------------------------------------------------------------------------
@pytest.mark.parametrize("leaves", ["role", "account"])
def test_ask_again__who_was_asked_when_the_stand_in_has_left(world, hearing, agent, leaves):
    name(hearing, agent, world.home.actor(Role.HR))
    stays = ask(world.neighbor, Role.HR)[0]
    name(stays, world.neighbor.person(Role.CHANGE_AGENT), world.neighbor.actor(Role.HR))
    if leaves == "role":
        end_roles_of(agent, TODAY())
    else:
        type(agent).objects.filter(pk=agent.pk).update(is_active=False)
    assert Hearing.objects.asking(world.home.actor(Role.HR), TODAY()).contains(hearing)  # at once
    assert (stand_ins.ask_again(now=timezone.now()), stand_ins.ask_again(now=timezone.now())) == (1, 0)
    assert fresh(hearing).stand_in_id is None
    assert fresh(stays).stand_in_id is not None
    told = Notice.objects.get(recipient=hearing.person, event=f"stand_in_left_{hearing.pk}")
    assert "har ikke tilgang lenger" in told.body
    assert ask_again_task.name in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}


def test_ask_again__who_works_in_another_municipality_only_is_gone_too(world, hearing, agent):
    name(hearing, agent, world.home.actor(Role.HR))
    RoleAssignment.objects.filter(person=agent).update(unit=world.stranger.unit)
    assert stand_ins.ask_again(now=timezone.now()) == 1


# --- What the database holds, and forgets -------------------------------------------------------------
@pytest.mark.parametrize("missing", ["stand_in_at", "stand_in_by", "other", "reason"])
def test_hearing__with_half_a_stand_in_is_refused_by_the_database(world, hearing, agent, missing):
    values = {"stand_in": agent, "stand_in_at": timezone.now(), "stand_in_by": hearing.person}
    if missing == "other":
        values["stand_in"] = hearing.person
    elif missing == "reason":
        values = {"stand_in_reason": "Ferie"}
    else:
        del values[missing]
    with pytest.raises(IntegrityError, match="hearing_stand_in"), transaction.atomic():
        Hearing.objects.filter(pk=hearing.pk).update(**values)


def test_forget__a_case_takes_what_was_told_of_its_hearings(world, hearing, agent):
    name(hearing, agent, world.home.actor(Role.HR), reason="Hun kjenner Ødegård best.")
    reminders.run(day=add_working_days(fresh(hearing).due_on, -2), now=timezone.now(), only=[_DUE])
    answer(hearing, world.home, Role.CHANGE_AGENT)
    case = hearing.initiative
    told = Notice.objects.filter(object_id=hearing.pk, event__startswith="hearing_due")
    assert "Digital vaktplan" in told.get().title
    Mail.objects.create(
        key="prove", recipient=agent, subject="Digital vaktplan", body=f"Svar: {settings.PUBLIC_URL}{answer_url(hearing)}",
        created_at=timezone.now(),
    )  # fmt: skip
    forget(case, columns=["title"], legal_basis="lov", by=System("retention"), now=timezone.now())
    assert told.get().title == "[fjernet]"
    assert Mail.objects.get().body == "[fjernet]"
    events = Hearing.pgh_event_model.objects.filter(pgh_obj_id=hearing.pk)
    assert {event.answer for event in events} <= {"", "[fjernet]"}
    assert {event.stand_in_reason for event in events} <= {"", "[fjernet]"}
    assert not any("Ødegård" in str(event.pgh_context.metadata) for event in events if event.pgh_context)


# --- What it costs ------------------------------------------------------------------------------------
def test_pages__cost_at_most_twelve_with_many_stand_ins(world, as_role, django_assert_max_num_queries):
    roles = [Role.HR, Role.ARCHIVIST, Role.IKT_LEADER, Role.ENTERPRISE_ARCHITECT, Role.PRIVACY_OFFICER]
    rows = ask(world.home, *roles)
    for row in rows:
        name(row, world.home.person(Role.CHANGE_AGENT), world.home.actor(Role.COORDINATOR))
    client = as_role(Role.COORDINATOR)
    for url in (ask_url(rows[0]), name_url(rows[0])):
        client.get(url)
        with django_assert_max_num_queries(12):
            assert client.get(url).status_code == 200
    client = as_role(Role.CHANGE_AGENT)
    client.get(answer_url(rows[0]))
    with django_assert_max_num_queries(12):
        assert client.get(answer_url(rows[0])).status_code == 200


def test_deadline__of_a_noted_hearing_still_lets_the_stand_in_answer(world, hearing, agent):
    name(hearing, agent, world.home.actor(Role.HR))
    Hearing.objects.filter(pk=hearing.pk).update(due_on=TODAY() - timedelta(days=1))
    hearings.note_deadline(fresh(hearing), by=world.home.actor(Role.COORDINATOR), now=timezone.now())
    answer(hearing, world.home, Role.CHANGE_AGENT)
    assert fresh(hearing).is_answered
