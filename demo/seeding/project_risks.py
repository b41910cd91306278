"""Write the risks and opportunities of projects in the demo, the way their managers do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from demo.content.read import read_yaml
from organization.actors import person_actor
from portfolio.models import Project, ProjectRisk
from portfolio.risk.operations import save_risk

if TYPE_CHECKING:
    from demo.seeding.player import Player

_CLOCK = "13:15"


def seed_project_risks(player: Player) -> None:
    for entry in read_yaml("project_risks.yaml"):
        project = Project.objects.select_related("manager").get(initiative=player.initiative(entry["key"]))
        for row in entry["risks"]:
            _write(project, row, player)


def _write(project: Project, row: dict[str, Any], player: Player) -> None:
    index = player.index
    by = person_actor(project.manager, day=index.day(row["day"]))
    probability, impact = row.get("after", (None, None))
    values = {
        "kind": row.get("kind", "risk"), "title": row["title"], "description": "", "probability": row["probability"],
        "impact": row["impact"], "measure": row.get("measure", ""), "owner": index.people[row["owner"]] if "owner" in row else None,
        "due_on": index.day(row["due"]) if "due" in row else None, "probability_after": probability, "impact_after": impact,
        "status": row.get("status", "open"),
    }  # fmt: skip
    save_risk(ProjectRisk(project=project), values, by=by, now=index.at(row["day"], _CLOCK))
