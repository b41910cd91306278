"""The case paper: who reads it and when, what it lacks, what went out, and the PDF."""

from __future__ import annotations

import pytest
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from core.models import AccessLog
from governance.models import CasePaper, PaperSection
from governance.workflow import meeting_workflow
from organization.roles import Role
from tests import stories
from tests.governance.rules import demand

PAGES = ("initiative_case_paper", "initiative_case_paper_pdf")


def url_of(case, name: str = "initiative_case_paper_edit") -> str:
    return reverse(f"governance:{name}", args=[case.pk])


def section_url(case, key: str) -> str:
    return reverse("governance:paper_section_edit", args=[case.pk, key])


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


def test_list_sections__tells_what_is_lacking_and_leads_there(world, as_role):
    case = stories.under_preparation(world.home)
    response = as_role(Role.COORDINATOR).get(url_of(case))
    page = response.content.decode()
    assert "Klar for rådet?" in page
    lacking = [check for check in response.context["checks"] if check.reason]
    assert section_url(case, "recommendation") in [check.url for check in lacking]
    states = {line.kind.key: line.status for line in response.context["lines"]}
    assert (states["assessment"], states["risk"]) == ("missing", "optional")
    assert list(states)[:3] == ["recommendation", "summary", "background"]
    assert not CasePaper.objects.exists()


def test_list_sections__follows_what_the_municipality_asks_for(world, as_role):
    demand(world.home, paper_sections=["summary", "risk"], required_sections=["risk"])
    case = stories.under_preparation(world.home)
    response = as_role(Role.COORDINATOR).get(url_of(case))
    states = {line.kind.key: line.status for line in response.context["lines"]}
    assert states == {"recommendation": "missing", "summary": "optional", "risk": "missing"}
    assert as_role(Role.COORDINATOR).get(section_url(case, "background")).status_code == 404
    stories.write_paper(case, world.home)
    response = as_role(Role.COORDINATOR).get(url_of(case))
    assert "background" in {line.kind.key for line in response.context["lines"]}


def test_list_sections__meets_the_checklist_when_all_is_written(world, as_role):
    case = stories.under_preparation(world.home)
    stories.write_paper(case, world.home)
    page = as_role(Role.COORDINATOR).get(url_of(case))
    assert not [check for check in page.context["checks"] if check.reason]
    assert reverse("governance:initiative_transition", args=[case.pk, "mark_ready"]) in page.content.decode()


@pytest.mark.parametrize("role", [Role.EMPLOYEE, Role.SECTOR_LEADER, Role.COUNCIL_LEADER, Role.ADMINISTRATOR])
def test_list_sections__is_for_the_secretariat(world, as_role, role):
    assert as_role(role).get(url_of(stories.under_preparation(world.home))).status_code == 403


@pytest.mark.parametrize("name", ["initiative_case_paper_edit", "initiative_case_paper"])
def test_open_paper__costs_at_most_twelve_queries(world, as_role, django_assert_max_num_queries, name):
    case = stories.ready_for_council(world.home, affects_staff="yes", financing="budget_application")
    client = as_role(Role.SECRETARIAT)
    client.get(url_of(case, name))
    with django_assert_max_num_queries(12):
        client.get(url_of(case, name))


# --- What went out stands until it goes out again --------------------------------------------------
def rewritten(case, world, text="Halvskrevet vurdering."):
    rows = PaperSection.objects.filter(paper__initiative=case, key="assessment")
    rows.update(text=text, version=F("version") + 1)
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


def test_read_paper__numbers_the_points_of_the_recommendation(world, as_role, monkeypatch):
    drawn = []
    monkeypatch.setattr(
        "governance.views.papers.render_case_paper", lambda data, _now: drawn.append(data) or b"%PDF-"
    )
    case = stories.ready_for_council(world.home)
    rows = PaperSection.objects.filter(paper__initiative=case, key="recommendation")
    rows.update(text="1. Tiltaket prioriteres.\n\nRammen er 100 000 kroner.")
    page = as_role(Role.SECRETARIAT).get(url_of(case, "initiative_case_paper")).content.decode()
    assert "<ol><li>Tiltaket prioriteres.</li><li>Rammen er 100 000 kroner.</li></ol>" in page
    as_role(Role.SECRETARIAT).get(url_of(case, "initiative_case_paper_pdf"))
    assert drawn[0]["recommendation"] == "1. Tiltaket prioriteres.\n2. Rammen er 100 000 kroner."


def test_send_pdf__has_the_statements_where_the_template_has_them(world, as_role, monkeypatch):
    drawn = []
    monkeypatch.setattr(
        "governance.views.papers.render_case_paper", lambda data, _now: drawn.append(data) or b"%PDF-"
    )
    demand(world.home, paper_sections=["risk", "alternatives"], required_sections=[])
    case = stories.ready_for_council(world.home, affects_staff="yes")
    as_role(Role.SECRETARIAT).get(url_of(case, "initiative_case_paper_pdf"))
    sections = {section["heading"]: section for section in drawn[0]["sections"]}
    assert (
        list(sections).index("Alternativer")
        < list(sections).index("Uttalelser")
        < list(sections).index("Risiko")
    )
    assert {"Ingen merknader"} <= {one["position"] for one in sections["Uttalelser"]["statements"]}
