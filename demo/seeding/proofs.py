"""Let benefits be computed from the deviations of the demo: one proves itself, the other's reporting has collapsed."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from benefits import operations
from benefits.models import Benefit, Indicator
from benefits.workflow import benefit_workflow
from core.workflow import TransitionBlocked
from demo.content.past import SYSTEM
from demo.content.proofs import proof_lines
from demo.seeding.past import read_older
from deviations.models import DeviationType
from organization.actors import person_actor

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from demo.content import model
    from demo.seeding.player import Player
    from organization.actors import PersonActor

_CHOSEN, _CONCLUDED = -18, -16
"""Working days before the anchor: after the older cases were read."""


def seed_proofs(plans: Iterable[model.BenefitPlan], player: Player) -> None:
    """Read the deviations behind each computed indicator, and let the service owner choose them as its source."""
    index = player.index
    codes = {key: unit.code for key, unit in index.units.items()}
    for plan in plans:
        computed = [planned for planned in plan.benefits if planned.computed is not None]
        if not computed:
            continue
        initiative = player.initiative(plan.key)
        key = next(key for key, unit in index.units.items() if unit.pk == initiative.municipality_id)
        days = {
            day: index.day(day)
            for planned in computed
            if planned.computed
            for day in (planned.computed.baseline_day, planned.computed.measured_day)
        }
        read_older(index, key, f"{SYSTEM.lower()}-{plan.key}.xlsx", list(proof_lines(plan, codes, days)))
        for planned in computed:
            _prove(initiative.benefits.get(title=planned.title), planned, player)


def _prove(benefit: Benefit, planned: model.PlannedBenefit, player: Player) -> None:
    one = planned.computed
    assert one is not None
    assert benefit.service_owner is not None
    now, later = player.index.at(_CHOSEN, "10:40"), player.index.at(_CONCLUDED, "14:05")
    by = person_actor(benefit.service_owner)
    indicator = operations.save_indicator(benefit, _values(one, player), by=by, now=now)
    choice = {
        "units": [player.index.units[key].pk for key in one.units], "category": "", "severe": True, "per": one.per,
        "type": DeviationType.objects.get(municipality_id=benefit.initiative.municipality_id, code=one.type).pk,
    }  # fmt: skip
    operations.set_source(indicator, "deviations", months=one.months, choice=choice, by=by, now=now)
    if Indicator.objects.get(pk=indicator.pk).latest is None:
        return
    started = benefit_workflow.perform("begin_realizing", benefit, by=by, now=now)
    if planned.ends == "realized":
        benefit_workflow.perform(
            "conclude_realized", started, by=by, now=later, data={"lesson": planned.lesson}
        )
    else:
        _try_in_vain(started, by, later)


def _try_in_vain(benefit: Benefit, by: PersonActor, now: datetime) -> None:
    """Try the step that silence blocks: the demo shows why it is refused."""
    try:
        benefit_workflow.perform("conclude_realized", benefit, by=by, now=now)
    except TransitionBlocked:
        return
    raise AssertionError(f"«{benefit}» should not be realized: reporting has collapsed")


def _values(one: model.Computed, player: Player) -> dict[str, Any]:
    measured = player.index.day(one.measured_day)
    return {
        "name": one.name, "quantity": "count", "unit": "avvik", "method": "Regnes ut", "source": "Avvik", "direction": "down",
        "target": Decimal(str(one.target)), "baseline_on": player.index.day(one.baseline_day), "first_on": measured,
        "last_on": player.index.day(one.measured_day + 260), "every": "half_year", "responsible": None, "is_main": True,
    }  # fmt: skip
