"""Load a case for a page: through visibility, with what the page shows, and logged where it is confidential."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.utils import timezone

from core.access import log_read
from deviations.models import CorrectiveAction, Deviation

if TYPE_CHECKING:
    from core.actors import Actor
    from organization.http import Request


def case_of(request: Request, pk: int) -> Deviation:
    """Return the case with ``reads_words`` and ``reads_reporter``.

    :raises Http404: there is none that the actor may know of.
    """
    rows = Deviation.objects.visible_to(request.actor).with_access(request.actor)
    related = (
        "unit",
        "municipality__deviation_rules",
        "type",
        "service",
        "reporter",
        "responsible",
        "handler",
        "merged_into",
    )
    case: Deviation = get_object_or_404(rows.select_related(*related), pk=pk)
    note_read(case, request.actor)
    return case


def note_read(case: Deviation, actor: Actor) -> None:
    """Log that somebody other than its reporter opened a confidential case."""
    if case.is_confidential and case.reporter_id != actor.person_id:
        log_read(case, what="deviation", by=actor, now=timezone.now())


def action_of(request: Request, pk: int) -> CorrectiveAction:
    """Return the corrective action.

    :raises Http404: there is none that the actor may know of.
    """
    rows = CorrectiveAction.objects.visible_to(request.actor).select_related(
        "unit", "owner", "proposed_by", "municipality"
    )
    action: CorrectiveAction = get_object_or_404(rows, pk=pk)
    return action
