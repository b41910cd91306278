"""The outbox to sak/arkiv: who sees it, and the case number on its way to the initiative."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from archive import operations
from archive.filing import Draft
from archive.models import ArchiveMessage, MessageStatus
from core.errors import StaleVersion
from core.workflow import TransitionDenied
from organization.roles import Role
from tests import stories

MAX_QUERIES = 12


@pytest.fixture
def receivers(settings):
    settings.ARCHIVE_NUMBER_RECEIVERS = ["governance.archiving.receive_case_number"]


@pytest.fixture
def initiative(place):
    return stories.received(place)


@pytest.fixture
def message(initiative):
    return ArchiveMessage.objects.get(kind="submission")


def page(message):
    return reverse("archive:message_detail", args=[message.pk])


LIST = "/arkiv/"


# --- Who sees ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("role", "code"),
    [
        (Role.ARCHIVIST, 200),
        (Role.SECRETARIAT, 200),
        (Role.EMPLOYEE, 403),
        (Role.COUNCIL_LEADER, 403),
        (Role.ADMINISTRATOR, 403),
    ],
)
def test_open_list__answers_by_role(as_role, message, role, code):
    answer = as_role(role).get(LIST)
    assert answer.status_code == code
    assert (message.title in answer.content.decode()) == (code == 200)


@pytest.mark.parametrize(
    ("role", "code"), [(Role.ARCHIVIST, 200), (Role.SECRETARIAT, 200), (Role.EMPLOYEE, 404)]
)
def test_open_message__answers_by_role(as_role, message, role, code):
    assert as_role(role).get(page(message)).status_code == code


def test_open_message__of_another_municipality_is_not_found(as_role, world, message):
    client = as_role(Role.ARCHIVIST, world.neighbor)
    assert client.get(page(message)).status_code == 404
    assert client.post(page(message), {"archive_reference": "26/1"}).status_code == 404
    assert message.title not in client.get(LIST).content.decode()


def test_open_list__anonymous_is_sent_to_log_in(client):
    assert client.get(LIST).status_code == 302


@pytest.mark.parametrize("pk", [0, 2**63, 10**30])
def test_open_message__that_does_not_exist_is_not_found(as_role, pk):
    assert as_role(Role.ARCHIVIST).get(f"/arkiv/{pk}/").status_code == 404


def test_open_message__secretariat_reads_but_does_not_write(as_role, message):
    client = as_role(Role.SECRETARIAT)
    text = client.get(page(message)).content.decode()
    assert "Arkivaren fører saksnummeret" in text
    assert message.subject.get_absolute_url() in text
    assert client.post(page(message), {"archive_reference": "26/1"}).status_code == 403


# --- The case number -----------------------------------------------------------------------------
def test_enter_case_number__stands_on_the_initiative(as_role, place, initiative, message, receivers):
    client = as_role(Role.ARCHIVIST)
    answer = client.post(page(message), {"archive_reference": " 26/1234 ", "expected": ""}, follow=True)
    message.refresh_from_db()
    initiative.refresh_from_db()
    assert (message.archive_reference, message.status) == ("26/1234", MessageStatus.MANUAL)
    assert initiative.archive_reference == "26/1234"
    assert message.handled_by == place.person(Role.ARCHIVIST)
    waiting = ArchiveMessage.objects.get(kind="endorsement")
    assert answer.redirect_chain[-1][0] == page(waiting)
    assert "er ført på sak 26/1234" in answer.content.decode()


def test_enter_case_number__next_message_of_the_case_has_it_filled_in(as_role, message, receivers):
    client = as_role(Role.ARCHIVIST)
    client.post(page(message), {"archive_reference": "26/1234"})
    other = ArchiveMessage.objects.get(kind="endorsement")
    form = client.get(page(other)).context["form"]
    assert form["archive_reference"].value() == "26/1234"
    client.post(page(other), {"archive_reference": "26/1234"})
    answer = client.get(LIST)
    assert "Ingenting venter" in answer.content.decode()
    assert len(client.get(LIST, {"vis": "fort"}).context["lines"]) == 2


def test_enter_case_number__of_minutes_leaves_initiatives_alone(as_role, initiative, receivers):
    other = ArchiveMessage.objects.get(kind="endorsement")
    as_role(Role.ARCHIVIST).post(page(other), {"archive_reference": "26/9"})
    initiative.refresh_from_db()
    assert initiative.archive_reference == ""


def test_enter_case_number__receiver_that_fails_undoes_it(place, message, settings):
    settings.ARCHIVE_NUMBER_RECEIVERS = ["tests.archive.test_archive_pages.refuse"]
    with pytest.raises(TransitionDenied):
        operations.register_case_number(
            message, archive_reference="26/1", by=place.actor(Role.ARCHIVIST), now=timezone.now()
        )
    message.refresh_from_db()
    assert message.archive_reference == ""


def refuse(message, *, by, now):
    raise TransitionDenied


def test_enter_case_number__without_receivers(place, message, settings):
    settings.ARCHIVE_NUMBER_RECEIVERS = []
    row = operations.register_case_number(
        message, archive_reference="26/1", by=place.actor(Role.ARCHIVIST), now=timezone.now()
    )
    assert row.archive_reference == "26/1"


def test_enter_case_number__second_archivist_sees_the_first(as_role, place, message):
    client = as_role(Role.ARCHIVIST)
    client.post(page(message), {"archive_reference": "26/1", "expected": ""})
    answer = client.post(page(message), {"archive_reference": "26/2", "expected": ""})
    assert answer.status_code == 409
    assert "Nå står det 26/1" in answer.content.decode()
    form = answer.context["form"]
    assert (form["archive_reference"].value(), form["expected"].value()) == ("26/2", "26/1")
    again = {"archive_reference": "26/2", "expected": "26/1"}
    assert client.post(page(message), again).status_code == 302
    with pytest.raises(StaleVersion):
        operations.register_case_number(
            message,
            archive_reference="26/3",
            expected="26/1",
            by=place.actor(Role.ARCHIVIST),
            now=timezone.now(),
        )


@pytest.mark.parametrize("number", ["", "   ", "ikke noe nummer", "9" * 61, "26/1\x00"])
def test_enter_case_number__nonsense_is_refused(as_role, message, number):
    answer = as_role(Role.ARCHIVIST).post(page(message), {"archive_reference": number})
    assert answer.status_code == 422
    message.refresh_from_db()
    assert message.archive_reference == ""


def test_enter_case_number__html_is_shown_as_text(as_role, message):
    client = as_role(Role.ARCHIVIST)
    client.post(page(message), {"archive_reference": "<b>1</b>"})
    assert "<b>1</b>" not in client.get(LIST, {"vis": "fort"}).content.decode()


# --- The list ------------------------------------------------------------------------------------
def test_list__filters(as_role, place, message):
    client = as_role(Role.ARCHIVIST)

    def kinds(**query):
        return [row.kind for row, _label in client.get(LIST, query).context["lines"]]

    assert kinds() == ["submission", "endorsement"]
    assert kinds(hva="endorsement") == ["endorsement"]
    assert kinds(q="digital") == ["submission", "endorsement"]
    assert kinds(q="finnes ikke") == []
    assert kinds(hva="<b>", vis="x", q="\x00") == ["submission", "endorsement"]
    assert kinds(vis="fort") == []


def test_list__pages_by_key_with_few_queries(as_role, place, message, django_assert_max_num_queries):
    for number in range(35):
        draft = Draft(
            kind="minutes", key=f"x/{number}", title=f"Protokoll {number}", about=message.subject, payload={},
            municipality_id=place.municipality.pk,
        )  # fmt: skip
        operations.enqueue(draft, now=timezone.now() + timedelta(minutes=number))
    client = as_role(Role.ARCHIVIST)
    with django_assert_max_num_queries(MAX_QUERIES):
        first = client.get(LIST)
    assert len(first.context["lines"]) == 30
    following = first.context["page"].next_url
    second = client.get(following if following.startswith("/") else LIST + following)
    assert [row.title for row, _label in second.context["lines"]][-1] == "Protokoll 34"
    with django_assert_max_num_queries(MAX_QUERIES):
        client.get(page(message))


def test_list__shielded_case_is_under_its_public_title(as_role, place):
    stories.awaiting_endorsement(
        place, title="Kodenavn Bjørn", shield_basis="offl_23", public_title="Anskaffelse"
    )
    text = as_role(Role.ARCHIVIST).get(LIST).content.decode()
    assert "Anskaffelse" in text
    assert "Kodenavn Bjørn" not in text
