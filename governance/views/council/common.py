"""What the pages of the council share: how a meeting is loaded, and whose council it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from governance import policies
from governance.models import Meeting
from organization.models import Unit

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from organization.actors import PersonActor
    from organization.http import Request

INVALID, CONFLICT = 422, 409


def meeting_or_404(request: Request, pk: int) -> Meeting:
    """Return the meeting if the actor may see that it takes place.

    :raises Http404: there is none, or it is another municipality's.
    """
    rows = Meeting.objects.visible_to(request.actor).with_access(request.actor)
    rows = rows.select_related(
        "municipality__governance_rules", "mandate", "chair", "approved_by", "cycle_period"
    )
    meeting: Meeting = get_object_or_404(rows, pk=pk)
    return meeting


def papers_or_403(request: Request, pk: int) -> Meeting:
    """Return a meeting whose papers the actor reads.

    :raises Http404: there is none, or it is another municipality's.
    :raises PermissionDenied: its papers are not out, and the actor does not prepare them.
    """
    meeting = meeting_or_404(request, pk)
    if not meeting.reads_papers:
        raise PermissionDenied
    return meeting


def arranged_by(request: Request) -> Unit:
    """Return the municipality the actor acts for, where they arrange its meetings.

    :raises PermissionDenied: the actor does not.
    """
    return _home_with(request, policies.may_arrange_in)


def delegation_followed_by(request: Request) -> Unit:
    """Return the municipality the actor acts for, where they follow what is decided by delegation.

    :raises PermissionDenied: the actor does not.
    """
    return _home_with(request, policies.may_follow_delegation)


def _home_with(request: Request, may: Callable[[PersonActor, int], bool]) -> Unit:
    home = request.actor.acting_for_id
    if home is None or not may(request.actor, home):
        raise PermissionDenied
    unit: Unit = Unit.objects.get(pk=home)
    return unit


def common(request: Request) -> dict[str, Any]:
    """Return what the tabs of the council ask: what this person may do where they act."""
    home = request.actor.acting_for_id
    return {
        "may_arrange": home is not None and policies.may_arrange_in(request.actor, home),
        "may_follow_delegation": home is not None and policies.may_follow_delegation(request.actor, home),
        "may_set_rules": home is not None and policies.may_set_rules(request.actor, home),
    }


def printed_at() -> datetime:
    """Return now as the PDF writes it: in whole seconds."""
    return timezone.now().replace(microsecond=0)


def pdf_answer(content: bytes, name: str) -> HttpResponse:
    """Return a PDF that is shown in the browser and kept by nobody on the way."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response
