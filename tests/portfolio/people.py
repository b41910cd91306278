"""Roles with capacity, and requests for people in each state."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from organization.operations import Edit
from organization.roles import Role
from portfolio.capacity import operations
from portfolio.capacity.workflow import resource_workflow
from portfolio.models import Absence, Capacity, ResourceRequest, ResourceRole

if TYPE_CHECKING:
    from portfolio.models import Project
    from tests.world import Place

OWNER, STAND_IN = Role.IKT_LEADER, Role.LEADER
"""Those who answer for a role in the tests."""
YEAR = timezone.now().year + 1
SPRING, SUMMER = (date(YEAR, 3, 1), date(YEAR, 5, 31)), (date(YEAR, 6, 1), date(YEAR, 8, 31))


def role(place: Place, name: str = "IKT-rådgiver", **fields: Any) -> ResourceRole:
    values = {"owner": place.person(OWNER), "stand_in": place.person(STAND_IN), **fields}
    row = ResourceRole(municipality=place.municipality, name=name, **values)
    return operations.save_role(Edit(row, ()), by=place.actor(Role.PORTFOLIO_MANAGER), now=timezone.now())


def capacity(
    of: ResourceRole, place: Place, amount: Any = 2, first: date = date(YEAR, 1, 1), last: date | None = None
) -> Capacity:
    row = Capacity(role=of, work_years=Decimal(str(amount)), from_on=first, to_on=last)
    return operations.save_capacity(Edit(row, ()), by=place.actor(OWNER), now=timezone.now())


def absence(
    of: ResourceRole, place: Place, amount: Any = 1, period: tuple[date, date] = SPRING, **fields: Any
) -> Absence:
    values = {"kind": "away", "from_on": period[0], "to_on": period[1], **fields}
    row = Absence(role=of, work_years=Decimal(str(amount)), **values)
    return operations.save_absence(Edit(row, ()), by=place.actor(OWNER), now=timezone.now())


def asked(
    project: Project,
    of: ResourceRole,
    place: Place,
    amount: Any = 1,
    period: tuple[date, date] = SPRING,
    **fields: Any,
) -> ResourceRequest:
    values = {
        "by": place.actor(Role.PROJECT_MANAGER), "now": timezone.now(), "purpose": "Sette opp integrasjonen", "from_on": period[0],
        "to_on": period[1], **fields,
    }  # fmt: skip
    return operations.ask(project, role=of, work_years=Decimal(str(amount)), **values)


def grant(request: ResourceRequest, place: Place, **fields: Any) -> ResourceRequest:
    data = {
        "granted": request.work_years, "granted_from": request.from_on, "granted_to": request.to_on, "over_reason": "", **fields,
    }  # fmt: skip
    return step("grant_request", request, place, data)


def granted(
    project: Project,
    of: ResourceRole,
    place: Place,
    *args: Any,
    over_reason: str = "",
    person: Any = None,
    **fields: Any,
) -> ResourceRequest:
    return grant(asked(project, of, place, *args, **fields), place, over_reason=over_reason, person=person)


def step(
    name: str, request: ResourceRequest, place: Place, data: dict[str, Any] | None = None, role: Role = OWNER
) -> ResourceRequest:
    return resource_workflow.perform(name, request, by=place.actor(role), now=timezone.now(), data=data)
