"""What a regional plan hands on of its change work: what to do, whom it matters to and what may go wrong, never who.

The municipality puts its own people on it.  What is taken out of the template, or will not be done there, stays behind.
A link remembers how the template stood, so that what changes in it later can be offered (``benefits.change.offers``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.timezone import localdate

from benefits.models import BenefitRisk, ChangeAction, ChangeStatus, RiskState, Stakeholder, WorkLink

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from django.db.models import QuerySet

    from benefits.models import LocalPlan
    from benefits.models.change import PlanPart
    from governance.models import Initiative


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of change work: what of it is handed on, the first of it its name, and what else a new row begins with."""

    key: str
    model: type[PlanPart]
    names: tuple[str, ...]
    more: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return self.names[0]

    def of_template(self, template: Initiative) -> QuerySet[Any]:
        """Return the rows that a regional plan hands on."""
        return handed_on(self.model).filter(initiative=template)

    def values(self, row: Any, own: Mapping[int, Any], today: date) -> dict[str, Any]:
        """Return what a municipality's own row begins with.  A day that has passed is left open.

        :param own: the municipality's benefits, by those of the template.
        """
        found = {name: getattr(row, name) for name in (*self.names, *self.more)}
        for name in {"due_on", "review_on"} & set(found):
            found[name] = ahead(found[name], today)
        if hasattr(row, "benefit_id"):
            found["benefit"] = own.get(row.benefit_id)
        return found


ACTION = Part("action", ChangeAction, ("title", "kind", "how", "risk_profile", "due_on"))
STAKEHOLDER = Part(
    "stakeholder", Stakeholder, ("name", "group", "gains", "loses", "influence", "attitude", "involvement")
)
RISK = Part(
    "risk", BenefitRisk, ("title", "likelihood", "consequence", "measure"), ("reviewed_on", "review_on")
)
PARTS = {part.key: part for part in (ACTION, STAKEHOLDER, RISK)}


def handed_on(model: type[PlanPart]) -> QuerySet[Any]:
    """Return the rows of a kind that are handed on: what stands, and is neither given up nor gone."""
    rows: QuerySet[Any] = model._default_manager.filter(removed_at=None).order_by("pk")
    if model is ChangeAction:
        return rows.exclude(status=ChangeStatus.NOT_DONE)
    return rows.exclude(state=RiskState.GONE) if model is BenefitRisk else rows


def snapshot(part: Part, row: Any) -> dict[str, Any]:
    """Return what is handed on of a row, as a link keeps and compares it."""
    found = {name: getattr(row, name) for name in part.names}
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in found.items()
    }


def hand_on(plan: LocalPlan, *, now: datetime) -> None:
    """Begin the change work of a new local plan with that of its template.

    What serves a benefit serves the municipality's own one.
    """
    own: dict[int, Any] = {link.template_id: link.benefit for link in plan.links.select_related("benefit")}
    today, actions = localdate(now), dict[int, Any]()
    for part in PARTS.values():
        for row in part.of_template(plan.template):
            values = part.values(row, own, today)
            if part is RISK:
                values["action"] = actions.get(row.action_id)
            model: Any = part.model
            made = model(initiative=plan.initiative, created_at=now, **values)
            made.stamp(now)
            made.save()
            if part is ACTION:
                actions[row.pk] = made
            link(plan, part, row, made, now)


def link(plan: LocalPlan, part: Part, template: Any, own: PlanPart | None, now: datetime) -> WorkLink:
    """Remember how the template stands, and which row of the municipality it has become, if any."""
    kept = WorkLink(plan=plan, seen=snapshot(part, template), **{f"from_{part.key}": template, part.key: own})
    kept.stamp(now)
    kept.save()
    return kept


def ahead(day: date | None, today: date) -> date | None:
    return day if day is not None and day >= today else None
