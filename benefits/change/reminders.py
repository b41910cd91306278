"""What change work reminds people of: actions that are due or late, and risks to look at again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from benefits.models import BenefitRisk, ChangeAction
from core.formats import short_date
from core.reminders import Reminder, Step
from organization.actors import nearest_in_roles
from organization.roles import Role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from organization.models import Person

SOON = timedelta(days=7)
_PLAN = ("owner", "benefit__service_owner", "initiative__unit", "initiative__service_owner", "initiative__project_owner")  # fmt: skip


def _due(day: date) -> QuerySet[Any]:
    rows = ChangeAction.objects.open().filter(due_on__lte=day + SOON).with_staff(day)
    return rows.select_related(*_PLAN).order_by("pk")


def _due_on(row: ChangeAction) -> date:
    assert row.due_on is not None
    return row.due_on


def _review(day: date) -> QuerySet[Any]:
    rows = BenefitRisk.objects.to_be_reviewed_by(day + SOON).with_staff(day)
    return rows.select_related(*_PLAN).order_by("pk")


def _review_on(row: BenefitRisk) -> date:
    assert row.review_on is not None
    return row.review_on


def _answering(row: Any, level: int) -> Iterable[Person | None]:
    """The owner; whoever answers for the plan when the owner has left, and later in any case with the leader of the unit."""
    initiative = row.initiative
    planners = [
        row.benefit.service_owner if row.benefit else None, initiative.service_owner, initiative.project_owner,
    ]  # fmt: skip
    if level == 0:
        return [row.owner] if row.is_staffed else planners
    leaders = nearest_in_roles(
        [Role.LEADER, Role.SECTOR_LEADER], municipality_id=initiative.municipality_id, unit_path=initiative.unit.path
    )  # fmt: skip
    return [row.owner, *planners, *leaders]


def _action_title(row: Any, step: Step) -> str:
    words = {"title": row}
    if not row.is_staffed:
        return _("Tiltaket «%(title)s» trenger en ny ansvarlig") % words
    return _("Tiltaket «%(title)s» er over fristen") % words if step.after > 0 else _("Gjør tiltaket «%(title)s»") % words  # fmt: skip


def _action_body(row: ChangeAction, _step: Step) -> str:
    words = {"plan": row.initiative.card_title, "day": short_date(_due_on(row))}
    return _("Gevinstplanen for «%(plan)s». Fristen er %(day)s.") % words


def _risk_title(row: BenefitRisk, _step: Step) -> str:
    return _("Vurder risikoen «%(title)s» på nytt") % {"title": row}


def _risk_body(row: BenefitRisk, _step: Step) -> str:
    words = {"plan": row.initiative.card_title, "day": short_date(row.reviewed_on)}
    return _("Gevinstplanen for «%(plan)s». Sist vurdert %(day)s.") % words


REMINDERS = (
    Reminder(
        key="change_action_due", due=_due, due_on=_due_on, recipients=_answering, title=_action_title, body=_action_body,
        steps=(Step(after=-3), Step(after=0), Step(after=5), Step(after=15, level=1)),
    ),
    Reminder(
        key="benefit_risk_review", due=_review, due_on=_review_on, recipients=_answering, title=_risk_title, body=_risk_body,
        steps=(Step(after=0), Step(after=10, level=1)),
    ),
)  # fmt: skip
