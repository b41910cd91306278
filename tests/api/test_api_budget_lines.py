"""What accounting says of projects: many lines at once, by people who account and clients that were given it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache

from core.api.bulk import MOST
from organization.roles import Role
from portfolio.models import BudgetLine
from tests import stories
from tests.api.clients import machine
from tests.api.conftest import Api, pointers, slug_of
from tests.api.test_api_measuring import outcomes

KEY = "9a0f6f0e-7f5e-4a57-9a35-1f2d3c4b5a69"
SCOPES = ("projects:read", "budget-lines:read", "budget-lines:write")


@pytest.fixture(autouse=True)
def _calls_are_counted_anew(db):
    cache.clear()


@pytest.fixture
def project(world):
    return stories.in_portfolio(world.home).project


def line(project: Any, spent: str, **more: Any) -> dict[str, Any]:
    return {"project_id": project.pk, "year": 2026, "source": "adopted", "spent": spent, **more}


def send(caller: Any, *rows: Any, **headers: Any) -> Any:
    return caller.post("/budget-lines/bulk/", {"actuals": list(rows)}, **headers)


def test_bulk__writes_what_is_spent_and_leaves_budget_and_forecast(world, project):
    standing = BudgetLine(project=project, year=2026, source="adopted", budget=500, forecast=600, committed=7)
    standing.stamp(project.changed_at)
    standing.save()
    caller = machine(world.home, *SCOPES, name="Regnskap")
    assert outcomes(send(caller, line(project, "180000.50"), line(project, "10", year=2027))) == [
        "updated",
        "created",
    ]
    standing.refresh_from_db()
    assert [str(getattr(standing, name)) for name in ("budget", "committed", "spent", "forecast")] == [
        "500.00", "7.00", "180000.50", "600.00",
    ]  # fmt: skip
    before = list(BudgetLine.objects.order_by("pk").values())
    assert (
        outcomes(send(caller, line(project, "180000.50"), line(project, "10", year=2027)))
        == ["unchanged"] * 2
    )
    assert list(BudgetLine.objects.order_by("pk").values()) == before
    assert outcomes(send(caller, line(project, "180000.50", committed="0"))) == ["updated"]
    [told] = caller.get(f"/budget-lines/?project={project.pk}&year=2026").json()["results"]
    assert (told["spent"], told["committed"], told["budget"]) == ("180000.50", "0.00", "500.00")


def test_bulk__answers_for_each_row(world, project):
    theirs = stories.in_portfolio(world.stranger).project
    answer = send(
        Api(world.home.person(Role.CHIEF_OF_FINANCE)), line(project, "1"), line(project, "2"), line(project, "-1", year=2027),
        line(project, "9" * 14, year=2028), line(project, "1", year=1999), line(project, "1", source="gull"),
        line(theirs, "1"), 5, {"project_id": "x"}, line(project, "1", year=2029, budget="5"),
    )  # fmt: skip
    assert outcomes(answer) == ["created", *["refused"] * 9]
    told = [result.get("problem", {}) for result in answer.json()["results"]]
    assert [[error["pointer"] for error in problem.get("errors", [])] for problem in told] == [
        [], ["#/actuals/1/source"], ["#/actuals/2/spent"], ["#/actuals/3/spent"], ["#/actuals/4/year"], ["#/actuals/5/source"],
        [], ["#/actuals/7"], ["#/actuals/8/project_id"], ["#/actuals/9/budget"],
    ]  # fmt: skip
    assert told[6]["status"] == 404
    assert BudgetLine.objects.count() == 1


def test_bulk__by_who_does_not_account_is_refused_row_by_row(api, world, project):
    answer = send(api(Role.EMPLOYEE), line(project, "1"))
    assert outcomes(answer) == ["refused"]
    assert answer.json()["results"][0]["problem"]["status"] == 403
    assert slug_of(send(machine(world.home, *SCOPES[:2], name="Leser"), line(project, "1"))) == "scope"
    assert outcomes(send(machine(world.neighbor, *SCOPES, name="Nabo"), line(project, "1"))) == ["refused"]
    assert not BudgetLine.objects.exists()


def test_bulk__of_a_shielded_project_is_for_who_reads_it(world, project):
    type(project.initiative).objects.filter(pk=project.initiative_id).update(
        shield_basis="offl_13", public_title="Sak"
    )
    assert outcomes(send(machine(world.home, *SCOPES, name="Vanlig"), line(project, "1"))) == ["refused"]
    trusted = machine(world.home, *SCOPES, "shielded:read", name="Betrodd")
    assert outcomes(send(trusted, line(project, "1"))) == ["created"]


def test_bulk__once_for_each_key(world, project):
    caller = machine(world.home, *SCOPES, name="Regnskap")
    first = send(caller, line(project, "1"), HTTP_IDEMPOTENCY_KEY=KEY)
    assert send(caller, line(project, "1"), HTTP_IDEMPOTENCY_KEY=KEY).content == first.content
    assert slug_of(send(caller, line(project, "2"), HTTP_IDEMPOTENCY_KEY=KEY)) == "key-reused"
    assert str(BudgetLine.objects.get().spent) == "1.00"


@pytest.mark.parametrize("rows", [None, [], {}, [None] * (MOST + 1)])
def test_bulk__without_rows_or_with_too_many_is_refused_whole(api, rows):
    answer = api(Role.CHIEF_OF_FINANCE).post("/budget-lines/bulk/", {"actuals": rows})
    assert (slug_of(answer), pointers(answer)) == ("invalid", ["#/actuals"])


def test_bulk__of_ten_megabytes_is_413(api):
    body = b'{"actuals": [' + b'{"project_id": 1, "x": 1},' * 400_000 + b"{}]}"
    assert len(body) > 10_000_000
    assert slug_of(api(Role.CHIEF_OF_FINANCE).post("/budget-lines/bulk/", body)) == "too-large"


def test_list_budget_lines__not_those_of_what_is_shielded(world, project):
    send(machine(world.home, *SCOPES, name="Fører"), line(project, "1"))
    reader = machine(world.home, "budget-lines:read", name="Leser")
    assert len(reader.get("/budget-lines/").json()["results"]) == 1
    type(project.initiative).objects.filter(pk=project.initiative_id).update(
        shield_basis="offl_13", public_title="Sak"
    )
    assert reader.get("/budget-lines/").json()["results"] == []
    for odd in (
        "year=0",
        "year=x",
        "year=99999999999999999999",
        "source=gull",
        "project=0",
        "page_size=1000000",
    ):
        assert reader.get(f"/budget-lines/?{odd}").status_code == 400, odd
