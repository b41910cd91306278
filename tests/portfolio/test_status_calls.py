"""Calls for status reports: who is called and when, the inbox, the reminders up the line, and that publishing settles it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core import reminders
from core.inbox import Inbox
from core.models import Notice
from core.workdays import add_working_days
from organization.roles import Role
from portfolio.models import Project
from portfolio.status.calls import called_by, due_on
from portfolio.status.inbox import status_to_write
from portfolio.status.reminders import REMINDERS
from tests import stories
from tests.portfolio import statuses as reports


@pytest.fixture
def place(world):
    return world.home


@pytest.fixture
def project(place):
    made = stories.in_portfolio(place).project
    Project.objects.filter(pk=made.pk).update(starts_on=timezone.localdate() - timedelta(days=45))
    return Project.objects.get(pk=made.pk)


def called(day):
    return list(called_by(day))


def told_on(day, starts_on, **fields):
    Project.objects.update(starts_on=starts_on, **fields)
    return [(row.told_on, due_on(row)) for row in called_by(day)]


@pytest.mark.parametrize(
    ("starts_on", "first", "due"),
    [
        (date(2026, 8, 11), date(2026, 9, 11), date(2026, 9, 30)),
        (date(2026, 9, 10), date(2026, 9, 11), date(2026, 9, 30)),
        (date(2026, 9, 11), date(2026, 10, 11), date(2026, 10, 30)),  # 31 October is a Saturday
        (date(2026, 10, 31), date(2026, 11, 11), date(2026, 11, 30)),
        (date(2026, 11, 3), date(2026, 11, 11), date(2026, 11, 30)),
        (date(2026, 12, 20), date(2027, 1, 11), date(2027, 1, 29)),
        (date(2027, 2, 20), date(2027, 3, 11), date(2027, 3, 31)),
    ],
)
def test_call__for_each_month_by_its_last_working_day(place, project, starts_on, first, due):
    assert told_on(first - timedelta(days=1), starts_on) == []
    assert told_on(first, starts_on) == [(starts_on, due)]
    assert told_on(first + timedelta(days=90), starts_on) == [(starts_on, due)]


def test_call__report_early_in_a_month_does_not_take_the_place_of_the_next(place, project):
    published = datetime(2026, 10, 5, 9, tzinfo=UTC)
    Project.objects.update(starts_on=date(2026, 7, 1))
    reports.published(project, place, now=published)
    assert called(date(2026, 10, 10)) == []
    assert [due_on(row) for row in called(date(2026, 10, 11))] == [date(2026, 10, 30)]
    reports.published(project, place, now=datetime(2026, 10, 12, 9, tzinfo=UTC))
    assert called(date(2026, 11, 10)) == []
    assert [due_on(row) for row in called(date(2026, 11, 11))] == [date(2026, 11, 30)]


def test_call__late_report_tells_of_the_day_it_is_about(place, project):
    Project.objects.update(starts_on=date(2026, 7, 1))
    reports.published(project, place, now=datetime(2026, 10, 20, 9, tzinfo=UTC), day=date(2026, 9, 30))
    assert [row.told_on for row in called(date(2026, 10, 20))] == [date(2026, 9, 30)]


def test_call__from_the_day_it_was_made_where_no_start_is_known(place, project):
    Project.objects.update(starts_on=None, created_at=datetime(2026, 3, 31, 22, 30, tzinfo=UTC))
    assert [row.told_on for row in called(date(2026, 6, 1))] == [date(2026, 4, 1)]


@pytest.mark.parametrize("status", ["paused", "stopped", "completed"])
def test_call__only_active_projects(place, project, status):
    assert called(timezone.localdate()) == [project]
    Project.objects.filter(pk=project.pk).update(status=status)
    assert called(timezone.localdate()) == []


def test_call__settled_by_publishing_and_not_by_a_draft(place, project):
    today = timezone.localdate()
    reports.draft(project, place)
    assert called(today) == [project]
    reports.published(project, place)
    assert called(today) == []
    assert called(today + timedelta(days=31)) == [project]


# --- The inbox -------------------------------------------------------------------------------------
def waiting(actor):
    return list(status_to_write.rows(actor))


def test_inbox__of_the_manager_until_it_is_published(place, world, project):
    manager = place.actor(Role.PROJECT_MANAGER)
    task = next(task for task in Inbox(manager).tasks() if str(task.verb) == "Skriv statusrapport for")
    assert task.title == project.name
    assert task.url == reverse("portfolio:status_write", args=[project.pk])
    assert task.due == due_on(called(timezone.localdate())[0])
    for actor in (
        place.actor(Role.PROJECT_OWNER),
        place.actor(Role.EMPLOYEE),
        world.neighbor.actor(Role.PROJECT_MANAGER),
    ):
        assert waiting(actor) == []
    reports.published(project, place)
    assert waiting(manager) == []


def test_inbox__of_the_owner_when_the_manager_has_left(place, project):
    type(project.manager).objects.filter(pk=project.manager_id).update(is_active=False)
    assert waiting(place.actor(Role.PROJECT_OWNER)) == [project]


# --- Reminders -------------------------------------------------------------------------------------
def remind(day):
    return reminders.run(day=day, now=timezone.now(), only=REMINDERS)


def test_reminder__climbs_the_line_and_stops_when_it_is_published(place, project):
    due = due_on(called(timezone.localdate())[0])

    def people():
        rows = Notice.objects.filter(event="status_due").order_by("pk")
        return [row.recipient.username.partition(".")[0] for row in rows]

    remind(add_working_days(due, -3))
    assert people() == ["project_manager"]
    assert remind(add_working_days(due, -3)) == 0
    remind(due)
    assert people() == ["project_manager"] * 2
    remind(add_working_days(due, 5))
    assert people()[2:] == ["project_manager", "project_owner"]
    remind(add_working_days(due, 10))
    assert people()[4:] == ["project_manager", "project_owner", "portfolio_manager"]
    reports.published(project, place)
    assert remind(add_working_days(due, 12)) == 0


def test_reminder__reaches_somebody_where_manager_and_owner_have_left(place, project):
    type(project.manager).objects.filter(pk__in=[project.manager_id, project.owner_id]).update(
        is_active=False
    )
    remind(due_on(called(timezone.localdate())[0]))
    assert {row.recipient for row in Notice.objects.filter(event="status_due")} == {
        place.person(Role.PORTFOLIO_MANAGER)
    }


def test_reminder__of_every_month_that_has_no_report(place, project):
    Project.objects.update(starts_on=date(2026, 7, 1))
    days = [date(2026, month, 1) + timedelta(days=number) for month in (9, 10, 11) for number in range(30)]
    given = [day for day in days if remind(day)]
    due = [date(2026, 8, 31), date(2026, 9, 30), date(2026, 10, 30), date(2026, 11, 30)]
    steps = [add_working_days(day, after) for day in due for after in (-3, 5, 10)]
    assert set(given) >= {day for day in steps if days[0] < day <= days[-1]}
    reports.published(project, place, now=datetime(2026, 12, 1, 9, tzinfo=UTC))
    assert not any(remind(date(2026, 12, day)) for day in range(1, 20))
    assert remind(date(2026, 12, 28))
