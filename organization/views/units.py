"""Pages of the tree and its units."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.db.models import Case, When
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from core.textsearch import NbSort
from organization import policies
from organization.forms.units import (
    ExposureForm,
    TreeFilter,
    UnitCloseForm,
    UnitCreateForm,
    UnitFactsForm,
    UnitMoveForm,
    UnitReopenForm,
)
from organization.models import Exposure, Goal, RoleAssignment, Unit
from organization.roles import Role
from organization.views._pages import bound, done, page, posted, require, sent_form
from organization.views._trees import LEADING, matching, rows_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request

ROLES_SHOWN = 100


@require_GET
def tree(request: Request) -> HttpResponse:
    """Show the organisation with its leaders, or what a search finds in it."""
    filters = TreeFilter(request.GET)
    typed = filters.cleaned_data if filters.is_valid() else {}
    units = Unit.objects.visible_to(request.actor).order_by("path")
    if not typed.get("nedlagte"):
        units = units.open_on(timezone.localdate())
    rows = rows_of(list(units), request.actor)
    found = matching(rows, typed["q"]) if typed.get("q") else None
    return page(request, "unit_tree.html", {"rows": rows, "found": found, "filters": filters, "tab": "tree"})


@require_GET
def unit_detail(request: Request, pk: int) -> HttpResponse:
    """Show a unit: its line, what is below it, its people, services, goals and figures."""
    unit = get_object_or_404(Unit.objects.visible_to(request.actor), pk=pk)
    today = timezone.localdate()
    own = Unit.objects.visible_to(request.actor)
    context = {
        "unit": unit,
        "line": own.above(unit).exclude(pk=pk).order_by("path"),
        "children": list(own.filter(pk__in=Unit.objects.get_children(unit)).open_on(today).order_by("path")),
        **_people_on(unit, request),
        "services": unit.services.visible_to(request.actor)
        .select_related("service_owner")
        .order_by(NbSort("name")),
        "goals": Goal.objects.visible_to(request.actor)
        .adopted_on(today)
        .filter(unit=unit)
        .select_related("strategy", "owner"),
        "figures": _figures(unit),
        "may_manage": policies.may_manage_unit(request.actor, unit),
    }
    return page(request, "unit_detail.html", context)


def _people_on(unit: Unit, request: Request) -> dict[str, Any]:
    """Return who holds roles on the unit today, those who lead first and other employees last."""
    leads = When(role__in=[str(role) for role in LEADING], then=0)
    order = Case(leads, When(role=Role.EMPLOYEE, then=2), default=1)
    rows = list(
        RoleAssignment.objects.visible_to(request.actor)
        .in_force(timezone.localdate())
        .filter(unit=unit, person__is_active=True)
        .select_related("person", "stand_in_for")
        .order_by(order, "role", "person__name", "pk")[: ROLES_SHOWN + 1]
    )
    people: dict[int, list[RoleAssignment]] = {}
    for role in rows[:ROLES_SHOWN]:
        people.setdefault(role.person_id, []).append(role)
    return {"people": list(people.values()), "more_roles": len(rows) > ROLES_SHOWN}


def _figures(unit: Unit) -> list[dict[str, Any]]:
    """Return, per kind of figure, the latest one and those before; one that is missing is None."""
    by_kind: dict[str, list[Exposure]] = {}
    for figure in unit.exposures.order_by("-period_start")[:120]:
        by_kind.setdefault(figure.kind, []).append(figure)
    shown = []
    for kind in Exposure.Kind:
        figures = by_kind.get(kind, [])
        shown.append({"label": kind.label, "latest": next(iter(figures), None), "earlier": figures[1:]})
    return shown


@require_http_methods(["GET", "POST"])
def unit_create(request: Request) -> HttpResponse:
    require(policies.may_administer(request.actor))
    initial = {"parent": request.GET.get("under", "")}
    form = UnitCreateForm(posted(request), actor=request.actor, initial=initial)
    if done(request, form):
        return redirect("organization:unit_detail", pk=form.result.pk)
    return page(request, "unit_create.html", form=form)


@require_http_methods(["GET", "POST"])
def unit_edit(request: Request, pk: int) -> HttpResponse:
    """Change the facts of a unit, move it, close it, or open it again: one form for each."""
    unit = _managed(request, pk)
    forms = bound(request, {
        "facts": partial(UnitFactsForm, instance=unit),
        "move": partial(UnitMoveForm, unit=unit, actor=request.actor),
        "close": partial(UnitCloseForm, unit=unit),
        "reopen": partial(UnitReopenForm, unit=unit),
    })  # fmt: skip
    form = sent_form(request, forms)
    if form is not None and done(request, form):
        return redirect("organization:unit_detail", pk=pk)
    shown = (
        Unit.objects.get(pk=pk) if form is not None else unit
    )  # a form that failed has changed its own copy
    return page(request, "unit_edit.html", {"unit": shown, **forms}, form=form)


@require_http_methods(["GET", "POST"])
def exposure_add(request: Request, pk: int) -> HttpResponse:
    unit = _managed(request, pk)
    form = ExposureForm(posted(request), instance=Exposure(unit=unit))
    if done(request, form):
        return redirect("organization:unit_detail", pk=pk)
    return page(request, "exposure_add.html", {"unit": unit}, form=form)


def _managed(request: Request, pk: int) -> Unit:
    """Return a unit the actor administers; 404 when not visible, 403 when not allowed."""
    unit: Unit = get_object_or_404(Unit.objects.visible_to(request.actor), pk=pk)
    require(policies.may_manage_unit(request.actor, unit))
    return unit
