"""Pages of the money of a project: its lines with sums, and one line to write or remove."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from core.errors import StaleVersion
from portfolio import policies
from portfolio.models import BudgetLine
from portfolio.money import operations
from portfolio.money.forms import BudgetLineForm
from portfolio.money.presentation import by_year, sums_of
from portfolio.views.projects import CONFLICT, INVALID, project_or_404

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request
    from portfolio.models import Project

OK = 200


@require_GET
def money_detail(request: Request, pk: int) -> HttpResponse:
    """Show what a project costs, per year and source and in all."""
    project = project_or_404(request, pk)
    lines = list(project.budget_lines.order_by("year", "source"))
    context = {
        "project": project, "years": by_year(lines), "total": sums_of(lines),
        "may_write": policies.may_account(request.actor, project),
    }  # fmt: skip
    return render(request, "portfolio/money_detail.html", context)


def _to_write(request: Request, pk: int) -> Project:
    """Return the project for whoever accounts for it.

    :raises PermissionDenied: the actor does not.
    """
    project = project_or_404(request, pk)
    if not policies.may_account(request.actor, project):
        raise PermissionDenied
    return project


def _line(request: Request, pk: int) -> tuple[Project, BudgetLine]:
    line = get_object_or_404(BudgetLine.objects.visible_to(request.actor), pk=pk)
    return _to_write(request, line.project_id), line


@never_cache
@require_http_methods(["GET", "POST"])
def money_add(request: Request, pk: int) -> HttpResponse:
    """Add a line for a year and a source."""
    year = timezone.localdate().year
    zero = dict.fromkeys(("committed", "spent"), 0)
    return _write(request, _to_write(request, pk), None, {"year": year, **zero})


@never_cache
@require_http_methods(["GET", "POST"])
def money_edit(request: Request, pk: int) -> HttpResponse:
    """Change a line."""
    project, line = _line(request, pk)
    return _write(request, project, line, {name: getattr(line, name) for name in BudgetLineForm.base_fields})


def _write(
    request: Request, project: Project, line: BudgetLine | None, initial: dict[str, Any]
) -> HttpResponse:
    """Show the form and save what is right; what was typed is kept."""
    form = BudgetLineForm(request.POST if request.method == "POST" else None, initial=initial)
    page: dict[str, Any] = {
        "project": project,
        "line": line,
        "form": form,
        "stamp": operations.stamp_of(line),
    }
    if request.method == "GET" or not form.is_valid():
        return _page(request, page, status=INVALID if form.is_bound else OK)
    stamp = request.POST.get("stamp", "")
    try:
        operations.save_line(
            project, form.cleaned_data, line=line, stamp=stamp, by=request.actor, now=timezone.now()
        )
    except ValidationError as problem:
        form.add_error(None, problem)
        return _page(request, page, status=INVALID)
    except StaleVersion as stale:
        return _page(request, page, stale=stale, status=CONFLICT)
    messages.success(request, _("Budsjettlinjen er lagret."))
    return redirect("portfolio:money_detail", pk=project.pk)


def _page(
    request: Request, page: dict[str, Any], *, status: int, stale: StaleVersion | None = None
) -> HttpResponse:
    """Show the form.  A form that was sent keeps what it began from, but for a conflict, which shows what stands."""
    if stale is None and request.method == "POST":
        page["stamp"] = request.POST.get("stamp", "")
    differing = [(label, mine, stale.theirs[label]) for label, mine in stale.mine.items()] if stale else []
    context = {**page, "stale": stale, "differing": differing}
    return render(request, "portfolio/money_form.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def money_remove(request: Request, pk: int) -> HttpResponse:
    """Ask first, then take a line away."""
    project, line = _line(request, pk)
    status = OK
    if request.method == "POST":
        try:
            stamp = request.POST.get("stamp", "")
            operations.remove_line(line, stamp=stamp, by=request.actor, now=timezone.now())
            messages.success(request, _("Budsjettlinjen er slettet."))
            return redirect("portfolio:money_detail", pk=project.pk)
        except StaleVersion:
            status = CONFLICT
    context = {
        "project": project,
        "line": line,
        "stamp": operations.stamp_of(line),
        "is_stale": status == CONFLICT,
    }
    return render(request, "portfolio/money_remove.html", context, status=status)
