"""What the organisation puts in people's inbox: drafts to comment on, and comments to answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.inbox import InboxSource, Task
from organization.models import Consultation, ConsultationStatus
from organization.queries import administered_by

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organization.consultation_queries import ConsultationQuerySet


def _to_comment(actor: Any) -> QuerySet[Any]:
    if actor.is_system:
        return Consultation.objects.none()
    rows = Consultation.objects.visible_to(actor).asking(actor).open_on(timezone.localdate())
    return rows.unanswered_by(actor.person_id).select_related("strategy").order_by("closes_on", "pk")


def _comment_task(consultation: Consultation, actor: Any) -> Task:
    return Task(
        verb=_("Gi innspill til"), title=str(consultation.strategy), due=consultation.closes_on,
        why=_("Du blir hørt om utkastet. Ingen merknader er også et svar"), url=consultation.get_absolute_url(),
    )  # fmt: skip


def _arranged(actor: Any) -> ConsultationQuerySet:
    managed = set() if actor.is_system else administered_by(actor)
    rows: ConsultationQuerySet = Consultation.objects.none()
    if not managed:
        return rows
    rows = Consultation.objects.visible_to(actor).filter(municipality_id__in=managed)
    return rows.select_related("strategy").order_by("closes_on", "pk")


def _to_answer(actor: Any) -> QuerySet[Any]:
    return _arranged(actor).filter(status=ConsultationStatus.CLOSED)


def _to_hold_anew(actor: Any) -> QuerySet[Any]:
    return _arranged(actor).passed_unheard()


def _anew_task(consultation: Consultation, actor: Any) -> Task:
    return Task(
        verb=_("Hold høringen på nytt av"), title=str(consultation.strategy), url=consultation.get_absolute_url(),
        why=_("Høringen gikk ut uten at den åpnet, så ingen ble hørt"), action=_("Se høringen"),
    )  # fmt: skip


def _answer_task(consultation: Consultation, actor: Any) -> Task:
    return Task(
        verb=_("Svar på innspillene til"), title=str(consultation.strategy), why=_("Høringen er avsluttet"),
        url=consultation.get_absolute_url(), action=_("Svar"),
    )  # fmt: skip


consultations_to_comment = InboxSource(key="consultations", rows=_to_comment, task=_comment_task)
consultations_to_hold_anew = InboxSource(key="consultations_unheard", rows=_to_hold_anew, task=_anew_task)
consultations_to_answer = InboxSource(key="consultation_answers", rows=_to_answer, task=_answer_task)
