"""What risks put in people's inbox: what they have promised to do about one, by its day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.inbox import InboxSource, Task
from portfolio.models import ProjectRisk

if TYPE_CHECKING:
    from django.db.models import QuerySet


def _rows(actor: Any) -> QuerySet[Any]:
    if actor.is_system:
        return ProjectRisk.objects.none()
    rows = ProjectRisk.objects.visible_to(actor).with_deadline().filter(owner_id=actor.person_id)
    return rows.select_related("project__unit").order_by("due_on", "pk")


def _task(risk: ProjectRisk, actor: Any) -> Task:
    return Task(
        verb=_("Følg opp"), title=risk.title, due=risk.due_on, url=risk.get_absolute_url(), where=str(risk.project.unit),
        why=_t("Du har ansvaret for den i prosjektet «%(name)s»") % {"name": risk.project.name},
    )  # fmt: skip


risks_to_follow = InboxSource(key="project_risk", rows=_rows, task=_task)
