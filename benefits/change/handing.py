"""What a regional plan hands on of its change work: what to do, whom it matters to and what may go wrong, never who.

The municipality puts its own people on it.  What is taken out of the template, or will not be done there, stays behind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.utils.timezone import localdate

from benefits.models import BenefitRisk, ChangeAction, ChangeStatus, RiskState, Stakeholder
from benefits.models.change import PlanPart

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from benefits.models import LocalPlan

P = TypeVar("P", bound=PlanPart)
_OF_ACTION = ("title", "kind", "how", "risk_profile")
_OF_STAKEHOLDER = ("name", "group", "gains", "loses", "influence", "attitude", "involvement")
_OF_RISK = ("title", "likelihood", "consequence", "measure", "reviewed_on")


def hand_on(plan: LocalPlan, *, now: datetime) -> None:
    """Begin the change work of a new local plan with that of its template.

    A deadline that has passed is left open.  What serves a benefit serves the municipality's own one.
    """
    own: dict[int, Any] = {link.template_id: link.benefit for link in plan.links.select_related("benefit")}
    its: dict[str, Any] = {"initiative": plan.template}
    today = localdate(now)
    actions = {}
    for action in ChangeAction.objects.standing().filter(**its).exclude(status=ChangeStatus.NOT_DONE):
        copied = _copied(action, plan, _OF_ACTION, own, now, due_on=_ahead(action.due_on, today))
        actions[action.pk] = copied
    for stakeholder in Stakeholder.objects.standing().filter(**its):
        _copied(stakeholder, plan, _OF_STAKEHOLDER, own, now)
    for risk in BenefitRisk.objects.standing().filter(**its).exclude(state=RiskState.GONE):
        more = {"review_on": _ahead(risk.review_on, today), "action": actions.get(risk.action_id or 0)}
        _copied(risk, plan, _OF_RISK, own, now, **more)


def _copied(
    row: P, plan: LocalPlan, names: tuple[str, ...], own: Mapping[int, Any], now: datetime, **more: Any
) -> P:
    values = {name: getattr(row, name) for name in names} | more
    if hasattr(row, "benefit_id"):
        values["benefit"] = own.get(row.benefit_id)
    made = type(row)(initiative=plan.initiative, created_at=now, **values)
    made.stamp(now)
    made.save()
    return made


def _ahead(day: date | None, today: date) -> date | None:
    return day if day is not None and day >= today else None
