"""The baton: hand a plan over, answer, and follow the municipalities of a regional plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from benefits.baton import operations, policies, presentation
from benefits.baton.forms import HandOverForm
from benefits.baton.guards import is_regional, why_not_handed_over
from benefits.baton.workflow import handover_workflow
from benefits.forms.scorecard import ScorecardFilters
from benefits.models import Handover, HandoverStatus, LocalPlan
from benefits.models.baton import TONES
from benefits.versions import standing
from benefits.views.plan import plan_of
from core.access import log_read
from core.presentation import history_lines
from core.transitions import attempt
from core.workflow import TransitionBlocked
from governance.models import Initiative

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request

OK, CONFLICT, INVALID = 200, 409, 422


# --- Hand over --------------------------------------------------------------------------------------
@never_cache
@require_http_methods(["GET", "POST"])
def baton_give(request: Request, pk: int) -> HttpResponse:
    """Hand the plan over to the line, or give every municipality its own."""
    initiative, benefits = plan_of(request, pk)
    if not policies.may_hand_over_in(request.actor, initiative):
        raise PermissionDenied
    regional = is_regional(initiative)
    form = HandOverForm(request.POST or None, initiative=initiative, to_municipalities=regional)
    reasons: list[Any] = [reason] if (reason := why_not_handed_over(initiative)) else []
    if request.method == "POST" and form.is_valid():
        try:
            return _given(request, initiative, form.cleaned_data, regional=regional)
        except TransitionBlocked as blocked:
            reasons = list(blocked.reasons)
    context = {
        "initiative": initiative,
        "benefits": standing(benefits),
        "form": form,
        "reasons": reasons,
        "regional": regional,
    }
    return render(request, "benefits/baton_give.html", context, status=_status_of(form, reasons))


def _given(request: Request, initiative: Initiative, data: dict[str, Any], *, regional: bool) -> HttpResponse:  # fmt: skip
    if not regional:
        made = operations.hand_over(initiative, **data, by=request.actor, now=timezone.now())
        messages.success(
            request, _("Planen er overlevert. %(name)s er bedt om å svare.") % {"name": made.receiver}
        )
        return redirect("benefits:plan_detail", initiative.pk)
    asked = operations.give_local_plans(initiative, **data, by=request.actor, now=timezone.now())
    words = ngettext(
        "%(count)s kommune er bedt om å ta imot sin plan.",
        "%(count)s kommuner er bedt om å ta imot hver sin plan.",
        len(asked),
    )
    messages.success(request, words % {"count": len(asked)})
    return redirect("benefits:local_plans", initiative.pk)


def _status_of(form: Any, reasons: list[Any]) -> int:
    if form.is_bound and form.errors:
        return INVALID
    return CONFLICT if form.is_bound and reasons else OK


# --- Answer -----------------------------------------------------------------------------------------
def _handover_of(request: Request, pk: int) -> Handover:
    """Return the hand-over with what its page shows.

    :raises Http404: there is none that the actor may know of.
    """
    rows = Handover.objects.visible_to(request.actor).select_related(
        "initiative__unit", "initiative__municipality", "receiver", "offered_by", "led_by", "answered_by"
    )
    handover: Handover = get_object_or_404(rows, pk=pk)
    if handover.initiative.is_shielded:
        log_read(handover.initiative, what="handover", by=request.actor, now=timezone.now())
    return handover


@require_GET
def handover_detail(request: Request, pk: int) -> HttpResponse:
    handover = _handover_of(request, pk)
    context = {
        "handover": handover, "initiative": handover.initiative, "actions": presentation.actions_for(handover, request.actor),
        "history": history_lines(handover, states=HandoverStatus, tones=TONES, with_reasons=True),
        "benefits": handover.initiative.benefits.exclude(status="dropped").select_related("service_owner"),
    }  # fmt: skip
    return render(request, "benefits/handover_detail.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def handover_transition(request: Request, pk: int, name: str) -> HttpResponse:
    """Say what an answer leads to, ask for what it needs, and give it."""
    handover = _handover_of(request, pk)
    if name not in handover_workflow.transitions:
        raise Http404
    tried = attempt(handover_workflow, handover, name, request, now=timezone.now())
    if tried.done is not None:
        messages.success(request, f"{tried.transition.done}: «{handover.initiative}».")
        return redirect(handover)
    context = {"handover": handover, "tried": tried, "explanation": presentation.what_happens(name)}
    return render(request, "benefits/handover_transition.html", context, status=tried.status)


# --- A region and its municipalities ----------------------------------------------------------------
@require_GET
def local_plans(request: Request, pk: int) -> HttpResponse:
    """Show who has taken over, and what is measured, side by side; never inside a municipality."""
    cards = Initiative.objects.readable_by(request.actor).select_related("unit", "municipality")
    template = get_object_or_404(cards, pk=pk)
    may_give = policies.may_hand_over_in(request.actor, template) and is_regional(template)
    if not may_give and not LocalPlan.objects.visible_to(request.actor).filter(template=template).exists():
        raise Http404
    today = timezone.localdate()
    filters = ScorecardFilters(request.GET, today=today)
    measure = filters.chosen["regnet"]
    context = {
        "initiative": template, "measure": measure, "may_give": may_give and why_not_handed_over(template) is None,
        "lines": presentation.side_by_side(template, request.actor, measure=measure, today=today), "year": today.year,
        "measures": [{"value": value, "label": label} for value, label in filters.fields["regnet"].choices],  # type: ignore[attr-defined]
    }  # fmt: skip
    return render(request, "benefits/local_plans.html", context)
