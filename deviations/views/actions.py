"""Corrective actions: their list, the page of one and of its steps, and putting one on a case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from core.paging import keyset
from core.presentation import history_lines
from core.whole import whole
from deviations import operations
from deviations.forms.actions import ActionFilter, ProposeForm, ReuseForm, reusable
from deviations.models import ActionStatus, CorrectiveAction, Deviation, Lift
from deviations.models.action import ACTION_TONES
from deviations.presentation import ACTIONS, action_buttons, action_due, action_steps, headline_of, part_url
from deviations.staff import with_staff
from deviations.views.handling import form_page
from deviations.views.loading import action_of, case_to_handle, sent
from deviations.views.steps import StepPage
from deviations.workflow import action_workflow
from organization.roles import Permission

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request

_ORDERING = ("due_on", "pk")
MINE, UNITS = "", "enheter"
_WHOSE = ((MINE, gettext_lazy("Mine tiltak")), (UNITS, gettext_lazy("Enhetene mine")))


@require_GET
def action_list(request: Request) -> HttpResponse:
    """Show the actions a person is to do, or those of the units the person leads, the first due on top."""
    actor, leads = request.actor, request.actor.holds(Permission.HANDLE_DEVIATIONS)
    whose = UNITS if leads and request.GET.get("hvem") == UNITS else MINE
    rows = CorrectiveAction.objects.visible_to(actor)
    rows = rows.of_line(actor) if whose == UNITS else rows.filter(owner_id=actor.person_id)
    chosen = ActionFilter(request.GET, queryset=with_staff(rows.select_related("unit", "owner")))
    page = keyset(chosen.qs, request, _ORDERING)
    today = timezone.localdate()
    context = {
        "filters": chosen.form, "active": chosen.active, "page": page, "whose": whose, "is_units": whose == UNITS,
        "lines": [{"action": row, "due": action_due(row, today)} for row in page.rows],
        "tabs": [{"key": key, "label": label, "is_current": key == whose} for key, label in _WHOSE] if leads else [],
    }  # fmt: skip
    return render(request, "deviations/action_list.html", context)


@require_GET
def action_detail(request: Request, pk: int) -> HttpResponse:
    """Show one corrective action and the cases it serves that the actor may see."""
    action = action_of(request, pk)
    seen = Deviation.objects.visible_to(request.actor).with_access(request.actor).filter(actions=action)
    cases: list[Any] = list(seen.select_related("unit").order_by("-created_at", "-pk"))
    context = {
        "action": action, "actions": action_buttons(action, request.actor), "steps": action_steps(action),
        "due": action_due(action, timezone.localdate()),
        "lifts": Lift.objects.visible_to(request.actor).filter(action=action).order_by("pk"),
        "lines": [{"case": case, "headline": headline_of(case)} for case in cases],
        "history": history_lines(action, states=ActionStatus, tones=ACTION_TONES, with_reasons=True),
    }  # fmt: skip
    return render(request, "deviations/action_detail.html", context)


@require_http_methods(["GET", "POST"])
def action_transition(request: Request, pk: int, name: str) -> HttpResponse:
    """Ask what a step needs, tell what follows, and take it."""
    action = action_of(request, pk)
    page = StepPage.of(request, action_workflow, action, name)
    if request.method == "POST" and page.is_answered() and page.perform(f"«{action.title}»"):
        return redirect(action)
    return render(
        request, "deviations/action_transition.html", {"action": action, **page.context()}, status=page.status
    )


# --- On a case -------------------------------------------------------------------------------------
_ENDED = gettext_lazy("Saken er avsluttet. Gjenåpne den for å legge til tiltak.")


@require_http_methods(["GET", "POST"])
def action_propose(request: Request, pk: int) -> HttpResponse:
    """Propose a new action for the case."""
    case = case_to_handle(request, pk)
    words = {
        "heading": _("Nytt tiltak"), "submit": _("Legg til tiltaket"), "back_url": part_url(case, ACTIONS),
        "lead": _("Den ansvarlige får beskjed. Saken er fortrolig, så den ansvarlige ser at den finnes, men leser den ikke.")
        if case.is_confidential
        else _("Den ansvarlige får beskjed, og leser saken som tiltaket hører til."),
    }  # fmt: skip
    if not case.is_open:
        return form_page(request, case, None, reasons=[_ENDED], **words)
    form = ProposeForm(sent(request), obj=case, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        made = operations.propose_action(case, by=request.actor, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Tiltaket er lagt til: «%(title)s».") % {"title": made.title})
        return redirect(part_url(case, ACTIONS))
    return form_page(request, case, form, **words)


@require_http_methods(["GET", "POST"])
def action_reuse(request: Request, pk: int) -> HttpResponse:
    """Let an action that exists serve the case too."""
    case = case_to_handle(request, pk)
    words = {
        "heading": _("Bruk et tiltak som finnes"), "submit": _("Bruk tiltaket"), "back_url": part_url(case, ACTIONS),
        "lead": _("Tiltaket blir stående hos den som har det, og teller også for denne saken."),
    }  # fmt: skip
    if not case.is_open:
        return form_page(request, case, None, reasons=[_ENDED], **words)
    form = ReuseForm(sent(request), obj=case, actor=request.actor)
    action = _picked(request, case) or (form.cleaned_data["action"] if form.is_valid() else None)
    if request.method == "POST" and action is not None:
        operations.reuse_action(case, action, by=request.actor, now=timezone.now())
        messages.success(request, _("Tiltaket «%(title)s» er brukt her også.") % {"title": action.title})
        return redirect(part_url(case, ACTIONS))
    return form_page(request, case, form, **words)


def _picked(request: Request, case: Deviation) -> CorrectiveAction | None:
    """Return the action a button of the page stood for.

    :raises Http404: it is not the actor's to use.
    """
    pk = request.POST.get("pk", "")
    return (
        get_object_or_404(reusable(request.actor, case.municipality_id), pk=whole(pk))
        if pk.isdecimal()
        else None
    )
