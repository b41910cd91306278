"""What was learned where the result became another than the target: asked for, answered and kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import BooleanField, ExpressionWrapper, F, OuterRef, Q
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from benefits import policies
from benefits.models import Benefit, Direction, Kind, Measurement
from benefits.queries import OF_STOPPED_PILOT
from core.conditions import has_one
from core.errors import Refused
from core.history import label_actions, record
from core.inbox import InboxSource, Task
from core.workflow import TransitionDenied

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from benefits.summed import Beside, Summed
    from core.actors import Actor

SHOWN = 8
_ORDER = ("is_answered", "-changed_at", "-pk")
SHORT = (Benefit.Status.PARTLY_REALIZED, Benefit.Status.NOT_REALIZED)
label_actions({"write_lesson": _("Skrev hva dere lærte")})


def fell_short() -> Q:
    """Return the condition that a benefit did not reach its target: so concluded, or so at its last measurement.

    A pilot that was stopped has given its result, and what was learned stands there.
    """
    target = F("indicator__target")
    below = Q(indicator__direction=Direction.UP, value__lt=target) | Q(
        indicator__direction=Direction.DOWN, value__gt=target
    )
    last = Measurement.objects.filter(
        indicator__benefit_id=OuterRef("pk"), indicator__is_main=True, kind=Kind.FINAL, value__isnull=False
    )
    return (Q(status__in=SHORT) | has_one(last.filter(below))) & ~OF_STOPPED_PILOT


def lessons_of(summed: Summed, beside: Beside) -> dict[str, Any]:
    """Return the latest benefits that fell short, the unanswered first, with what was learned.

    :param beside: what ``summed.beside`` found.
    """
    actor, short = summed.actor, summed.short()
    if beside.ids:
        answered = ExpressionWrapper(~Q(lesson=""), output_field=BooleanField())
        short.append(Benefit.objects.filter(fell_short(), pk__in=beside.ids).annotate(is_answered=answered))
    if not short:
        return {"rows": [], "has_more": False}
    first, *others = (_latest(rows) for rows in short)
    together = first.union(*others, all=True).order_by(*_ORDER)[: SHOWN + 1]
    ids = [pk for pk, *_rest in together]
    seen = Benefit.objects.visible_to(actor).filter(pk__in=ids[:SHOWN])
    found = seen.select_related("service_owner", "initiative__unit", "initiative__municipality").in_bulk()
    lines = [
        {"benefit": found[pk], "may_answer": policies.may_take_out(actor, found[pk])}
        for pk in ids[:SHOWN]
        if pk in found
    ]
    return {"rows": lines, "has_more": len(ids) > SHOWN}


def _latest(rows: QuerySet[Any]) -> QuerySet[Any, tuple[Any, ...]]:
    return rows.order_by(*_ORDER).values_list("pk", "is_answered", "changed_at")[: SHOWN + 1]


def may_be_asked(benefit: Benefit) -> bool:
    return Benefit.objects.filter(fell_short(), pk=benefit.pk).exists()


def write_lesson(benefit: Benefit, *, lesson: str, by: Actor, now: datetime) -> Benefit:
    """Keep what was learned of a benefit that fell short.  What stood before stays in its history.

    :raises Http404: ``by`` cannot see it.
    :raises TransitionDenied: ``by`` does not take it out.
    :raises Refused: it has not fallen short of its target.
    """
    with transaction.atomic():
        rows = Benefit.objects.visible_to(by).select_for_update(of=("self",)).select_related("initiative")
        current: Benefit | None = rows.filter(pk=benefit.pk).first()
        if current is None:
            raise Http404
        if not policies.may_take_out(by, current):
            raise TransitionDenied
        if not may_be_asked(current):
            raise Refused(_t("Målet er nådd, eller den siste målingen er ikke gjort ennå."))
        with record("write_lesson", actor=by):
            current.lesson = lesson
            current.stamp(now)
            current.save(update_fields=["lesson", "changed_at"])
    return current


def _unanswered(actor: Any) -> QuerySet[Any]:
    if actor.is_system:
        return Benefit.objects.none()
    rows = Benefit.objects.visible_to(actor).owned_by(actor).in_plans().filter(fell_short(), lesson="")
    return rows.select_related("initiative__unit").order_by("changed_at", "pk")


def _task(benefit: Benefit, actor: Any) -> Task:
    return Task(
        verb=_("Skriv hva dere lærte av"), title=benefit.title, why=_("Resultatet ble et annet enn målet"),
        url=reverse("benefits:lesson_edit", args=[benefit.pk]), where=str(benefit.initiative.unit), action=_("Skriv"),
    )  # fmt: skip


lessons_to_write = InboxSource(key="lessons", rows=_unanswered, task=_task)
