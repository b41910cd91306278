"""Write what kind of work the projects of the demo are, who takes part, and what they log, the way their managers do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from demo.content.read import read_yaml
from demo.people import everyone
from organization.actors import person_actor
from organization.models import RoleAssignment
from organization.operations import end_role
from portfolio.log import forms as log_forms
from portfolio.log.operations import write_entry
from portfolio.models import Project, ProjectLogEntry, ProjectMember, ProjectStakeholder
from portfolio.operations import change_kind
from portfolio.rows import save_row
from portfolio.stakeholders import forms as stakeholder_forms
from portfolio.team.operations import ADD, change_leaders

if TYPE_CHECKING:
    from demo.seeding.player import Player

_CLOCK = "14:45"


def seed_project_teams(player: Player) -> None:
    for entry in read_yaml("project_teams.yaml"):
        project = Project.objects.select_related("manager", "owner").get(
            initiative=player.initiative(entry["key"])
        )
        for row in entry.get("members", ()):
            _join(project, row, player)
        if kind := entry.get("kind"):
            by, now = (
                player.actor(kind["by"], player.index.day(kind["day"])),
                player.index.at(kind["day"], _CLOCK),
            )
            change_kind(project, kind=kind["to"], reason=kind["reason"], by=by, now=now)
        if quits := entry.get("quits"):
            _quit(project, quits, player)


def _join(project: Project, row: dict[str, Any], player: Player) -> None:
    index = player.index
    values = {
        "person": index.people[row["person"]], "role": row["role"], "begins_on": index.day(row["day"]),
        "ends_on": index.day(row["until"]) if "until" in row else None, "note": row.get("note", ""),
    }  # fmt: skip
    by = person_actor(project.manager, day=index.day(row["day"]))
    save_row(ProjectMember(project=project), values, action=ADD, by=by, now=index.at(row["day"], _CLOCK))


def _quit(project: Project, quits: dict[str, Any], player: Player) -> None:
    """Let somebody who is not named elsewhere take over, and leave some days later."""
    index = player.index
    by, now = player.actor(quits["by"], index.day(quits["day"])), index.at(quits["day"], _CLOCK)
    new = next(one for one in everyone() if not one.named and one.unit == quits["unit"])
    person = index.people[new.username]
    project.refresh_from_db()
    change_leaders(
        project,
        owner=project.owner,
        manager=person,
        reason=quits["reason"],
        version=project.version,
        by=by,
        now=now,
    )
    for role in RoleAssignment.objects.filter(person=person, valid_to=None):
        end_role(role, on=index.day(quits["last_day"]), by=by, now=index.at(quits["last_day"], _CLOCK))


def seed_project_logs(player: Player) -> None:
    for entry in read_yaml("project_logs.yaml"):
        project = Project.objects.select_related("manager").get(initiative=player.initiative(entry["key"]))
        for row in entry.get("stakeholders", ()):
            _meet(project, row, player)
        for row in entry.get("log", ()):
            _log(project, row, player)


def _meet(project: Project, row: dict[str, Any], player: Player) -> None:
    values = {name: value for name, value in row.items() if name != "day"}
    by, now = (
        person_actor(project.manager, day=player.index.day(row["day"])),
        player.index.at(row["day"], _CLOCK),
    )
    save_row(ProjectStakeholder(project=project), values, action=stakeholder_forms.ADD, by=by, now=now)


def _log(project: Project, row: dict[str, Any], player: Player) -> None:
    index = player.index
    values = {
        "kind": row["kind"], "title": row["title"], "text": row.get("text", ""), "happened_on": index.day(row["day"]),
        "reported_by": project.manager, "responsible": row.get("responsible", ""), "consequence": row.get("consequence", ""),
        "recommendation": row.get("recommendation", ""), "lesson": row.get("lesson", ""),
        "decided_by": index.people[row["by"]] if "by" in row else None,
        "decided_on": index.day(row["decided"]) if "decided" in row else None,
    }  # fmt: skip
    by = person_actor(project.manager, day=index.day(row["day"]))
    write_entry(
        ProjectLogEntry(project=project),
        values,
        action=log_forms.ADD,
        by=by,
        now=index.at(row["day"], _CLOCK),
    )
