"""What the baton puts in people's inbox: a plan to take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from benefits.models import Handover
from core.inbox import InboxSource, Task
from organization.roles import Permission

if TYPE_CHECKING:
    from django.db.models import QuerySet


def _waiting(actor: Any) -> QuerySet[Any]:
    if actor.is_system:
        return Handover.objects.none()
    rows = Handover.objects.visible_to(actor).in_hands_of(actor)
    return rows.select_related("initiative__unit").order_by("due_on", "pk")


def _task(handover: Handover, actor: Any) -> Task:
    leads = handover.is_with_leadership and actor.holds(Permission.DECIDE_FOR_MUNICIPALITY)
    return Task(
        verb=_("Ta imot gevinstplanen for"), title=handover.initiative.card_title, due=handover.due_on,
        why=_("Du svarer for kommunen") if leads else _("Du skal ta ut gevinstene"), url=handover.get_absolute_url(),
        where=str(handover.initiative.unit), action=_("Svar"),
    )  # fmt: skip


handovers_to_answer = InboxSource(key="handovers", rows=_waiting, task=_task)
