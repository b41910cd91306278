"""Draw the benefit maps of the demo, and let those who are asked answer its pulses."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from benefits.map import BenefitMap, map_of
from benefits.models import PulseRound
from benefits.operations import mapping
from benefits.operations import pulse as pulses
from organization.actors import person_actor
from organization.models import Person

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from demo.content import model
    from demo.seeding.player import Player

_CLOCK = "10:15"
_YES, _NO = 3, 1
_EVERY_FIFTH = 5


def events_of(plan: model.BenefitPlan, player: Player) -> Iterator[tuple[datetime, Callable[[], None], str]]:
    """Yield when the map is drawn, and when each pulse is planned and answered."""
    if plan.map and plan.approved is not None:
        yield player.index.at(plan.answered, _CLOCK), partial(_draw, plan, player), "map"
    for pulse in plan.pulses:
        yield player.index.at(pulse.planned, _CLOCK), partial(_plan, plan, pulse, player), "pulse"
        if pulse.agree:
            yield player.index.at(pulse.opens, _CLOCK), partial(_answer, plan, pulse, player), "answers"


def _draw(plan: model.BenefitPlan, player: Player) -> None:
    initiative = player.initiative(plan.key)
    by = player.actor(plan.approver, player.index.day(plan.answered))
    now = player.index.at(plan.answered, _CLOCK)
    for box in plan.map:
        if box.stage:
            given = mapping.NodeInput(stage=box.stage, title=box.title, prerequisites=box.prerequisites)
            mapping.save_node(initiative, given, by=by, now=now)
    drawn = map_of(initiative, initiative.benefits.all())
    for box in plan.map:
        for words in box.leads_to:
            mapping.add_link(initiative, _key(drawn, box.title), _key(drawn, words), by=by, now=now)


def _key(drawn: BenefitMap, words: str) -> str:
    return next(key for key, box in drawn.boxes.items() if box.title.startswith(words))


def _plan(plan: model.BenefitPlan, pulse: model.Pulse, player: Player) -> None:
    index = player.index
    given = pulses.PulseInput(
        opens_on=index.day(pulse.opens),
        closes_on=index.day(pulse.closes),
        units=[index.units[key] for key in pulse.units],
    )
    by, now = player.actor(plan.approver, index.day(pulse.planned)), index.at(pulse.planned, _CLOCK)
    pulses.plan_pulse(player.initiative(plan.key), pulse.occasion, given, by=by, now=now)


def _answer(plan: model.BenefitPlan, pulse: model.Pulse, player: Player) -> None:
    """Let four of five answer, and as many of them agree as the content says."""
    row = PulseRound.objects.get(initiative=player.initiative(plan.key), occasion=pulse.occasion)
    units = [player.index.units[key] for key in pulse.units]
    asked = Person.objects.filter(pk__in=pulses.workers_of(units, row.opens_on)).order_by("pk")
    people = [person for at, person in enumerate(asked) if at % _EVERY_FIFTH]
    for at, person in enumerate(people):
        replies = [_YES if (at + 0.5) / len(people) * 100 < share else _NO for share in pulse.agree]
        pulses.answer_pulse(row, replies, by=person_actor(person, day=row.opens_on), today=row.opens_on)
