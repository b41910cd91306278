"""The SQL of a list is kept; what it answers is of now: of today's roles, rows, units and date."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from governance.models import Initiative
from organization.models import RoleAssignment, Unit
from organization.roles import Role
from tests import stories
from tests.world import end_roles_of


def ids(response):
    return [row["id"] for row in response.json()["results"]]


def test_ask_again__builds_no_sql(api, world, monkeypatch):
    from governance.api.views import InitiativeList

    received, caller = stories.received(world.home), api(Role.SECRETARIAT)
    assert ids(caller.get("/initiatives/?status=received")) == [received.pk]
    monkeypatch.setattr(InitiativeList, "get_queryset", None)
    assert ids(caller.get("/initiatives/?status=received")) == [received.pk]


def test_ask_again__after_a_role_was_lost_or_won(api, world):
    received, person = stories.received(world.home), world.home.person(Role.CHANGE_AGENT)
    caller = api(Role.CHANGE_AGENT)
    assert ids(caller.get("/initiatives/")) == [received.pk]
    assert caller.get("/initiatives/").json()["results"][0]["reads_papers"] is False
    RoleAssignment.objects.filter(person=person).update(role=Role.LEADER, unit=world.home.unit)
    assert caller.get("/initiatives/").json()["results"][0]["reads_papers"] is True
    end_roles_of(person, timezone.localdate())
    assert ids(caller.get("/initiatives/")) == []


def test_ask_again__by_somebody_else_with_the_same_roles(api, world):
    """The draft is its author's alone, however alike the callers are."""
    author, other = world.home.person(Role.EMPLOYEE), world.home.person(Role.CHANGE_AGENT)
    RoleAssignment.objects.filter(person=other).update(role=Role.EMPLOYEE, unit=world.home.unit)
    draft = stories.draft(world.home)
    assert draft.submitter == author
    assert ids(api(Role.EMPLOYEE).get("/initiatives/")) == [draft.pk]
    assert ids(api(Role.CHANGE_AGENT).get("/initiatives/")) == []


def test_ask_again__on_another_day(api, world, monkeypatch):
    received, today = stories.received(world.home), timezone.localdate()
    Initiative.objects.filter(pk=received.pk).update(due_on=today)
    caller = api(Role.SECRETARIAT)
    assert ids(caller.get("/initiatives/?overdue=true")) == []
    monkeypatch.setattr(timezone, "localdate", lambda *_at: today + timedelta(days=1))
    assert ids(caller.get("/initiatives/?overdue=true")) == [received.pk]


def test_ask_again__after_a_unit_has_moved(api, world):
    received, caller = stories.received(world.home), api(Role.SECRETARIAT)
    address = f"/initiatives/?below={world.home.sector.pk}"
    assert ids(caller.get(address)) == ids(caller.get(address)) == [received.pk]
    Unit.objects.filter(pk=world.home.sector.pk).update(path="9999")
    assert ids(caller.get(address)) == []


def test_ask_again__for_what_is_refused(api, world):
    caller = api(Role.SECRETARIAT)
    for _time in range(2):
        assert caller.get("/initiatives/?status=magic").status_code == 400
        assert caller.get("/initiatives/?nothing=1").status_code == 400


def test_walk_pages__with_one_statement_for_all_that_follow(api, world, monkeypatch):
    from governance.api.views import InitiativeList

    made = {stories.received(world.home).pk for _number in range(4)}
    caller = api(Role.SECRETARIAT)
    first = caller.get("/initiatives/?page_size=1").json()
    second = caller.get(first["next"]).json()
    monkeypatch.setattr(InitiativeList, "get_queryset", None)
    third = caller.get(second["next"]).json()
    fourth = caller.get(third["next"]).json()
    assert {page["results"][0]["id"] for page in (first, second, third, fourth)} == made
    assert fourth["next"] is None


@pytest.mark.parametrize("path", sorted(Path(settings.BASE_DIR).glob("*/api/filters.py")), ids=str)
def test_declare_filters__by_the_day_and_never_by_the_clock(path):
    assert "timezone.now" not in path.read_text(encoding="utf-8")
