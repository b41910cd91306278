"""Write the plans of projects in the demo, the way their managers do: planned, moved with a reason, reached and approved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from demo.content.read import read_yaml
from organization.actors import person_actor
from portfolio.models import Deliverable, Dependency, Milestone, Project
from portfolio.plan import operations
from portfolio.plan.dependencies import save_dependency

if TYPE_CHECKING:
    from demo.seeding.player import Player

_CLOCK, _LATER = "10:40", "14:20"


def seed_project_plans(player: Player) -> None:
    content = read_yaml("project_plans.yaml")
    for entry in content["plans"]:
        project = _project(player, entry["key"])
        for row in entry.get("milestones", ()):
            _milestone(project, row, entry["made"], player)
        for row in entry.get("deliverables", ()):
            _deliverable(project, row, entry["made"], player)
    for row in content["waits"]:
        _wait(row, player)


def _project(player: Player, key: str) -> Project:
    found: Project = Project.objects.select_related("manager").get(initiative=player.initiative(key))
    return found


def _milestone(project: Project, row: dict[str, Any], made: int, player: Player) -> None:
    index, people = player.index, player.index.people
    values = {
        "name": row["name"], "planned_on": index.day(row["planned"]), "responsible": people[row["by"]] if "by" in row else None, "note": "",
    }  # fmt: skip
    by = person_actor(project.manager, day=index.day(made))
    one = operations.save_part(Milestone(project=project), values, by=by, now=index.at(made, _CLOCK))
    if "moved" in row:
        operations.move_milestone(
            one, to=index.day(row["to"]), reason=row["reason"], stamp=operations.stamp_of(one),
            by=person_actor(project.manager, day=index.day(row["moved"])), now=index.at(row["moved"], _LATER),
        )  # fmt: skip
    if "reached" in row:
        operations.reach_milestone(
            one, on=index.day(row["reached"]), stamp=operations.stamp_of(one),
            by=person_actor(project.manager, day=index.day(row["reached"])), now=index.at(row["reached"], _LATER),
        )  # fmt: skip


def _deliverable(project: Project, row: dict[str, Any], made: int, player: Player) -> None:
    index = player.index
    approver = index.people[row["approver"]]
    values = {
        "name": row["name"], "starts_on": index.day(row["starts"]), "ends_on": index.day(row["ends"]), "approver": approver,
        "acceptance_criteria": row["criteria"], "status": row.get("status", "on_plan"), "comment": row.get("comment", ""),
    }  # fmt: skip
    by = person_actor(project.manager, day=index.day(made))
    one = operations.save_part(Deliverable(project=project), values, by=by, now=index.at(made, _CLOCK))
    if "approved" in row:
        operations.approve_deliverable(
            one, stamp=operations.stamp_of(one), by=person_actor(approver, day=index.day(row["approved"])),
            now=index.at(row["approved"], _LATER),
        )  # fmt: skip


def _wait(row: dict[str, Any], player: Player) -> None:
    index = player.index
    project, on = _project(player, row["key"]), _project(player, row["awaited"])
    milestone = Milestone.objects.get(project=on, name=row["milestone"]) if "milestone" in row else None
    values = {"milestone": milestone, "needed_on": index.day(row["needed"]), "note": row["note"]}
    by = person_actor(project.manager, day=index.day(row["day"]))
    save_dependency(Dependency(project=project, on=on), values, by=by, now=index.at(row["day"], _CLOCK))
