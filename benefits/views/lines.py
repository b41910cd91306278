"""The line's own side: what the template offers, going out of a regional plan, and changes without a project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from benefits.baton import operations, policies
from benefits.baton.forms import LineChangeForm
from benefits.baton.queries import units_led_by
from benefits.baton.template import open_offers
from benefits.change.offers import open_work_offers
from benefits.models import LocalPlan
from core.errors import Refused
from core.forms import Form
from core.whole import whole
from governance.models import Initiative

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request

OK, CONFLICT, INVALID = 200, 409, 422


def _local_plan(request: Request, pk: int) -> LocalPlan:
    """Return the local plan that the initiative carries, for somebody who sees into it.

    :raises Http404: there is none that the actor sees into.
    """
    inside = Initiative.objects.readable_by(request.actor).filter(pk=pk)
    rows = LocalPlan.objects.visible_to(request.actor).filter(initiative__in=inside)
    plan: LocalPlan = get_object_or_404(rows.select_related("initiative__unit", "template", "municipality"))
    return plan


@never_cache
@require_http_methods(["GET", "POST"])
def template_offers(request: Request, pk: int) -> HttpResponse:
    """Show what has changed in the template, and take it in or keep the own."""
    plan = _local_plan(request, pk)
    if not policies.may_follow_template(request.actor, plan.initiative):
        raise PermissionDenied
    if request.method == "POST":
        take = request.POST.get("answer") == "take"
        _answer(request, plan, take=take)
        messages.success(request, _("Endringen er tatt inn i planen.") if take else _("Planen er som før."))
        return redirect("benefits:template_offers", pk)
    context = {
        "plan": plan, "initiative": plan.initiative, "offers": list(open_offers(plan)), "work": list(open_work_offers(plan)),
    }  # fmt: skip
    return render(request, "benefits/template_offers.html", context)


def _answer(request: Request, plan: LocalPlan, *, take: bool) -> None:
    given: dict[str, Any] = {"take": take, "by": request.actor, "now": timezone.now()}
    if work := request.POST.get("work"):
        operations.answer_work(plan, work, **given)
    else:
        operations.answer_template(plan, whole(request.POST.get("template", "")) or 0, **given)


class LeaveForm(Form):
    reason = forms.CharField(
        label=gettext_lazy("Hvorfor går kommunen ut?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


@never_cache
@require_http_methods(["GET", "POST"])
def regional_leave(request: Request, pk: int) -> HttpResponse:
    """Ask first, then take the municipality out of the regional initiative."""
    plan = _local_plan(request, pk)
    if not policies.may_lead(request.actor, plan.initiative):
        raise PermissionDenied
    form, reasons = LeaveForm(request.POST or None), []
    if request.method == "POST" and form.is_valid():
        try:
            operations.leave_regional_plan(plan, **form.cleaned_data, by=request.actor, now=timezone.now())
            messages.success(request, _("Kommunen er ute av tiltaket og beholder planen."))
            return redirect("benefits:plan_detail", pk)
        except Refused as refused:
            reasons = [str(reason) for reason in refused.reasons]
    status = INVALID if form.errors else CONFLICT if reasons else OK
    context = {"plan": plan, "initiative": plan.initiative, "form": form, "reasons": reasons}
    return render(request, "benefits/regional_leave.html", context, status=status)


# --- Changes without a project ----------------------------------------------------------------------
@never_cache
@require_http_methods(["GET", "POST"])
def line_change(request: Request) -> HttpResponse:
    """Open the plan of a change that the line makes itself."""
    if not policies.may_open_in_line(request.actor):
        raise PermissionDenied
    units = units_led_by(request.actor).open_on(timezone.localdate())
    form = LineChangeForm(request.POST or None, units=units, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        made = operations.open_line_change(**form.cleaned_data, by=request.actor, now=timezone.now())
        messages.success(request, _("Planen er laget. Legg til den første gevinsten."))
        return redirect("benefits:benefit_add", made.pk)
    return render(request, "benefits/line_change.html", {"form": form}, status=INVALID if form.errors else OK)
