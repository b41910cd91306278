"""The figures of a report as of a moment: read from history, equal to what was frozen then, and nobody else's."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from core.retention import REDACTED, forget
from governance.models import Initiative, InitiativeGoal
from organization.models import Goal
from organization.roles import Role
from portfolio.models import BudgetLine, PortfolioReport, Project
from portfolio.reporting import presentation, sections
from portfolio.reporting.figures import figures_of, shown
from portfolio.reporting.presentation import sections_of
from portfolio.workflow import status_workflow
from tests import stories
from tests.benefits import stories as benefits
from tests.governance import rules
from tests.portfolio import reports
from tests.portfolio.programmes import regional_project
from tests.portfolio.test_portfolio_pages import another
from tests.world import SYSTEM

DAY = timedelta(days=1)
SECRET = "Kodenavn Bjørn"


@pytest.fixture
def place(world):
    return world.home


@pytest.fixture
def project(place):
    return stories.in_portfolio(place).project


@pytest.fixture
def filled(place):
    """A portfolio with something in every section."""
    rules.demand(place, gates=[])
    benefit = benefits.baseline_measured(place)
    project = benefit.initiative.project
    reports.money(project, budget=1000, forecast=1200, spent=300)
    reports.risk(project, probability=5, impact=4)
    reports.status(project, progress="bad", economy="watch", progress_trend="worse")
    stories.received(place, title="Nytt tiltak")
    stories.decided(place, "hold", title="Står i kø")
    stories.decided(place, "reject", title="Avslått tiltak")
    stories.adopted(place, title="Vedtatt uten prosjekt")
    return project


def change_everything(place, project):
    """Let every section have something else to tell."""
    by, now = place.actor(Role.PORTFOLIO_MANAGER), timezone.now
    stories.move(project, place, "planning")
    status_workflow.perform("pause", project, by=by, now=now(), data={"reason": "Vi venter."})
    reports.changed(project.budget_lines.get(), budget=5, forecast=9)
    reports.money(project, year=2027)
    reports.changed(project.risks.get(), status="gone")
    reports.risk(project, title="Ny risiko")
    reports.status(project, progress="good")
    benefits.measure(project.initiative.benefits.get(), place, 30, at=1)
    reports.changed(project.initiative.benefits.get(), kroner_per_year=700)
    project.initiative.goals.add(
        Goal.objects.create(
            strategy=place.goal.strategy,
            unit=place.municipality,
            code="2",
            title="Nytt mål",
            changed_at=now(),
        ),
        through_defaults={"changed_at": now()},
    )
    stories.in_portfolio(place, title="Enda et prosjekt")
    stories.decided(place, "reject", title="Avslått etterpå")


# --- Equality ------------------------------------------------------------------------------------
def test_compute_later__equals_what_was_frozen(place, filled):
    report = reports.published(place)
    before = reports.figures(place)
    change_everything(place, filled)
    report = PortfolioReport.objects.get(pk=report.pk)
    assert reports.figures(place, report.as_of) == report.figures
    after = reports.figures(place)
    for section in ("waiting", "projects", "money", "benefits", "risks", "decisions", "ended", "submitted"):
        assert before[section] != after[section], section


def test_compute_now__is_what_history_tells(place, filled):
    change_everything(place, filled)
    reports.risk(filled, title="Slettet risiko").delete()
    asked = reports.scope(place)
    live, told = figures_of(replace(asked, is_now=True)), figures_of(asked)
    assert live == told
    assert all(live[section] for section in ("projects", "money", "benefits", "risks", "ended", "goals"))


def test_compute__tells_every_section(place, filled):
    found = reports.figures(place)
    assert [row["title"] for row in found["projects"]] == [filled.name]
    row = found["projects"][0]
    assert (row["progress"], row["progress_trend"], row["economy"], row["quality"]) == (
        "bad",
        "worse",
        "watch",
        "unknown",
    )
    assert (row["budget"], row["spent"], row["forecast"]) == ("1000.00", "300.00", "1200.00")
    assert [(one["phase"], one["number_of"], one["nth"]) for one in found["waiting"]] == [("concept", 1, 1)]
    assert [(one["year"], one["budget"]) for one in found["money"]] == [(2026, "1000.00")]
    assert [(one["what"], one["score"]) for one in found["risks"]] == [("Leverandøren blir forsinket", 20)]
    plans, *years = found["benefits"]
    assert (plans["benefits"], plans["hours"]) == (1, "400.0")
    assert sum(one["made"] for one in years) == 1
    assert sum(one["points"] for one in years) > sum(one["due"] for one in years) >= 1
    assert [one["title"] for one in found["queue"]] == ["Står i kø"]
    assert [one["title"] for one in found["ended"]] == ["Avslått tiltak"]
    assert [one["title"] for one in found["adopted"]] == ["Vedtatt uten prosjekt"]
    assert found["submitted"][0]["number_of"] == 5
    assert {one["outcome"] for one in found["decisions"]} == {"prioritize", "hold", "reject"}


def test_summary__late_is_who_is_told_of_as_late(place, project):
    """A project that is handed over is past its end, and late for nothing."""
    for one in (project, another(project, place, phase="realizing")):
        reports.status(one, ends_on=timezone.localdate() - DAY)
    told = presentation.sections_of(reports.figures(place), day=timezone.localdate())
    assert dict(told[0].numbers)["Forbi sluttdato"].value == 1
    (deviations,) = (section for section in told if section.key == "avvik")
    assert [row[0].text for row in deviations.tables[0].rows] == [project.name]


def test_summary__counts_all_and_not_the_rows_that_are_listed(place, filled, monkeypatch):
    other = stories.in_portfolio(place, title="Enda et prosjekt").project
    reports.status(other, economy="bad")
    monkeypatch.setattr(sections, "SHOWN", 1)
    monkeypatch.setattr(sections, "LISTED", 1)
    found = reports.figures(place)
    assert len(found["projects"]) == len(found["decisions"]) == 1
    numbers = dict(presentation.sections_of(found, day=timezone.localdate())[0].numbers)
    assert numbers["Trenger hjelp på minst ett område"].value == 2
    assert numbers["Vedtak i perioden"].value == 5


def test_compute__before_the_first_project_is_empty(place, filled):
    found = reports.figures(place, timezone.now() - timedelta(days=3000))
    for name in ("benefits", "operations_benefits"):
        assert found.pop(name)[0]["benefits"] == 0
    assert not any(found.values())


def test_compute__a_draft_of_a_status_report_is_not_told(place, project):
    reports.status(project, status="draft", progress="bad", published_at=None, published_by=None)
    assert reports.figures(place)["projects"][0]["progress"] is None


# --- Deletion and what is registered late --------------------------------------------------------
def test_delete__stands_before_and_is_gone_after(place, project):
    earlier = timezone.now() - DAY
    Project.objects.filter(pk=project.pk).update(changed_at=earlier - DAY)
    line = reports.money(project, budget=70, changed_at=earlier)
    line.delete()
    assert [row["budget"] for row in reports.figures(place, earlier)["money"]] == ["70.00"]
    assert reports.figures(place)["money"] == []


def test_register_late__counts_from_when_it_happened(place, project):
    earlier = timezone.now() - DAY
    Project.objects.filter(pk=project.pk).update(changed_at=earlier - DAY)
    line = reports.money(project, budget=70, changed_at=earlier)
    BudgetLine.objects.filter(pk=line.pk).update(budget=90, changed_at=timezone.now())
    assert [row["budget"] for row in reports.figures(place, earlier)["money"]] == ["70.00"]
    assert [row["budget"] for row in reports.figures(place)["money"]] == ["90.00"]


# --- Areas ---------------------------------------------------------------------------------------
def test_compute__not_the_neighbor(world, project):
    assert reports.figures(world.neighbor)["projects"] == []


def test_compute__for_sector_and_unit(place, project):
    for area in (place.sector, place.unit):
        assert [row["title"] for row in reports.figures(place, area=area)["projects"]] == [project.name]
    Project.objects.filter(pk=project.pk).update(unit=place.municipality, changed_at=timezone.now())
    found = reports.figures(place, area=place.unit)
    assert (found["projects"], found["waiting"]) == ([], [])


def test_compute__of_a_region_only_what_is_shared(world):
    regional_project(world)
    alone = stories.in_portfolio(world.region, title="Bare regionen").project

    def titles(**fields):
        return {row["title"] for row in reports.figures(world.region, **fields)["projects"]}

    assert titles() == {"Felles prosjekt", alone.name}
    assert titles(shared_with=frozenset({world.home.municipality.pk})) == {"Felles prosjekt"}
    assert titles(shared_with=frozenset({world.stranger.municipality.pk})) == set()


# --- What is shielded ----------------------------------------------------------------------------
@pytest.fixture
def shielded(place):
    initiative = stories.in_portfolio(place, title=SECRET, shield_basis="offl_23", public_title="Anskaffelse")
    project = initiative.project
    reports.money(project, budget=98_765_432)
    reports.risk(project, title=f"{SECRET} ryker")
    reports.status(project, progress="bad")
    return project


def test_compute__shielded_has_a_public_title_and_no_content(place, shielded):
    found = reports.figures(place)
    assert SECRET not in str(found)
    assert [(row["title"], row["is_shielded"], row["progress"]) for row in found["projects"]] == [
        ("Anskaffelse", True, None)
    ]
    assert (found["money"], found["risks"], found["benefits"][0]["benefits"]) == ([], [], 0)
    assert "98765432" not in str(found)


def test_show__hides_what_was_shielded_after_it_was_published(place, project):
    reports.risk(project)
    report = reports.published(place)
    Initiative.objects.filter(pk=project.initiative_id).update(
        shield_basis="offl_13", public_title="Skjult sak"
    )
    found = shown(report.figures)
    assert found["projects"][0]["title"] == "Skjult sak"
    assert found["risks"] == []
    assert report.figures["projects"][0]["title"] == project.name


def test_forget__leaves_the_numbers_and_takes_the_words(place, project):
    reports.risk(project)
    report = reports.published(place)
    forget(project.initiative, columns=["title"], legal_basis="arkivlova", by=SYSTEM, now=timezone.now())
    report.refresh_from_db()
    assert report.figures["projects"][0]["title"] == REDACTED
    assert report.figures["waiting"][0]["title"] == REDACTED
    assert report.figures["risks"] == []
    assert project.name not in str(report.figures)


# --- Goals ---------------------------------------------------------------------------------------
def test_cover__goals_without_projects_and_projects_without_goals(place, project):
    def alone(found):
        return [row["code"] for row in found["goals"] if not row["number_of"]]

    assert alone(reports.figures(place)) == []
    project.initiative.goals.clear()
    found = reports.figures(place)
    assert alone(found) == ["1"]
    assert [row["title"] for row in found["unlinked"]] == [project.name]


def test_cover__as_of_the_moment_that_is_asked_for(place, project):
    at = timezone.now() + timedelta(days=3)
    project.initiative.goals.clear()
    project.initiative.goals.add(place.goal, through_defaults={"changed_at": at})
    before, after = (reports.figures(place, at + timedelta(days=days)) for days in (-1, 1))
    assert [(row["code"], row["number_of"]) for row in before["goals"]] == [("1", 0)]
    assert [row["title"] for row in before["unlinked"]] == [project.name]
    assert [(row["code"], row["number_of"]) for row in after["goals"]] == [("1", 1)]
    assert after["unlinked"] == []


def test_choose_goals__is_kept_with_when_the_initiative_was_saved(place):
    initiative = stories.draft(place)
    link = initiative.goal_links.get()
    assert link.changed_at == initiative.changed_at
    event = InitiativeGoal.pgh_event_model.objects.get(pgh_obj_id=link.pk)
    assert (event.goal_id, event.pgh_label, event.changed_at) == (place.goal.pk, "insert", link.changed_at)


# --- What was frozen long ago --------------------------------------------------------------------
FIRST_SHAPE = Path(__file__).with_name("frozen_report.json")


def test_show__figures_of_the_first_shape_for_ever(place, filled):
    """Published figures are never computed anew, so what reads them must always read those of an earlier version."""
    if os.environ.get("STAFETT_WRITE_SNAPSHOT") and not FIRST_SHAPE.exists():
        FIRST_SHAPE.write_text(json.dumps(reports.figures(place), ensure_ascii=False, indent=1) + "\n")
    figures = json.loads(FIRST_SHAPE.read_text())
    told = sections_of(shown(figures), day=timezone.localdate())
    assert sum(len(table.rows) for section in told for table in section.tables) > 10
    now = reports.figures(place)
    gone = {name: set(rows[0]) - set(now[name][0]) for name, rows in figures.items() if rows}
    assert not any(gone.values()), f"what was frozen has these, and nobody reads them any more: {gone}"
