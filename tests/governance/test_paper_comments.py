"""Comments on the sections of a case paper: who writes and sees them, what settles them, and that they never go out."""

from __future__ import annotations

import pytest
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from core.actors import System
from core.history import timeline
from core.models import Mail, Notice
from core.retention import forget
from core.workflow import TransitionBlocked, TransitionDenied
from governance import paper_comments, paper_writing
from governance.models import CasePaper, Initiative, PaperComment
from governance.paper_sections import kind_of
from governance.paper_writing import Typed
from governance.workflow import meeting_workflow
from organization.roles import Role
from tests import stories

KEY = "background"
KIND = kind_of(KEY)
TEXT = "Her mangler tallene fra 2025."


@pytest.fixture
def case(place):
    return stories.under_preparation(place)


@pytest.fixture
def url(case):
    return reverse("governance:paper_comments", args=[case.pk, KEY])


def comment(case, place, role=Role.COUNCIL_MEMBER, text=TEXT, version=0):
    return paper_comments.write_comment(
        case, KIND, text=text, version=version, by=place.actor(role), now=timezone.now()
    )


def write(case, place, text="Bakgrunnen."):
    paper = CasePaper.objects.filter(initiative=case).first() or CasePaper(initiative=case)
    typed = Typed(text=text, version=paper_writing.standing(paper, KIND).version)
    by = place.actor(Role.COORDINATOR)
    return paper_writing.save_section(case, KIND, typed, by=by, now=timezone.now())


# --- Who ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.COUNCIL_MEMBER, 200), (Role.COUNCIL_LEADER, 200), (Role.SECRETARIAT, 200), (Role.COORDINATOR, 200),
        (Role.EMPLOYEE, 403), (Role.LEADER, 403), (Role.SERVICE_OWNER, 403), (Role.ADMINISTRATOR, 403),
    ],
)  # fmt: skip
def test_page__is_for_those_who_write_and_those_who_decide(case, place, url, as_role, role, status):
    written = comment(case, place)
    assert as_role(role).get(url).status_code == status
    seen = PaperComment.objects.visible_to(place.actor(role)).filter(pk=written.pk).exists()
    assert seen == (status == 200)


def test_page__of_another_municipality_is_not_found(case, world, url, client):
    comment(case, world.home)
    for other in (world.neighbor, world.stranger):
        client.force_login(other.person(Role.SECRETARIAT))
        assert client.get(url).status_code == 404
        assert client.post(url, {"text": TEXT}).status_code == 404
        assert not PaperComment.objects.visible_to(other.actor(Role.SECRETARIAT)).exists()


def test_write_comment__by_who_neither_writes_nor_decides_is_denied(case, place):
    with pytest.raises(TransitionDenied):
        comment(case, place, Role.EMPLOYEE)
    assert not PaperComment.objects.exists()


# --- Write, change, settle, open again ---------------------------------------------------------------------
def test_page__written_changed_settled_and_opened_again(case, place, url, as_role):
    write(case, place)
    member = as_role(Role.COUNCIL_MEMBER)
    assert member.post(url, {"text": TEXT, "version": "1"}).status_code == 302
    row = PaperComment.objects.get()
    assert (row.text, row.version, row.written_by) == (TEXT, 1, place.person(Role.COUNCIL_MEMBER))
    page = member.get(url).content.decode()
    assert TEXT in page
    assert "om versjon 1" in page
    assert "Bakgrunnen." in page
    assert "Lagre endringen" in member.get(url, {"endre": row.pk}).content.decode()
    member.post(url, {"text": "Her mangler også kilden.", "comment": row.pk})
    row.refresh_from_db()
    assert row.text == "Her mangler også kilden."
    secretary = as_role(Role.SECRETARIAT)
    secretary.post(url, {"do": "settle", "comment": row.pk})
    row.refresh_from_db()
    assert (row.is_settled, row.settled_by) == (True, place.person(Role.SECRETARIAT))
    assert "1 løst kommentar" in secretary.get(url).content.decode()
    secretary.post(url, {"do": "reopen", "comment": row.pk})
    row.refresh_from_db()
    assert (row.is_settled, row.settled_by) == (False, None)
    told = [line.action for line in timeline(case)]
    assert {"comment_paper", "change_comment", "settle_comment", "reopen_comment"} <= set(told)


def test_write_comment__sent_twice_is_one(case, place):
    assert comment(case, place) == comment(case, place)
    assert PaperComment.objects.count() == 1
    assert comment(case, place, text="Noe annet.") != comment(case, place, Role.COUNCIL_LEADER)


def test_write_comment__of_a_version_nobody_has_written_is_of_the_one_that_stands(case, place):
    write(case, place)
    assert comment(case, place, version=99).version == 1


def test_change_comment__of_somebody_else_is_not_found_and_a_settled_one_is_refused(case, place):
    row, now = comment(case, place), timezone.now()
    with pytest.raises(Http404):
        paper_comments.change_comment(row, text="Nytt", by=place.actor(Role.SECRETARIAT), now=now)
    paper_comments.settle_comment(row, by=place.actor(Role.SECRETARIAT), now=now)
    with pytest.raises(TransitionBlocked):
        paper_comments.change_comment(row, text="Nytt", by=place.actor(Role.COUNCIL_MEMBER), now=now)
    row.refresh_from_db()
    assert row.text == TEXT


@pytest.mark.parametrize("sent", [{"text": ""}, {"text": "a" * 2001}, {"text": "   "}, {}])
def test_page__text_that_cannot_be_kept_stands_in_the_form(case, url, as_role, sent):
    page = as_role(Role.COUNCIL_MEMBER).post(url, sent)
    assert page.status_code == 422
    assert sent.get("text", "").strip() in page.content.decode()
    assert not PaperComment.objects.exists()


@pytest.mark.parametrize("which", ["0", "-1", "abc", str(2**70), ""])
@pytest.mark.parametrize("do", ["settle", "reopen", ""])
def test_page__comment_that_is_not_there_is_not_found(case, place, url, as_role, which, do):
    comment(case, place)
    page = as_role(Role.COUNCIL_MEMBER).post(url, {"do": do, "comment": which, "text": "Noe"})
    assert page.status_code == 404
    assert as_role(Role.COUNCIL_MEMBER).get(url, {"endre": which}).status_code == 200


def test_page__comment_of_another_section_is_not_found(case, place, url, as_role):
    row = comment(case, place)
    other = reverse("governance:paper_comments", args=[case.pk, "risk"])
    assert as_role(Role.SECRETARIAT).post(other, {"do": "settle", "comment": row.pk}).status_code == 404


# --- What it leads to ----------------------------------------------------------------------------------------
def test_write_comment__tells_the_case_handler_and_those_who_wrote_there_and_not_the_writer(case, place):
    write(case, place)
    comment(case, place, Role.COUNCIL_LEADER, text="Først.")
    Notice.objects.all().delete()
    row = comment(case, place)
    told = Notice.objects.filter(event__startswith=f"paper_comment_{row.pk}")
    expected = {case.case_handler, place.person(Role.COORDINATOR), place.person(Role.COUNCIL_LEADER)}
    assert {notice.recipient for notice in told} == expected
    assert all(TEXT not in f"{notice.title} {notice.body}" for notice in told)


def test_pages__tell_how_many_are_open(case, place, as_role):
    write(case, place)
    comment(case, place)
    edit = as_role(Role.SECRETARIAT).get(reverse("governance:initiative_case_paper_edit", args=[case.pk]))
    section = as_role(Role.SECRETARIAT).get(reverse("governance:paper_section_edit", args=[case.pk, KEY]))
    paper = as_role(Role.COUNCIL_MEMBER).get(reverse("governance:initiative_case_paper", args=[case.pk]))
    for page in (edit, section, paper):
        assert "1 åpen kommentar" in page.content.decode()
        assert TEXT not in page.content.decode()


def test_comments__do_not_go_out_with_the_papers_and_are_closed_then(place, as_role):
    at = stories.meeting(place)
    case = stories.on_agenda(place, at)
    row = comment(case, place)
    meeting_workflow.perform("summon", at, by=place.actor(Role.SECRETARIAT), now=timezone.now())
    with pytest.raises(TransitionBlocked):
        comment(case, place, text="For sent.")
    with pytest.raises(TransitionBlocked):
        paper_comments.settle_comment(row, by=place.actor(Role.SECRETARIAT), now=timezone.now())
    url = reverse("governance:paper_comments", args=[case.pk, KEY])
    page = as_role(Role.COUNCIL_MEMBER).post(url, {"text": "For sent, men ikke borte."})
    assert page.status_code == 409
    assert (
        "For sent, men ikke borte." in page.content.decode()
        or "Kommentaren er ikke lagret" in page.content.decode()
    )
    for role in (Role.EMPLOYEE, Role.COUNCIL_MEMBER):
        paper = as_role(role).get(reverse("governance:initiative_case_paper", args=[case.pk]))
        assert TEXT not in paper.content.decode()
    assert TEXT not in str(list(CasePaper.objects.filter(initiative=case).values("published")))


def test_shielded__only_for_those_who_read_it_and_nothing_in_notice_or_mail(place, as_role):
    case = stories.under_preparation(place, shield_basis="offl13", public_title="Et system")
    by = place.actor(Role.SECRETARIAT)
    paper_comments.write_comment(case, KIND, text=TEXT, version=0, by=by, now=timezone.now())
    seen = {role for role in (Role.LEADER, Role.COUNCIL_MEMBER, Role.SECRETARIAT) if PaperComment.objects.visible_to(place.actor(role)).exists()}  # fmt: skip
    reading = {role for role in (Role.LEADER, Role.COUNCIL_MEMBER, Role.SECRETARIAT) if Initiative.objects.read_in_full_by(place.actor(role)).filter(pk=case.pk).exists()}  # fmt: skip
    assert seen == reading - {Role.LEADER}
    words = str(list(Notice.objects.values("title", "body"))) + str(list(Mail.objects.values()))
    assert TEXT not in words
    assert case.title not in words


def test_forget_comment__in_every_version(case, place):
    row = comment(case, place, text="Fru Ødegård sa dette.")
    by = place.actor(Role.COUNCIL_MEMBER)
    paper_comments.change_comment(row, text="Fru Ødegård sa noe annet.", by=by, now=timezone.now())
    forget(row, columns=["text"], legal_basis="lov", by=System("retention"), now=timezone.now())
    kept = PaperComment.pgh_event_model.objects.filter(pgh_obj_id=row.pk)
    assert {event.text for event in kept} == {"[fjernet]"}


def test_page__same_number_of_statements_for_many(case, place, url, as_role, django_assert_max_num_queries):
    write(case, place)
    for number in range(12):
        row = comment(case, place, text=f"Kommentar {number}")
        if number % 2:
            paper_comments.settle_comment(row, by=place.actor(Role.SECRETARIAT), now=timezone.now())
    client = as_role(Role.COUNCIL_MEMBER)
    client.get(url)
    with django_assert_max_num_queries(12):
        client.get(url)
