"""The plan of an initiative: its benefits, what they are worth, its versions; and the forms of a planner."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import F
from django.shortcuts import get_list_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from benefits import operations, policies, presentation
from benefits.basis import basis_for, basis_of, differs
from benefits.baton.presentation import baton_of, ties_of, with_ties
from benefits.change.presentation import glance, lacks_for
from benefits.closing.operations import may_close_in_line
from benefits.economics import economics
from benefits.forms import IndicatorForm, PlanForm, ProfileForm
from benefits.guards import why_not_planned_in
from benefits.models import Benefit
from benefits.operations.overview import why_closed
from benefits.operations.planning import why_not_approved
from benefits.pulse_presentation import latest_of
from benefits.versions import standing
from benefits.versions_presentation import versions_of
from benefits.views.loading import (
    benefit_of,
    benefit_to_estimate,
    benefit_to_plan,
    indicator_to_plan,
    related,
)
from benefits.views.pilot import pilot_of
from core.access import log_read
from core.errors import Refused, StaleVersion
from core.workflow import TransitionBlocked
from governance import drafting
from governance.models import Status

if TYPE_CHECKING:
    from django.http import HttpResponse, QueryDict

    from governance.models import Initiative
    from organization.http import Request

OK, CONFLICT, INVALID = 200, 409, 422


def plan_of(request: Request, pk: int) -> tuple[Initiative, list[Any]]:
    """Return the initiative and the benefits of its plan that the actor sees.

    :raises Http404: the actor may not know of the plan.
    """
    shown = (
        f"initiative__{name}"
        for name in ("unit", "municipality", "local_plan__template", "pilot__concluded_by")
    )
    rows = Benefit.objects.visible_to(request.actor).select_related("service_owner", *shown)
    tied = with_ties(rows).annotate(
        glance=glance(timezone.localdate()), project_pk=F("initiative__project__pk")
    )
    benefits = get_list_or_404(tied.prefetch_related(*related()), initiative_id=pk)
    initiative: Initiative = benefits[0].initiative
    for row in benefits:
        row.initiative = initiative
    if initiative.is_shielded:
        log_read(initiative, what="plan", by=request.actor, now=timezone.now())
    return initiative, benefits


def is_in_line(initiative: Initiative, benefits: list[Any]) -> bool:
    """Tell whether the line carries the plan, or has carried it, without a project; as ``plan_of`` has loaded them."""
    return benefits[0].project_pk is None and initiative.status in {Status.REALIZING, Status.CLOSED}


@require_GET
def plan_detail(request: Request, pk: int) -> HttpResponse:
    (initiative, benefits), actor = plan_of(request, pk), request.actor
    today, versions = timezone.localdate(), versions_of(initiative, benefits, actor)
    may_plan = policies.may_plan_in(actor, initiative) or any(
        policies.is_service_owner(actor, row) for row in benefits
    )
    in_line = is_in_line(initiative, benefits)
    context = {
        "initiative": initiative, "lines": [presentation.line_of(row, today) for row in benefits],
        **_worth(request, initiative, benefits, versions["versions"]), **versions, "baton": baton_of(initiative, actor, ties=ties_of(benefits[0])),
        "glance": benefits[0].glance, "may_approve": policies.may_approve_in(actor, initiative), "may_add": may_plan and why_not_planned_in(initiative) is None,
        "effects": initiative.side_effects.select_related("recorded_by", "benefit"), "pulse": latest_of(initiative, today),
        "in_line": in_line, "may_close": in_line and initiative.status == Status.REALIZING and may_close_in_line(actor, initiative),
        **pilot_of(initiative, actor, may_plan=may_plan),
    }  # fmt: skip
    return render(request, "benefits/plan_detail.html", context)


def _worth(
    request: Request, initiative: Initiative, benefits: list[Any], versions: list[dict[str, Any]]
) -> dict[str, Any]:
    """Return what the plan is worth: with the basis it was approved with, or on request with the one that counts now."""
    today, with_tax = timezone.localdate(), "skf" in request.GET
    counting = basis_for(initiative.municipality_id, today)
    approved = basis_of(versions[0]["version"] if versions else None, counting)
    has_newer = differs(approved, counting)
    basis = counting if "nytt" in request.GET else approved
    worth = economics(initiative, standing(benefits), basis, year=today.year, with_tax=with_tax)
    return {
        "worth": worth, "basis": basis, "with_tax": with_tax, "newer_basis": counting if has_newer else None,
        "uses_newer": has_newer and basis is counting, "price_year": basis.price_year or worth.first_year,
    }  # fmt: skip


@require_http_methods(["GET", "POST"])
def plan_approve(request: Request, pk: int) -> HttpResponse:
    """Show what stands in the way, and approve the plan as a new version."""
    initiative, benefits = plan_of(request, pk)
    if not policies.may_approve_in(request.actor, initiative):
        raise PermissionDenied
    reasons = why_not_approved(standing(benefits))
    if request.method == "POST":
        try:
            made = operations.approve_plan(initiative, by=request.actor, now=timezone.now())
            messages.success(
                request, _("Planen er godkjent som versjon %(number)s.") % {"number": made.number}
            )
            return redirect("benefits:plan_detail", pk)
        except TransitionBlocked as blocked:
            reasons = [str(reason) for reason in blocked.reasons]
    status = CONFLICT if request.method == "POST" else OK
    lacks = lacks_for(initiative, standing(benefits), timezone.localdate())
    context = {"initiative": initiative, "reasons": reasons, "benefits": benefits, "lacks": lacks}
    return render(request, "benefits/plan_approve.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def plan_edit(request: Request, pk: int) -> HttpResponse:
    """Let a planner change the benefit after it is sent in."""
    benefit = benefit_to_plan(request, pk)
    if reason := why_closed(benefit):
        return _form(request, benefit, None, reasons=[reason], heading=_("Endre i planen"), status=CONFLICT)
    values: dict[str, Any] = {"initiative": benefit.initiative, "actor": request.actor}
    shown = PlanForm(instance=benefit, **values)
    typed = drafting.with_choice(request.POST, shown) if request.method == "POST" else None
    form = PlanForm(typed, instance=benefit_of(request, pk), **values)
    page: dict[str, Any] = {"heading": _("Endre i planen"), "base": form.base()}
    if request.method == "GET" or not form.is_valid():
        return _form(request, benefit, form, **page, status=INVALID if form.is_bound else OK)
    try:
        operations.save_plan(form, by=request.actor, now=timezone.now())
    except Refused as refused:
        form.add_error(None, " ".join(str(reason) for reason in refused.reasons))
    except StaleVersion:
        page["outcome"] = {"clashes": form.clashes}
    else:
        messages.success(request, _("«%(title)s» er lagret.") % {"title": form.cleaned_data["title"]})
        return redirect(benefit)
    return _form(request, benefit, form, **page, status=CONFLICT)


def _form(request: Request, benefit: Benefit, form: Any, *, status: int, **context: Any) -> HttpResponse:
    context = {
        "benefit": benefit, "form": form, "is_profile": isinstance(form, ProfileForm), "back": benefit.get_absolute_url(), **context,
    }  # fmt: skip
    return render(request, "benefits/plan_form.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def profile_edit(request: Request, pk: int) -> HttpResponse:
    """Give the lowest, the likely and the highest of each year: in the form, and in the plan."""
    benefit = benefit_to_estimate(request, pk)
    in_form = benefit.initiative.is_editable_by_submitter
    back = (
        reverse("benefits:overview_edit", args=[benefit.initiative_id])
        if in_form
        else benefit.get_absolute_url()
    )
    page: dict[str, Any] = {"heading": _("Anslag per år"), "back": back}
    if not in_form and (reason := why_closed(benefit)):
        return _form(request, benefit, None, reasons=[reason], **page, status=CONFLICT)
    form = ProfileForm(request.POST if request.method == "POST" else None, benefit=benefit)
    if request.method == "GET" or not form.is_valid():
        return _form(request, benefit, form, **page, base=form.seen, status=INVALID if form.is_bound else OK)
    try:
        operations.set_profile(benefit, form.years, by=request.actor, now=timezone.now(), seen=form.seen)
    except StaleVersion as stale:
        standing = benefit_to_estimate(request, pk)
        return _form(
            request, standing, form, **page, base=standing.profile_mark, stale=stale.theirs, status=CONFLICT
        )
    messages.success(request, _("Anslagene er lagret."))
    return redirect(back)


@never_cache
@require_http_methods(["GET", "POST"])
def indicator_create(request: Request, pk: int) -> HttpResponse:
    benefit = benefit_to_plan(request, pk)
    return _indicator_page(request, benefit, None, _("Ny indikator"))


@never_cache
@require_http_methods(["GET", "POST"])
def indicator_edit(request: Request, pk: int) -> HttpResponse:
    indicator = indicator_to_plan(request, pk)
    return _indicator_page(request, indicator.benefit, indicator, _("Endre indikator"))


def _indicator_page(request: Request, benefit: Benefit, indicator: Any, heading: str) -> HttpResponse:
    if reason := why_closed(benefit):
        return _form(request, benefit, None, reasons=[reason], heading=heading, status=CONFLICT)
    values: dict[str, Any] = {"benefit": benefit, "actor": request.actor}
    typed: QueryDict | None = request.POST if request.method == "POST" else None
    if typed is not None and indicator is not None:
        typed = drafting.with_choice(typed, IndicatorForm(instance=indicator, **values))
    form = IndicatorForm(typed, instance=indicator and copy(indicator), **values)
    page: dict[str, Any] = {"heading": heading, "base": form.base()}
    if request.method == "GET" or not form.is_valid():
        return _form(request, benefit, form, **page, status=INVALID if form.is_bound else OK)
    changed = {name: form.cleaned_data[name] for name in form.changed_data}
    try:
        made = operations.save_indicator(
            benefit, changed if indicator else form.cleaned_data, by=request.actor, now=timezone.now(), indicator=indicator, form=form
        )  # fmt: skip
    except ValidationError as problem:
        form.add_error(None, problem.messages)
    except StaleVersion:
        page["outcome"] = {"clashes": form.clashes}
    else:
        messages.success(request, _("Indikatoren «%(name)s» er lagret, med måledager.") % {"name": made})
        return redirect(benefit)
    return _form(request, benefit, form, **page, status=CONFLICT)
