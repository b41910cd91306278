"""What the pages of the council share: how a meeting is loaded, and whose council it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from governance import policies
from governance.models import Meeting

if TYPE_CHECKING:
    from datetime import datetime

    from organization.http import Request

INVALID, CONFLICT = 422, 409


def meeting_or_404(request: Request, pk: int) -> Meeting:
    """Return the meeting if the actor may see that it takes place.

    :raises Http404: there is none, or it is another municipality's.
    """
    rows = Meeting.objects.visible_to(request.actor).with_access(request.actor)
    rows = rows.select_related("municipality__governance_rules", "mandate", "chair", "approved_by")
    meeting: Meeting = get_object_or_404(rows, pk=pk)
    return meeting


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
