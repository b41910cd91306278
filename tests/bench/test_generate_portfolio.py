"""Projects that are followed for ten years keep the rules of the house, and their history ends where they are."""

from __future__ import annotations

from datetime import date

import pytest
from django.db.models import Count, Max, Min

from bench.generators import generate
from bench.plan import Plan
from organization.roles import Role
from portfolio.models import BudgetLine, Project, ProjectRisk, StatusReport
from tests.bench.test_generate import lost_references

PLAN = Plan(initiatives=80, seed=7, day=date(2026, 3, 2), benefits=1, years=10)


@pytest.fixture
def followed(world):
    generate(PLAN)
    return world


def test_generate_projects__followed_all_the_way(followed):
    long_ones = Project.objects.annotate(reports=Count("status_reports")).aggregate(most=Max("reports"))
    assert long_ones["most"] > 40
    assert StatusReport.objects.aggregate(first=Min("day"))["first"] < date(2018, 1, 1)
    assert BudgetLine.objects.exists()
    assert not StatusReport.objects.exclude(status="published").exists()


def test_generate_projects__history_ends_where_the_row_is(followed):
    last = ProjectRisk.pgh_event_model.objects.order_by("pgh_obj_id", "-changed_at", "-pgh_id").distinct(
        "pgh_obj_id"
    )
    stood = set(last.values_list("pgh_obj_id", "status", "changed_at"))
    assert stood == set(ProjectRisk.objects.values_list("pk", "status", "changed_at"))


def test_generate_projects__money_is_brought_up_to_date_each_quarter_and_never_ahead_of_the_day(followed):
    events = BudgetLine.pgh_event_model.objects
    assert events.values("pgh_obj_id").distinct().count() == BudgetLine.objects.count()
    counted = events.values("pgh_obj_id").annotate(number=Count("pgh_id")).aggregate(most=Max("number"))
    assert counted["most"] == 5
    assert events.aggregate(last=Max("changed_at"))["last"].date() <= PLAN.day


def test_generate_projects__every_reference_leads_somewhere(followed):
    assert lost_references()[0] == []


def test_show_report__on_generated_projects(followed, as_role):
    answer = as_role(Role.PORTFOLIO_MANAGER).get("/portefolje/rapport/?dag=2021-06-30")
    assert answer.status_code == 200
