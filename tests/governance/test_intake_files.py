"""Files and shielding of a draft: each file by itself, and nobody opens what is not theirs."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from core.attachments import attach, attachments_of, readable_attachments
from core.models import AccessLog
from governance import attachments as file_rules
from governance.models import Initiative
from governance.views.intake import files as file_views
from governance.workflow import initiative_workflow
from organization.roles import Role
from tests import stories

pytestmark = pytest.mark.usefixtures("own_media")
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def page_of(initiative):
    return reverse("governance:intake_attachments", args=[initiative.pk])


def removal(initiative, file):
    return reverse("governance:intake_attachment_remove", args=[initiative.pk, file.key])


@pytest.fixture
def draft(world):
    return stories.draft(world.home)


@pytest.fixture
def author(as_role):
    return as_role(Role.EMPLOYEE)


def keep(initiative, world, name="notat.pdf", **options):
    return attach(
        initiative,
        SimpleUploadedFile(name, PDF),
        by=world.home.actor(Role.EMPLOYEE),
        now=timezone.now(),
        **options,
    )


# --- Uploading ---------------------------------------------------------------------------------------
def test_upload_files__several_at_once(author, draft):
    files = [
        SimpleUploadedFile("notat.pdf", PDF),
        SimpleUploadedFile("Kost–nytte ŋ 🩺.txt", "Ærlig talt".encode()),
    ]
    answer = author.post(page_of(draft), {"files": files}, follow=True)
    assert "2 filer er lagt ved." in answer.content.decode()
    assert [file.name for file in attachments_of(draft)] == ["notat.pdf", "Kost–nytte ŋ 🩺.txt"]


def test_upload_files__refused_one_leaves_the_rest(author, draft):
    files = [
        SimpleUploadedFile("notat.pdf", PDF),
        SimpleUploadedFile("program.pdf", b"MZ\x90\0 this program"),
        SimpleUploadedFile("side.html", b"<script>alert(1)</script>"),
        SimpleUploadedFile("tom.txt", b""),
        SimpleUploadedFile("<b>fet</b>.pdf", b"MZ\x90\0 this program"),
    ]
    answer = author.post(page_of(draft), {"files": files})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "1 fil er lagt ved." in page
    assert all(name in page for name in ("program.pdf", "side.html", "tom.txt"))
    assert "<b>fet" not in page
    assert [file.name for file in attachments_of(draft)] == ["notat.pdf"]


def test_upload_files__too_large_is_told_by_name(author, draft, settings):
    settings.ATTACHMENT_MAX_BYTES = 1024
    files = [SimpleUploadedFile("stor.txt", b"x" * 2000), SimpleUploadedFile("liten.txt", b"x")]
    answer = author.post(page_of(draft), {"files": files})
    assert answer.status_code == 422
    assert "«stor.txt» er større enn" in answer.content.decode()
    assert [file.name for file in attachments_of(draft)] == ["liten.txt"]


def test_upload_files__far_too_large_is_refused_unread(author, draft, settings, monkeypatch):
    settings.ATTACHMENT_MAX_BYTES = 1024
    monkeypatch.setattr(file_views, "MEGABYTE", 1024)
    answer = author.post(page_of(draft), {"files": [SimpleUploadedFile("film.txt", b"x" * 10_000)]})
    assert answer.status_code == 413
    assert "Last opp færre eller mindre filer" in answer.content.decode()
    assert not attachments_of(draft)


def test_upload_files__needs_the_token(client, draft, world):
    client.handler.enforce_csrf_checks = True
    client.force_login(world.home.person(Role.EMPLOYEE))
    answer = client.post(page_of(draft), {"files": [SimpleUploadedFile("notat.pdf", PDF)]})
    assert answer.status_code == 403
    assert not attachments_of(draft)


def test_upload_files__none_chosen(author, draft):
    answer = author.post(page_of(draft), {"upload": "1"})
    assert answer.status_code == 422
    assert "Velg minst én fil først." in answer.content.decode()


def test_upload_files__most_there_is_room_for(author, draft, monkeypatch, world):
    monkeypatch.setattr(file_rules, "MOST_FILES", 1)
    keep(draft, world)
    answer = author.post(page_of(draft), {"files": [SimpleUploadedFile("til.pdf", PDF)]})
    assert answer.status_code == 422
    assert "Det er plass til 1 filer" in answer.content.decode()


def test_upload_files__who_may(as_role, draft, world):
    sent = {"files": [SimpleUploadedFile("notat.pdf", PDF)]}
    assert as_role(Role.LEADER).post(page_of(draft), sent).status_code == 404
    sent_in = stories.awaiting_endorsement(world.home)
    assert as_role(Role.SECTOR_LEADER).post(page_of(sent_in), sent).status_code == 403
    assert as_role(Role.EMPLOYEE).post(page_of(sent_in), sent).status_code == 302
    assert not attachments_of(sent_in)


# --- Removing -------------------------------------------------------------------------------------------
def test_remove_file(author, draft, world):
    file = keep(draft, world)
    answer = author.post(removal(draft, file), follow=True)
    assert "«notat.pdf» er fjernet." in answer.content.decode()
    assert not attachments_of(draft)
    assert author.post(removal(draft, file)).status_code == 404


def test_remove_file__of_another_case_is_not_found(author, draft, world):
    other = keep(stories.draft(world.home, title="En annen"), world)
    assert author.post(removal(draft, other)).status_code == 404
    assert author.get(removal(draft, other)).status_code == 405


# --- Reading -----------------------------------------------------------------------------------------------
def status_of(client, file):
    answer = client.get(reverse("core:attachment", args=[file.key]))
    for close in answer._resource_closers:  # answer.close() would close the connection of the test too
        close()
    return answer.status_code


def test_open_file__who_may(as_role, world):
    sent_in = stories.draft(world.home)
    open_file, shielded = keep(sent_in, world), keep(sent_in, world, name="skjermet.pdf", is_shielded=True)
    initiative_workflow.perform("submit", sent_in, by=world.home.actor(Role.EMPLOYEE), now=timezone.now())
    expected = {
        Role.EMPLOYEE: (200, 200), Role.SECRETARIAT: (200, 200), Role.COUNCIL_MEMBER: (200, 200),
        Role.SECTOR_LEADER: (200, 200), Role.LEADER: (200, 404), Role.HR: (404, 404), Role.ADMINISTRATOR: (404, 404),
    }  # fmt: skip
    for role, codes in expected.items():
        client = as_role(role)
        got = tuple(status_of(client, file) for file in (open_file, shielded))
        assert got == codes, role
    assert status_of(as_role(Role.SECRETARIAT, world.neighbor), open_file) == 404


def test_list_files__asks_once_however_many(draft, world, django_assert_max_num_queries):
    for number in range(5):
        keep(draft, world, name=f"{number}.pdf", is_shielded=bool(number % 2))
    draft = Initiative.objects.get(pk=draft.pk)
    actor = world.home.actor(Role.EMPLOYEE)
    with django_assert_max_num_queries(4):
        assert len(readable_attachments(draft, actor)) == 5


def test_attach__secretariat_may_while_it_prepares(world):
    case = stories.under_preparation(world.home)
    file = attach(
        case, SimpleUploadedFile("a.pdf", PDF), by=world.home.actor(Role.COORDINATOR), now=timezone.now()
    )
    assert file.name == "a.pdf"


# --- Shielding -----------------------------------------------------------------------------------------------
def test_shield_case__needs_a_public_title(author, draft):
    answer = author.post(page_of(draft), {"shield": "1", "shield_basis": "offl_24", "public_title": ""})
    assert answer.status_code == 422
    assert "Skriv en tittel som ikke røper" in answer.content.decode()
    answer = author.post(
        page_of(draft), {"shield": "1", "shield_basis": "offl_24", "public_title": "Vaktplan"}, follow=True
    )
    assert "Skjermingen er lagret." in answer.content.decode()
    assert "Skjerm filene" in answer.content.decode()
    draft.refresh_from_db()
    assert (draft.shield_basis, draft.card_title) == ("offl_24", "Vaktplan")


@pytest.mark.parametrize("basis", ["offl_99", "fritekst", "\0"])
def test_shield_case__basis_is_from_the_list(author, draft, basis):
    answer = author.post(page_of(draft), {"shield": "1", "shield_basis": basis, "public_title": "Vaktplan"})
    assert answer.status_code == 422
    assert not Initiative.objects.get(pk=draft.pk).is_shielded


def test_open_files__needs_few_queries(author, draft, world, django_assert_max_num_queries):
    for number in range(4):
        keep(draft, world, name=f"{number}.pdf")
    author.get(page_of(draft))
    with django_assert_max_num_queries(12):
        author.get(page_of(draft))


def test_open_file__of_a_case_that_was_shielded_later(author, draft, world, as_role):
    """What was uploaded while the case was open is closed with it, and every opening is logged."""
    file = attach(
        draft, SimpleUploadedFile("notat.pdf", PDF), by=world.home.actor(Role.EMPLOYEE), now=timezone.now()
    )
    sent = initiative_workflow.perform(
        "submit", draft, by=world.home.actor(Role.EMPLOYEE), now=timezone.now()
    )
    shielded = {
        "shield_basis": "offl_13",
        "public_title": "Tiltak i helse",
        "papers_published_at": timezone.now(),
    }
    Initiative.objects.filter(pk=sent.pk).update(**shielded)
    address = reverse("core:attachment", args=[file.key])
    assert as_role(Role.HR).get(address).status_code == 404
    assert not AccessLog.objects.exists()
    opened = as_role(Role.SECRETARIAT).get(address)
    assert b"".join(opened.streaming_content) == PDF
    for close in opened._resource_closers:  # response.close() would end the connection of the test
        close()
    assert AccessLog.objects.get().what == f"attachment:{file.pk}"
