"""The plan of a project: its page, and the forms that add, change and remove what it is made of."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from core.errors import Refused, StaleVersion
from core.ui import search_options
from core.whole import whole
from governance import drafting
from portfolio import policies
from portfolio.models import Deliverable, Dependency, Milestone
from portfolio.plan import operations, presentation
from portfolio.plan.dependencies import save_dependency
from portfolio.plan.forms import (
    AwaitedForm,
    DeliverableForm,
    DependencyForm,
    MilestoneForm,
    PeriodForm,
    ProjectField,
    awaitable,
)
from portfolio.views.projects import CONFLICT, INVALID, project_or_404

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse
    from django.utils.functional import _StrOrPromise as StrOrPromise

    from organization.http import Request
    from portfolio.models import Project
    from portfolio.plan.forms import PlanForm

OK = 200


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of what a plan is made of: its form, what saves it, and its words."""

    form: type[PlanForm]
    save: Callable[..., Any]
    remove: str
    anchor: str
    new: StrOrPromise
    edit: StrOrPromise
    ask: StrOrPromise
    only: tuple[str, ...] | None = None


KINDS: dict[type, Kind] = {
    Milestone: Kind(
        MilestoneForm, operations.save_part, "milestone_remove", "milepeler", gettext_lazy("Ny milepæl"),
        gettext_lazy("Endre milepælen"), gettext_lazy("Ta milepælen ut av planen"), ("name", "responsible", "note"),
    ),
    Deliverable: Kind(
        DeliverableForm, operations.save_part, "deliverable_remove", "leveranser", gettext_lazy("Ny leveranse"),
        gettext_lazy("Endre leveransen"), gettext_lazy("Ta leveransen ut av planen"),
    ),
    Dependency: Kind(
        DependencyForm, save_dependency, "dependency_remove", "avhengigheter", gettext_lazy("Prosjektet venter på et annet"),
        gettext_lazy("Endre avhengigheten"), gettext_lazy("Ta avhengigheten ut av planen"),
    ),
}  # fmt: skip


@never_cache
@require_GET
def plan(request: Request, pk: int) -> HttpResponse:
    """Show milestones, deliverables and dependencies of a project."""
    project = project_or_404(request, pk)
    page = presentation.page_of(project, request.actor, timezone.localdate())
    return render(request, "portfolio/plan.html", {"project": project, **page})


def _to_work_on(request: Request, pk: int) -> Project:
    """:raises PermissionDenied: the actor sees the project, but does not work on it."""
    project = project_or_404(request, pk)
    if not policies.may_edit(request.actor, project):
        raise PermissionDenied
    return project


def _row_to_work_on(request: Request, model: type, pk: int) -> Any:
    rows: Any = model._default_manager.visible_to(request.actor)  # type: ignore[attr-defined]
    row = get_object_or_404(rows, pk=pk)
    row.project = _to_work_on(request, row.project_id)
    return row


def address_of(row: Any) -> str:
    """Return where a row stands on the page of its plan."""
    page = reverse("portfolio:plan", args=[row.project_id])
    return f"{page}#{KINDS[type(row)].anchor}"


# --- Add and change ----------------------------------------------------------------------------------------
@never_cache
@require_http_methods(["GET", "POST"])
def milestone_create(request: Request, pk: int) -> HttpResponse:
    return _part_page(request, Milestone(project=_to_work_on(request, pk)))


@never_cache
@require_http_methods(["GET", "POST"])
def deliverable_create(request: Request, pk: int) -> HttpResponse:
    return _part_page(request, Deliverable(project=_to_work_on(request, pk)))


@never_cache
@require_http_methods(["GET", "POST"])
def dependency_create(request: Request, pk: int) -> HttpResponse:
    """Ask first which project is waited for, then what of it."""
    project = _to_work_on(request, pk)
    chosen = whole(request.GET.get("pa", ""))
    on = awaitable(request.actor).filter(pk=chosen).first() if chosen is not None else None
    if on is not None:
        return _part_page(request, Dependency(project=project, on=on))
    reasons = [reason] if (reason := operations.why_closed(project)) else []
    form = AwaitedForm(
        request.GET if "prosjekt" in request.GET else None, project=project, actor=request.actor
    )
    if form.is_valid() and not reasons:
        return redirect(f"{request.path}?pa={form.cleaned_data['prosjekt'].pk}")
    context = {"project": project, "form": form, "reasons": reasons}
    status = INVALID if form.is_bound and not reasons else OK
    return render(request, "portfolio/dependency_choose.html", context, status=status)


@require_GET
def project_options(request: Request) -> HttpResponse:
    """Suggest projects that the actor sees."""
    return search_options(request, ProjectField(queryset=awaitable(request.actor)))


@never_cache
@require_http_methods(["GET", "POST"])
def milestone_edit(request: Request, pk: int) -> HttpResponse:
    return _part_page(request, _row_to_work_on(request, Milestone, pk))


@never_cache
@require_http_methods(["GET", "POST"])
def deliverable_edit(request: Request, pk: int) -> HttpResponse:
    return _part_page(request, _row_to_work_on(request, Deliverable, pk))


@never_cache
@require_http_methods(["GET", "POST"])
def dependency_edit(request: Request, pk: int) -> HttpResponse:
    row = _row_to_work_on(request, Dependency, pk)
    row.on = get_object_or_404(awaitable(request.actor), pk=row.on_id)
    return _part_page(request, row)


def _part_page(request: Request, row: Any) -> HttpResponse:
    kind = KINDS[type(row)]
    page: dict[str, Any] = {"row": row, "kind": kind, "project": row.project, "back": address_of(row)}
    if row.pk:
        page["remove_url"] = reverse(f"portfolio:{kind.remove}", args=[row.pk])
    if reason := operations.why_closed(row.project):
        status = CONFLICT if request.method == "POST" else OK
        return _form(request, None, status, reasons=[reason], **page)
    form = _form_of(request, kind, row)
    if not form.is_valid():
        return _form(request, form, INVALID if form.is_bound else OK, **page)
    try:
        saved = kind.save(row, form.values, by=request.actor, now=timezone.now(), form=form)
    except Refused as refused:
        form.add_error(None, [str(reason) for reason in refused.reasons])
    except StaleVersion:
        page["outcome"] = {"clashes": form.clashes}
    else:
        messages.success(request, _("Planen er lagret."))
        return redirect(address_of(saved))
    return _form(request, form, CONFLICT, **page)


def _form_of(request: Request, kind: Kind, row: Any) -> PlanForm:
    """Return the form with what was typed, and the answer to a clash carried out."""
    given: dict[str, Any] = {"actor": request.actor, "only": kind.only if row.pk else None}
    typed: Any = request.POST if request.method == "POST" else None
    if typed is not None and row.pk is not None:
        typed = drafting.with_choice(typed, kind.form(instance=row, **given))
    return kind.form(typed, instance=copy(row), **given)


def _form(request: Request, form: PlanForm | None, status: int, **context: Any) -> HttpResponse:
    context |= {"form": form, "base": form.base() if form is not None and context["row"].pk else ""}
    return render(request, "portfolio/plan_form.html", context, status=status)


# --- Remove ------------------------------------------------------------------------------------------------
@never_cache
@require_http_methods(["GET", "POST"])
def milestone_remove(request: Request, pk: int) -> HttpResponse:
    return _remove_page(request, _row_to_work_on(request, Milestone, pk))


@never_cache
@require_http_methods(["GET", "POST"])
def deliverable_remove(request: Request, pk: int) -> HttpResponse:
    return _remove_page(request, _row_to_work_on(request, Deliverable, pk))


@never_cache
@require_http_methods(["GET", "POST"])
def dependency_remove(request: Request, pk: int) -> HttpResponse:
    return _remove_page(request, _row_to_work_on(request, Dependency, pk))


def _remove_page(request: Request, row: Any) -> HttpResponse:
    """Ask first, then take the row out of the plan."""
    reason = operations.why_closed(row.project)
    reasons: list[Any] = [reason] if reason else []
    is_stale = False
    if request.method == "POST":
        try:
            given: dict[str, Any] = {
                "stamp": request.POST.get("stamp", ""),
                "by": request.actor,
                "now": timezone.now(),
            }
            operations.remove_part(row, **given)
            messages.success(request, _("Planen er lagret."))
            return redirect(address_of(row))
        except Refused as refused:
            reasons = list(refused.reasons)
        except StaleVersion:
            is_stale = True
    context = {
        "project": row.project, "row": row, "kind": KINDS[type(row)], "what": _named(request, row), "stamp": operations.stamp_of(row),
        "back": address_of(row), "reasons": reasons, "is_stale": is_stale,
    }  # fmt: skip
    status = CONFLICT if request.method == "POST" else OK
    return render(request, "portfolio/plan_remove.html", context, status=status)


def _named(request: Request, row: Any) -> str:
    """Return what a row is called; a project is named to those who see it."""
    if not isinstance(row, Dependency):
        return str(row)
    on = awaitable(request.actor).filter(pk=row.on_id).first()
    return _("Venter på «%(name)s»") % {"name": on} if on else _("Venter på et prosjekt i en annen kommune")


# --- The period ----------------------------------------------------------------------------------------------
@never_cache
@require_http_methods(["GET", "POST"])
def plan_period(request: Request, pk: int) -> HttpResponse:
    """Plan when the project begins and ends."""
    project = _to_work_on(request, pk)
    form = PeriodForm(
        request.POST if request.method == "POST" else None,
        initial={"starts_on": project.starts_on, "ends_on": project.ends_on},
    )
    page: dict[str, Any] = {"project": project, "stamp": operations.stamp_of(project)}
    if reason := operations.why_closed(project):
        status = CONFLICT if request.method == "POST" else OK
        return _period(request, form, status, reasons=[reason], **page)
    if not form.is_valid():
        return _period(request, form, INVALID if form.is_bound else OK, **page)
    return _save_period(request, form, page)


def _save_period(request: Request, form: PeriodForm, page: dict[str, Any]) -> HttpResponse:
    project: Project = page["project"]
    stamp, typed = request.POST.get("stamp", ""), form.cleaned_data
    try:
        operations.set_period(project, **typed, stamp=stamp, by=request.actor, now=timezone.now())
    except Refused as refused:
        form.add_error(None if typed["reason"] else "reason", [str(one) for one in refused.reasons])
        return _period(request, form, INVALID, **page)
    except StaleVersion:
        return _period(request, form, CONFLICT, is_stale=True, **page)
    messages.success(request, _("Oppstart og slutt er lagret."))
    return redirect("portfolio:plan", pk=project.pk)


def _period(request: Request, form: PeriodForm, status: int, **context: Any) -> HttpResponse:
    if request.method == "POST" and not context.get("is_stale"):
        context["stamp"] = request.POST.get("stamp", "")
    return render(request, "portfolio/plan_period.html", {"form": form, **context}, status=status)
