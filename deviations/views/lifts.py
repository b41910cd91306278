"""Raised problems: their list, the page of one and of its steps, raising one, and what others answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.paging import keyset
from core.presentation import imported_on
from core.ui import search_options
from core.workflow import TransitionBlocked, TransitionDenied
from deviations import lift_presentation as shown
from deviations import operations, policies
from deviations.forms.lifts import LiftFilter, OfferForm, RaiseForm, WriteForm, lift_field, mergeable
from deviations.models import CorrectiveAction, Deviation, Lift, LiftReply
from deviations.operations.lifts import LiftInput, OfferInput, why_not_raised
from deviations.views.handling import form_page
from deviations.views.loading import case_to_handle, sent
from deviations.views.steps import CONFLICT, OK, UNPROCESSABLE, StepPage
from deviations.workflow import lift_workflow

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request

_ORDERING = ("-raised_at", "-pk")


def lift_of(request: Request, pk: int) -> Lift:
    """Return the lift.

    :raises Http404: there is none that the actor may know of.
    """
    rows = Lift.objects.visible_to(request.actor).with_same_count().with_offer_facts()
    related = (
        "unit",
        "sector",
        "raised_by",
        "action__unit",
        "action__owner",
        "deviation__unit",
        "merged_into",
    )
    rows = rows.select_related(*related).prefetch_related("deviation__concerned")
    lift: Lift = get_object_or_404(rows, pk=pk)
    return lift


@require_GET
def lift_list(request: Request) -> HttpResponse:
    """Show the problems that others have raised, the newest first."""
    rows = Lift.objects.visible_to(request.actor).with_same_count().with_offer_facts()
    chosen = LiftFilter(
        request.GET, queryset=rows.select_related("unit", "sector", "group"), actor=request.actor
    )
    page = keyset(chosen.qs, request, _ORDERING)
    context = {"filters": chosen.form, "active": chosen.active, "page": page, "lifts": page.rows}
    return render(request, "deviations/lift_list.html", context)


@require_http_methods(["GET", "POST"])
def lift_raise(request: Request, pk: int) -> HttpResponse:
    """Raise the problem behind a case, in words typed for it."""
    case = case_to_handle(request, pk)
    words = {
        "heading": _("Løft problemet"), "submit": _("Løft problemet"),
        "lead": _("Spør om noen andre kan løse det. De ser bare det du skriver her: ikke saken, og ingen navn fra den."),
    }  # fmt: skip
    if reason := why_not_raised(case):
        return form_page(request, case, None, reasons=[reason], **words)
    form = RaiseForm(sent(request), obj=case, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        lift = operations.raise_lift(
            case, LiftInput(**form.cleaned_data), by=request.actor, now=timezone.now()
        )
        messages.success(request, _("Problemet er løftet. Du får beskjed når noen kan løse det."))
        return redirect(lift)
    return form_page(request, case, form, **words)


@require_GET
def lift_detail(request: Request, pk: int) -> HttpResponse:
    """Show one problem, who may solve it, and where that stands."""
    return lift_page(request, lift_of(request, pk))


def lift_page(request: Request, lift: Any, *, form: Any = None, status: int = OK) -> HttpResponse:
    """Show a lift, with the question or answer that was sent where it could not be kept."""
    actor = request.actor
    steers, answers = policies.may_steer_lift(actor, lift), policies.may_answer_lift(actor, lift)
    if form is None and lift.is_open and (steers or answers):
        form = WriteForm(None, obj=lift, actor=actor, steers=steers)
    offers = shown.offers_of(lift, actor)
    standing = [one for one in offers if one.person_id == actor.person_id and one.is_standing]
    knows = shown.shows_raiser(lift, actor)
    history = shown.history_of(lift, actor, shown=knows)
    context = {
        "lift": lift, "actions": shown.lift_buttons(lift, actor), "offers": offers, "own_offer": standing[:1],
        "talk": shown.talk_of(lift, shown=knows), "form": form, "history": history, "imported_on": imported_on(history),
        "may_answer": answers and lift.is_open, "reply": shown.own_reply(lift, actor), "steers": steers,
        "raiser": lift.raised_by if knows else None, "sees_action": _sees_action(request, lift), "case": _case_behind(request, lift),
        "main": _main_of(request, lift),
    }  # fmt: skip
    return render(request, "deviations/lift_detail.html", context, status=status)


def _case_behind(request: Request, lift: Lift) -> Deviation | None:
    """Return the deviation behind a lift, to those who see it anyway."""
    if lift.deviation_id is None:
        return None
    found: Deviation | None = Deviation.objects.visible_to(request.actor).filter(pk=lift.deviation_id).first()
    return found


def _sees_action(request: Request, lift: Lift) -> bool:
    if lift.action_id is None:
        return False
    return CorrectiveAction.objects.visible_to(request.actor).filter(pk=lift.action_id).exists()


def _main_of(request: Request, lift: Lift) -> Lift | None:
    if lift.merged_into_id is None:
        return None
    found: Lift | None = Lift.objects.visible_to(request.actor).filter(pk=lift.merged_into_id).first()
    return found


@require_http_methods(["GET", "POST"])
def lift_transition(request: Request, pk: int, name: str) -> HttpResponse:
    """Ask what a step needs, tell what follows, and take it."""
    lift = lift_of(request, pk)
    page = StepPage.of(request, lift_workflow, lift, name)
    if request.method == "POST" and page.is_answered() and page.perform(f"«{lift.title}»"):
        return redirect(lift)
    context = {"lift": lift, **page.context()}
    return render(request, "deviations/lift_transition.html", context, status=page.status)


# --- What others answer ----------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def lift_offer(request: Request, pk: int) -> HttpResponse:
    """Let somebody say «Jeg kan løse dette», with how, who and by when."""
    lift, reasons = lift_of(request, pk), []
    if not policies.may_answer_lift(request.actor, lift):
        raise TransitionDenied
    form = OfferForm(sent(request), obj=lift, actor=request.actor) if lift.is_waiting else None
    if form is None:
        reasons = [_("Problemet venter ikke lenger på løsning.")]
    elif request.method == "POST" and form.is_valid():
        operations.offer_solution(lift, OfferInput(**form.cleaned_data), by=request.actor, now=timezone.now())
        messages.success(request, _("Takk. Den som løftet problemet, får tilbudet og svarer deg."))
        return redirect(lift)
    status = CONFLICT if reasons else UNPROCESSABLE if form and form.errors else OK
    context = {"lift": lift, "form": form, "reasons": reasons}
    return render(request, "deviations/lift_offer.html", context, status=status)


@require_POST
def lift_offer_withdraw(request: Request, pk: int) -> HttpResponse:
    """Take the own offer back."""
    lift = lift_of(request, pk)
    try:
        operations.withdraw_offer(lift, by=request.actor, now=timezone.now())
        messages.success(request, _("Tilbudet er trukket."))
    except TransitionBlocked as blocked:
        messages.error(request, str(blocked))
    return redirect(lift)


@require_POST
def lift_write(request: Request, pk: int) -> HttpResponse:
    """Keep a question, or the answer of the one who raised it."""
    lift = lift_of(request, pk)
    steers = policies.may_steer_lift(request.actor, lift)
    form = WriteForm(request.POST, obj=lift, actor=request.actor, steers=steers)
    if not form.is_valid():
        return lift_page(request, lift, form=form, status=UNPROCESSABLE)
    operations.write_about_lift(lift, form.cleaned_data["text"], by=request.actor, now=timezone.now())
    messages.success(request, _("Sendt."))
    return redirect(lift)


@require_POST
def lift_reply(request: Request, pk: int) -> HttpResponse:
    """Say «Vi har det samme», that it is nothing for the own unit, or take that back."""
    lift, kind = lift_of(request, pk), request.POST.get("svar", "")
    if kind in LiftReply.Kind.values:
        operations.reply_to_lift(lift, kind, by=request.actor, now=timezone.now())
        messages.success(request, _("Takk for svaret."))
    elif kind:
        raise Http404
    else:
        operations.take_reply_back(lift, by=request.actor)
    return redirect(lift)


@require_GET
def lift_options(request: Request) -> HttpResponse:
    """Suggest problems that another can be merged with."""
    field = lift_field()
    field.queryset = mergeable(request.actor, request.actor.acting_for_id or 0)
    return search_options(request, field)
