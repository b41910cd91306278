"""The cases of a meeting in order of their points, with the reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from governance import meeting_presentation as presentation
from governance.scoring.agenda import ranked_agenda
from governance.views.council.common import papers_or_403

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request


@never_cache
@require_GET
def meeting_ranking(request: Request, pk: int) -> HttpResponse:
    """Show the ranked list of an agenda to those who read its papers."""
    meeting = papers_or_403(request, pk)
    lines = presentation.agenda_of(meeting, request.actor)
    presentation.note_reads(lines, request.actor, what="meeting_ranking", now=timezone.now())
    context = {
        "meeting": meeting,
        "ranking": ranked_agenda(lines, request.actor),
    }
    return render(request, "governance/meeting_ranking.html", context)
