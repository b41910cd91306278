"""Projects, line changes and operations: phases, checklists, who changes the kind, and operations kept apart."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from core.workflow import TransitionBlocked, TransitionDenied
from governance.models import Initiative
from organization.roles import Role
from portfolio import operations, panels
from portfolio.models import Checkpoint, Project
from portfolio.operations import change_kind, move_phase
from portfolio.reporting.presentation import sections_of
from portfolio.workflow import phase_workflow, status_workflow
from tests import stories
from tests.portfolio import reports

FROZEN = Path(__file__).with_name("frozen_report.json")


@pytest.fixture
def place(world):
    return world.home


def begin(place, kind, **fields):
    initiative = stories.adopted(place, **fields)
    return operations.start_project(
        initiative, name=initiative.title, owner=place.person(Role.PROJECT_OWNER), kind=kind,
        manager=place.person(Role.PROJECT_MANAGER), by=place.actor(Role.PORTFOLIO_MANAGER), now=timezone.now(),
    )  # fmt: skip


def change(project, place, kind, *, role=Role.PORTFOLIO_MANAGER):
    return change_kind(
        project, kind=kind, reason="Linjen gjør det.", by=place.actor(role), now=timezone.now()
    )


def url(name, *args):
    return reverse(f"portfolio:{name}", args=args)


# --- Beginning -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "phase"), [("project", "concept"), ("line_change", "planning"), ("operations", "planning")]
)
def test_start__in_the_first_phase_of_its_kind(place, kind, phase):
    project = begin(place, kind)
    assert project.phase == phase
    assert Checkpoint.objects.filter(project=project).exists() == (kind == "project")


@pytest.mark.parametrize(
    ("category", "kind"), [("operations", "operations"), ("development", "project"), ("", "project")]
)
def test_start__the_kind_is_proposed_from_the_category(as_role, place, category, kind):
    adopted = stories.adopted(place)
    Initiative.objects.filter(pk=adopted.pk).update(category=category)
    page = as_role(Role.PORTFOLIO_MANAGER).get(url("project_start", adopted.pk))
    assert page.context["form"]["kind"].value() == kind


@pytest.mark.parametrize("kind", ["", "fest", "project\x00"])
def test_start__with_an_unknown_kind_is_refused(as_role, place, kind):
    adopted = stories.adopted(place)
    data = {
        "name": "Behold Ŋ", "kind": kind, "owner": place.person(Role.PROJECT_OWNER).name,
        "manager": place.person(Role.PROJECT_MANAGER).name,
    }  # fmt: skip
    answer = as_role(Role.PORTFOLIO_MANAGER).post(url("project_start", adopted.pk), data)
    assert answer.status_code == 422
    assert "Behold Ŋ" in answer.content.decode()
    assert not Project.objects.exists()


# --- Phases ------------------------------------------------------------------------------------------------
def test_move__a_line_change_meets_no_checklists_but_the_gates_of_benefits(place):
    project = begin(place, "line_change")
    manager = place.actor(Role.PORTFOLIO_MANAGER)
    with pytest.raises(TransitionBlocked) as blocked:
        move_phase(project, to="execution", by=manager, now=timezone.now())
    told = " ".join(str(reason) for reason in blocked.value.reasons)
    assert "evinst" in told
    assert "sjekklist" not in told


def test_move__a_line_change_never_goes_back_to_a_concept(as_role, place):
    project = begin(place, "line_change")
    with pytest.raises(TransitionBlocked, match="ingen konseptfase"):
        move_phase(project, to="concept", by=place.actor(Role.PORTFOLIO_MANAGER), now=timezone.now())
    text = as_role(Role.PORTFOLIO_MANAGER).get(project.get_absolute_url()).content.decode()
    assert "Endring i linjen" in text
    assert "beslutningspunkt" not in text


def test_store__no_concept_phase_without_a_project(place):
    project = begin(place, "operations")
    with pytest.raises(IntegrityError), transaction.atomic():
        Project.objects.filter(pk=project.pk).update(kind="line_change", phase="concept")


def test_skip_concept__is_offered_to_nobody(place):
    project = begin(place, "project")
    offers = phase_workflow.offers(project, place.actor(Role.PORTFOLIO_MANAGER))
    assert [offer.transition.name for offer in offers] == ["to_planning"]


# --- Changing the kind ---------------------------------------------------------------------------------------
def test_change_kind__by_the_portfolio_manager_with_a_reason(as_role, place):
    project = begin(place, "project")
    client, page = as_role(Role.PORTFOLIO_MANAGER), url("project_kind", project.pk)
    assert client.post(page, {"kind": "operations", "reason": ""}).status_code == 422
    assert (
        client.post(page, {"kind": "operations", "reason": "Bare vedlikehold Ŋ"}).url
        == project.get_absolute_url()
    )
    project.refresh_from_db()
    assert (project.kind, project.phase) == ("operations", "planning")
    text = client.get(project.get_absolute_url()).content.decode()
    for words in ("Slag endret", "Bare vedlikehold Ŋ", "uten konseptfase"):
        assert words in text


@pytest.mark.parametrize("role", [Role.PROJECT_OWNER, Role.PROJECT_MANAGER, Role.EMPLOYEE])
def test_change_kind__by_others_is_forbidden(as_role, place, role):
    project = begin(place, "project")
    assert (
        as_role(role).post(url("project_kind", project.pk), {"kind": "operations", "reason": "x"}).status_code
        == 403
    )
    with pytest.raises(TransitionDenied):
        change(project, place, "operations", role=role)


@pytest.mark.parametrize("where", ["neighbor", "stranger"])
def test_change_kind__in_another_municipality_is_not_found(as_role, world, place, where):
    project = begin(place, "project")
    client = as_role(Role.PORTFOLIO_MANAGER, getattr(world, where))
    assert client.get(url("project_kind", project.pk)).status_code == 404


def test_change_kind__the_answers_stay_and_count_again_when_it_is_a_project(place):
    project = begin(place, "project")
    stories.answer_checklist(project, place)
    answered = Checkpoint.objects.filter(project=project, answer="done").count()
    assert answered
    line = change(project, place, "line_change")
    assert line.phase == "planning"
    again = change(line, place, "project")
    assert Checkpoint.objects.filter(project=again, answer="done").count() == answered
    with pytest.raises(TransitionBlocked, match="sjekklisten for BP3"):
        move_phase(again, to="execution", by=place.actor(Role.PORTFOLIO_MANAGER), now=timezone.now())


def test_change_kind__what_becomes_a_project_meets_the_checklists_to_come(place):
    project = change(begin(place, "operations"), place, "project")
    points = set(Checkpoint.objects.filter(project=project).values_list("point", flat=True))
    assert points == {"bp3", "bp4", "bp5", "bp6"}


def test_change_kind__of_what_has_ended_says_why(as_role, place):
    project = begin(place, "project")
    data = {"reason": "Ingen penger", "spent": 0}
    status_workflow.perform(
        "stop", project, by=place.actor(Role.PORTFOLIO_MANAGER), now=timezone.now(), data=data
    )
    client, page = as_role(Role.PORTFOLIO_MANAGER), url("project_kind", project.pk)
    assert "Prosjektet er stoppet" in client.get(page).content.decode()
    assert client.post(page, {"kind": "operations", "reason": "x"}).status_code == 409
    assert url("project_kind", project.pk) not in client.get(project.get_absolute_url()).content.decode()


# --- Kept apart ------------------------------------------------------------------------------------------------
@pytest.fixture
def three(place):
    return {
        kind: begin(place, kind, title=f"Dette er {kind}")
        for kind in ("project", "line_change", "operations")
    }


@pytest.mark.parametrize("name", ["board", "table"])
@pytest.mark.parametrize(
    ("chosen", "shown"),
    [("", {"project", "line_change"}), ("operations", {"operations"}), ("line_change", {"line_change"}), ("project", {"project"}),
     ("alle", {"project", "line_change", "operations"}), ("tull", {"project", "line_change"})],
)  # fmt: skip
def test_show__operations_apart(as_role, three, name, chosen, shown):
    text = as_role(Role.EMPLOYEE).get(url(name), {"slag": chosen}).content.decode()
    assert {kind for kind, row in three.items() if row.name in text} == shown


def test_show__no_column_for_a_phase_that_operations_never_have(as_role, three):
    columns = as_role(Role.EMPLOYEE).get(url("board"), {"slag": "operations"}).context["columns"]
    assert [str(column.phase) for column in columns] == ["planning", "execution", "closing", "realizing"]


def test_search__within_the_kind(as_role, three):
    text = as_role(Role.EMPLOYEE).get(url("board"), {"slag": "operations", "q": "Dette er"}).content.decode()
    assert three["operations"].name in text
    assert three["project"].name not in text


def test_panel__counts_development(place, three):
    numbers = panels.portfolio(place.actor(Role.PORTFOLIO_MANAGER)).context["numbers"]
    assert [(number["value"]) for number in numbers] == ["1", "1", "0", "0", "0"]


# --- The report ------------------------------------------------------------------------------------------------
def test_report__counts_operations_apart(place, three):
    for kind, row in three.items():
        reports.money(row, budget=100, forecast=len(kind))
    found = reports.figures(place)
    assert {row["kind"] for row in found["projects"]} == {"project", "line_change"}
    assert [row["kind"] for row in found["operations"]] == ["operations"]
    assert (found["money"][0]["budget"], found["operations_money"][0]["budget"]) == ("200.00", "100.00")
    assert (found["benefits"][0]["benefits"], found["operations_benefits"][0]["benefits"]) == (2, 1)
    assert {(row["kind"], row["number_of"]) for row in found["waiting"]} == {
        ("project", 1),
        ("line_change", 1),
    }
    told = {section.key: section for section in sections_of(found, day=timezone.localdate())}
    points = {str(row[0].text) for row in told["sammendrag"].tables[0].rows}
    assert points == {"BP2 Fra konsept til planlegging"}
    names = {key: {row[0].text for row in told[key].tables[0].rows} for key in ("drift", "oversikt")}
    assert names == {
        "drift": {three["operations"].name},
        "oversikt": {row["title"] for row in found["projects"]},
    }


def test_report__knows_the_kind_as_it_was_then(place):
    project = begin(place, "project")
    then = timezone.now()
    change(project, place, "operations")
    assert [row["kind"] for row in reports.figures(place, then)["projects"]] == ["project"]
    now = reports.figures(place)
    assert (now["projects"], [row["kind"] for row in now["operations"]]) == ([], ["operations"])


def test_report__what_was_frozen_before_has_no_section_of_operations():
    figures = json.loads(FROZEN.read_text())
    told = {section.key: section for section in sections_of(figures, day=timezone.localdate())}
    assert "drift" not in told
    assert told["sammendrag"].tables[0].rows
