"""The page of one deviation, and the page of each step it can take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from deviations.explaining import what_reporter_reads
from deviations.presentation import headline_of, linked
from deviations.views.loading import case_of
from deviations.views.parts import alike_open, case_page, load_for_guards
from deviations.views.steps import StepPage
from deviations.workflow import deviation_workflow

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request


@require_GET
def deviation_detail(request: Request, pk: int) -> HttpResponse:
    """Show one case: where it stands and who has it, and its words to those who read them."""
    return case_page(request, case_of(request, pk), request.GET.get("vis", ""))


@require_http_methods(["GET", "POST"])
def deviation_transition(request: Request, pk: int, name: str) -> HttpResponse:
    """Ask what a step needs, tell what follows and what the reporter is told, and take it."""
    case = case_of(request, pk)
    load_for_guards(request, case)
    page = StepPage.of(request, deviation_workflow, case, name)
    called = f"{case.number} {headline_of(case)}".strip()
    if request.method == "POST" and page.is_answered() and page.perform(called):
        return redirect(case)
    page.reasons = linked(page.declared, case, page.reasons)
    context = {
        "case": case, "headline": headline_of(case), "told": what_reporter_reads(name, case),
        "alike": alike_open(request, case) if name == "merge" else [], **page.context(),
    }  # fmt: skip
    return render(request, "deviations/deviation_transition.html", context, status=page.status)
