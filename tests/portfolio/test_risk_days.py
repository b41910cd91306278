"""The day of a risk: in the inbox of whoever has it, and reminders up the line."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from core import reminders
from core.inbox import Inbox
from core.models import Notice
from core.workdays import add_working_days
from organization.roles import Role
from portfolio.models import Project, ProjectRisk
from portfolio.risk.inbox import risks_to_follow
from portfolio.risk.reminders import REMINDERS
from tests import stories
from tests.portfolio import reports


@pytest.fixture
def place(world):
    return world.home


@pytest.fixture
def project(place):
    return stories.in_portfolio(place).project


@pytest.fixture
def due():
    return add_working_days(timezone.localdate(), 10)


@pytest.fixture
def risk(place, project, due):
    return reports.risk(project, owner=place.person(Role.HR), due_on=due, measure="Ring leverandøren")


def remind(day):
    return reminders.run(day=day, now=timezone.now(), only=REMINDERS)


def people():
    return [row.recipient.username.partition(".")[0] for row in Notice.objects.order_by("pk")]


def test_inbox__of_whoever_has_it_until_it_is_handled(place, world, project, risk, due):
    actor = place.actor(Role.HR)
    task = next(task for task in Inbox(actor).tasks() if task.title == risk.title)
    assert (task.due, task.url) == (due, f"/portefolje/{project.pk}/risiko/#risiko-{risk.pk}")
    assert project.name in task.why
    for other in (place.actor(Role.PROJECT_MANAGER), world.neighbor.actor(Role.HR)):
        assert not risks_to_follow.rows(other).exists()
    reports.changed(risk, status="handled")
    assert not risks_to_follow.rows(actor).exists()


def test_inbox__not_of_a_project_that_is_over(place, project, risk):
    for status, is_there in (("paused", True), ("stopped", False)):
        Project.objects.filter(pk=project.pk).update(status=status)
        assert risks_to_follow.rows(place.actor(Role.HR)).exists() is is_there


def test_inbox__not_without_a_day(place, risk):
    ProjectRisk.objects.update(due_on=None)
    assert not risks_to_follow.rows(place.actor(Role.HR)).exists()


def test_inbox__of_one_who_has_left_the_municipality_is_empty(world, place, project, risk):
    ProjectRisk.objects.update(owner=world.stranger.person(Role.HR))
    assert not risks_to_follow.rows(world.stranger.actor(Role.HR)).exists()


def test_remind__climbs_and_stops(project, risk, due):
    Notice.objects.all().delete()
    assert remind(due - timedelta(days=30)) == 0
    for after, told in (
        (-3, ["hr"]),
        (0, ["hr"]),
        (5, ["hr", "project_manager"]),
        (10, ["hr", "project_manager", "project_owner"]),
    ):
        before = len(people())
        remind(add_working_days(due, after) if after else due)
        assert people()[before:] == told
        assert remind(add_working_days(due, after) if after else due) == 0
    notice = Notice.objects.order_by("pk").first()
    assert "Ring leverandøren" in notice.body
    assert notice.url == risk.get_absolute_url()
    assert notice.title.startswith("Frist for")
    reports.changed(risk, status="gone")
    assert remind(add_working_days(due, 12)) == 0


def test_remind__the_manager_where_nobody_has_it(project, risk, due):
    ProjectRisk.objects.update(owner=None)
    Notice.objects.all().delete()
    remind(due)
    assert people() == ["project_manager"]
