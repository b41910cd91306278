"""Decision points: no execution without an approved plan, no closing without baselines, unless a municipality says so."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from benefits import operations as benefit_operations
from benefits.models import Benefit
from core.workflow import TransitionBlocked
from organization.roles import Role
from portfolio.models import Project
from tests import stories as initiatives
from tests.benefits import stories
from tests.governance import rules

MAX_QUERIES = 12


@pytest.fixture
def place(world):
    return world.home


def url(name, *args):
    return reverse(f"portfolio:{name}", args=args)


def move(project, place, to):
    return initiatives.move(project, place, to)


def in_planning(benefit, place):
    return move(benefit.initiative.project, place, "planning")


def approve(benefit, place):
    by = place.actor(Role.PROJECT_OWNER)
    return benefit_operations.approve_plan(benefit.initiative, by=by, now=timezone.now())


# --- BP3 -----------------------------------------------------------------------------------------
def test_pass_bp3__needs_an_approved_plan(place):
    project = in_planning(stories.identified(place), place)
    with pytest.raises(TransitionBlocked, match="ikke godkjent") as blocked:
        move(project, place, "execution")
    plan = reverse("benefits:plan_detail", args=[project.initiative_id])
    assert [reason.url for reason in blocked.value.reasons] == [plan]
    assert Project.objects.get(pk=project.pk).phase == "planning"


def test_pass_bp3__with_an_approved_plan(place):
    project = in_planning(stories.planned(place), place)
    assert move(project, place, "execution").phase == "execution"


def test_pass_bp3__not_when_the_plan_was_changed_after_approval(place):
    benefit = stories.planned(place)
    project = in_planning(benefit, place)
    Benefit.objects.filter(pk=benefit.pk).update(hours_per_year=Decimal(90))
    with pytest.raises(TransitionBlocked, match="endret etter"):
        move(project, place, "execution")
    approve(benefit, place)
    assert move(project, place, "execution").phase == "execution"


def test_pass_bp3__measuring_is_no_change_of_the_plan(place):
    project = in_planning(stories.baseline_measured(place), place)
    assert move(project, place, "execution").phase == "execution"


# --- BP4 -----------------------------------------------------------------------------------------
def in_execution(benefit, place):
    return move(in_planning(benefit, place), place, "execution")


def test_pass_bp4__needs_the_baseline(place):
    benefit = stories.planned(place)
    project = in_execution(benefit, place)
    with pytest.raises(TransitionBlocked, match="for 1 gevinst"):
        move(project, place, "closing")
    stories.measure(benefit, place, 0)
    assert move(project, place, "closing").phase == "closing"


def test_pass_bp4__what_was_dropped_or_has_no_price_is_not_asked_for(place):
    benefit = stories.planned(place)
    project = in_execution(benefit, place)
    Benefit.objects.filter(pk=benefit.pk).update(status="dropped")
    assert move(project, place, "closing").phase == "closing"


# --- What a municipality demands -----------------------------------------------------------------
def test_demand_gates__each_municipality_its_own(world):
    rules.demand(world.home, gates=["measured_baseline"])
    rules.demand(world.neighbor, gates=["approved_plan"])
    here = in_planning(stories.identified(world.home), world.home)
    assert move(here, world.home, "execution").phase == "execution"
    there = in_planning(stories.identified(world.neighbor), world.neighbor)
    with pytest.raises(TransitionBlocked):
        move(there, world.neighbor, "execution")


def test_choose_gates__in_the_municipalitys_rules(as_role, place):
    page = as_role(Role.ADMINISTRATOR).get(reverse("governance:rules_edit"))
    form = page.context["form"]
    assert form["gates"].value() == [
        "approved_plan",
        "measured_baseline",
        "baton_is_passed",
        "benefits_are_judged",
    ]
    assert "BP3: godkjent gevinstplan" in page.content.decode()


# --- Pages ---------------------------------------------------------------------------------------
def test_menu__tells_what_is_missing_with_a_link(as_role, place):
    project = in_planning(stories.identified(place), place)
    plan = reverse("benefits:plan_detail", args=[project.initiative_id])
    for address in (
        url("board"),
        url("project_detail", project.pk),
        url("project_transition", project.pk, "to_execution"),
    ):
        text = as_role(Role.PROJECT_OWNER).get(address).content.decode()
        assert "Gevinstplanen er ikke godkjent" in text
        assert f'href="{plan}"' in text
    assert "Gevinstplanen er ikke godkjent" not in as_role(Role.EMPLOYEE).get(url("board")).content.decode()


def test_move_card__that_is_not_ready_says_why(as_role, place):
    project = in_planning(stories.identified(place), place)
    data = {"target": "execution", "version": project.version}
    answer = as_role(Role.PROJECT_OWNER).post(url("project_move", project.pk), data)
    assert answer.status_code == 409
    assert "Gevinstplanen er ikke godkjent" in answer.content.decode()


def test_board__asks_the_gates_once_for_all_cards(as_role, place, django_assert_max_num_queries):
    client = as_role(Role.PORTFOLIO_MANAGER)
    for _ in range(2):
        in_planning(stories.identified(place), place)
        in_planning(stories.planned(place), place)
        in_execution(stories.planned(place), place)
    client.get(url("board"))
    with django_assert_max_num_queries(MAX_QUERIES) as few:
        client.get(url("board"))
    for _ in range(2):
        in_planning(stories.identified(place), place)
        in_execution(stories.baseline_measured(place), place)
    with django_assert_max_num_queries(len(few)):
        text = client.get(url("board")).content.decode()
    assert text.count("Gevinstplanen er ikke godkjent") == 4
    assert text.count("Nullpunktet er ikke målt for 1 gevinst") == 2


def test_ask_gates__of_an_initiative_without_benefits(place):
    project = initiatives.in_portfolio(place).project
    project.initiative.benefits.all().delete()
    with pytest.raises(TransitionBlocked, match="ikke godkjent"):
        move(move(project, place, "planning"), place, "execution")
