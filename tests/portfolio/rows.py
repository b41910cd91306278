"""Rows that people have written on a project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from organization.roles import Role
from portfolio.log import forms as log
from portfolio.log.operations import write_entry
from portfolio.models import Project, ProjectLogEntry, ProjectMember, ProjectStakeholder
from portfolio.rows import save_row
from portfolio.stakeholders import forms as stakeholders
from portfolio.team import operations as team

if TYPE_CHECKING:
    from tests.world import Place


def member(
    project: Project, place: Place, *, by: Role = Role.PROJECT_MANAGER, **fields: Any
) -> ProjectMember:
    values = {
        "person": place.person(Role.CHANGE_AGENT), "role": "change_agent", "begins_on": timezone.localdate(), "ends_on": None,
        "note": "", **fields,
    }  # fmt: skip
    actor = place.actor(by)
    return save_row(ProjectMember(project=project), values, action=team.ADD, by=actor, now=timezone.now())


def stakeholder(
    project: Project, place: Place, *, by: Role = Role.PROJECT_MANAGER, **fields: Any
) -> ProjectStakeholder:
    values = {"name": "Pårørende", "group": "users", "affected": "high", "influence": "middle", **fields}
    row = ProjectStakeholder(project=project)
    return save_row(row, values, action=stakeholders.ADD, by=place.actor(by), now=timezone.now())


def entry(
    project: Project, place: Place, *, by: Role = Role.PROJECT_MANAGER, **fields: Any
) -> ProjectLogEntry:
    values = {
        "kind": "event", "title": "Leverandøren byttet kontaktperson", "happened_on": timezone.localdate(),
        "reported_by": place.person(by), **fields,
    }  # fmt: skip
    row = ProjectLogEntry(project=project)
    return write_entry(row, values, action=log.ADD, by=place.actor(by), now=timezone.now())
