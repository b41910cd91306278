"""What people send that they should not, or cannot know better: through the page, and through the API where it has a way."""

from __future__ import annotations

import io
import os
import uuid
from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from core import reminders
from core.attachments import attachments_of
from core.models import Notice
from deviations.models import Deviation
from deviations.reminders import REMINDERS
from organization.models import RoleAssignment, Unit
from organization.operations import create_unit
from organization.roles import Role
from tests.api.conftest import Api, pointers, slug_of
from tests.deviations import stories
from tests.deviations.test_handling import label
from tests.deviations.test_report import START, answers, words
from tests.world import BORN, SYSTEM

JOURNAL = "Pasienten var urolig i natt og fikk beroligende. Sov fra tre til seks. " * 72
IDENTITY = "13097248022"
LONGEST_TITLE = 200


@pytest.fixture
def place(world):
    return world.home


@pytest.fixture
def person(as_role):
    return as_role(Role.EMPLOYEE)


@pytest.fixture
def caller(place):
    return Api(place.person(Role.EMPLOYEE))


def body(place, **changed):
    return {
        "kind": "deviation", "description": "Døra gikk ikke igjen.", "danger": "none", "unit_id": place.unit.pk, **changed,
    }  # fmt: skip


# --- Sent twice by a flaky network ------------------------------------------------------------------
def test_send_twice__by_page_and_by_api_files_each_once(person, caller, place):
    sent = answers(place)
    first, again = (person.post(START, sent) for _ in range(2))
    assert first.url == again.url
    key = str(uuid.uuid4())
    made = [
        caller.post("/deviations/", body(place), HTTP_IDEMPOTENCY_KEY=key).json()["number"] for _ in range(2)
    ]
    assert len(set(made)) == 1
    assert Deviation.objects.count() == 2


# --- Photos ---------------------------------------------------------------------------------------------
def test_send_photo__of_40_mb_is_refused_by_name_and_the_report_is_kept(person, place):
    buffer = io.BytesIO()
    Image.effect_noise((600, 400), 60).save(buffer, "JPEG")
    large = SimpleUploadedFile("fra-kamera.jpg", buffer.getvalue() + os.urandom(40_000_000), "image/jpeg")
    answer = person.post(START, answers(place, photos=[large]), follow=True)
    assert answer.status_code == 200
    assert "«fra-kamera.jpg» er større enn 25 MB" in words(answer)
    assert not attachments_of(Deviation.objects.get())


def test_send_photo__through_the_api_is_refused_by_name(caller, place):
    response = caller.post("/deviations/", body(place, photos=["/9j/4AAQ"]))
    assert slug_of(response) == "invalid"
    assert "#/photos" in pointers(response)
    assert not Deviation.objects.exists()


# --- A unit that closed yesterday, and a moment that has not been ------------------------------------------
def test_report__in_a_unit_that_closed_yesterday_is_refused_by_the_api_too(caller, place):
    unit = create_unit(
        name="Gamle Solvang", kind="unit", code="solvang", parent=place.sector, by=SYSTEM, now=BORN
    )
    Unit.objects.filter(pk=unit.pk).update(closed_on=timezone.localdate() - timedelta(days=1))
    response = caller.post("/deviations/", body(place, unit_id=unit.pk))
    assert "#/unit_id" in pointers(response)
    assert "Gamle Solvang ble lagt ned" in response.content.decode()


# --- Who receives ---------------------------------------------------------------------------------------------
def on_leave(place):
    """End the leader's role today, to begin again in a month, with nobody in between."""
    rows = RoleAssignment.objects.filter(unit=place.unit, role=Role.LEADER)
    rows.update(valid_to=timezone.localdate())


def test_report__while_the_leader_is_on_leave_without_stand_in_goes_to_the_next_above(person, caller, place):
    on_leave(place)
    answer = person.post(START, answers(place), follow=True)
    assert f"Nærmeste leder over {place.unit}" in words(answer)
    made = caller.post("/deviations/", body(place)).json()
    above = place.person(Role.SECTOR_LEADER)
    assert made["responsible_id"] == above.pk
    assert {case.responsible for case in Deviation.objects.all()} == {above}


def test_report__that_waits_for_a_leader_who_is_away_is_told_to_the_one_above_who_can_take_it(place, as_role):
    case = stories.report(place)
    above = place.person(Role.SECTOR_LEADER)
    day = case.due_on
    while not Notice.objects.filter(recipient=above, object_id=case.pk).exists():
        day += timedelta(days=1)
        assert day < case.due_on + timedelta(days=20)
        now = datetime(day.year, day.month, day.day, 7, tzinfo=timezone.get_current_timezone())
        reminders.run(day=day, now=now, only=[REMINDERS[0]])
    assert as_role(Role.SECTOR_LEADER).post(f"/avvik/{case.pk}/handling/receive/", {}).status_code == 302
    case.refresh_from_db()
    assert case.responsible == above


def test_report__by_the_leader_lands_one_level_up_by_page_and_by_api(as_role, place):
    answer = as_role(Role.LEADER).post(START, answers(place), follow=True)
    assert "fordi nærmeste leder selv har meldt saken" in words(answer)
    made = Api(place.person(Role.LEADER)).post("/deviations/", body(place)).json()
    assert made["responsible_id"] == place.person(Role.SECTOR_LEADER).pk
    assert {case.responsible for case in Deviation.objects.all()} == {place.person(Role.SECTOR_LEADER)}


# --- What should not stand in it ----------------------------------------------------------------------------------
def test_report__of_5000_characters_of_a_journal_is_asked_about_and_kept_whole(person, caller, place):
    assert len(JOURNAL) > 5000
    sent = answers(place, description=JOURNAL)
    answer = person.post(START, sent)
    assert answer.status_code == 422
    assert "journal" in words(answer)
    assert JOURNAL.strip() in words(answer)
    mark = answer.content.decode().split('name="confirmed" value="')[1].split('"')[0]
    person.post(START, {**sent, "confirmed": mark})
    assert Deviation.objects.get().description.strip() == JOURNAL.strip()
    refused = caller.post("/deviations/", body(place, description=JOURNAL))
    assert "#/description" in pointers(refused)
    assert caller.post("/deviations/", body(place, description=JOURNAL, confirmed=True)).status_code == 201


@pytest.mark.parametrize("title", [f"Fall {IDENTITY}", f"Fall {IDENTITY[:6]} {IDENTITY[6:]}"])
def test_report__with_an_identity_number_in_the_title_is_stopped_everywhere(
    person, caller, place, as_role, title
):
    answer = person.post(START, answers(place, title=title))
    assert answer.status_code == 422
    assert "fødselsnummer" in words(answer).lower()
    assert "#/title" in pointers(caller.post("/deviations/", body(place, title=title)))
    assert not Deviation.objects.exists()
    case = stories.in_progress(place)
    data = {"title": title, "type": str(case.type_id), "category": "", "version": str(case.version)}
    answer = as_role(Role.LEADER).post(f"/avvik/{case.pk}/vurdering/", data)
    assert answer.status_code == 422
    assert "Tittelen leses av mange" in words(answer)


def test_report__with_a_title_longer_than_there_is_room_for_says_so(person, caller, place):
    title = "x" * (LONGEST_TITLE + 1)
    assert person.post(START, answers(place, title=title)).status_code == 422
    assert "#/title" in pointers(caller.post("/deviations/", body(place, title=title)))


# --- In a circle ------------------------------------------------------------------------------------------------------
def test_send_on__in_a_circle_is_refused_on_the_page_with_the_way_out(place, as_role):
    case = stories.report(place)
    there = {"person": place.person(Role.SECTOR_LEADER).name, "reason": "Gjelder bygget."}
    assert as_role(Role.LEADER).post(f"/avvik/{case.pk}/send-videre/", there).status_code == 302
    back = {"person": label(place, Role.LEADER), "reason": "Nei, deres."}
    answer = as_role(Role.SECTOR_LEADER).post(f"/avvik/{case.pk}/send-videre/", back)
    assert answer.status_code == 422
    assert "har alt ligget hos" in words(answer)
    assert "Nei, deres." in words(answer)
    case.refresh_from_db()
    assert case.responsible == place.person(Role.SECTOR_LEADER)
