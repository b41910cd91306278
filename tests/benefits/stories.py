"""Bring a benefit to any state, through the workflow and the operations, the way people do it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from benefits import operations
from benefits.models import Benefit, Indicator, Measurement
from benefits.workflow import benefit_workflow, ownership_workflow
from organization.roles import Role
from tests import stories
from tests.retelling import retold

if TYPE_CHECKING:
    from tests.world import Place

perform = benefit_workflow.perform


def today():
    return timezone.localdate()


@retold
def identified(place: Place, **fields: Any) -> Benefit:
    """Return the benefit of an adopted initiative, as the intake described it."""
    initiative = stories.in_portfolio(place, project_owner=place.person(Role.PROJECT_OWNER))
    benefit: Benefit = initiative.benefits.get()
    if fields:
        Benefit.objects.filter(pk=benefit.pk).update(**fields)
        benefit.refresh_from_db()
    return benefit


@retold
def accept(benefit: Benefit, place: Place) -> Benefit:
    return ownership_workflow.perform(
        "accept_ownership", benefit, by=place.actor(Role.SERVICE_OWNER), now=timezone.now()
    )


def indicator_values(**values: Any) -> dict[str, Any]:
    return {
        "name": "Minutter til dobbeltføring per vakt", "quantity": "count", "unit": "minutter per vakt",
        "method": "Stikkprøve i uke 10", "source": "Egen telling", "direction": "down", "target": Decimal(10),
        "baseline_on": today() - timedelta(days=100), "first_on": today() - timedelta(days=40),
        "last_on": today() + timedelta(days=300), "every": "quarter", "responsible": None, "is_main": False, **values,
    }  # fmt: skip


@retold
def add_indicator(benefit: Benefit, place: Place, **values: Any) -> Indicator:
    return operations.save_indicator(
        benefit, indicator_values(**values), by=place.actor(Role.SERVICE_OWNER), now=timezone.now()
    )


@retold
def planned(place: Place, *, indicator: dict[str, Any] | None = None, **fields: Any) -> Benefit:
    benefit = accept(identified(place, **fields), place)
    add_indicator(benefit, place, **(indicator or {}))
    operations.approve_plan(benefit.initiative, by=place.actor(Role.PROJECT_OWNER), now=timezone.now())
    return Benefit.objects.get(pk=benefit.pk)


def point(benefit: Benefit, at: int = 0) -> Measurement:
    """Return a point of the schedule; the first is the baseline."""
    return list(benefit.indicators.get(is_main=True).measurements.order_by("due_on"))[at]


@retold
def measure(benefit: Benefit, place: Place, value: Any, at: int = 0, **more: Any) -> Measurement:
    row = point(benefit, at)
    values = {"value": Decimal(str(value)), "measured_on": row.due_on, **more}
    return operations.measure(row, by=place.actor(Role.SERVICE_OWNER), now=timezone.now(), **values)


@retold
def baseline_measured(place: Place, **fields: Any) -> Benefit:
    benefit = planned(place, **fields)
    measure(benefit, place, 40)
    return Benefit.objects.get(pk=benefit.pk)


@retold
def realizing(place: Place, **fields: Any) -> Benefit:
    benefit = baseline_measured(place, **fields)
    return perform("begin_realizing", benefit, by=place.actor(Role.SERVICE_OWNER), now=timezone.now())


@retold
def conclude(benefit: Benefit, place: Place, step: str, value: int) -> Benefit:
    measure(benefit, place, value, 1)
    data = {"lesson": "Opplæringen tok lengre tid enn vi trodde."}
    return perform(step, benefit, by=place.actor(Role.SERVICE_OWNER), now=timezone.now(), data=data)


def _concluded(place: Place, step: str, value: int, **fields: Any) -> Benefit:
    return conclude(realizing(place, **fields), place, step, value)


@retold
def realized(place: Place, **fields: Any) -> Benefit:
    return _concluded(place, "conclude_realized", 10, **fields)


@retold
def partly_realized(place: Place, **fields: Any) -> Benefit:
    return _concluded(place, "conclude_partly", 25, **fields)


@retold
def not_realized(place: Place, **fields: Any) -> Benefit:
    return _concluded(place, "conclude_not_realized", 40, **fields)


@retold
def dropped(place: Place, **fields: Any) -> Benefit:
    data = {"reason": "Leverandøren er solgt."}
    return perform("drop_benefit", planned(place, **fields), by=place.actor(Role.SERVICE_OWNER), now=timezone.now(), data=data)  # fmt: skip


STATES = {
    "identified": identified, "planned": planned, "baseline_measured": baseline_measured, "realizing": realizing,
    "realized": realized, "partly_realized": partly_realized, "not_realized": not_realized, "dropped": dropped,
}  # fmt: skip
