"""The case paper: who reads it and when, how it is written, and the PDF."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import AccessLog
from governance.models import CasePaper
from governance.workflow import initiative_workflow, meeting_workflow
from organization.roles import Role
from tests import stories

TEXTS = {name: f"Tekst om {name}." for name in CasePaper.SECTIONS}
PAGES = ("initiative_case_paper", "initiative_case_paper_pdf")


def url_of(case, name: str = "initiative_case_paper_edit") -> str:
    return reverse(f"governance:{name}", args=[case.pk])


def posted(version: int, **texts: str) -> dict[str, str]:
    return {**TEXTS, **texts, "version": str(version)}


@pytest.mark.parametrize("name", PAGES)
def test_read_paper__before_papers_are_out_is_for_council_and_secretariat(world, as_role, name):
    case = stories.on_agenda(world.home)
    for role in (Role.SECRETARIAT, Role.COUNCIL_MEMBER, Role.COORDINATOR):
        assert as_role(role).get(url_of(case, name)).status_code == 200
    for role in (Role.EMPLOYEE, Role.SECTOR_LEADER, Role.HR, Role.PORTFOLIO_MANAGER):
        assert as_role(role).get(url_of(case, name)).status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_read_paper__after_papers_are_out_is_for_everyone_at_home(world, as_role, name):
    meeting = stories.meeting(world.home)
    case = stories.on_agenda(world.home, meeting)
    meeting_workflow.perform("summon", meeting, by=world.home.actor(Role.SECRETARIAT), now=timezone.now())
    for role in (Role.EMPLOYEE, Role.HR, Role.ELECTED_REPRESENTATIVE):
        assert as_role(role).get(url_of(case, name)).status_code == 200
    assert as_role(Role.SECRETARIAT, world.neighbor).get(url_of(case, name)).status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_read_paper__of_a_shielded_case_stays_closed_and_is_logged(world, as_role, name):
    meeting = stories.meeting(world.home)
    case = stories.on_agenda(world.home, meeting, shield_basis="offl_24", public_title="Sikringstiltak")
    meeting_workflow.perform("summon", meeting, by=world.home.actor(Role.SECRETARIAT), now=timezone.now())
    assert as_role(Role.HR).get(url_of(case, name)).status_code == 404
    assert as_role(Role.COUNCIL_MEMBER).get(url_of(case, name)).status_code == 200
    assert AccessLog.objects.get().person == world.home.person(Role.COUNCIL_MEMBER)


def test_send_pdf__is_one(world, as_role):
    case = stories.on_agenda(world.home, affects_staff="yes", title="#panic(1) *x* $y$ <b>Áŋ</b>")
    response = as_role(Role.SECRETARIAT).get(url_of(case, "initiative_case_paper_pdf"))
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'inline; filename="saksframlegg-{case.number}.pdf"'
    assert response.content.startswith(b"%PDF-")


def test_read_paper__that_is_not_written(world, as_role):
    case = stories.under_preparation(world.home)
    for name in PAGES:
        assert as_role(Role.SECRETARIAT).get(url_of(case, name)).status_code == 404


def test_begin_paper__from_what_the_intake_says(world, as_role):
    case = stories.under_preparation(world.home)
    page = as_role(Role.COORDINATOR).get(url_of(case)).content.decode()
    assert "I dag skrives alt to ganger." in page
    assert "Nullalternativet: Vi fortsetter å skrive alt to ganger." in page
    assert "Mindre dobbeltarbeid" in page
    assert "Klar for rådet?" in page
    assert not CasePaper.objects.exists()


def test_write_paper__saves_and_meets_the_checklist(world, as_role):
    case = stories.under_preparation(world.home)
    client = as_role(Role.COORDINATOR)
    assert client.post(url_of(case), posted(0)).status_code == 302
    paper = CasePaper.objects.get()
    assert (paper.recommendation, paper.version) == (TEXTS["recommendation"], 1)
    assert paper.written_by == world.home.person(Role.COORDINATOR)
    page = client.get(url_of(case))
    assert not [check for check in page.context["checks"] if check.reason]
    assert reverse("governance:initiative_transition", args=[case.pk, "mark_ready"]) in page.content.decode()


def test_write_paper__by_htmx_stays_and_gives_the_new_version(world, as_role):
    case = stories.under_preparation(world.home)
    response = as_role(Role.COORDINATOR).post(url_of(case), posted(0), headers={"HX-Request": "true"})
    assert response.status_code == 200
    part = response.content.decode()
    assert 'name="version" id="id_version" value="1" hx-swap-oob="true"' in part
    assert 'id="sjekkliste"' in part
    assert "<html" not in part


def test_write_paper__from_two_windows_loses_nothing(world, as_role):
    case = stories.under_preparation(world.home)
    client = as_role(Role.COORDINATOR)
    client.post(url_of(case), posted(0, summary="Første."))
    response = client.post(url_of(case), posted(0, summary="Andre."))
    assert response.status_code == 409
    page = response.content.decode()
    assert "Andre.</textarea>" in page
    assert "Første." in page
    assert CasePaper.objects.get().summary == "Første."
    assert response.context["version"] == 1
    unseen = client.post(url_of(case), posted(0, summary="Andre."), headers={"HX-Request": "true"})
    assert unseen.status_code == 409
    assert "Trykk «Lagre», så ser du begge tekstene." in unseen.content.decode()
    assert client.post(url_of(case), posted(1, summary="Sammen.")).status_code == 302
    assert CasePaper.objects.get().summary == "Sammen."


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30, "1\x00"])
def test_write_paper__with_a_broken_version_is_a_conflict(world, as_role, version):
    case = stories.under_preparation(world.home)
    client = as_role(Role.COORDINATOR)
    client.post(url_of(case), posted(0))
    assert client.post(url_of(case), {**TEXTS, "version": version}).status_code == 409
    assert CasePaper.objects.get().version == 1


def test_write_paper__too_long_text_is_kept_and_explained(world, as_role):
    case = stories.under_preparation(world.home)
    response = as_role(Role.COORDINATOR).post(url_of(case), posted(0, summary="å" * 1600))
    assert response.status_code == 422
    page = response.content.decode()
    assert "høyst 1500 tegn" in page.replace("\xa0", "")
    assert "å" * 1600 in page
    assert not CasePaper.objects.exists()


def test_write_paper__keeps_html_and_emoji_as_text(world, as_role):
    case = stories.under_preparation(world.home)
    client = as_role(Role.COORDINATOR)
    client.post(url_of(case), posted(0, background="<script>alert(1)</script> 🎉 čáŋ"))
    page = client.get(url_of(case, "initiative_case_paper")).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; 🎉 čáŋ" in page


@pytest.mark.parametrize("role", [Role.EMPLOYEE, Role.SECTOR_LEADER, Role.COUNCIL_LEADER, Role.ADMINISTRATOR])
def test_write_paper__is_for_the_secretariat(world, as_role, role):
    case = stories.under_preparation(world.home)
    client = as_role(role)
    assert client.get(url_of(case)).status_code == 403
    assert client.post(url_of(case), posted(0)).status_code == 403


def test_write_paper__after_papers_are_out_is_refused_and_keeps_the_text(world, as_role):
    meeting = stories.meeting(world.home)
    case = stories.on_agenda(world.home, meeting)
    client = as_role(Role.SECRETARIAT)
    assert client.post(url_of(case), posted(1)).status_code == 302
    meeting_workflow.perform("summon", meeting, by=world.home.actor(Role.SECRETARIAT), now=timezone.now())
    response = client.post(url_of(case), posted(2, summary="For sent."))
    assert response.status_code == 409
    page = response.content.decode()
    assert "Papirene er sendt til rådet" in page
    assert "For sent.</textarea>" in page
    assert CasePaper.objects.get().version == 2


def test_write_paper__of_a_postponed_case_is_open_again(world, as_role):
    case = stories.decided(world.home, "postpone")
    assert as_role(Role.SECRETARIAT).post(url_of(case), posted(1)).status_code == 302
    now = timezone.now()
    again = initiative_workflow.perform(
        "put_on_agenda",
        case,
        by=world.home.actor(Role.SECRETARIAT),
        now=now,
        data={"meeting": stories.meeting(world.home)},
    )
    assert as_role(Role.SECRETARIAT).post(url_of(again), posted(2)).status_code == 302


@pytest.mark.parametrize("name", ["initiative_case_paper_edit", "initiative_case_paper"])
def test_open_paper__costs_at_most_twelve_queries(world, as_role, django_assert_max_num_queries, name):
    case = stories.ready_for_council(world.home, affects_staff="yes", financing="budget_application")
    client = as_role(Role.SECRETARIAT)
    client.get(url_of(case, name))
    with django_assert_max_num_queries(12):
        client.get(url_of(case, name))


# --- What went out stands until it goes out again --------------------------------------------------
def rewritten(case, world, text="Halvskrevet vurdering."):
    paper = CasePaper.objects.get(initiative=case)
    paper.assessment = text
    paper.save()
    return case


def sent_back(world):
    case = stories.decided(world.home, "send_back")
    data = {"case_handler": world.home.person(Role.COORDINATOR), "deadline": timezone.localdate()}
    by = world.home.actor(Role.COORDINATOR)
    stories.perform("resume_preparation", case, by=by, now=timezone.now(), data=data)
    return rewritten(case, world)


def taken_off(world):
    at = stories.meeting(world.home)
    case = stories.on_agenda(world.home, at)
    by, now = world.home.actor(Role.SECRETARIAT), timezone.now()
    meeting_workflow.perform("summon", at, by=by, now=now)
    stories.perform("take_off_agenda", case, by=by, now=now, data={"reason": "Mer må avklares."})
    return rewritten(case, world)


@pytest.mark.parametrize("story", [sent_back, taken_off])
def test_read_paper__written_on_after_it_went_out_only_by_who_prepares(world, as_role, story):
    case = story(world)
    for role in (Role.EMPLOYEE, Role.ELECTED_REPRESENTATIVE, Role.COUNCIL_MEMBER):
        page = as_role(role).get(url_of(case, "initiative_case_paper")).content.decode()
        assert "Tekst som er lang nok" in page
        assert "Halvskrevet vurdering." not in page
        assert "Endret etter utsendingen" not in page
    page = as_role(Role.COORDINATOR).get(url_of(case, "initiative_case_paper")).content.decode()
    assert "Halvskrevet vurdering." in page
    assert "Endret etter utsendingen" in page


def test_send_pdf__of_what_went_out(world, as_role, monkeypatch):
    drawn = []
    monkeypatch.setattr(
        "governance.views.papers.render_case_paper", lambda data, _now: drawn.append(data) or b"%PDF-"
    )
    case = taken_off(world)
    for role in (Role.EMPLOYEE, Role.COORDINATOR):
        as_role(role).get(url_of(case, "initiative_case_paper_pdf"))
    for_all, for_handler = (str(data["sections"]) for data in drawn)
    assert "Halvskrevet" not in for_all
    assert "Halvskrevet" in for_handler


def test_read_paper__anew_when_it_goes_out_anew(world, as_role):
    case = taken_off(world)
    at = stories.meeting(world.home, days=40)
    by, now = world.home.actor(Role.SECRETARIAT), timezone.now()
    stories.perform("put_on_agenda", case, by=by, now=now, data={"meeting": at})
    page = url_of(case, "initiative_case_paper")
    assert "Halvskrevet" not in as_role(Role.EMPLOYEE).get(page).content.decode()
    meeting_workflow.perform("summon", at, by=by, now=now)
    assert "Halvskrevet" in as_role(Role.EMPLOYEE).get(page).content.decode()


def test_read_paper__of_an_initiative_adopted_on_delegation_stands(world, as_role):
    case = stories.under_preparation(world.home)
    stories.write_paper(case, world.home)
    by, now = world.home.actor(Role.SECRETARIAT), timezone.now()
    stories.perform("send_to_fast_track", case, by=by, now=now, data={"reason": "Lite."})
    stories.perform("approve_fast_track", case, by=by, now=now, data={"text": "Vedtas."})
    assert CasePaper.objects.get(initiative=case).published is not None


@pytest.mark.parametrize("fields", [{}, {"shield_basis": "offl_24", "public_title": "Skjermet"}])
@pytest.mark.parametrize("story", [stories.ready_for_council, stories.adopted])
def test_open_paper__exactly_those_who_see_it(world, as_role, story, fields):
    case = story(world.home, **fields)
    papers = CasePaper.objects.filter(initiative=case)
    seen = {role for role in Role if papers.visible_to(world.home.actor(role)).exists()}
    page = url_of(case, "initiative_case_paper")
    assert {role for role in Role if as_role(role).get(page).status_code == 200} == seen
    assert seen
