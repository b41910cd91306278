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
from core.errors import Refused, StaleVersion
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
from portfolio import operations, policies, presentation
from portfolio.capacity.presentation import panel_of as resource_panel_of
from portfolio.capacity.presentation import with_resources
from portfolio.checklist.state import next_point_of
from portfolio.filters import PortfolioFilter
from portfolio.forms import KindForm, ProjectForm
from portfolio.gatepaper.presentation import panel_of as gate_paper_panel_of
from portfolio.models import Project, ProjectStatus
from portfolio.plan.presentation import panel_of as plan_panel_of
from portfolio.programme.presentation import family_of
from portfolio.reading import readable_project
from portfolio.status.presentation import panel_of as status_panel_of
from portfolio.sums import in_all
from portfolio.team import presentation as team
from portfolio.timeline.presentation import ON_PROJECT, timeline_of
from portfolio.workflow import phase_workflow, status_workflow

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request
    from organization.list_views import ListViews

INVALID, CONFLICT = 422, 409


def project_or_404(request: Request, pk: int) -> Project:
    """Return the project if the actor may read what is in it.

    :raises Http404: there is none, or it is another municipality's.
    :raises PermissionDenied: it is shielded from the actor, who sees that there is such a project.
    """
    return readable_project(pk, request.actor)


# --- Board and table -----------------------------------------------------------------------------
@require_GET
def board(request: Request) -> HttpResponse:
    """Show the projects in columns by phase."""
    views = list_views(request, "portfolio:board")
    return redirect(views.start_url) if views.start_url else _board(request, views)


def _board(request: Request, views: ListViews, *, said: str = "") -> HttpResponse:
    filters = PortfolioFilter(request.GET, actor=request.actor, with_phase=False)
    pressed = (request.htmx.trigger or "") if request.htmx else ""
    asked = presentation.Asked(request.GET, pressed.removeprefix("flere-"))
    totals = filters.totals(latest=asked.most)
    context = {
        "filters": filters,
        "active": filters.active,
        "columns": presentation.columns_of(totals, asked, request.actor, timezone.localdate()),
        "total": in_all(totals),
        "query": request.GET.urlencode(),
        "views": views,
        "outdated": views.outdated(filters),
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
    presentation.show_standing(page.rows, timezone.localdate())
    kept = request.GET.copy()
    for name in ("etter", "for", "fase", "mer"):
        kept.pop(name, None)
    context = {
        "filters": filters, "active": filters.active, "page": page, "rows": presentation.rows_of(page.rows),
        "total": in_all(filters.totals()), "query": kept.urlencode(), "views": views, "outdated": views.outdated(filters),
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
        return _board(request, list_views(request, "portfolio:board"), said=said)
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
    form = ProjectForm(request.POST or None, initiative=initiative)
    reasons = _what_is_missing(initiative)
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.start_project(
                initiative, by=request.actor, now=timezone.now(), **form.cleaned_data
            )
            messages.success(
                request,
                _("Prosjektet er opprettet og står i %(phase)s.") % {"phase": made.get_phase_display()},
            )
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
    today = timezone.localdate()
    rows = (
        Project.objects.visible_to(request.actor)
        .in_full()
        .with_access(request.actor)
        .with_plan(request.actor, today)
        .with_leavers(today)
    )
    project = get_object_or_404(with_resources(rows.with_people(today, team.ON_CARD + 1), today), pk=pk)
    return _in_full(request, project) if project.is_readable else _card(request, project)


def _card(request: Request, project: Project) -> HttpResponse:
    context = {"project": project, "steps": presentation.steps_of(project)}
    return render(request, "portfolio/project_card.html", context)


def _in_full(request: Request, project: Project) -> HttpResponse:
    context = {
        "project": project,
        "plan": plan_panel_of(project),
        "people": team.card_of(project),
        "checklist": next_point_of(project),
        "gate_paper": gate_paper_panel_of(project, request.actor),
        "baton": baton_of(project.initiative, request.actor),
        "steps": presentation.steps_of(project),
        "status": status_panel_of(project, request.actor),
        "resources": resource_panel_of(project),
        "actions": presentation.actions_for(project, request.actor),
        "initiative_steps": steps_of_initiative(project.initiative, before=Status.IN_PORTFOLIO),
        "family": family_of(project, request.actor),
        "timeline": timeline_of(project, request.actor, size=ON_PROJECT),
        "manages": policies.may_manage_portfolio(request.actor, project) and project.is_running,
    }
    return render(request, "portfolio/project_detail.html", context)


@require_http_methods(["GET", "POST"])
def project_kind(request: Request, pk: int) -> HttpResponse:
    """Let the portfolio manager follow a project as another kind of work."""
    project = project_or_404(request, pk)
    if not policies.may_manage_portfolio(request.actor, project):
        raise PermissionDenied
    why = operations.why_ended(project)
    form = KindForm(request.POST or None, initial={"kind": project.kind})
    context: dict[str, Any] = {"project": project, "form": form, "reasons": [why] if why else []}
    if request.method == "POST" and form.is_valid():
        try:
            changed = operations.change_kind(
                project, by=request.actor, now=timezone.now(), **form.cleaned_data
            )
        except Refused as refused:
            context["reasons"] = refused.reasons
        else:
            messages.success(request, _("Slaget er «%(kind)s».") % {"kind": changed.get_kind_display()})
            return redirect(changed)
    status = _status_of(form, list(context["reasons"]))
    return render(request, "portfolio/project_kind.html", context, status=status)


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
