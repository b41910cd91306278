"""Files of an answer: given with it, read by whoever reads it, filed and forgotten with it."""

from __future__ import annotations

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from archive.models import ArchiveMessage
from core.actors import System
from core.attachments import attachments_of, open_for
from core.models import AccessLog, Attachment
from core.retention import Order, erase, forget
from core.workflow import TransitionBlocked
from governance import case_papers
from governance.filing.history import CASES
from governance.hearings import files as answers
from governance.hearings import stand_ins
from governance.models import Hearing, Initiative
from governance.operations import publish_papers
from governance.views.loading import hearings_with_people
from organization.roles import Role
from tests import stories
from tests.api.clients import machine
from tests.governance.test_hearing_answers import answer_url, ask, ask_url, fresh
from tests.governance.test_intake_files import PDF
from tests.governance.test_stand_ins import SHIELDED

pytestmark = pytest.mark.usefixtures("own_media")
NOW = timezone.now


def pdf(name="vurdering.pdf"):
    return SimpleUploadedFile(name, PDF)


def removal(hearing, file):
    return reverse("governance:hearing_file_remove", args=[hearing.pk, file.key])


@pytest.fixture
def hearing(world):
    return ask(world.home, Role.HR)[0]


def give(hearing, world, *uploads, role=Role.HR, place=None):
    answers.answer_with_files(
        fresh(hearing), uploads or [pdf()], by=(place or world.home).actor(role), now=NOW(), position="remarks",
        answer="Se vedlegget.",
    )  # fmt: skip
    return attachments_of(hearing)


def opened(client, url):
    """Return the code of a file's address, and read the file to its end."""
    response = client.get(url)
    if response.streaming:
        assert b"".join(response.streaming_content)
    return response.status_code


def filed(hearing):
    message = ArchiveMessage.objects.filter(kind="hearing").latest("pk")
    return str(message.content)


# --- Giving -------------------------------------------------------------------------------------------
def test_answer_hearing__keeps_the_files_and_lists_them_where_the_answer_stands(world, as_role, hearing):
    data = {"position": "no_remarks", "answer": "", "stamp": "", "uploads": [pdf(), pdf("Kost–nytte.pdf")]}
    client = as_role(Role.HR)
    assert client.post(answer_url(hearing), data).status_code == 302
    one, two = attachments_of(hearing)
    assert (one.name, two.name) == ("vurdering.pdf", "Kost–nytte.pdf")
    assert removal(hearing, one) in client.get(answer_url(hearing)).content.decode()
    case = hearing.initiative
    stories.write_paper(Initiative.objects.get(pk=case.pk), world.home)
    client = as_role(Role.COORDINATOR)
    for url in (
        ask_url(hearing), f"{case.get_absolute_url()}?vis=behandling",
        reverse("governance:initiative_case_paper", args=[case.pk]),
    ):  # fmt: skip
        page = client.get(url).content.decode()
        assert reverse("core:attachment", args=[one.key]) in page, url
        assert removal(hearing, one) not in page
    assert opened(client, reverse("core:attachment", args=[one.key])) == 200


def test_case_paper__names_the_files_of_answers_among_the_attachments(world, hearing):
    give(hearing, world)
    case = Initiative.objects.prefetch_related(hearings_with_people()).get(pk=hearing.initiative_id)
    stories.write_paper(case, world.home)
    answers.load_files(case.hearings.all())
    data = case_papers.pdf_data(case, case.case_paper, [])
    assert data["attachments"] == ["vurdering.pdf (uttalelse fra HR)"]


def test_file_case_paper__names_the_files_of_answers(world, hearing):
    give(hearing, world)
    case = Initiative.objects.get(pk=hearing.initiative_id)
    stories.write_paper(case, world.home)
    publish_papers(Initiative.objects.get(pk=case.pk), now=NOW())
    message = ArchiveMessage.objects.get(kind="case_paper")
    assert "vurdering.pdf (uttalelse fra HR)" in str(message.content)


def test_answer_hearing__refused_file_leaves_the_rest_and_the_answer(world, as_role, hearing):
    uploads = [
        pdf(),
        SimpleUploadedFile("program.pdf", b"MZ\x90\0 this program"),
        SimpleUploadedFile("tom.txt", b""),
    ]
    data = {"position": "remarks", "answer": "Se her.", "stamp": "", "uploads": uploads}
    page = as_role(Role.HR).post(answer_url(hearing), data, follow=True).content.decode()
    assert [file.name for file in attachments_of(hearing)] == ["vurdering.pdf"]
    assert fresh(hearing).is_answered
    assert "program.pdf" in page
    assert "tom.txt" in page


def test_answer_hearing__takes_no_more_files_than_there_is_room_for(world, hearing):
    most = answers.MOST_FILES
    give(hearing, world, *(pdf(f"{n}.pdf") for n in range(most)))
    _row, refused = answers.answer_with_files(
        fresh(hearing), [pdf("en-til.pdf")], by=world.home.actor(Role.HR), now=NOW(), position="no_remarks"
    )
    assert len(attachments_of(hearing)) == most
    assert f"Det er plass til {most} filer" in refused[0]


def test_answer_hearing__wrongly_filled_in_keeps_no_file(world, as_role, hearing):
    data = {"position": "against", "answer": "", "stamp": "", "uploads": [pdf()]}
    assert as_role(Role.HR).post(answer_url(hearing), data).status_code == 422
    assert not Attachment.objects.exists()


def test_answer_hearing__stale_keeps_no_file(world, as_role, hearing):
    give(hearing, world)
    data = {"position": "against", "answer": "Nei.", "stamp": "2020-01-01", "uploads": [pdf("ny.pdf")]}
    assert as_role(Role.HR).post(answer_url(hearing), data).status_code == 409
    assert [file.name for file in attachments_of(hearing)] == ["vurdering.pdf"]


def test_answer_hearing__of_somebody_else_is_not_added_to(world, hearing):
    stand_ins.name_stand_in(
        fresh(hearing), person=world.home.person(Role.CHANGE_AGENT), by=world.home.actor(Role.HR), now=NOW()
    )
    give(hearing, world, role=Role.CHANGE_AGENT)
    with pytest.raises(TransitionBlocked, match="har alt svart"):
        give(hearing, world, pdf("ny.pdf"))


# --- Reading ------------------------------------------------------------------------------------------
def test_open_file__is_for_those_who_read_the_answer(world, as_role, hearing):
    (file,) = give(hearing, world)
    url = reverse("core:attachment", args=[file.key])
    for role, place, code in (
        (Role.HR, world.home, 200), (Role.COUNCIL_MEMBER, world.home, 200), (Role.PROJECT_MANAGER, world.home, 404),
        (Role.HR, world.neighbor, 404), (Role.SECRETARIAT, world.neighbor, 404), (Role.SECRETARIAT, world.stranger, 404),
    ):  # fmt: skip
        assert opened(as_role(role, place), url) == code, (role, place)


def test_open_file__of_a_shielded_case_is_closed_to_a_colleague_in_the_role_and_logged(world, as_role):
    """The region's HR could answer, and so sees the question; the answer of others is not theirs to read."""
    (hearing,) = ask(world.home, Role.HR, **SHIELDED)
    (file,) = give(hearing, world)
    url = reverse("core:attachment", args=[file.key])
    assert as_role(Role.HR, world.region).get(url).status_code == 404
    assert as_role(Role.LEADER).get(url).status_code == 404
    before = AccessLog.objects.count()
    assert opened(as_role(Role.SECRETARIAT), url) == 200
    assert AccessLog.objects.count() == before + 1
    with pytest.raises(Http404):
        open_for(file.key, world.region.actor(Role.HR))


# --- Removing -----------------------------------------------------------------------------------------
def test_remove_file__from_ones_own_answer_files_it_anew_without(world, as_role, hearing):
    one, two = give(hearing, world, pdf(), pdf("to.pdf"))
    assert one.name in filed(hearing)
    assert as_role(Role.COORDINATOR).post(removal(hearing, one)).status_code == 404
    assert as_role(Role.HR, world.neighbor).post(removal(hearing, one)).status_code == 404
    client = as_role(Role.HR)
    assert client.post(removal(hearing, one))["Location"] == answer_url(hearing)
    assert attachments_of(hearing) == [two]
    assert one.name not in filed(hearing)
    assert client.post(removal(hearing, one)).status_code == 404
    history = as_role(Role.COORDINATOR).get(hearing.initiative.get_absolute_url(), {"vis": "historikk"})
    assert "Vedlegg til høringssvar fjernet" in history.content.decode()


def test_remove_file__when_the_hearing_is_over_is_refused(world, as_role, hearing):
    (file,) = give(hearing, world)
    Initiative.objects.filter(pk=hearing.initiative_id).update(status="ready_for_council")
    assert as_role(Role.HR).post(removal(hearing, file)).status_code == 409
    assert attachments_of(hearing) == [file]


# --- The archive, and forgetting ----------------------------------------------------------------------
def test_history__drafts_each_answer_with_the_files_it_had(world, hearing):
    (one,) = give(hearing, world)
    give(hearing, world, pdf("to.pdf"))
    answers.remove_file(fresh(hearing), one.key, by=world.home.actor(Role.HR), now=NOW())
    (source,) = (one for one in CASES if one.kind == "hearing")
    rows = source.happened(world.home.municipality.pk).order_by("answered_at")
    drafts = [str(source.draft(row, {}).filing) for row in rows]
    assert [("vurdering.pdf" in text, "to.pdf" in text) for text in drafts] == [
        (True, False),
        (True, True),
        (False, True),
    ]


def test_forget__a_case_takes_the_files_of_its_answers(world, hearing, django_capture_on_commit_callbacks):
    (file,) = give(hearing, world)
    stays = give(ask(world.neighbor, Role.HR)[0], world, place=world.neighbor)[0]
    with django_capture_on_commit_callbacks(execute=True):
        forget(hearing.initiative, columns=["title"], legal_basis="lov", by=System("retention"), now=NOW())
    assert not default_storage.exists(file.file.name)
    assert not attachments_of(hearing)
    assert default_storage.exists(stays.file.name)


def test_erase__a_case_takes_the_files_of_its_answers(world, hearing, django_capture_on_commit_callbacks):
    (file,) = give(hearing, world)
    order = Order(legal_basis="lov", by=System("retention"), now=NOW(), decision="Vedtak 1")
    with django_capture_on_commit_callbacks(execute=True):
        erase([Hearing.objects.get(pk=hearing.pk)], order)
    assert not default_storage.exists(file.file.name)
    assert not Attachment.objects.filter(pk=file.pk).exists()


# --- What it costs ------------------------------------------------------------------------------------
def test_pages__cost_at_most_twelve_with_many_files(world, as_role, django_assert_max_num_queries):
    roles = [Role.HR, Role.ARCHIVIST, Role.IKT_LEADER, Role.ENTERPRISE_ARCHITECT]
    rows = ask(world.home, *roles)
    for row, role in zip(rows, roles, strict=True):
        give(row, world, pdf("a.pdf"), pdf("b.pdf"), role=role)
    case = Initiative.objects.get(pk=rows[0].initiative_id)
    stories.write_paper(case, world.home)
    for role, url in (
        (Role.COORDINATOR, ask_url(rows[0])), (Role.HR, answer_url(rows[0])),
        (Role.COUNCIL_MEMBER, f"{case.get_absolute_url()}?vis=behandling"),
        (Role.COUNCIL_MEMBER, reverse("governance:initiative_case_paper", args=[case.pk])),
    ):  # fmt: skip
        client = as_role(role)
        client.get(url)
        with django_assert_max_num_queries(12):
            assert client.get(url).status_code == 200


# --- Clients ----------------------------------------------------------------------------------------------
def test_read_files__by_a_client_that_reads_the_papers_of_the_case(world, hearing):
    (file,) = give(hearing, world)
    address = f"/attachments/?of=hearings&id={hearing.pk}"
    publish_papers(fresh(hearing).initiative, now=NOW())
    reader = machine(world.home, "attachments:read", "initiatives:read", "papers:read", name="Leser")
    [row] = reader.get(address).json()["results"]
    assert row["key"] == str(file.key)
    assert machine(world.home, "attachments:read", name="Bare filer").get(address).status_code == 403
    outside = machine(world.neighbor, "attachments:read", "initiatives:read", "papers:read", name="Andre")
    assert outside.get(address).status_code == 404
