"""A municipality's own checklists of the decision points, for whoever sets its rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import Refused, StaleVersion
from organization.models import Unit
from portfolio.checklist import catalogue
from portfolio.checklist.forms import PointForm
from portfolio.checklist.standard import standard_points
from portfolio.models import ChecklistPoint, DecisionPoint
from portfolio.policies import may_set_checklists
from portfolio.views.projects import CONFLICT, INVALID

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request


def _own_municipality(request: Request) -> Unit:
    """Return the municipality whose rules the actor sets.

    :raises PermissionDenied: the actor sets none.
    """
    home = request.actor.acting_for_id
    if home is None or not may_set_checklists(request.actor, home):
        raise PermissionDenied
    unit: Unit = get_object_or_404(Unit.objects.visible_to(request.actor), pk=home)
    return unit


def _own_point(request: Request, pk: int) -> ChecklistPoint:
    """:raises PermissionDenied: the actor sets no rules; Http404: it is no point of the own municipality."""
    municipality = _own_municipality(request)
    rows = ChecklistPoint.objects.visible_to(request.actor).filter(municipality=municipality)
    point: ChecklistPoint = get_object_or_404(rows, pk=pk)
    return point


@never_cache
@require_GET
def checklist_rules(request: Request) -> HttpResponse:
    """Show the own checklists in their order, or the standard ones where there are none."""
    municipality = _own_municipality(request)
    own = list(ChecklistPoint.objects.filter(municipality=municipality).order_by("position", "pk"))
    rows = own or standard_points(municipality.pk)
    groups = [(point, [row for row in rows if row.point == point]) for point in DecisionPoint]
    context = {"municipality": municipality, "groups": groups, "has_own": bool(own)}
    return render(request, "portfolio/checklist_rules.html", context)


@require_POST
def checklist_begin(request: Request) -> HttpResponse:
    """Make the standard checklist the municipality's own."""
    catalogue.begin_with_standard(_own_municipality(request), by=request.actor, now=timezone.now())
    messages.success(request, _("Standardlisten er nå kommunens egen. Endre den slik dere vil ha den."))
    return redirect("portfolio:checklist_rules")


@never_cache
@require_http_methods(["GET", "POST"])
def point_create(request: Request, point: str) -> HttpResponse:
    municipality = _own_municipality(request)
    if point not in DecisionPoint.values:
        raise Http404
    return _point_page(request, ChecklistPoint(municipality=municipality, point=point))


@never_cache
@require_http_methods(["GET", "POST"])
def point_edit(request: Request, pk: int) -> HttpResponse:
    return _point_page(request, _own_point(request, pk))


def _point_page(request: Request, point: ChecklistPoint) -> HttpResponse:
    form = PointForm(request.POST or None, instance=point)
    reasons: list[Any] = []
    theirs: dict[str, str] = {}
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        seen = values.pop("seen")
        try:
            catalogue.save_point(point, values, seen=seen, by=request.actor, now=timezone.now())
            messages.success(request, _("Punktet er lagret og gjelder for nye prosjekter."))
            return redirect(f"{_list_url()}#{point.point}")
        except Refused as refused:
            reasons = list(refused.reasons)
        except StaleVersion as stale:
            theirs = stale.theirs
            form = PointForm(_with_stamp(request, point), instance=point)
    status = INVALID if form.is_bound and form.errors else CONFLICT if reasons or theirs else 200
    context = {
        "form": form, "point": point, "label": DecisionPoint(point.point).label, "reasons": reasons, "theirs": theirs,
        "list_url": _list_url(),
    }  # fmt: skip
    return render(request, "portfolio/checklist_point_form.html", context, status=status)


def _with_stamp(request: Request, point: ChecklistPoint) -> Any:
    """Return what was sent with the stamp of what stands now: saving once more is then a choice."""
    data = request.POST.copy()
    data["seen"] = ChecklistPoint.objects.get(pk=point.pk).changed_at.isoformat()
    return data


def _list_url() -> str:
    return reverse("portfolio:checklist_rules")


@require_POST
def point_move(request: Request, pk: int) -> HttpResponse:
    """Move a point one place up or down."""
    point = _own_point(request, pk)
    catalogue.move_point(point, up=request.POST.get("retning") == "opp", by=request.actor, now=timezone.now())
    return redirect(f"{_list_url()}#rad-{point.pk}")


@require_POST
def point_use(request: Request, pk: int) -> HttpResponse:
    """Take a point out of use, or into use again."""
    point, in_use = _own_point(request, pk), request.POST.get("i_bruk") == "ja"
    try:
        catalogue.set_in_use(point, in_use, by=request.actor, now=timezone.now())
        said = (
            _("Punktet er i bruk igjen.")
            if in_use
            else _("Punktet er tatt ut av bruk. Prosjekter som er i gang, beholder det.")
        )
        messages.success(request, said)
    except Refused as refused:
        messages.error(request, " ".join(str(reason) for reason in refused.reasons))
    return redirect(f"{_list_url()}#rad-{point.pk}")
