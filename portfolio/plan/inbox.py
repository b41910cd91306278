"""What plans put in people's inbox: milestones that are due, and deliverables to approve."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.inbox import InboxSource, Task
from portfolio.models import Deliverable, Milestone

if TYPE_CHECKING:
    from django.db.models import QuerySet

AHEAD = timedelta(days=14)


def _milestones(actor: Any) -> QuerySet[Any]:
    if actor.is_system:
        return Milestone.objects.none()
    mine = Milestone.objects.visible_to(actor).open().followed_by(actor.person_id)
    due = mine.filter(expected_on__lte=timezone.localdate() + AHEAD)
    return due.select_related("project__unit").order_by("expected_on", "pk")


def _milestone_task(milestone: Milestone, actor: Any) -> Task:
    words = {"project": milestone.project.name}
    is_mine = milestone.responsible_id == actor.person_id
    why = _t("Du er ansvarlig for milepælen i «%(project)s»") if is_mine else _t("Du leder «%(project)s»")
    return Task(
        verb=_("Nå eller flytt milepælen"), title=milestone.name, why=why % words, due=milestone.expected_on,
        url=milestone.get_absolute_url(), where=str(milestone.project.unit),
    )  # fmt: skip


def _deliverables(actor: Any) -> QuerySet[Any]:
    if actor.is_system:
        return Deliverable.objects.none()
    mine = Deliverable.objects.visible_to(actor).unapproved().filter(approver_id=actor.person_id)
    due = mine.filter(ends_on__lte=timezone.localdate(), project__status="active")
    return due.select_related("project__unit").order_by("ends_on", "pk")


def _deliverable_task(deliverable: Deliverable, actor: Any) -> Task:
    return Task(
        verb=_("Godkjenn leveransen"), title=deliverable.name, due=deliverable.ends_on,
        why=_t("Du skal godkjenne den i «%(project)s»") % {"project": deliverable.project.name},
        url=deliverable.get_absolute_url(), where=str(deliverable.project.unit),
    )  # fmt: skip


milestones_to_reach = InboxSource(key="milestones", rows=_milestones, task=_milestone_task)
deliverables_to_approve = InboxSource(key="deliverables", rows=_deliverables, task=_deliverable_task)
