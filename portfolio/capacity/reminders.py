"""What capacity reminds people of: requests that nobody has answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from core.reminders import Reminder, Step
from organization.actors import people_with
from organization.roles import Permission
from portfolio.capacity.telling import amount, due_on, period
from portfolio.models import ResourceRequest

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from django.db.models import QuerySet

    from organization.models import Person

_TO_STAND_IN, _TO_PORTFOLIO = 1, 2


def _due(day: date) -> QuerySet[Any]:
    rows = ResourceRequest.objects.waiting().with_staff(day)
    return rows.select_related("role__owner", "role__stand_in", "project").order_by("pk")


def _answering(request: Any, level: int) -> Iterable[Person | None]:
    """The resource owner, or the stand-in where the owner has left; later both, and in the end the portfolio manager."""
    role = request.role
    people = [role.owner] if request.has_owner else [role.stand_in] if request.has_stand_in else []
    if level >= _TO_STAND_IN and request.has_stand_in:
        people.append(role.stand_in)
    if level >= _TO_PORTFOLIO or not people:
        people += people_with(Permission.MANAGE_PORTFOLIO, municipality_id=role.municipality_id)
    return people


def _title(request: ResourceRequest, step: Step) -> str:
    words = {"role": request.role, "project": request.project}
    if step.after > 0:
        return _("«%(project)s» venter på svar om %(role)s") % words
    return _("Svar på forespørsel om %(role)s til «%(project)s»") % words


def _body(request: ResourceRequest, _step: Step) -> str:
    return f"{amount(request.work_years)}, {period(request.from_on, request.to_on)}. {request.purpose}"


REMINDERS = (
    Reminder(
        key="resource_request", due=_due, due_on=due_on, recipients=_answering, title=_title, body=_body,
        steps=(Step(after=-2), Step(after=0), Step(after=3, level=_TO_STAND_IN), Step(after=7, level=_TO_PORTFOLIO)),
    ),
)  # fmt: skip
