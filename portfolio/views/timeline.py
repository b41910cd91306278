"""All that has happened in a project, page by page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_GET

from portfolio.timeline.presentation import timeline_of
from portfolio.timeline.rows import Position
from portfolio.views.projects import project_or_404

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request


@require_GET
def project_timeline(request: Request, pk: int) -> HttpResponse:
    """Show what has happened, the newest first; a position that cannot be read means the first page."""
    project = project_or_404(request, pk)
    after = Position.read(request.GET.get("etter", ""))
    timeline = timeline_of(project, request.actor, after=after)
    context = {"project": project, "timeline": timeline, "is_first": after is None}
    return render(request, "portfolio/project_timeline.html", context)
