"""Requests for people: what a project has asked for, one request, and the steps it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from core.errors import Refused
from core.paging import keyset
from core.presentation import history_lines
from core.transitions import attempt
from portfolio import policies as project_policies
from portfolio.capacity import operations, policies, presentation
from portfolio.capacity.load import Span
from portfolio.capacity.request_forms import AskForm, GrantForm
from portfolio.capacity.settling import changes_of, span_of
from portfolio.capacity.workflow import resource_workflow
from portfolio.models import RequestStatus, ResourceRequest
from portfolio.operations import why_ended
from portfolio.views.projects import CONFLICT, INVALID, project_or_404

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request

NEWEST = ("-asked_at", "-pk")


@never_cache
@require_GET
def resource_list(request: Request, pk: int) -> HttpResponse:
    """Show what a project has asked for, the newest first."""
    project, today = project_or_404(request, pk), timezone.localdate()
    rows = presentation.lines_for(ResourceRequest.objects.filter(project=project), today)
    page = keyset(rows, request, NEWEST)
    closed = why_ended(project)
    context = {
        "project": project, "page": page, "closed": closed,
        "lines": [presentation.RequestLine(row, row.month_over) for row in page.rows],
        "may_ask": project_policies.may_edit(request.actor, project) and not closed,
    }  # fmt: skip
    return render(request, "portfolio/resource_list.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def resource_ask(request: Request, pk: int) -> HttpResponse:
    """Ask for people to a project."""
    project = project_or_404(request, pk)
    if not project_policies.may_edit(request.actor, project):
        raise PermissionDenied
    reasons: list[Any] = [reason] if (reason := why_ended(project)) else []
    form = AskForm(request.POST if request.method == "POST" else None, project=project, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            asked = operations.ask(project, by=request.actor, now=timezone.now(), **form.cleaned_data)
            messages.success(request, _("Forespørselen er sendt til ressurseieren."))
            return redirect(asked)
        except Refused as refused:
            reasons = list(refused.reasons)
    status = INVALID if form.errors else CONFLICT if reasons and form.is_bound else 200
    context = {"project": project, "form": form, "reasons": reasons}
    return render(request, "portfolio/resource_ask.html", context, status=status)


def _request_or_404(request: Request, pk: int) -> ResourceRequest:
    rows = ResourceRequest.objects.visible_to(request.actor).select_related(
        "project__municipality", "role__owner", "role__stand_in", "person", "asked_by", "answered_by"
    )
    found: ResourceRequest = get_object_or_404(rows, pk=pk)
    return found


@never_cache
@require_GET
def resource_detail(request: Request, pk: int) -> HttpResponse:
    """Show a request, what it would take of the role, and what has happened."""
    found = _request_or_404(request, pk)
    span = span_of(found) or Span(found.work_years, found.from_on, found.to_on)
    counts = found.is_granted or found.is_waiting
    cells = presentation.cells_of(changes_of(found, span)) if counts else []
    context = {
        "row": found, "project": found.project, "facts": presentation.facts_of(found), "cells": cells,
        "finding": presentation.finding_of(cells), "actions": presentation.actions_for(found, request.actor),
        "may_answer": policies.may_answer(request.actor, found),
        "lines": history_lines(found, states=RequestStatus, tones=presentation.TONES, with_reasons=True),
    }  # fmt: skip
    return render(request, "portfolio/resource_detail.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def resource_transition(request: Request, pk: int, name: str) -> HttpResponse:
    """Show what a step asks for and leads to, and take it."""
    found = _request_or_404(request, pk)
    if name not in resource_workflow.transitions:
        raise Http404
    tried = attempt(resource_workflow, found, name, request, now=timezone.now())
    if tried.done is not None:
        messages.success(request, f"{tried.transition.done}: {found.role} – «{found.project.name}».")
        return redirect(found)
    if tried.status == CONFLICT and tried.form is not None and "seen" in tried.form.fields:
        tried.form.data = request.POST.copy() | {"seen": found.changed_at.isoformat()}
    cells = presentation.cells_of(tried.form.preview()) if isinstance(tried.form, GrantForm) else []
    context = {
        "row": found, "project": found.project, "tried": tried, "cells": cells, "finding": presentation.finding_of(cells),
        "asked": presentation.RequestLine(found).asked, "given": presentation.RequestLine(found).given,
    }  # fmt: skip
    return render(request, "portfolio/resource_transition.html", context, status=tried.status)
