"""Write roles with their capacity in the demo, and let projects ask for people, the way their managers and resource owners do."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from demo.content.read import read_yaml
from organization.operations import Edit
from portfolio.capacity import operations
from portfolio.capacity.workflow import resource_workflow
from portfolio.models import Absence, Capacity, ResourceRole

if TYPE_CHECKING:
    from demo.seeding.player import Player
    from portfolio.models import ResourceRequest

_SET_ON, _CLOCK, _LATER = -210, "11:05", timedelta(minutes=12)


def seed_capacity(player: Player) -> None:
    for place in read_yaml("capacity.yaml"):
        roles = {row["name"]: _role(place, row, player) for row in place["roles"]}
        for row in place["requests"]:
            asked = _ask(row, roles[row["role"]], player)
            if "answer" in row:
                _answer(asked, row["answer"], player)


def _role(place: dict[str, Any], row: dict[str, Any], player: Player) -> ResourceRole:
    index = player.index
    by, now = player.actor(place["by"], index.day(_SET_ON)), index.at(_SET_ON, _CLOCK)
    stand_in = index.people[row["stand_in"]] if "stand_in" in row else None
    new = ResourceRole(
        municipality=index.units[place["municipality"]], name=row["name"], owner=index.people[row["owner"]], stand_in=stand_in
    )  # fmt: skip
    role = operations.save_role(Edit(new, ()), by=by, now=now)
    for one in row["capacity"]:
        capacity = Capacity(role=role, work_years=_amount(one), from_on=index.day(one["from"]).replace(day=1))
        operations.save_capacity(Edit(capacity, ()), by=by, now=now + _LATER)
    for one in row.get("absence", ()):
        person = index.people[one["person"]] if "person" in one else None
        absence = Absence(
            role=role, kind=one["kind"], work_years=_amount(one), person=person, from_on=index.day(one["from"]), to_on=index.day(one["to"])
        )  # fmt: skip
        operations.save_absence(Edit(absence, ()), by=by, now=now + 2 * _LATER)
    return role


def _ask(row: dict[str, Any], role: ResourceRole, player: Player) -> ResourceRequest:
    index = player.index
    return operations.ask(
        player.initiative(row["key"]).project, role=role, work_years=_amount(row), from_on=index.day(row["from"]),
        to_on=index.day(row["to"]), purpose=row["purpose"], by=player.actor(row["by"], index.day(row["day"])), now=index.at(row["day"], _CLOCK),
    )  # fmt: skip


def _answer(asked: ResourceRequest, row: dict[str, Any], player: Player) -> None:
    index = player.index
    by, now = player.actor(row["by"], index.day(row["day"])), index.at(row["day"], _CLOCK)
    if row["do"] == "refuse":
        resource_workflow.perform("refuse_request", asked, by=by, now=now, data={"reason": row["reason"]})
        return
    data = {
        "granted": _amount(row) if "years" in row else asked.work_years, "granted_from": asked.from_on, "granted_to": asked.to_on,
        "person": index.people[row["person"]] if "person" in row else None, "over_reason": row.get("over", ""),
        "remark": row.get("remark", ""),
    }  # fmt: skip
    resource_workflow.perform("grant_request", asked, by=by, now=now, data=data)


def _amount(row: dict[str, Any]) -> Decimal:
    return Decimal(str(row["years"]))
