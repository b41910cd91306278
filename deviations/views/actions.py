"""The page of one corrective action, and the page of each step it can take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from core.presentation import due_of
from core.transitions import attempt
from deviations.presentation import action_buttons
from deviations.views.loading import action_of
from deviations.workflow import action_workflow

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request


@require_GET
def action_detail(request: Request, pk: int) -> HttpResponse:
    """Show one corrective action and the cases it serves that the actor may see."""
    action = action_of(request, pk)
    context = {
        "action": action,
        "actions": action_buttons(action, request.actor),
        "due": due_of(action.due_on, timezone.localdate()) if action.is_open else None,
    }
    return render(request, "deviations/action_detail.html", context)


@require_http_methods(["GET", "POST"])
def action_transition(request: Request, pk: int, name: str) -> HttpResponse:
    """Ask what a step needs, and take it."""
    action = action_of(request, pk)
    tried = attempt(action_workflow, action, name, request, now=timezone.now())
    if tried.done is not None:
        messages.success(request, f"{tried.transition.done}: «{action.title}»")
        return redirect(tried.done)
    context = {"action": action, "step": tried.transition, "form": tried.form, "reasons": tried.reasons}
    return render(request, "deviations/action_transition.html", context, status=tried.status)
