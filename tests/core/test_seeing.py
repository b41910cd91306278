"""Who sees a record is asked by statements that are built once; they say what ``visible_to`` says."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.apps import apps
from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import seeing
from core.actors import System
from core.seeing import lock, sees
from core.statements import Shelf
from core.workflow import workflows
from organization.models import Unit
from organization.roles import Role
from tests import stories
from tests.deviations import stories as told

ROLES = [Role.EMPLOYEE, Role.LEADER, Role.SECRETARIAT, Role.SERVICE_OWNER, Role.ELECTED_REPRESENTATIVE]
SEEING = [
    Role.LEADER,
    Role.SECRETARIAT,
    Role.SERVICE_OWNER,
    Role.QUALITY_MANAGER,
    Role.PRIVACY_OFFICER,
    Role.ADMINISTRATOR,
    Role.ARCHIVIST,
]
SYSTEM = System("tests")
SEEN = sorted(
    {model for model in apps.get_models() if hasattr(model._default_manager.all(), "visible_to")}, key=str
)


@pytest.fixture
def records(world):
    adopted = stories.adopted(world.home)
    own = told.report(world.home)
    return [own, told.closed(world.home), adopted, *adopted.decisions.all(), stories.draft(world.home)]


@pytest.mark.parametrize("role", ROLES)
def test_sees__what_is_visible_to_each(world, records, role):
    answers = set()
    for place in (world.home, world.neighbor, world.region, world.stranger):
        actor = place.actor(role)
        for record in records:
            visible = type(record)._default_manager.visible_to(actor).filter(pk=record.pk).exists()
            assert [sees(actor, record) for _again in range(3)] == [visible] * 3
            answers.add(visible)
    assert answers == {True, False}


def test_sees__every_record_for_a_part_of_the_system(records):
    assert all(sees(SYSTEM, record) for record in records)


def test_lock__returns_the_record_as_it_is_now(world, records):
    for record in records:
        found = lock(record, SYSTEM)
        fresh = type(record)._default_manager.get(pk=record.pk)
        names = [field.attname for field in record._meta.concrete_fields]
        assert {name: getattr(found, name) for name in names} == {
            name: getattr(fresh, name) for name in names
        }
        assert not found.get_deferred_fields()
        assert found._state.db == fresh._state.db
        assert not found._state.adding


def test_lock__nothing_of_another_municipality(world, records):
    with pytest.raises(Http404):
        lock(records[0], world.stranger.actor(Role.LEADER))
    with pytest.raises(Http404):
        lock(Unit(pk=0), SYSTEM)


def test_lock__asks_once_and_locks_the_row_each_time(world, records, monkeypatch):
    kept = Shelf(keeps_plans=True)
    monkeypatch.setattr(seeing, "_locked", kept)
    case, actor = records[0], world.home.actor(Role.LEADER)
    for _again in range(3):
        with CaptureQueriesContext(connection) as asked:
            lock(case, actor)
        assert len(asked) == 1
    [made] = kept._kept.values()
    assert 'FOR UPDATE OF "' in made.sql


def test_lock__needs_a_transaction_that_holds_it(world):
    unit = world.home.unit
    assert lock(unit, SYSTEM) == unit
    outside = patch.object(connections[DEFAULT_DB_ALIAS], "in_atomic_block", new=False)
    with outside, pytest.raises(transaction.TransactionManagementError):
        lock(unit, SYSTEM)


@pytest.mark.parametrize("model", SEEN, ids=str)
def test_visible_to__depends_on_the_scope_and_not_on_the_day(world, model, monkeypatch):
    """So a statement may be kept past midnight: the roles of another day are another scope."""
    actors = [world.home.actor(role) for role in SEEING]
    today = [_asked_of(model, actor) for actor in actors]
    then = timezone.now() + timedelta(days=400)
    monkeypatch.setattr(timezone, "now", lambda: then)
    assert [_asked_of(model, actor) for actor in actors] == today
    assert any(today)


def _asked_of(model, actor):
    try:
        return str(model._default_manager.visible_to(actor).query)
    except EmptyResultSet:
        return ""


def test_every_workflow_is_of_records_that_are_seen():
    assert {workflow.model for workflow in workflows()} <= set(SEEN)
