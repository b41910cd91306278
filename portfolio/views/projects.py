"""The portfolio: board, table, one project, and the steps it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from benefits.baton.presentation import baton_of
from core.errors import StaleVersion
from core.paging import keyset
from core.presentation import history_lines
from core.transitions import attempt
from core.whole import whole
from core.workflow import TransitionBlocked
from governance import policies as governance_policies
from governance.models import Initiative, Status
from governance.presentation import shown_title
from governance.presentation import steps_of as steps_of_initiative
from governance.workflow import initiative_workflow
from organization.list_views import list_views
from portfolio import operations, presentation
from portfolio.checklist.state import next_point_of
from portfolio.filters import PortfolioFilter
from portfolio.forms import ProjectForm
from portfolio.health import show_latest
from portfolio.models import Project, ProjectStatus
from portfolio.status.presentation import panel_of as status_panel_of
from portfolio.workflow import phase_workflow, status_workflow

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request

INVALID, CONFLICT = 422, 409


def project_or_404(request: Request, pk: int) -> Project:
    """Return the project if the actor may see it.

    :raises Http404: there is none, or it is another municipality's.
    """
    project: Project = get_object_or_404(Project.objects.visible_to(request.actor).in_full(), pk=pk)
    return project


# --- Board and table -----------------------------------------------------------------------------
@require_GET
def board(request: Request) -> HttpResponse:
    """Show the projects in columns by phase."""
    return _board(request)


def _board(request: Request, *, said: str = "") -> HttpResponse:
    filters = PortfolioFilter(request.GET, actor=request.actor, with_phase=False)
    latest = presentation.latest_of(filters.rows)
    context = {
        "filters": filters,
        "active": filters.active,
        "columns": presentation.columns_of(latest, request.actor),
        "is_cut": latest.is_cut,
        "query": request.GET.urlencode(),
        "said": said,
    }
    return render(request, "portfolio/board.html", context)


@require_GET
def table(request: Request) -> HttpResponse:
    """Show the same projects as a table, for those who look for one or count."""
    views = list_views(request, "portfolio:table")
    if views.start_url:
        return redirect(views.start_url)
    filters = PortfolioFilter(request.GET, actor=request.actor, with_phase=True)
    page = keyset(filters.rows, request, presentation.LATEST)
    show_latest(page.rows)
    kept = request.GET.copy()
    for name in ("etter", "for", "fase"):
        kept.pop(name, None)
    context = {
        "filters": filters, "active": filters.active, "page": page, "query": kept.urlencode(), "views": views,
        "outdated": views.outdated(filters),
    }  # fmt: skip
    return render(request, "portfolio/table.html", context)


@require_POST
def project_move(request: Request, pk: int) -> HttpResponse:
    """Move a card to another phase; who was late sees what has happened meanwhile."""
    project = project_or_404(request, pk)
    version, target = request.POST.get("version", ""), request.POST.get("target", "")
    try:
        moved = operations.move_phase(
            project,
            to=target,
            version=-1 if version and whole(version) is None else whole(version),
            by=request.actor,
            now=timezone.now(),
        )
    except StaleVersion:
        return _conflict(request, pk)
    except TransitionBlocked as blocked:
        return _conflict(request, pk, reasons=blocked.reasons)
    said = _("«%(name)s» er flyttet til %(phase)s.") % {
        "name": moved.name,
        "phase": moved.get_phase_display(),
    }
    if request.htmx:
        return _board(request, said=said)
    messages.success(request, said)
    query = request.GET.urlencode()
    return redirect(reverse("portfolio:board") + (f"?{query}" if query else ""))


def _conflict(request: Request, pk: int, *, reasons: Any = ()) -> HttpResponse:
    """Show where the project stands now, who moved it, and where it may go from there."""
    project = project_or_404(request, pk)
    lines = history_lines(project, states=ProjectStatus, tones=presentation.TONES, with_reasons=True)
    context = {
        "project": project,
        "card": presentation.card_of(project, request.actor),
        "latest": lines[0] if lines and not reasons else None,
        "reasons": reasons,
        "query": request.GET.urlencode(),
    }
    return render(request, "portfolio/project_conflict.html", context, status=CONFLICT)


# --- One project ---------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def project_start(request: Request, pk: int) -> HttpResponse:
    """Begin a project from an adopted initiative."""
    cards = Initiative.objects.visible_to(request.actor).with_access(request.actor)
    initiative = get_object_or_404(
        cards.select_related("unit", "municipality", "project_owner", "project"), pk=pk
    )
    if not governance_policies.may_take_into_portfolio(request.actor, initiative):
        raise PermissionDenied
    if hasattr(initiative, "project"):
        return redirect(initiative.project)
    form = ProjectForm(
        request.POST or None, initiative=initiative,
        initial={"name": initiative.card_title, "owner": initiative.project_owner, "starts_on": timezone.localdate()},
    )  # fmt: skip
    reasons = _what_is_missing(initiative)
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.start_project(
                initiative, by=request.actor, now=timezone.now(), **form.cleaned_data
            )
            messages.success(request, _("Prosjektet er opprettet og står i Konsept."))
            return redirect(made)
        except TransitionBlocked as blocked:
            reasons = list(blocked.reasons)
    context = {"initiative": initiative, "title": shown_title(initiative), "form": form, "reasons": reasons}
    return render(request, "portfolio/project_start.html", context, status=_status_of(form, reasons))


def _what_is_missing(initiative: Initiative) -> list[Any]:
    """Return why the initiative cannot enter the portfolio yet."""
    if initiative.status != Status.ADOPTED:
        return [
            _("Tiltaket er ikke vedtatt. Det står som «%(state)s».")
            % {"state": initiative.get_status_display()}
        ]
    return initiative_workflow.transitions["enter_portfolio"].blockers(initiative)


def _status_of(form: Any, reasons: list[Any]) -> int:
    if form.is_bound and form.errors:
        return INVALID
    return CONFLICT if form.is_bound and reasons else 200


@require_GET
def project_detail(request: Request, pk: int) -> HttpResponse:
    """Show where a project stands, what it comes from, and what has happened."""
    project = project_or_404(request, pk)
    context = {
        "project": project,
        "checklist": next_point_of(project),
        "baton": baton_of(project.initiative, request.actor),
        "steps": presentation.steps_of(project),
        "status": status_panel_of(project, request.actor),
        "actions": presentation.actions_for(project, request.actor),
        "initiative_steps": steps_of_initiative(project.initiative, before=Status.IN_PORTFOLIO),
        "lines": history_lines(project, states=ProjectStatus, tones=presentation.TONES, with_reasons=True),
    }
    return render(request, "portfolio/project_detail.html", context)


@require_http_methods(["GET", "POST"])
def project_transition(request: Request, pk: int, name: str) -> HttpResponse:
    """Say what a step leads to, ask for what it needs, and take it."""
    project = project_or_404(request, pk)
    workflow = next((one for one in (phase_workflow, status_workflow) if name in one.transitions), None)
    if workflow is None:
        raise Http404
    tried = attempt(workflow, project, name, request, now=timezone.now())
    if tried.done is not None:
        messages.success(request, f"{tried.transition.done}: «{project.name}».")
        return redirect(project)
    context = {"project": project, "tried": tried, "explanation": presentation.what_happens(name)}
    return render(request, "portfolio/project_transition.html", context, status=tried.status)
