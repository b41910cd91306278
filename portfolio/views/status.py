"""Pages of the status reports of a project: what is published, one of them, and the form of the next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from core.errors import Refused, StaleVersion
from core.paging import keyset
from portfolio import policies
from portfolio.health import signs_of
from portfolio.models import ReportStatus, StatusReport
from portfolio.status import operations
from portfolio.status.basis import basis_of
from portfolio.status.forms import StatusForm
from portfolio.status.presentation import shown
from portfolio.views.projects import CONFLICT, INVALID, project_or_404

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request
    from portfolio.models import Project

OK = 200
LATEST = ("-published_at", "-pk")


@require_GET
def status_list(request: Request, pk: int) -> HttpResponse:
    """Show the published reports of a project, the newest first, and the draft for those who write it."""
    project = project_or_404(request, pk)
    reports = StatusReport.objects.visible_to(request.actor).filter(project=project)
    page = keyset(reports.published().select_related("published_by"), request, LATEST)
    context = {
        "project": project, "page": page, "rows": [shown(row) for row in page.rows],
        "draft": reports.filter(status=ReportStatus.DRAFT).select_related("author").first(),
        "may_write": policies.may_report(request.actor, project), "reason": operations.why_not_reported(project),
    }  # fmt: skip
    return render(request, "portfolio/status_list.html", context)


@require_GET
def status_detail(request: Request, pk: int) -> HttpResponse:
    """Show one published report; a draft is shown where it is written."""
    rows = StatusReport.objects.visible_to(request.actor).select_related("published_by")
    row = get_object_or_404(rows, pk=pk)
    project = project_or_404(request, row.project_id)
    if row.status == ReportStatus.DRAFT:
        return redirect("portfolio:status_write", pk=project.pk)
    newest = operations.latest_of(project)
    context = {"project": project, "shown": shown(row), "newer": newest if newest != row else None}
    return render(request, "portfolio/status_detail.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def status_write(request: Request, pk: int) -> HttpResponse:
    """Write the draft, and publish it; the form keeps what was typed whatever happens."""
    project = project_or_404(request, pk)
    if not policies.may_report(request.actor, project):
        raise PermissionDenied
    latest, draft = operations.latest_of(project), operations.draft_of(project)
    form = StatusForm(
        request.POST if request.method == "POST" else None, project=project, draft=draft,
        basis=basis_of(project, by=request.actor, today=timezone.localdate()),
    )  # fmt: skip
    page: dict[str, Any] = {"project": project, "form": form, "latest": latest, "draft": draft}
    if reason := operations.why_not_reported(project):
        return _page(request, page, reasons=[reason], status=CONFLICT)
    if request.method == "GET" or not form.is_valid():
        return _page(request, page, status=INVALID if form.is_bound else OK)
    try:
        return _save(request, project, form)
    except ValidationError as problem:
        form.add_error(None, problem)
        return _page(request, page, status=INVALID)
    except StaleVersion as stale:
        return _page(request, page, stale=stale, status=CONFLICT)
    except Refused as refused:
        return _page(request, page, reasons=refused.reasons, status=CONFLICT)


@never_cache
@require_http_methods(["GET", "POST"])
def status_drop(request: Request, pk: int) -> HttpResponse:
    """Ask first, then take the draft away."""
    project = project_or_404(request, pk)
    if not policies.may_report(request.actor, project):
        raise PermissionDenied
    draft = get_object_or_404(
        StatusReport.objects.visible_to(request.actor), project=project, status=ReportStatus.DRAFT
    )
    if request.method == "POST":
        operations.drop_draft(project, mark=request.POST.get("mark", ""), by=request.actor)
        messages.success(request, _("Kladden er slettet."))
        return redirect("portfolio:status_list", pk=project.pk)
    mark = operations.mark_of(operations.latest_of(project), draft)
    context = {"project": project, "draft": draft, "mark": mark}
    return render(request, "portfolio/status_drop.html", context)


def _save(request: Request, project: Project, form: StatusForm) -> HttpResponse:
    how: dict[str, Any] = {"mark": request.POST.get("mark", ""), "by": request.actor, "now": timezone.now()}
    if request.POST.get("do") == "publish":
        report = operations.publish(project, form.cleaned_data, **how)
        messages.success(request, _("Statusrapporten er publisert."))
        return redirect(report)
    operations.save_draft(project, form.cleaned_data, **how)
    messages.success(request, _("Kladden er lagret."))
    return redirect("portfolio:status_write", pk=project.pk)


def _page(request: Request, page: dict[str, Any], *, status: int, **more: Any) -> HttpResponse:
    """Show the form.  After a conflict the next save begins from what is shown beside it."""
    project, stale = page["project"], more.get("stale")
    if stale:
        page |= {"latest": operations.latest_of(project), "draft": operations.draft_of(project)}
    latest, draft = page["latest"], page["draft"]
    now = operations.mark_of(latest, draft)
    posted = request.POST.get("mark", now)
    page["mark"] = now if stale else posted
    page["areas"] = page["form"].areas(signs_of(latest) if latest else [])
    page["was_published"] = posted.partition("-")[0] != now.partition("-")[0]
    page["differing"] = (
        [(name, text, stale.theirs[name]) for name, text in stale.mine.items()] if stale else []
    )
    return render(request, "portfolio/status_form.html", {**page, **more}, status=status)
