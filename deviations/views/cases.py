"""The page of one deviation, and the page of each step it can take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from core.presentation import due_of
from core.transitions import attempt
from deviations.presentation import actions_for
from deviations.views.loading import case_of
from deviations.workflow import deviation_workflow

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request


@require_GET
def deviation_detail(request: Request, pk: int) -> HttpResponse:
    """Show one case: where it stands and who has it, and its words to those who read them."""
    case = case_of(request, pk)
    context = {
        "case": case,
        "actions": actions_for(case, request.actor),
        "due": due_of(case.due_on, timezone.localdate()),
    }
    return render(request, "deviations/deviation_detail.html", context)


@require_http_methods(["GET", "POST"])
def deviation_transition(request: Request, pk: int, name: str) -> HttpResponse:
    """Ask what a step needs, and take it."""
    case = case_of(request, pk)
    tried = attempt(deviation_workflow, case, name, request, now=timezone.now())
    if tried.done is not None:
        messages.success(request, f"{tried.transition.done}: {case.number} {case.headline}")
        return redirect(tried.done)
    context = {"case": case, "step": tried.transition, "form": tried.form, "reasons": tried.reasons}
    return render(request, "deviations/deviation_transition.html", context, status=tried.status)
