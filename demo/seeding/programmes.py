"""Make the programmes of the demo, and say which projects belong where, the way the portfolio managers do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from demo.content.read import read_yaml
from organization.operations import Edit
from portfolio.models import Programme, Project
from portfolio.programme.operations import place_project, save_programme

if TYPE_CHECKING:
    from datetime import date, datetime

    from demo.seeding.player import Player
    from organization.actors import PersonActor

_CLOCK = "10:30"


def seed_programmes(player: Player) -> None:
    content: dict[str, Any] = read_yaml("programmes.yaml")
    for entry in content["programmes"]:
        programme = _make(entry, player)
        for key in entry["projects"]:
            _place(_project(key, player), player, entry["day"], programme=programme)
    for part in content["parts"]:
        _place(_project(part["project"], player), player, part["day"], parent=_project(part["of"], player))


def _make(entry: dict[str, Any], player: Player) -> Programme:
    index = player.index
    by, now = player.actor(entry["by"], index.day(entry["day"])), index.at(entry["day"], _CLOCK)
    row = Programme(
        municipality=index.units[entry["municipality"]], name=entry["name"], purpose=entry["purpose"],
        owner=index.people[entry["owner"]], manager=index.people[entry["manager"]],
        starts_on=_day(entry, "starts_on", player), ends_on=_day(entry, "ends_on", player),
    )  # fmt: skip
    return save_programme(Edit(row, (), ""), by=by, now=now)


def _day(entry: dict[str, Any], name: str, player: Player) -> date | None:
    return player.index.day(entry[name]) if name in entry else None


def _project(key: str, player: Player) -> Project:
    rows = Project.objects.select_related("municipality", "programme", "parent")
    found: Project = rows.get(initiative=player.initiative(key))
    return found


def _place(
    project: Project, player: Player, day: int, *, programme: Programme | None = None, parent: Project | None = None
) -> None:  # fmt: skip
    """Let the portfolio manager at the project's home say so, not before it began nor before what has happened since."""
    by, now = _manager_of(project, player, day)
    place_project(
        project, programme=programme or project.programme, parent=parent or project.parent, version=project.version, by=by,
        now=max(now, project.changed_at),
    )  # fmt: skip


def _manager_of(project: Project, player: Player, day: int) -> tuple[PersonActor, datetime]:
    home = str(project.municipality.short_name).lower()
    return player.actor(f"portefoljeforvalter.{home}", player.index.day(day)), player.index.at(day, _CLOCK)
