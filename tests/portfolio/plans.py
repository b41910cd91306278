"""Plans for tests: milestones, deliverables and dependencies, written the way people do it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from organization.roles import Role
from portfolio.models import Deliverable, Dependency, Milestone
from portfolio.plan.dependencies import save_dependency
from portfolio.plan.operations import save_part

if TYPE_CHECKING:
    from datetime import date

    from portfolio.models import Project
    from tests.world import Place


def day(days: int) -> date:
    """Return the day so many days from today."""
    return timezone.localdate() + timedelta(days=days)


def milestone(project: Project, place: Place, *, on: date | None = None, **values: Any) -> Milestone:
    values = {
        "name": "Avtalen er signert",
        "planned_on": on or day(30),
        "responsible": None,
        "note": "",
        **values,
    }
    row = Milestone(project=project)
    return save_part(row, values, by=place.actor(Role.PROJECT_MANAGER), now=timezone.now())


def deliverable(project: Project, place: Place, **values: Any) -> Deliverable:
    values = {
        "name": "Opplæringen", "acceptance_criteria": "Alle vaktlag har øvd", "ends_on": day(20), "approver": None, **values,
    }  # fmt: skip
    row = Deliverable(project=project)
    return save_part(row, values, by=place.actor(Role.PROJECT_MANAGER), now=timezone.now())


def dependency(project: Project, on: Project, place: Place, **values: Any) -> Dependency:
    values = {"milestone": None, "needed_on": None, "note": "", **values}
    row = Dependency(project=project, on=on)
    return save_dependency(row, values, by=place.actor(Role.PROJECT_MANAGER), now=timezone.now())
