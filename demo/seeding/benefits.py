"""Bring the plans of benefits to where they stand, through the operations of the house."""

from __future__ import annotations

from datetime import datetime, time
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from benefits import operations
from benefits.arithmetic import ThreePoint
from benefits.models import Benefit, Indicator
from benefits.models.benefit import CONCLUDED
from benefits.workflow import benefit_workflow, ownership_workflow
from demo.content.calendar import OSLO
from organization.actors import nearest_in_roles, person_actor
from organization.roles import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from demo.content import model
    from demo.seeding.player import Player
    from organization.actors import PersonActor

_CLOCK, _NOON = "10:15", time(12)
_CONCLUDED = {
    "realized": "conclude_realized",
    "partly_realized": "conclude_partly",
    "not_realized": "conclude_not_realized",
}


def events_of(plan: model.BenefitPlan, player: Player) -> Iterator[tuple[datetime, Callable[[], None], str]]:
    """Yield what happens to a plan while the project runs: answers, approval and the first measurements."""
    index = player.index
    if plan.approved is None:
        yield index.at(plan.answered, _CLOCK), lambda: _answer(plan, player), "answers"
        return
    yield index.at(plan.approved, _CLOCK), lambda: _approve(plan, player), "approval"
    for planned in plan.benefits:
        one = planned.indicator
        if one is not None and one.baseline is not None:
            yield (
                index.at(one.baseline_day, _CLOCK),
                partial(_measure_baseline, plan, planned, player),
                "baseline",
            )


def seed_benefits(plans: Iterable[model.BenefitPlan], player: Player) -> None:
    """Play what was measured after the projects ended, and how the benefits concluded."""
    for plan in plans:
        if plan.approved is not None:
            follow(plan, player)


def follow(plan: model.BenefitPlan, player: Player) -> None:
    """Measure the benefits of a plan that nobody has judged yet, and conclude them."""
    for planned in plan.benefits:
        benefit = _row(plan, planned, player)
        if benefit.status not in CONCLUDED:
            _follow(benefit, planned, player)


def _row(plan: model.BenefitPlan, planned: model.PlannedBenefit, player: Player) -> Benefit:
    rows = player.initiative(plan.key).benefits.select_related("initiative__unit", "service_owner")
    found: Benefit = rows.get(title=planned.title)
    return found


def _answer(plan: model.BenefitPlan, player: Player) -> None:
    for planned in plan.benefits:
        _prepare(_row(plan, planned, player), planned, player, plan.answered)


def _approve(plan: model.BenefitPlan, player: Player) -> None:
    assert plan.approved is not None
    _answer(plan, player)
    by = player.actor(plan.approver, _day(player, plan.approved))
    now = player.index.at(plan.approved, _CLOCK)
    operations.approve_plan(player.initiative(plan.key), by=by, now=now)


def _day(player: Player, offset: int) -> date:
    return player.index.day(offset)


def _owner(benefit: Benefit) -> PersonActor:
    assert benefit.service_owner is not None
    return person_actor(benefit.service_owner)


def _prepare(benefit: Benefit, planned: model.PlannedBenefit, player: Player, day: int) -> None:
    by, now = _owner(benefit), player.index.at(day, _CLOCK)
    if planned.points is not None:
        Benefit.objects.filter(pk=benefit.pk).update(points=Decimal(str(planned.points)), changed_at=now)
    if planned.ends == "refused":
        ownership_workflow.perform(
            "refuse_ownership", benefit, by=by, now=now, data={"reason": planned.refusal}
        )
    elif planned.ends != "asked":
        ownership_workflow.perform("accept_ownership", benefit, by=by, now=now)
    if planned.indicator is not None:
        operations.save_indicator(benefit, _values(planned.indicator, player), by=by, now=now)
    if planned.profile:
        years = {
            year: ThreePoint(*(Decimal(str(part)) for part in parts))
            for year, parts in planned.profile.items()
        }
        operations.set_profile(benefit, years, by=by, now=now)


def _values(one: model.Indicator, player: Player) -> dict[str, Any]:
    return {
        "name": one.name, "quantity": one.quantity, "unit": one.unit, "method": one.method, "source": one.source,
        "direction": one.direction, "target": Decimal(str(one.target)), "baseline_on": _day(player, one.baseline_day),
        "first_on": _day(player, one.first_day), "last_on": _day(player, one.last_day), "every": one.every, "responsible": None,
        "is_main": True,
    }  # fmt: skip


def _measure_baseline(plan: model.BenefitPlan, planned: model.PlannedBenefit, player: Player) -> None:
    benefit, one = _row(plan, planned, player), planned.indicator
    assert one is not None
    first = Indicator.objects.get(benefit=benefit, is_main=True).measurements.order_by("due_on")[0]
    by, now = _owner(benefit), player.index.at(one.baseline_day, _CLOCK)
    operations.measure(first, value=Decimal(str(one.baseline)), measured_on=first.due_on, by=by, now=now)


def _follow(benefit: Benefit, planned: model.PlannedBenefit, player: Player) -> None:
    """Measure what was measured, and conclude."""
    one = planned.indicator
    if one is None or one.baseline is None or planned.ends == "planned":
        return
    by, last = _owner(benefit), player.index.at(one.baseline_day, _CLOCK)
    benefit_workflow.perform("begin_realizing", benefit, by=by, now=last)
    rest = Indicator.objects.get(benefit=benefit, is_main=True).measurements.order_by("due_on")[1:]
    passed = [row for row in rest if row.due_on <= player.index.anchor]
    given = [(row, value) for row, value in zip(passed, one.values, strict=False) if value is not None]
    for at, (row, value) in enumerate(given):
        last = datetime.combine(row.due_on, _NOON, tzinfo=OSLO)
        forecast = Decimal(str(one.forecast)) if one.forecast is not None and at == len(given) - 1 else None
        operations.measure(
            row, value=Decimal(str(value)), measured_on=row.due_on, by=by, now=last, forecast=forecast
        )
        if at < one.verified:
            operations.verify(row, by=_finance(benefit), now=last)
    if step := _CONCLUDED.get(planned.ends):
        benefit_workflow.perform(step, benefit, by=by, now=last, data={"lesson": planned.lesson})


def _finance(benefit: Benefit) -> PersonActor:
    initiative = benefit.initiative
    found = nearest_in_roles(
        [Role.CHIEF_OF_FINANCE], municipality_id=initiative.municipality_id, unit_path=initiative.unit.path
    )
    return person_actor(found[0])
