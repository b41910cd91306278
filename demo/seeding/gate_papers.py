"""Write the gate papers of projects in the demo; the council decides one in an extra meeting, and one waits for an agenda."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.actors import System
from core.history import record
from demo.content.read import read_yaml
from governance import council
from governance.council import matters
from governance.models import GovernanceRules, Matter, Meeting
from governance.workflow import meeting_workflow
from organization.actors import people_in_roles, person_actor
from organization.roles import Role
from portfolio.gatepaper import operations
from portfolio.models import Project

if TYPE_CHECKING:
    from datetime import datetime

    from demo.seeding.player import Player
    from organization.actors import PersonActor
    from portfolio.models import GatePaper

_CLOCK, _LATER = "11:05", "15:00"
_TEXTS = ("summary", "assessment", "proposed", "proposal")


def seed_gate_papers(player: Player) -> None:
    content = read_yaml("gate_papers.yaml")
    _let_the_council_decide(content, player)
    papers = {entry["key"]: _send(entry, player) for entry in content["papers"]}
    decided = [(papers[entry["key"]], entry) for entry in content["papers"] if "decided" in entry]
    _meet(content, decided, player)


def _let_the_council_decide(content: dict[str, Any], player: Player) -> None:
    rules = GovernanceRules.objects.get(municipality=player.index.units[content["council"]])
    rules.council_points = content["points"]
    rules.stamp(player.index.at(content["rule_day"], _CLOCK))
    with record("edit_rules", actor=System("demo")):
        rules.save()


def _send(entry: dict[str, Any], player: Player) -> GatePaper:
    project = Project.objects.select_related("manager").get(initiative=player.initiative(entry["key"]))
    by = person_actor(project.manager, day=player.index.day(entry["day"]))
    values = {name: entry[name] for name in _TEXTS}
    return operations.send(project, values, mark="0", by=by, now=player.index.at(entry["day"], _CLOCK))


def _meet(content: dict[str, Any], decided: list[tuple[GatePaper, dict[str, Any]]], player: Player) -> None:
    told, index = content["meeting"], player.index
    municipality = index.units[content["council"]]

    def secretary(now: datetime) -> PersonActor:
        people = people_in_roles([Role.SECRETARIAT], municipality_id=municipality.pk, day=now.date())
        return player.actor(people[0].username, now.date())

    def step(name: str, meeting: Meeting, now: datetime, by: PersonActor | None = None) -> Meeting:
        return meeting_workflow.perform(name, meeting, by=by or secretary(now), now=now)

    now = index.at(told["planned"], _CLOCK)
    meeting = council.plan_meeting(
        municipality=municipality, starts_at=index.at(told["day"], told["time"]), place=told["place"], by=secretary(now), now=now
    )  # fmt: skip
    now = index.at(told["summoned"], _LATER)
    items = [
        (matters.place(_matter_of(paper), meeting=meeting, by=secretary(now), now=now), entry)
        for paper, entry in decided
    ]
    step("summon", meeting, now)
    now = index.at(told["day"], told["time"])
    seats = set(meeting.seated.exclude(seat="substitute").values_list("pk", flat=True))
    council.register_attendance(meeting, present=seats, absent=set(), substitutes={}, by=secretary(now), now=now)  # fmt: skip
    step("open_session", meeting, now)
    for item, entry in items:
        council.decide(
            item, outcome=entry["outcome"], text=entry["decided"], discussion=entry["discussion"], by=secretary(now), now=now
        )  # fmt: skip
    ended = step("conclude", meeting, index.at(told["day"], told["end"]))
    now = index.at(told["approved"], _CLOCK)
    assert ended.chair is not None
    step("approve_minutes", ended, now, person_actor(ended.chair, day=now.date()))


def _matter_of(paper: GatePaper) -> Matter:
    found: Matter = Matter.objects.get(kind=operations.KIND, subject_id=paper.pk, closed_at=None)
    return found
