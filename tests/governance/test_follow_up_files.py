"""The files that show how a decision is followed up."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from core.actors import System
from core.attachments import attachments_of
from core.models import AccessLog, Attachment
from core.retention import REDACTED, forget
from organization.roles import Role
from tests.api.conftest import Api
from tests.governance.follow_ups import DONE, decided, perform, row_of, shielded

MAX_QUERIES = 12


@pytest.fixture
def place(world):
    return world.home


@pytest.fixture
def decision(place):
    return decided(place)


def page(decision) -> str:
    return reverse("governance:decision_detail", args=[decision.pk])


def files(decision) -> str:
    return reverse("governance:follow_up_files", args=[decision.pk])


def send(client, decision, *names, content=b"Avtalen er sagt opp."):
    uploads = [SimpleUploadedFile(name, content) for name in names]
    return client.post(files(decision), {"uploads": uploads})


def removal(decision, file) -> str:
    return reverse("governance:follow_up_file_remove", args=[decision.pk, file.key])


def test_add_files__stand_on_the_page_in_the_history_and_in_the_api(as_role, place, decision):
    before = decision.changed_at
    client = as_role(Role.HR)
    assert send(client, decision, "oppsigelse.txt", "kvittering.txt").status_code == 302
    first, second = attachments_of(row_of(decision))
    text = as_role(Role.SECRETARIAT).get(page(decision)).content.decode()
    for words in ("oppsigelse.txt", "kvittering.txt", reverse("core:attachment", args=[first.key])):
        assert words in text, words
    decision.refresh_from_db()
    assert decision.changed_at > before
    assert client.post(removal(decision, second)).status_code == 302
    assert [file.name for file in attachments_of(row_of(decision))] == ["oppsigelse.txt"]
    history = client.get(page(decision)).content.decode()
    assert history.count("kvittering.txt") == 1 + 1  # that it was removed, and the message of it
    listed = Api(place.person(Role.SECRETARIAT)).get(f"/attachments/?of=decisions&id={decision.pk}").json()
    assert [file["name"] for file in listed["results"]] == ["oppsigelse.txt"]


def test_add_files__says_which_file_was_refused_and_keeps_the_rest(as_role, decision):
    client = as_role(Role.HR)
    assert client.post(files(decision), {}).status_code == 422
    wrong = SimpleUploadedFile("virus.pdf", b"MZ\x90\x00")
    right = SimpleUploadedFile("oppsigelse.txt", b"Sagt opp.")
    answer = client.post(files(decision), {"uploads": [wrong, right]})
    assert answer.status_code == 422
    assert "virus.pdf" in answer.context["refused"][0]
    assert [file.name for file in answer.context["files"]] == ["oppsigelse.txt"]


def test_add_files__is_for_who_carries_it_out_until_it_is_finished(as_role, world, place, decision):
    assert send(as_role(Role.COUNCIL_MEMBER), decision, "a.txt").status_code == 403
    for other in (world.neighbor, world.stranger):
        client = as_role(Role.SECRETARIAT, other)
        assert client.get(files(decision)).status_code == 404
        assert send(client, decision, "a.txt").status_code == 404
    assert send(as_role(Role.SECRETARIAT), decision, "a.txt").status_code == 302
    [file] = attachments_of(row_of(decision))
    theirs = decided(place, title="En annen")
    assert as_role(Role.HR).post(removal(theirs, file)).status_code == 404
    assert as_role(Role.COUNCIL_MEMBER).post(removal(decision, file)).status_code == 403
    perform("finish_follow_up", decision, place.actor(Role.HR), **DONE)
    client = as_role(Role.HR)
    assert send(client, decision, "b.txt").status_code == 409
    assert client.post(removal(decision, file)).status_code == 409
    assert "avsluttet" in client.get(files(decision)).content.decode()
    assert "Legg ved filer" not in client.get(page(decision)).content.decode()
    assert len(attachments_of(row_of(decision))) == 1


def test_open_file__as_the_follow_up_itself(as_role, world, place):
    decision = shielded(place)
    send(as_role(Role.HR), decision, "hemmelig.txt")
    [file] = attachments_of(row_of(decision))
    address = reverse("core:attachment", args=[file.key])
    for role in (Role.HR, Role.SECRETARIAT):
        answer = as_role(role).get(address)
        assert b"".join(answer.streaming_content) == b"Avtalen er sagt opp."
    assert AccessLog.objects.filter(person=place.person(Role.SECRETARIAT)).exists()
    for client in (as_role(Role.PORTFOLIO_MANAGER), as_role(Role.SECRETARIAT, world.neighbor)):
        assert client.get(address).status_code == 404
    assert "hemmelig.txt" not in as_role(Role.PORTFOLIO_MANAGER).get(page(decision)).content.decode()


def test_forget_case__with_the_files(as_role, place, decision):
    send(as_role(Role.HR), decision, "Bjørn.txt")
    forget(
        decision.initiative, columns=["title"], legal_basis="lov", by=System("retention"), now=timezone.now()
    )
    assert Attachment.objects.get().name == REDACTED
    assert not Attachment.objects.get().file
    assert "Bjørn" not in as_role(Role.SECRETARIAT).get(page(decision)).content.decode()


def test_pages__cost_at_most_twelve_queries(as_role, decision, django_assert_max_num_queries):
    client = as_role(Role.SECRETARIAT)
    send(client, decision, *(f"fil-{number}.txt" for number in range(9)))
    for address in (page(decision), files(decision)):
        client.get(address)
        with django_assert_max_num_queries(MAX_QUERIES, info=address):
            assert client.get(address).status_code == 200
