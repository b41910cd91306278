"""A truly anonymous report: nothing anywhere says who, and the code opens it for whoever has it."""

from __future__ import annotations

import io
import json
import logging
import uuid

import pytest
import structlog
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.mail import bundle_all, deliver
from deviations import operations
from deviations.models import Deviation, Message, Status
from deviations.workflow import deviation_workflow
from organization.models import Person
from organization.operations import give_role
from organization.roles import Role
from tests.deviations import stories
from tests.deviations.test_report import answers, photo, words
from tests.world import BORN, START, SYSTEM

FORM, FOLLOW = reverse("deviations:report_start"), reverse("deviations:report_follow")
PK, NAME, USERNAME, MAIL = 987_654_321, "Sølvi Meldersen", "soelvi.melder", "soelvi@hemmelig.example"
ADDRESS, AGENT = "203.0.113.77", "SølvisNettleser/9"
perform = deviation_workflow.perform


@pytest.fixture(autouse=True)
def _forget_wrong_codes():
    cache.clear()


@pytest.fixture
def place(world):
    return world.home


@pytest.fixture
def whistler(place) -> Person:
    """Somebody whose every trace is easily told from other numbers and names."""
    person = Person.objects.create(
        pk=PK, username=USERNAME, name=NAME, email=MAIL, title="Sykepleier", changed_at=BORN, is_active=True
    )
    give_role(
        person=person,
        role=Role.EMPLOYEE,
        unit=place.unit,
        valid_from=START,
        by=SYSTEM,
        now=BORN,
        is_main=True,
    )
    return person


@pytest.fixture
def logged_in(whistler) -> Client:
    client = Client(REMOTE_ADDR=ADDRESS, headers={"user-agent": AGENT})
    client.force_login(whistler)
    client.get(FORM)
    return client


def dump() -> set[str]:
    """Return every row of every table as the database copies them out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
        )
        tables = [row[0] for row in cursor.fetchall()]
        rows: set[str] = set()
        for table in tables:
            out = io.StringIO()
            cursor.cursor.copy_expert(f'copy "{table}" to stdout', out)
            rows |= {f"{table}\t{line}" for line in out.getvalue().splitlines()}
    return rows


def traces(rows: set[str], client: Client) -> list[str]:
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    marks = (str(PK), NAME, "Sølvi", "Meldersen", USERNAME, MAIL, ADDRESS, AGENT, session)
    return [row for row in rows if any(mark in row for mark in marks)]


@pytest.mark.parametrize("way", ["anonymous", "hidden", "anonymous by api", "hidden by api"])
def test_report__leaves_no_trace_of_who_only_when_it_is_anonymous(logged_in, place, way, caplog):
    caplog.set_level(logging.DEBUG)
    before = dump()
    with structlog.testing.capture_logs() as logged:
        file = _report_by_api if way.endswith("api") else _report
        _go_on(logged_in, place, file(logged_in, place, way.split()[0]))
        bundle_all(day=timezone.localdate(), now=timezone.now())
        deliver()
    new = dump() - before
    assert any(row.startswith("deviations_deviation\t") for row in new)
    assert any(row.startswith("core_attachment\t") for row in new)
    told = {str(line) for line in [*logged, *caplog.messages, *(message.body for message in mail.outbox)]}
    found = traces(new | told, logged_in)
    assert (found == []) == way.startswith("anonymous"), found


def _report(client: Client, place, way: str) -> str:
    """Report with everything that can tell, and return the code."""
    sent = answers(
        place, anonymity=way, warned=place.unit.pk, camera=[photo("Sølvi sin iPhone.jpg")], concerns_leader="on",
        danger="unsure", q_violence="yes", seen=["staff_injured", "violence", "pollution", "drinking_water"],
    )  # fmt: skip
    answer = client.post(FORM, sent)
    return answer.context["code"] if way == "anonymous" else ""


def _report_by_api(client: Client, place, way: str) -> str:
    """Do the same by the API, under a key that the caller may send again."""
    told = {
        "kind": "deviation", "description": "En kollega skled på glatt gulv.", "danger": "unsure", "unit_id": place.unit.pk,
        "concerns_leader": True, "anonymity": way, "confirmed_few": True, "answers": {"violence": "yes"}, "follow_code": "ABCDEFGHJKLMNPQR",
    }  # fmt: skip
    code = ""
    for _time in range(2):
        parts = {"json": json.dumps(told), "photos": [photo("Sølvi sin iPhone.jpg")]}
        answer = client.post("/api/v1/deviations/", parts, headers={"Idempotency-Key": str(uuid.UUID(int=7))})
        assert answer.status_code == 201, answer.content
        code = answer.json().get("follow_code", "")
    return code


def _go_on(client: Client, place, code: str) -> None:
    """Go on with the case as its reporter."""
    case = Deviation.objects.get()
    if not code:
        return
    client.post(FOLLOW, {"code": code})
    client.post(FOLLOW, {"code": code, "step": "add", "text": "Det var mer.", "photos": [photo("Sølvi.jpg")]})
    now, leader = timezone.now(), place.actor(Role.SECTOR_LEADER)
    case = perform("start", case, by=leader, now=now, data={"handler": leader.person})
    perform("ask_reporter", case, by=leader, now=now, data={"question": "Når?"})
    client.post(FOLLOW, {"code": code, "step": "answer", "words-text": "I går kveld."})
    assert Deviation.objects.get().status == Status.IN_PROGRESS


def test_report__shows_the_code_once_and_again_only_to_the_same_page(logged_in, place):
    sent = answers(place, anonymity="anonymous", follow_code="ABCDEFGHJKLMNPQR")
    first, again = logged_in.post(FORM, sent), logged_in.post(FORM, sent)
    for answer in (first, again):
        assert answer.status_code == 200
        assert "ABCD-EFGH-JKLM-NPQR" in words(answer)
        assert "no-store" in answer["Cache-Control"]
    without = logged_in.post(FORM, {**sent, "follow_code": "ZZZZZZZZZZZZZZZZ"})
    assert without.status_code == 422
    assert "ABCD" not in words(without)
    assert Deviation.objects.count() == 1


def test_report__with_a_code_that_cannot_be_one_gets_a_good_one(logged_in, place):
    answer = logged_in.post(FORM, answers(place, anonymity="anonymous", follow_code="KORT"))
    assert len(answer.context["code"]) == 19


def follow(client: Client, code: str, **more) -> object:
    return client.post(FOLLOW, {"code": code, **more})


@pytest.fixture
def filed(place):
    return stories.report_with_code(place, anonymity="anonymous")


def test_follow__by_anybody_with_the_code_and_in_plain_words(as_role, place, filed):
    case, code = filed
    answer = follow(as_role(Role.CHANGE_AGENT), f" {code[:4].lower()} {code[4:]}")
    assert answer.status_code == 200
    assert f"{place.person(Role.LEADER)} har fått meldingen." in words(answer)
    assert case.number in words(answer)


def test_follow__opens_what_is_closed_again_and_appeals_what_is_dismissed(as_role, place):
    client = as_role(Role.CHANGE_AGENT)
    case, code = stories.report_with_code(place, anonymity="anonymous")
    now, leader = timezone.now(), place.actor(Role.LEADER)
    perform("dismiss", case, by=leader, now=now, data={"reason": "Ikke vårt"})
    assert "Klag på avvisningen" in words(follow(client, code))
    assert follow(client, code, step="appeal", **{"words-text": ""}).status_code == 422
    follow(client, code, step="appeal", **{"words-text": "Det er vårt."})
    case.refresh_from_db()
    assert case.responsible == place.person(Role.SECTOR_LEADER)
    assert case.messages.get(kind=Message.Kind.ADDITION).author is None
    again = follow(client, code, step="appeal", **{"words-text": "Det er vårt."})
    assert again.status_code == 422
    assert "kan ikke gjøres nå" in words(again)


def test_follow__warns_of_names_before_they_are_sent(as_role, filed):
    case, code = filed
    client = as_role(Role.EMPLOYEE)
    answer = follow(client, code, step="add", text="Det var bruker Ola N.")
    assert answer.status_code == 422
    assert not case.messages.exists()
    follow(client, code, step="add", text="Det var bruker Ola N.", confirmed=answer.context["fingerprint"])
    assert case.messages.count() == 1


def test_follow__does_not_add_to_what_has_ended(as_role, place, filed):
    case, code = filed
    perform("dismiss", case, by=place.actor(Role.LEADER), now=timezone.now(), data={"reason": "Ikke vårt"})
    answer = follow(as_role(Role.EMPLOYEE), code, step="add", text="Mer")
    assert answer.status_code == 200
    assert not case.messages.filter(from_reporter=True).exists()


@pytest.mark.parametrize("step", ["receive", "close_with_effect", "submit", "finnes-ikke", "start"])
def test_follow__takes_no_step_that_is_not_the_reporters(as_role, filed, step):
    case, code = filed
    assert follow(as_role(Role.EMPLOYEE), code, step=step, **{"words-text": "x"}).status_code == 200
    case.refresh_from_db()
    assert case.status == Status.REPORTED


@pytest.mark.parametrize("code", ["", "A", "A" * 16, "ÆØÅ" * 5, "\x00" * 16, "0" * 200])
def test_follow__with_a_wrong_code_says_so(as_role, code):
    assert follow(as_role(Role.EMPLOYEE), code).status_code == 422


def test_follow__after_many_wrong_codes_waits_for_that_person_only(client, place, filed):
    _case, code = filed
    client.force_login(place.person(Role.EMPLOYEE))
    for _ in range(10):
        assert follow(client, "A" * 16).status_code == 422
    answer = follow(client, code)
    assert answer.status_code == 429
    assert "Vent et kvarter" in words(answer)
    client.force_login(place.person(Role.HR))
    assert follow(client, code).status_code == 200


def test_follow__a_confidential_case_is_not_logged_as_read(as_role, place):
    from core.models import AccessLog

    _case, code = stories.report_with_code(place, code="HMS-PSYK", anonymity="anonymous")
    assert follow(as_role(Role.EMPLOYEE), code).status_code == 200
    assert not AccessLog.objects.exists()


def test_receipt_of__survives_a_lost_answer(place):
    """The phone that lost the answer sends again, and gets the same code."""
    sent = {"anonymity": "anonymous", "submission_key": uuid.uuid4(), "follow_code": "ABCDEFGHJKLMNPQR"}
    (first, one), (second, two) = (stories.report_with_code(place, **sent) for _ in range(2))
    assert (first, one) == (second, two)
    assert operations.receipt_of(two) == first
