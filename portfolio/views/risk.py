"""Risks and opportunities: those of one project with their forms, and the worst of the portfolio."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from core.errors import Refused, StaleVersion
from core.paging import keyset
from governance import drafting
from portfolio import policies
from portfolio.models import ProjectRisk
from portfolio.risk import operations, presentation
from portfolio.risk.filters import RiskFilter
from portfolio.risk.forms import RiskForm
from portfolio.views.projects import CONFLICT, INVALID, project_or_404

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request
    from portfolio.models import Project

WORST = ("-score", "pk")


@require_GET
def portfolio_risks(request: Request) -> HttpResponse:
    """Show the worst open risks of all running projects that the actor sees."""
    filters = RiskFilter(request.GET, actor=request.actor)
    rows = filters.rows.select_related(
        "owner", "project__unit", "project__municipality", "project__initiative"
    )
    page = keyset(rows, request, WORST)
    lines = presentation.lines_of(page.rows, timezone.localdate())
    context = {"filters": filters, "active": filters.active, "page": page, "lines": lines}
    return render(request, "portfolio/risk_top.html", context)


@never_cache
@require_GET
def risk_list(request: Request, pk: int) -> HttpResponse:
    """Show the risks and opportunities of a project, and where they lie before and after what is done."""
    project = project_or_404(request, pk)
    closed = operations.why_closed(project)
    context = {
        "project": project, "closed": closed, "may_edit": policies.may_edit(request.actor, project) and not closed,
        **presentation.page_of(project, timezone.localdate()),
    }  # fmt: skip
    return render(request, "portfolio/risk_list.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def risk_create(request: Request, pk: int) -> HttpResponse:
    project = _to_work_on(request, pk)
    return _risk_page(request, ProjectRisk(project=project))


@never_cache
@require_http_methods(["GET", "POST"])
def risk_edit(request: Request, pk: int, risk: int) -> HttpResponse:
    project = _to_work_on(request, pk)
    rows = ProjectRisk.objects.filter(project=project).select_related("owner")
    row = get_object_or_404(rows, pk=risk)
    row.project = project
    return _risk_page(request, row)


def _to_work_on(request: Request, pk: int) -> Project:
    """:raises PermissionDenied: the actor sees the project, but does not work on it."""
    project = project_or_404(request, pk)
    if not policies.may_edit(request.actor, project):
        raise PermissionDenied
    return project


def _risk_page(request: Request, row: ProjectRisk) -> HttpResponse:
    page: dict[str, Any] = {"row": row, "project": row.project}
    if reason := operations.why_closed(row.project):
        status = CONFLICT if request.method == "POST" else 200
        return _form(request, None, status, reasons=[reason], **page)
    form = _form_of(request, row)
    if not form.is_valid():
        return _form(request, form, INVALID if form.is_bound else 200, **page)
    try:
        saved = operations.save_risk(row, form.values, by=request.actor, now=timezone.now(), form=form)
    except Refused as refused:
        form.add_error(None, [str(reason) for reason in refused.reasons])
    except StaleVersion:
        page["outcome"] = {"clashes": form.clashes}
    else:
        messages.success(request, _("«%(title)s» er lagret.") % {"title": saved.title})
        return redirect(f"{reverse('portfolio:risk_list', args=[row.project_id])}#risiko-{saved.pk}")
    return _form(request, form, CONFLICT, **page)


def _form_of(request: Request, row: ProjectRisk) -> RiskForm:
    """Return the form with what was typed, and the answer to a clash carried out."""
    typed: Any = request.POST if request.method == "POST" else None
    if typed is not None and row.pk is not None:
        typed = drafting.with_choice(typed, RiskForm(instance=row, actor=request.actor))
    return RiskForm(typed, instance=copy(row), actor=request.actor)


def _form(request: Request, form: RiskForm | None, status: int, **context: Any) -> HttpResponse:
    context |= {"form": form, "base": form.base() if form is not None and context["row"].pk else ""}
    return render(request, "portfolio/risk_form.html", context, status=status)
