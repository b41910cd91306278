"""What closing puts in people's inbox: a plan of the line with nothing left to measure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from benefits.closing.queries import waiting_for
from core.inbox import InboxSource, Task
from governance.models import Initiative

if TYPE_CHECKING:
    from django.db.models import QuerySet


def _waiting(actor: Any) -> QuerySet[Any]:
    if actor.is_system:
        return Initiative.objects.none()
    return waiting_for(actor).select_related("unit").order_by("status_since", "pk")


def _task(initiative: Initiative, actor: Any) -> Task:
    return Task(
        verb=_("Lukk gevinstplanen for"), title=initiative.card_title, why=_("Det er ikke mer å måle i den"),
        url=reverse("benefits:plan_close", args=[initiative.pk]), where=str(initiative.unit), action=_("Lukk"),
    )  # fmt: skip


plans_to_close = InboxSource(key="closing", rows=_waiting, task=_task)
