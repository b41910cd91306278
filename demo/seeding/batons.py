"""Pass the baton in the demo: what projects hand over, and the local plans of a regional initiative."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from benefits.baton import operations
from benefits.baton.workflow import handover_workflow
from benefits.models import Handover, LocalPlan
from benefits.operations import measure, save_indicator
from demo.content.read import read_yaml
from organization.actors import person_actor

if TYPE_CHECKING:
    from datetime import datetime

    from demo.seeding.player import Player
    from governance.models import Initiative
    from organization.actors import PersonActor

_CLOCK = "11:40"
_WHAT = (
    "Løsningen slik den er i drift, avtalen med leverandøren, brukerveiledningen og kontaktene i prosjektet."
)


def pass_baton(initiative: Initiative, *, by: PersonActor, now: datetime) -> None:
    """Let a project hand its plan over the week before, and the service owner take it."""
    assert initiative.service_owner is not None
    given = now - timedelta(days=5)
    handover = operations.hand_over(
        initiative, receiver=initiative.service_owner, by=by, now=given, what=_WHAT, effective_on=timezone.localdate(now)
    )  # fmt: skip
    taker = person_actor(initiative.service_owner, day=timezone.localdate(now))
    handover_workflow.perform("accept_handover", handover, by=taker, now=now - timedelta(hours=2))


def seed_local_plans(player: Player) -> None:
    """Give the municipalities of a regional initiative their plans, and play what each answers."""
    for story in read_yaml("local_plans.yaml"):
        initiative, index = player.initiative(story["key"]), player.index
        by, now = player.actor(story["by"], index.day(story["given"])), index.at(story["given"], _CLOCK)
        effective_on = index.day(story["effective"])
        operations.give_local_plans(
            initiative,
            by=by,
            now=now,
            what=story["what"],
            open_points=story["open_points"],
            effective_on=effective_on,
        )
        for answer in story["answers"]:
            plan = LocalPlan.objects.select_related("initiative").get(
                template=initiative, municipality=index.units[answer["municipality"]]
            )
            _answer(plan, answer, player)


def _answer(plan: LocalPlan, answer: dict[str, Any], player: Player) -> None:
    index, people = player.index, player.index.people
    handover, data = Handover.objects.get(initiative=plan.initiative), dict[str, Any]()
    by, now = player.actor(answer["by"], index.day(answer["day"])), index.at(answer["day"], _CLOCK)
    if "reason" in answer:
        handover_workflow.perform(
            "decline_handover", handover, by=by, now=now, data={"reason": answer["reason"]}
        )
        return
    data = {
        "receiver": people[answer["receiver"]],
        "unit": index.units[answer["unit"]],
        "remark": answer["remark"],
    }
    handover = handover_workflow.perform("confirm_handover", handover, by=by, now=now, data=data)
    taker, day = player.actor(answer["receiver"], index.day(answer["taken"])), index.at(answer["taken"], _CLOCK)  # fmt: skip
    handover_workflow.perform("accept_handover", handover, by=taker, now=day)
    for one in answer["indicators"]:
        _measured(plan, one, player, taker)


def _measured(plan: LocalPlan, one: dict[str, Any], player: Player, by: PersonActor) -> None:
    """Let the service owner say how a benefit is measured there, and measure it."""
    index = player.index
    benefit = plan.initiative.benefits.get(title=one["title"])
    days = {f"{name}_on": index.day(one[name]) for name in ("baseline", "first", "last")}
    values = {name: one[name] for name in ("name", "quantity", "unit", "method", "direction", "every")}
    now = index.at(one["baseline"], _CLOCK)
    indicator = save_indicator(
        benefit, {**values, **days, "target": Decimal(one["target"]), "source": "", "responsible": None, "is_main": True}, by=by, now=now
    )  # fmt: skip
    points = indicator.measurements.order_by("due_on")
    for row, value in zip(points, one["values"], strict=False):
        at = index.at(one["baseline"], _CLOCK) if row.is_baseline else now + (row.due_on - now.date())
        measure(row, value=Decimal(value), measured_on=row.due_on, by=by, now=at)
