"""Figures of a unit for those who lead or follow it, and what came of reports for everybody who works there."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from core.paging import keyset
from deviations import changes
from deviations.figures.choosing import ChangesForm, FiguresForm
from deviations.figures.counting import in_use_since
from deviations.figures.page import page_of
from deviations.figures.periods import period_of
from deviations.figures.scope import Scope, choices_of, sees_figures
from organization.roles import Permission

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request


@require_GET
def figures_overview(request: Request) -> HttpResponse:
    """Show counts, rates, times and the course of one unit, each figure with its definition and its list."""
    actor, today = request.actor, timezone.localdate()
    if not sees_figures(actor):
        raise PermissionDenied
    choices = choices_of(actor, today=today)
    unit = choices.find(request.GET.get("enhet", ""))
    if unit is None and request.GET.get("enhet"):
        raise Http404
    if unit is None:
        return render(request, "deviations/figures_overview.html", {"unit": None})
    since = in_use_since(cast("int", unit.municipality_id))
    given = {**request.GET.dict(), "enhet": str(unit.pk)}
    form = FiguresForm(given, units=choices.units, views=choices.views[unit.pk], since=since, today=today)
    form.is_valid()
    scope, period = Scope(actor, unit, form.view), period_of(form.period, today)
    context = {
        "form": form, "unit": unit, "scope": scope, "period": period, "withheld": choices.withheld, "since": since,
        **page_of(scope, period, per=form.per_kind, since=since, above=choices.above(scope)),
    }  # fmt: skip
    return render(request, "deviations/figures_overview.html", context)


@require_GET
def unit_changes(request: Request) -> HttpResponse:
    """Show everybody in a unit what was changed after what they reported; made for the wall too."""
    actor, today = request.actor, timezone.localdate()
    if not actor.holds(Permission.REPORT_DEVIATION):
        raise PermissionDenied
    units = changes.units_of(actor, today)
    key = request.GET.get("enhet", "")
    unit = next((one for one in units if not key or str(one.pk) == key), None)
    if unit is None and key:
        raise Http404
    if unit is None:
        return render(request, "deviations/unit_changes.html", {"place": None})
    form = ChangesForm({**request.GET.dict(), "enhet": str(unit.pk)}, units=units, today=today)
    form.is_valid()
    place = changes.place_of(unit, today)
    page = place.shown and keyset(
        changes.closed_in(form.period, place.shown, today), request, changes.LIST_ORDERING
    )
    context = {
        "form": form, "place": place, "page": page, "period": form.period_label,
        "lines": changes.changes_of(page.rows) if page else [],
    }  # fmt: skip
    return render(request, "deviations/unit_changes.html", context)
