"""The page of one statutory duty, its checklist, and the steps it can take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core.presentation import history_lines
from core.transitions import attempt
from core.workflow import TransitionBlocked
from deviations import breach, operations, policies
from deviations.duty_presentation import TONES, card_of, with_stamps
from deviations.forms.duties import StampForm, UnstampForm
from deviations.models import Duty, DutyStatus
from deviations.views.loading import note_read
from deviations.workflow import duty_workflow

if TYPE_CHECKING:
    from django.forms import Form
    from django.http import HttpResponse

    from deviations.models import Stamp
    from organization.http import Request


def duty_of(request: Request, pk: int, *, to_write: bool = False) -> Duty:
    """Return the duty with its checklist and its case, the read logged where the case is confidential.

    :raises Http404: there is none that the actor may read.
    :raises PermissionDenied: it is to be written, and the actor may only read it.
    """
    rows = with_stamps(Duty.objects.visible_to(request.actor))
    duty: Duty = get_object_or_404(rows.select_related("deviation__unit", "deviation__municipality"), pk=pk)
    note_read(duty.deviation, request.actor)
    if to_write and not policies.may_judge_duty(request.actor, duty):
        raise PermissionDenied
    return duty


@require_GET
def duty_detail(request: Request, pk: int) -> HttpResponse:
    """Show one duty: what, to whom, how long is left, and what is done of it."""
    duty = duty_of(request, pk)
    answers = dict(duty.deviation.answers.filter(wording=duty.started_by).values_list("wording", "value"))
    card = card_of(duty, request.actor, answers, now=timezone.now())
    points = [
        {"stamp": stamp, "form": StampForm(stamp=stamp) if card.may_stamp and not stamp.done_at else None}
        for stamp in card.stamps
    ]
    # The oldest line is the start of the duty, by whoever answered: the reporter, whose name may be hidden.
    history = history_lines(duty, states=DutyStatus, tones=TONES, with_reasons=True)[:-1]
    context = {
        "duty": duty, "case": duty.deviation, "card": card, "points": points, "history": history,
        "parts": breach.parts_of(duty),
    }  # fmt: skip
    return render(request, "deviations/duty_detail.html", context)


@require_http_methods(["GET", "POST"])
def duty_transition(request: Request, pk: int, name: str) -> HttpResponse:
    """Ask what a step needs, and take it."""
    duty = duty_of(request, pk)
    tried = attempt(duty_workflow, duty, name, request, now=timezone.now())
    if tried.done is not None:
        messages.success(request, f"{tried.transition.done}: {duty.name}")
        return redirect(tried.done)
    context = {"duty": duty, "case": duty.deviation, "step": tried.transition, "form": tried.form, "reasons": tried.reasons}  # fmt: skip
    return render(request, "deviations/duty_transition.html", context, status=tried.status)


@require_http_methods(["GET", "POST"])
def duty_stamp(request: Request, pk: int, stamp: int) -> HttpResponse:
    """Stamp one point of the checklist, or put right what its stamp says."""
    duty = duty_of(request, pk, to_write=True)
    point = _point(duty, stamp)
    form = StampForm(request.POST or None, stamp=point)
    if request.method == "POST" and form.is_valid():
        given = {"proof": form.cleaned_data["proof"], "at": form.cleaned_data["at"]}
        done = operations.stamp_duty(point, by=request.actor, now=timezone.now(), **given)
        said = _("Stemplet: %(label)s.") if done.is_open else _("Stemplet: %(label)s. Meldeplikten er gjort.")
        messages.success(request, said % {"label": point.label})
        return redirect(duty)
    return _stamp_page(request, duty, point, form, UnstampForm() if point.done_at else None)


@require_http_methods(["POST"])
def duty_unstamp(request: Request, pk: int, stamp: int) -> HttpResponse:
    """Take away a stamp that was set by mistake."""
    duty = duty_of(request, pk, to_write=True)
    point = _point(duty, stamp)
    form = UnstampForm(request.POST)
    if not form.is_valid():
        return _stamp_page(request, duty, point, StampForm(stamp=point), form)
    operations.unstamp_duty(point, reason=form.cleaned_data["reason"], by=request.actor, now=timezone.now())
    messages.success(request, _("Stempelet er fjernet: %(label)s.") % {"label": point.label})
    return redirect(duty)


def _point(duty: Duty, pk: int) -> Stamp:
    point: Stamp = get_object_or_404(duty.stamps, pk=pk)
    point.duty = duty
    if not duty.is_open:
        raise TransitionBlocked([_("Meldeplikten er ikke åpen. Åpne den igjen for å endre den.")])
    return point


def _stamp_page(request: Request, duty: Duty, point: Stamp, form: Form, unstamp: Form | None) -> HttpResponse:
    context: dict[str, Any] = {
        "duty": duty, "case": duty.deviation, "stamp": point, "form": form, "unstamp_form": unstamp,
    }  # fmt: skip
    return render(
        request, "deviations/duty_stamp.html", context, status=422 if request.method == "POST" else 200
    )
