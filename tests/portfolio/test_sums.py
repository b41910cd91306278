"""Counts and sums of board and table, what is kept of each project for them, and the filters that read it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone

from governance.models import Initiative
from organization.roles import Role
from portfolio.models import Area, BudgetLine, DecisionPoint, Project, ProjectStanding
from portfolio.models.standing import AREAS
from portfolio.operations import move_phase
from tests import stories
from tests.portfolio import reports, statuses


@pytest.fixture
def place(world):
    return world.home


@pytest.fixture
def project(place):
    return stories.in_portfolio(place).project


@pytest.fixture
def employee(as_role):
    return as_role(Role.EMPLOYEE)


def url(name):
    return reverse(f"portfolio:{name}")


def columns(client, **query):
    return {str(column.phase): column for column in client.get(url("board"), query).context["columns"]}


def names(client, **query):
    found = {row.name for row in client.get(url("table"), query).context["page"].rows}
    on_board = {card.project.name for column in columns(client, **query).values() for card in column.cards}
    assert on_board == found
    total = client.get(url("table"), query).context["total"]
    assert total.count == len(found)
    return found


# --- What is kept ----------------------------------------------------------------------------------
def standing(project):
    return ProjectStanding.objects.get(project=project)


def test_keep__areas_are_those_of_the_report():
    assert [area.value for area in Area] == list(AREAS)


def test_keep__sums_follow_every_change_of_a_line(place, project):
    first = reports.money(project, budget=100, spent=20, forecast=90)
    second = reports.money(project, year=2027, budget=Decimal("50.50"), forecast=75)
    assert (standing(project).budget, standing(project).spent, standing(project).forecast) == (
        Decimal("150.50"), 20, 165,
    )  # fmt: skip
    reports.changed(first, budget=0, spent=300)
    BudgetLine.objects.filter(pk=second.pk).update(forecast=1)
    kept = standing(project)
    told = BudgetLine.objects.aggregate(budget=Sum("budget"), spent=Sum("spent"), forecast=Sum("forecast"))
    assert {name: getattr(kept, name) for name in told} == told
    second.delete()
    assert (standing(project).budget, standing(project).forecast) == (0, 90)
    first.delete()
    assert (standing(project).budget, standing(project).spent, standing(project).forecast) == (0, 0, 0)


def test_keep__help_follows_the_latest_published_report(place, project):
    bad = {"quality": "bad", "quality_text": "Stopp"}
    statuses.draft(project, place, **bad)
    assert not ProjectStanding.objects.exists()
    statuses.published(project, place, **bad)
    assert standing(project).needs_help
    statuses.published(project, place)
    assert not standing(project).needs_help
    reports.status(project, published_at=timezone.now() - timedelta(days=40), risk="bad")
    assert not standing(project).needs_help


def test_keep__is_seen_with_the_project(world, place, project):
    reports.money(project)
    rows = ProjectStanding.objects
    assert rows.visible_to(place.actor(Role.EMPLOYEE)).count() == 1
    assert rows.visible_to(world.neighbor.actor(Role.PORTFOLIO_MANAGER)).count() == 0


# --- Sums --------------------------------------------------------------------------------------------
def test_sums__of_each_column_and_of_all(employee, place, project):
    other = stories.in_portfolio(place, title="Velferdsteknologi").project
    stories.move(other, place, "planning")
    reports.money(project, budget=1_200_000, forecast=1_200_000)
    reports.money(project, year=2027, budget=800_000, forecast=800_000)
    reports.money(other, budget=3_000_000, forecast=4_500_000)
    found = columns(employee)
    assert found["concept"].total.words.replace("\xa0", " ") == "Budsjett 2 mill. kr"
    assert found["planning"].total.words.startswith("Budsjett 3")
    assert "prognose 4,5" in found["planning"].total.words
    assert found["closing"].total.words == ""
    text = employee.get(url("table")).content.decode()
    assert "Alt filteret finner" in text
    assert "2 prosjekter." in text
    assert "for alle år" in text
    card = found["planning"].cards[0]
    assert card.is_over
    assert "prognose" in card.money


def test_sums__are_of_the_own_municipality(employee, world, project):
    reports.money(project, budget=100, forecast=100)
    reports.money(stories.in_portfolio(world.neighbor).project, budget=77, forecast=77)
    assert columns(employee)["concept"].total.budget == 100


def test_sums__same_as_one_by_one_for_each_filter(employee, place, project):
    for number in range(3):
        made = stories.in_portfolio(place, title=f"Nummer {number}").project
        reports.money(made, budget=10**number, forecast=10**number)
    for query in (
        {},
        {"q": "nummer"},
        {"status": "alle"},
        {"sektor": place.sector.pk},
        {"fase": "concept"},
        {"q": "nummer 1"},
    ):
        answer = employee.get(url("table"), query)
        rows = answer.context["page"].rows
        total = answer.context["total"]
        assert total.count == len(rows)
        assert total.budget == sum(row.standing.budget for row in rows if hasattr(row, "standing"))


def test_sums__keep_the_amounts_of_what_is_shielded(employee, place, project):
    reports.money(project, budget=500, forecast=900)
    Initiative.objects.filter(pk=project.initiative_id).update(shield_basis="offl. § 13", public_title="Noe")
    column = columns(employee)["concept"]
    assert (column.total.count, column.total.budget, column.total.words) == (1, 0, "")
    assert (column.cards[0].money, column.cards[0].is_over) == ("", False)
    assert names(employee, penger="over") == set()


# --- Filters -----------------------------------------------------------------------------------------
def test_filter__mine_are_those_i_own_or_manage(as_role, place, project):
    other = stories.in_portfolio(place, title="En annens").project
    Project.objects.filter(pk=other.pk).update(owner=place.person(Role.HR), manager=place.person(Role.HR))
    assert names(as_role(Role.PROJECT_OWNER), mine="1") == {project.name}
    assert names(as_role(Role.PROJECT_MANAGER), mine="1") == {project.name}
    assert names(as_role(Role.HR), mine="1") == {"En annens"}
    assert names(as_role(Role.EMPLOYEE), mine="1") == set()
    assert names(as_role(Role.EMPLOYEE), mine="alle") == {project.name, "En annens"}


def test_filter__latest_status_and_money(employee, place, project):
    silent = stories.in_portfolio(place, title="Stille").project
    statuses.published(project, place, economy="bad", economy_text="Dyrt")
    reports.money(project, budget=100, forecast=101)
    reports.money(silent, budget=100, spent=100, forecast=100)
    assert names(employee, tilstand="hjelp") == names(employee, penger="over") == {project.name}
    assert names(employee, tilstand="ingen") == {"Stille"}
    assert names(employee, penger="uten") == set()
    statuses.published(project, place)
    BudgetLine.objects.filter(project=silent).update(spent=101)
    assert names(employee, tilstand="hjelp") == set()
    assert names(employee, penger="over") == {project.name, "Stille"}
    BudgetLine.objects.filter(project=silent).delete()
    assert names(employee, penger="uten") == {"Stille"}


def test_filter__checklist_before_the_next_decision_point(employee, place, project):
    other = stories.in_portfolio(place, title="Besvart").project
    stories.answer_checklist(other, place)
    assert names(employee, punkt="klar") == {"Besvart"}
    assert names(employee, punkt="mangler") == {project.name}
    stories.answer_checklist(project, place, DecisionPoint.BP3)
    move_phase(other, to="planning", by=place.actor(Role.PORTFOLIO_MANAGER), now=timezone.now())
    assert names(employee, punkt="klar") == {project.name}


# --- What is late ------------------------------------------------------------------------------------
def test_card__tells_what_is_late(employee, place, project):
    today = timezone.localdate()
    Project.objects.filter(pk=project.pk).update(
        starts_on=today - timedelta(days=120), ends_on=today - timedelta(days=1)
    )
    reports.risk(project, due_on=today - timedelta(days=2))
    reports.risk(project, due_on=today - timedelta(days=2), status="handled")
    reports.risk(project, due_on=today)
    late = columns(employee)["concept"].cards[0].late
    assert [text.partition(" var ")[0] for text in late] == [
        "Planlagt slutt", "Statusrapporten mangler", "1 risiko er over fristen",
    ]  # fmt: skip
    Project.objects.filter(pk=project.pk).update(status="stopped")
    assert columns(employee, status="stopped")["concept"].cards[0].late == []


def test_card__of_something_shielded_tells_not_what_is_late_in_it(employee, place, project):
    today = timezone.localdate()
    Project.objects.filter(pk=project.pk).update(ends_on=today - timedelta(days=1))
    reports.risk(project, due_on=today - timedelta(days=2))
    Initiative.objects.filter(pk=project.initiative_id).update(
        shield_basis="offl_23", public_title="Anskaffelse"
    )
    late = columns(employee)["concept"].cards[0].late
    assert [text.partition(" var ")[0] for text in late] == ["Planlagt slutt"]
