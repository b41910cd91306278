"""Write the change work of the demo's plans, and let those responsible say how it went."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from benefits.change.operations import save_part
from benefits.change.workflow import change_workflow
from benefits.models import BenefitRisk, ChangeAction, ChangeAgent, Stakeholder
from organization.models import RoleAssignment
from organization.roles import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from demo.content.model import change as model
    from demo.seeding.player import Player

_CLOCK, _LATER = "13:20", "14:05"


def events_of(work: model.ChangeWork, player: Player) -> Iterator[tuple[datetime, Callable[[], None], str]]:
    """Yield when the change work is written, and when each action is begun and concluded."""
    yield player.index.at(work.planned, _CLOCK), partial(_write, work, player), "change work"
    for one in work.actions:
        for day, name in (
            (one.begins, "begin_change"),
            (one.ends, "finish_change" if one.is_done else "give_up_change"),
        ):
            if day is not None:
                at = player.index.at(day, _LATER)
                yield at, partial(_step, work, one, name, day, player), name


def _write(work: model.ChangeWork, player: Player) -> None:
    initiative = player.initiative(work.key)
    people, day = player.index.people, player.index.day
    written: dict[str, Any] = {
        "by": player.actor(work.by, day(work.planned)),
        "now": player.index.at(work.planned, _CLOCK),
    }
    for one in work.actions:
        values = {
            "title": one.title, "kind": one.kind, "how": one.how, "owner": people[one.owner], "due_on": day(one.due),
            "benefit": _beginning(initiative.benefits, one.benefit), "node": _beginning(initiative.map_nodes, one.box),
            "risk_profile": one.profile,
        }  # fmt: skip
        save_part(ChangeAction(initiative=initiative), values, **written)
    for group in work.stakeholders:
        names = ("name", "group", "gains", "loses", "influence", "attitude", "involvement")
        values = {name: getattr(group, name) for name in names} | {"contact": people.get(group.contact)}
        save_part(Stakeholder(initiative=initiative), values, **written)
    for risk in work.risks:
        values = {name: getattr(risk, name) for name in ("title", "likelihood", "consequence", "measure", "state")} | {
            "benefit": _beginning(initiative.benefits, risk.benefit), "owner": people[risk.owner],
            "action": _beginning(initiative.change_actions, risk.action), "reviewed_on": day(work.planned),
            "review_on": day(risk.review),
        }  # fmt: skip
        save_part(BenefitRisk(initiative=initiative), values, **written)
    for username, task in work.agents.items():
        held = RoleAssignment.objects.get(person=people[username], role=Role.CHANGE_AGENT)
        save_part(ChangeAgent(initiative=initiative), {"role": held, "task": task}, **written)


def _beginning(rows: Any, words: str) -> Any:
    return rows.get(title__startswith=words) if words else None


def _step(work: model.ChangeWork, one: model.Action, name: str, day: int, player: Player) -> None:
    action = ChangeAction.objects.get(initiative=player.initiative(work.key), title=one.title)
    data = {} if name == "begin_change" else {"outcome": one.outcome}
    by, now = player.actor(one.owner, player.index.day(day)), player.index.at(day, _LATER)
    change_workflow.perform(name, action, by=by, now=now, data=data)
