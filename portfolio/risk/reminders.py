"""What risks remind people of: the day by which something should be done about one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from core.formats import short_date
from core.reminders import Reminder, Step
from portfolio.models import ProjectRisk

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from django.db.models import QuerySet

    from organization.models import Person

_TO_MANAGER, _TO_OWNER = 1, 2


def _due(_day: date) -> QuerySet[Any]:
    return (
        ProjectRisk.objects.with_deadline()
        .select_related("owner", "project__manager", "project__owner")
        .order_by("pk")
    )


def _due_on(risk: ProjectRisk) -> date:
    assert risk.due_on is not None
    return risk.due_on


def _responsible(risk: ProjectRisk, level: int) -> Iterable[Person | None]:
    """Whoever has the risk; later also who manages the project, as where nobody has it, and then who owns it."""
    project, people = risk.project, [risk.owner]
    if level >= _TO_MANAGER or risk.owner is None or not risk.owner.is_active:
        people.append(project.manager)
    if level >= _TO_OWNER or (len(people) > 1 and not project.manager.is_active):
        people.append(project.owner)
    return people


def _title(risk: ProjectRisk, step: Step) -> str:
    words = {"title": risk.title, "name": risk.project.name}
    if step.after > 0:
        return _("Fristen er ute for «%(title)s» i «%(name)s»") % words
    return _("Frist for «%(title)s» i «%(name)s»") % words


def _body(risk: ProjectRisk, _step: Step) -> str:
    told = _("Frist %(day)s.") % {"day": short_date(_due_on(risk))}
    return f"{told}\n{risk.measure}" if risk.measure else told


REMINDERS = (
    Reminder(
        key="project_risk_due", due=_due, due_on=_due_on, recipients=_responsible, title=_title, body=_body,
        steps=(Step(after=-3), Step(after=0), Step(after=5, level=_TO_MANAGER), Step(after=10, level=_TO_OWNER)),
    ),
)  # fmt: skip
