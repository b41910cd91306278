"""Consultations of draft strategies: opened, moved on by the day, commented and answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import structlog
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actors import System
from core.errors import Refused, StaleVersion
from core.history import record
from core.seeing import lock
from organization import policies
from organization.consultation_rules import answer_problem, closed_reason, period_problems
from organization.models import (
    Consultation,
    ConsultationComment,
    ConsultationPoint,
    ConsultationStatus,
    Strategy,
)
from organization.operations.saving import lock as lock_version
from organization.workflow import consultation_workflow

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from core.actors import Actor
    from organization.models import ConsultationAnswer
    from organization.operations.saving import Edit

log = structlog.get_logger("stafett.consultations")


class ConsultationsFailed(Exception):
    """Some consultations could not be moved on; every other one was.  The job is run again."""


@transaction.atomic
def open_consultation(draft: Consultation, *, by: Actor, now: datetime) -> Consultation:
    """Plan a consultation of a draft; one that opens today opens at once.

    :raises Refused: the strategy is adopted, has no goals, or is heard already.
    :raises ValidationError: the days are in the past, or in the wrong order.
    """
    strategy = Strategy.objects.select_for_update().get(pk=draft.strategy_id)
    if not policies.may_manage_municipality(by, strategy.municipality_id):
        raise PermissionDenied
    if strategy.is_adopted:
        raise Refused(_("Strategien er vedtatt. Bare utkast sendes på høring."))
    if not strategy.goals.exists():
        raise Refused(_("Strategien har ingen mål ennå. Legg til minst ett før den sendes på høring."))
    if strategy.consultations.standing().exists():
        raise Refused(_("Strategien er alt på høring."))
    today = timezone.localdate(now)
    if problems := period_problems(draft.opens_on, draft.closes_on, today):
        raise ValidationError(dict(problems))
    draft.municipality_id = strategy.municipality_id
    draft.stamp(now)
    with record("plan_consultation", actor=by):
        draft.save(force_insert=True)
    if draft.opens_on == today:
        consultation_workflow.perform_on_new("open_hearing", draft, by=by, now=now)
    return draft


def move_consultations(*, now: datetime) -> int:
    """Open and close the consultations whose day has come, and return how many were moved.

    Where all days went by before this ran, nobody is asked to comment.  One that fails keeps no other waiting.

    Raises:
        ConsultationsFailed: when all others are moved, with those that failed.
    """
    today, by = timezone.localdate(now), System("consultations")
    moved, failed = 0, dict[int, Exception]()
    rows = Consultation.objects.select_related("strategy").order_by("pk")
    for name, due in (
        ("pass_unheard", rows.filter(status=ConsultationStatus.PLANNED, closes_on__lt=today)),
        (
            "open_hearing",
            rows.filter(status=ConsultationStatus.PLANNED, opens_on__lte=today, closes_on__gte=today),
        ),
        ("close_hearing", rows.filter(status=ConsultationStatus.OPEN, closes_on__lt=today)),
    ):
        for consultation in due:
            try:
                consultation_workflow.perform(name, consultation, by=by, now=now)
                moved += 1
            except Exception as error:
                failed[consultation.pk] = error
                log.exception("consultation was not moved", consultation=consultation.pk, step=name)
    if failed:
        raise ConsultationsFailed(", ".join(map(str, failed))) from next(iter(failed.values()))
    return moved


@transaction.atomic
def save_comment(edit: Edit[ConsultationComment], *, by: Actor, now: datetime) -> ConsultationComment:
    """Write a comment, or give the own one other words.

    :raises Refused: the consultation is not open.
    :raises PermissionDenied: the actor is not asked, or somebody else wrote it.
    :raises StaleVersion: it was changed in another window in the meantime.
    """
    comment = edit.row
    consultation = _writable(comment.point.consultation, by, now)
    if comment.author_id != by.person_id:
        raise PermissionDenied
    is_new = comment.pk is None
    if not is_new:
        _lock_as_seen(edit)
    comment.withdrawn_at, comment.has_no_remarks = None, False
    comment.stamp(now)
    with record("write_comment" if is_new else "change_comment", actor=by):
        comment.save()
        for silent in _own(consultation, by).filter(has_no_remarks=True):
            _withdraw(silent, now)
    return comment


@transaction.atomic
def withdraw_comment(comment: ConsultationComment, *, by: Actor, now: datetime) -> None:
    """Take the own comment back while the consultation is open; the history keeps that it was there.

    :raises Refused: the consultation is not open.
    :raises PermissionDenied: somebody else wrote it.
    """
    _writable(comment.point.consultation, by, now)
    if comment.author_id != by.person_id:
        raise PermissionDenied
    with record("withdraw_comment", actor=by):
        _withdraw(comment, now)


@transaction.atomic
def have_no_remarks(consultation: Consultation, *, by: Actor, now: datetime) -> None:
    """Answer that there is nothing to say.

    :raises Refused: the consultation is not open, or the actor has comments that stand.
    """
    _writable(consultation, by, now)
    if _own(consultation, by).exists():
        raise Refused(_("Du har alt svart i høringen. Trekk innspillene først hvis du ikke har merknader."))
    whole = ConsultationPoint.objects.get(consultation=consultation, code="")
    with record("have_no_remarks", actor=by):
        ConsultationComment.objects.update_or_create(
            point=whole, author_id=by.person_id,
            defaults={"text": "", "has_no_remarks": True, "withdrawn_at": None, "changed_at": now},
        )  # fmt: skip


@transaction.atomic
def save_answer(edit: Edit[ConsultationAnswer], *, by: Actor, now: datetime) -> ConsultationAnswer:
    """Answer a comment, or give the answer other words until the answers are sent.

    :raises Refused: the consultation still goes on, or its answers are sent; or the comment asks for no answer.
    :raises StaleVersion: somebody else answered in the meantime.
    """
    answer = edit.row
    consultation = lock(answer.comment.point.consultation, by)
    if not policies.may_steer_consultation(by, consultation):
        raise PermissionDenied
    if problem := answer_problem(consultation):
        raise Refused(problem)
    if not answer.comment.is_standing:
        raise Refused(_("Innspillet er trukket, eller er et svar uten merknader, og besvares ikke."))
    is_new = answer.pk is None
    if not is_new:
        _lock_as_seen(edit)
    answer.answered_by_id = cast("int", by.person_id)
    answer.stamp(now)
    with record("answer_comment" if is_new else "change_answer", actor=by):
        answer.save()
    return answer


def _lock_as_seen(edit: Edit[Any]) -> None:
    """Lock a row that is there already; who began before its words stood has not seen them.

    :raises StaleVersion: it isn't the version that was looked at.
    """
    current: Any = lock_version(edit)
    if not edit.seen and getattr(current, "is_standing", True):
        raise StaleVersion(theirs={str(current._meta.get_field("text").verbose_name): current.text})


def _writable(consultation: Consultation, by: Actor, now: datetime) -> Consultation:
    """Lock the consultation, so that it does not close while something is written in it.

    :raises Http404: the actor does not see it.
    :raises PermissionDenied: the actor is not asked.
    :raises Refused: it is not open.
    """
    locked = lock(consultation, by)
    if not policies.may_comment(by, locked):
        raise PermissionDenied
    if reason := closed_reason(locked, timezone.localdate(now)):
        raise Refused(reason)
    return locked


def _own(consultation: Consultation, by: Actor) -> QuerySet[ConsultationComment]:
    rows = ConsultationComment.objects.filter(point__consultation=consultation, author_id=by.person_id)
    return rows.filter(withdrawn_at=None)


def _withdraw(comment: ConsultationComment, now: datetime) -> None:
    comment.withdrawn_at = now
    comment.stamp(now)
    comment.save(update_fields=["withdrawn_at", "changed_at"])
