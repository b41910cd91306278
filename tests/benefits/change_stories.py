"""Change work of a plan, made the way people make it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from benefits.change import operations
from benefits.change.workflow import change_workflow
from benefits.models import BenefitRisk, ChangeAction, ChangeAgent, Stakeholder
from organization.models import RoleAssignment
from organization.roles import Role
from portfolio.workflow import status_workflow

if TYPE_CHECKING:
    from governance.models import Initiative
    from tests.world import Place

perform = change_workflow.perform


def by(place: Place, role: Role = Role.SERVICE_OWNER) -> dict[str, Any]:
    return {"by": place.actor(role), "now": timezone.now()}


def in_days(count: int) -> Any:
    return timezone.localdate() + timedelta(days=count)


def action(initiative: Initiative, place: Place, **fields: Any) -> ChangeAction:
    return action_as(initiative, place, Role.SERVICE_OWNER, **fields)


def action_as(initiative: Initiative, place: Place, role: Role, **fields: Any) -> ChangeAction:
    values = {
        "title": "Lære opp alle vaktlag", "kind": "training", "how": "", "owner": place.person(Role.EMPLOYEE),
        "due_on": in_days(10), "benefit": None, "node": None, "risk_profile": "low",
    } | fields  # fmt: skip
    return operations.save_part(ChangeAction(initiative=initiative), values, **by(place, role))


def agent(initiative: Initiative, place: Place, **fields: Any) -> ChangeAgent:
    held = RoleAssignment.objects.get(person=place.person(Role.CHANGE_AGENT), role=Role.CHANGE_AGENT)
    values = {"role": held, "task": "Viser kollegene hvordan"} | fields
    return operations.save_part(ChangeAgent(initiative=initiative), values, **by(place))


def stakeholder(initiative: Initiative, place: Place, **fields: Any) -> Stakeholder:
    values = {
        "name": "Nattevaktene", "group": "employees", "gains": "Slipper å kjøre", "loses": "Kjente rutiner", "influence": 3,
        "attitude": -1, "involvement": "Prøver i to uker", "contact": place.person(Role.LEADER),
    } | fields  # fmt: skip
    return operations.save_part(Stakeholder(initiative=initiative), values, **by(place))


def risk(initiative: Initiative, place: Place, **fields: Any) -> BenefitRisk:
    return risk_as(initiative, place, Role.SERVICE_OWNER, **fields)


def risk_as(initiative: Initiative, place: Place, role: Role, **fields: Any) -> BenefitRisk:
    values = {
        "title": "Vikarene har ikke fått opplæring", "benefit": None, "likelihood": 4, "consequence": 4, "measure": "Kurs på nett",
        "action": None, "owner": place.person(Role.EMPLOYEE), "state": "identified", "reviewed_on": in_days(0),
        "review_on": in_days(30),
    } | fields  # fmt: skip
    return operations.save_part(BenefitRisk(initiative=initiative), values, **by(place, role))


def let_go(place: Place, role: Role) -> None:
    """Let somebody leave the municipality yesterday."""
    RoleAssignment.objects.filter(person=place.person(role)).update(valid_to=in_days(-1))


def stop(initiative: Initiative, place: Place) -> None:
    """Stop the project that carries the initiative out."""
    data = {"reason": "Leverandøren er solgt.", "spent": 0}
    status_workflow.perform("stop", initiative.project, **by(place, Role.PORTFOLIO_MANAGER), data=data)
