"""Load a case for a page: through visibility, with what the page shows, and logged where it is confidential."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, CharField, OuterRef, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404
from django.utils import timezone

from core.access import log_read
from core.workflow import TransitionDenied
from deviations import policies
from deviations.models import CorrectiveAction, Deviation, Routing
from deviations.staff import with_staff

if TYPE_CHECKING:
    from core.actors import Actor
    from organization.http import Request

_RELATED = (
    "unit", "municipality__deviation_rules", "type", "service", "responsible", "handler", "merged_into", "origin",
)  # fmt: skip


def case_of(request: Request, pk: int) -> Deviation:
    """Return the case with ``reads_words`` and ``reads_reporter``.

    :raises Http404: there is none that the actor may know of.
    """
    rows = Deviation.objects.visible_to(request.actor).with_access(request.actor).with_open_duties()
    case: Deviation = get_object_or_404(with_people(rows.select_related(*_RELATED)), pk=pk)
    note_read(case, request.actor)
    return case


def case_to_handle(request: Request, pk: int) -> Deviation:
    """Return the case for somebody who handles it.

    :raises Http404: there is none that the actor may know of.
    :raises TransitionDenied: the actor knows of it, but does not handle it.
    """
    case = case_of(request, pk)
    if case.is_draft or not policies.may_handle(request.actor, case):
        raise TransitionDenied
    return case


def with_people(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Annotate the reporter's name for who may read it, whom the case concerns, and why it landed where it did.

    ``landings`` are the reasons in order: the last one holds, and each after the first is a move.
    """
    routings = Routing.objects.filter(deviation_id=OuterRef("pk")).order_by("pk")
    concerned = Deviation.concerned.through.objects.filter(deviation_id=OuterRef("pk")).order_by("pk")
    named = When(reads_reporter=True, then=Coalesce("reporter__name", Value("")))
    return rows.annotate(
        reporter_name=Case(named, default=Value(""), output_field=CharField()),
        concerned_names=ArraySubquery(concerned.values("person__name")),
        landings=ArraySubquery(routings.values("why")),
    )


def note_read(case: Deviation, actor: Actor) -> None:
    """Log that somebody other than its reporter opened a confidential case."""
    if case.is_confidential and case.reporter_id != actor.person_id:
        log_read(case, what="deviation", by=actor, now=timezone.now())


def action_of(request: Request, pk: int) -> CorrectiveAction:
    """Return the corrective action.

    :raises Http404: there is none that the actor may know of.
    """
    return action_seen_by(request.actor, pk)


def action_seen_by(actor: Actor, pk: int) -> CorrectiveAction:
    """Return the corrective action.

    :raises Http404: there is none that the actor may know of.
    """
    rows = CorrectiveAction.objects.visible_to(actor).select_related(
        "unit", "owner", "proposed_by", "municipality"
    )
    action: CorrectiveAction = get_object_or_404(with_staff(rows), pk=pk)
    return action


def sent(request: Request) -> Any:
    """Return what a form is bound with: the answers when it was sent, nothing when it is shown."""
    return request.POST if request.method == "POST" else None
