"""The log of a project, and the lessons of the whole portfolio."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from core.paging import keyset
from portfolio import policies
from portfolio.log.filters import LessonFilter, LogFilter
from portfolio.log.forms import ADD, EDIT, LogForm
from portfolio.log.operations import write_entry
from portfolio.log.presentation import facts_of, tone_of, versions_of
from portfolio.models import ProjectLogEntry
from portfolio.operations import why_ended
from portfolio.views.projects import project_or_404
from portfolio.views.rows import RowPage

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request

LATEST = ("-happened_on", "-pk")
ENTRIES = RowPage(
    model=ProjectLogEntry, form=LogForm, show="portfolio:project_log", anchor="innslag", related=("reported_by", "decided_by"),
    list_title=gettext_lazy("Prosjektlogg"), new_title=gettext_lazy("Skriv i loggen"), edit_title=gettext_lazy("Rett i loggen"),
    add=ADD, edit=EDIT, save=write_entry,
)  # fmt: skip


@never_cache
@require_GET
def project_log(request: Request, pk: int) -> HttpResponse:
    """Show what has been written in the log of a project, the latest first."""
    project = project_or_404(request, pk)
    filters, closed = LogFilter(request.GET, project=project), why_ended(project)
    page = keyset(filters.rows.select_related("reported_by", "decided_by"), request, LATEST)
    context = {
        "project": project, "filters": filters, "active": bool(filters.kind), "page": page, "closed": closed,
        "lines": [(row, tone_of(row)) for row in page.rows],
        "may_edit": policies.may_edit(request.actor, project) and not closed,
    }  # fmt: skip
    return render(request, "portfolio/log_list.html", context)


@never_cache
@require_GET
def log_detail(request: Request, pk: int, row: int) -> HttpResponse:
    """Show an entry in full, and what it said before it was corrected."""
    project = project_or_404(request, pk)
    rows = ProjectLogEntry.objects.filter(project=project).select_related("reported_by", "decided_by")
    entry = get_object_or_404(rows, pk=row)
    may_edit = policies.may_edit(request.actor, project) and project.is_running
    context = {
        "project": project, "entry": entry, "tone": tone_of(entry), "facts": facts_of(entry), "versions": versions_of(entry),
        "may_edit": may_edit,
    }  # fmt: skip
    return render(request, "portfolio/log_detail.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def log_create(request: Request, pk: int) -> HttpResponse:
    return ENTRIES.create(request, pk)


@never_cache
@require_http_methods(["GET", "POST"])
def log_edit(request: Request, pk: int, row: int) -> HttpResponse:
    return ENTRIES.change(request, pk, row)


@require_GET
def lesson_list(request: Request) -> HttpResponse:
    """Show what the projects one sees have learnt, for whoever begins something like it."""
    filters = LessonFilter(request.GET, actor=request.actor)
    rows = filters.rows.order_by(*LATEST)
    page = keyset(rows, request, LATEST)
    lines = [(row, tone_of(row)) for row in page.rows]
    context = {"filters": filters, "active": filters.active, "page": page, "lines": lines}
    return render(request, "portfolio/lesson_list.html", context)
