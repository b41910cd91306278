"""One benefit: where it stands, who has it, how it is measured, and its steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from benefits import policies, presentation
from benefits.computed_presentation import add_computed
from benefits.models import Benefit
from benefits.models.benefit import TONES
from benefits.operations.overview import why_closed
from benefits.sharing.operations import why_not_told
from benefits.sources import sources
from benefits.views.loading import benefit_of
from benefits.workflow import benefit_workflow, ownership_workflow
from core.presentation import history_lines
from core.transitions import attempt
from governance import policies as governance_policies

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request


@require_GET
def benefit_detail(request: Request, pk: int) -> HttpResponse:
    benefit, actor = benefit_of(request, pk), request.actor
    initiative, today = benefit.initiative, timezone.localdate()
    is_open = initiative.is_editable_by_submitter
    may_plan = policies.may_plan(actor, benefit) and why_closed(benefit) is None
    indicators = presentation.indicators_of(benefit, actor, today)
    add_computed(indicators, benefit)
    context = {
        "benefit": benefit, "initiative": initiative, "may_plan": may_plan, "sources": sources().values(),
        "may_edit": is_open and governance_policies.may_edit(actor, initiative),
        "indicators": indicators,
        "actions": presentation.actions_for(benefit, actor), "estimates": presentation.estimates_of(benefit),
        "may_tell": policies.may_take_out(actor, benefit) and why_not_told(benefit) is None,
        "history": history_lines(benefit, states=Benefit.Status, tones=TONES, with_reasons=True),
    }  # fmt: skip
    return render(request, "benefits/benefit_detail.html", context)


@require_http_methods(["GET", "POST"])
def benefit_transition(request: Request, pk: int, name: str) -> HttpResponse:
    """Say what a step leads to, ask for what it needs, and take it."""
    benefit = benefit_of(request, pk)
    workflow = next((one for one in (benefit_workflow, ownership_workflow) if name in one.transitions), None)
    if workflow is None:
        raise Http404
    tried = attempt(workflow, benefit, name, request, now=timezone.now())
    if tried.done is not None:
        messages.success(request, f"{tried.transition.done}: «{benefit}».")
        return redirect(benefit)
    context = {"benefit": benefit, "tried": tried, "explanation": presentation.what_happens(name)}
    return render(request, "benefits/benefit_transition.html", context, status=tried.status)
