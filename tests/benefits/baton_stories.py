"""Pass the baton the way people do: a plan to the line, and a regional plan to its municipalities."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from benefits.baton import operations
from benefits.baton.workflow import handover_workflow
from benefits.models import Handover, LocalPlan
from organization.roles import Role
from portfolio.operations import start_project
from tests.benefits import stories
from tests.governance import regional
from tests.retelling import retold

if TYPE_CHECKING:
    from governance.models import Initiative
    from tests.world import Place, World

perform = handover_workflow.perform


def content(**fields: Any) -> dict[str, Any]:
    return {
        "what": "Løsningen, avtalen med leverandøren og brukerveiledningen.", "open_points": "Opplæring av nattevaktene.",
        "effective_on": timezone.localdate() + timedelta(days=14), **fields,
    }  # fmt: skip


@retold
def offered(place: Place, initiative: Initiative | None = None) -> Handover:
    initiative = initiative or stories.baseline_measured(place).initiative
    return operations.hand_over(
        initiative, receiver=place.person(Role.SERVICE_OWNER), by=place.actor(Role.PORTFOLIO_MANAGER), now=timezone.now(),
        **content(),
    )  # fmt: skip


@retold
def accepted(place: Place, initiative: Initiative | None = None) -> Handover:
    handover = offered(place, initiative)
    return perform("accept_handover", handover, by=place.actor(Role.SERVICE_OWNER), now=timezone.now())


@retold
def regional_project(world: World) -> Initiative:
    """Return a regional initiative in the portfolio, whose benefit has an indicator."""
    initiative = regional.recommended(world, shares={"heim": 75, "granne": 25})
    for place in (world.home, world.neighbor):
        initiative = regional.answer(initiative, place, "approved")
    at = world.region
    start_project(
        initiative, name=initiative.title, owner=at.person(Role.PROJECT_OWNER), manager=at.person(Role.PROJECT_MANAGER),
        by=at.actor(Role.PORTFOLIO_MANAGER), now=timezone.now(),
    )  # fmt: skip
    stories.add_indicator(initiative.benefits.get(), at)
    initiative.refresh_from_db()
    return initiative


@retold
def given(world: World, initiative: Initiative | None = None) -> Initiative:
    initiative = initiative or regional_project(world)
    by = world.region.actor(Role.PORTFOLIO_MANAGER)
    operations.give_local_plans(initiative, by=by, now=timezone.now(), **content())
    return initiative


def plan_of(initiative: Initiative, place: Place) -> LocalPlan:
    return LocalPlan.objects.get(template=initiative, municipality=place.municipality)


def handover_of(initiative: Initiative, place: Place) -> Handover:
    return Handover.objects.filter(initiative=plan_of(initiative, place).initiative).latest("pk")


@retold
def confirmed(initiative: Initiative, place: Place) -> Handover:
    data = {"receiver": place.person(Role.SERVICE_OWNER), "unit": place.unit, "remark": "Begynn i Sone vest."}
    handover = handover_of(initiative, place)
    return perform(
        "confirm_handover", handover, by=place.actor(Role.KOMMUNEDIREKTOR), now=timezone.now(), data=data
    )


@retold
def taken(initiative: Initiative, place: Place) -> Handover:
    handover = confirmed(initiative, place)
    return perform("accept_handover", handover, by=place.actor(Role.SERVICE_OWNER), now=timezone.now())
