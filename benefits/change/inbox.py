"""What change work puts in people's inbox: actions to do, risks to look at again, and actions that nobody has."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from benefits.models import BenefitRisk, ChangeAction
from core.inbox import InboxSource, Task

if TYPE_CHECKING:
    from django.db.models import QuerySet

AHEAD = timedelta(days=7)


def _owned(actor: Any) -> QuerySet[Any]:
    if actor.is_system:
        return ChangeAction.objects.none()
    rows = ChangeAction.objects.visible_to(actor).owned_by(actor).open()
    return rows.select_related("initiative__unit").order_by("due_on", "pk")


def _owned_task(action: ChangeAction, actor: Any) -> Task:
    return Task(
        verb=_("Gjør tiltaket"), title=action.title, due=action.due_on, url=action.get_absolute_url(),
        why=_t("Du er ansvarlig, i planen for «%(title)s»") % {"title": action.initiative.card_title},
        where=str(action.initiative.unit),
    )  # fmt: skip


def _ownerless(actor: Any) -> QuerySet[Any]:
    if actor.is_system:
        return ChangeAction.objects.none()
    rows = ChangeAction.objects.visible_to(actor).planned_by(actor).open()
    without = rows.with_staff(timezone.localdate()).filter(is_staffed=False)
    return without.select_related("initiative__unit", "owner").order_by("due_on", "pk")


def _ownerless_task(action: ChangeAction, actor: Any) -> Task:
    left = action.owner
    return Task(
        verb=_("Velg ansvarlig for"), title=action.title, due=action.due_on,
        why=_t("%(name)s arbeider ikke her lenger") % {"name": left.name} if left else _("Tiltaket har ingen ansvarlig"),
        url=reverse("benefits:change_action_edit", args=[action.pk]), where=str(action.initiative.unit), action=_("Velg"),
    )  # fmt: skip


def _risks(actor: Any) -> QuerySet[Any]:
    if actor.is_system:
        return BenefitRisk.objects.none()
    due = (
        BenefitRisk.objects.visible_to(actor).owned_by(actor).to_be_reviewed_by(timezone.localdate() + AHEAD)
    )
    return due.select_related("initiative__unit").order_by("review_on", "pk")


def _risk_task(risk: BenefitRisk, actor: Any) -> Task:
    return Task(
        verb=_("Vurder risikoen"), title=risk.title, due=risk.review_on, url=risk.get_absolute_url(),
        why=_t("Du er risikoeier, i planen for «%(title)s»") % {"title": risk.initiative.card_title},
        where=str(risk.initiative.unit), action=_("Vurder"),
    )  # fmt: skip


actions_to_do = InboxSource(key="change_actions", rows=_owned, task=_owned_task)
actions_without_owner = InboxSource(key="change_actions_ownerless", rows=_ownerless, task=_ownerless_task)
risks_to_review = InboxSource(key="benefit_risks", rows=_risks, task=_risk_task)
