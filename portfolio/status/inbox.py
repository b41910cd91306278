"""What status reports put in people's inbox."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.formats import short_date
from core.inbox import InboxSource, Task
from portfolio.models import Project
from portfolio.status.calls import due_on, waiting_for

if TYPE_CHECKING:
    from django.db.models import QuerySet


def _rows(actor: Any) -> QuerySet[Any]:
    if actor.is_system:
        return Project.objects.none()
    return waiting_for(actor, timezone.localdate()).select_related("unit").order_by("told_on", "pk")


def _task(project: Any, actor: Any) -> Task:
    return Task(
        verb=_("Skriv statusrapport for"), title=project.name,
        why=_t("Prosjektet har ikke fortalt noe siden %(day)s") % {"day": short_date(project.told_on)},
        due=due_on(project), url=reverse("portfolio:status_write", args=[project.pk]), where=str(project.unit), action=_("Skriv"),
    )  # fmt: skip


status_to_write = InboxSource(key="status", rows=_rows, task=_task)
