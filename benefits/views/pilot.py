"""Pages of a pilot: describe it, take it back, say how it went, and undo that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from benefits.forms.pilot import ConclusionForm, PilotForm
from benefits.models import Benefit, Pilot
from benefits.operations import pilot as operations
from benefits.policies import may_decide_pilot
from core.errors import Refused, StaleVersion
from governance import drafting
from governance.models import Initiative

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.actors import PersonActor
    from organization.http import Request

OK, CONFLICT, INVALID = 200, 409, 422


def pilot_of(initiative: Initiative, actor: PersonActor, *, may_plan: bool) -> dict[str, Any]:
    """Return what the plan shows of the pilot; no query where the initiative is loaded with it.

    :param may_plan: whether the actor works on the whole plan.
    """
    pilot: Pilot | None = getattr(initiative, "pilot", None)
    may_write = (
        operations.may_write_pilot(actor, initiative) if initiative.is_editable_by_submitter else may_plan
    )
    if pilot is None:
        return {
            "pilot": None,
            "may_write_pilot": may_write and operations.why_not_written(initiative, None) is None,
        }
    may_decide = may_plan or may_decide_pilot(actor, initiative)
    return {
        "pilot": pilot, "pilot_is_over": pilot.is_over(timezone.localdate()) and initiative.is_adopted,
        "may_write_pilot": may_write and operations.why_not_written(initiative, pilot) is None,
        "may_conclude_pilot": may_decide and operations.why_not_decided(initiative, pilot) is None,
        "may_reopen_pilot": may_decide and pilot.is_concluded and not initiative.is_final,
    }  # fmt: skip


def _load(request: Request, pk: int) -> Initiative:
    """Return the initiative with its pilot, if it has one.

    :raises Http404: the actor may not know of it.
    """
    rows = Initiative.objects.visible_to(request.actor).select_related(
        "unit", "municipality", "pilot__concluded_by"
    )
    initiative: Initiative = get_object_or_404(rows.prefetch_related("co_editors"), pk=pk)
    return initiative


def _to_write(request: Request, pk: int) -> Initiative:
    """Return the initiative for whoever writes of its pilot.

    :raises PermissionDenied: the actor does not.
    """
    initiative = _load(request, pk)
    if not operations.may_write_pilot(request.actor, initiative):
        raise PermissionDenied
    return initiative


def _to_decide(request: Request, pk: int) -> Pilot:
    """Return the pilot with its initiative for whoever decides it.

    :raises Http404: there is none that the actor may know of.
    :raises PermissionDenied: the actor does not decide it.
    """
    rows = Pilot.objects.visible_to(request.actor).select_related(
        "concluded_by", "initiative__unit", "initiative__municipality"
    )
    pilot: Pilot = get_object_or_404(rows, pk=pk)
    if not may_decide_pilot(request.actor, pilot.initiative):
        raise PermissionDenied
    return pilot


def _back(request: Request, initiative: Initiative) -> str:
    """Return where the page leads back to: the form while it is open, else the plan the actor sees, else the case."""
    if initiative.is_editable_by_submitter:
        return reverse("benefits:overview_edit", args=[initiative.pk])
    if Benefit.objects.visible_to(request.actor).filter(initiative=initiative).exists():
        return reverse("benefits:plan_detail", args=[initiative.pk])
    return initiative.get_absolute_url()


def _page(request: Request, initiative: Initiative, *, status: int = OK, **context: Any) -> HttpResponse:
    context = {"initiative": initiative, "back_url": _back(request, initiative), **context}
    return render(request, "benefits/pilot_form.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def pilot_edit(request: Request, pk: int) -> HttpResponse:
    """Declare the initiative a pilot, or change what is written of it."""
    initiative = _to_write(request, pk)
    pilot: Pilot | None = getattr(initiative, "pilot", None)
    page: dict[str, Any] = {"heading": _("Utprøving"), "pilot": pilot, "may_remove": pilot is not None}
    if reason := operations.why_not_written(initiative, pilot):
        return _page(request, initiative, reasons=[reason], status=CONFLICT, heading=page["heading"])
    shown = PilotForm(instance=pilot or Pilot(), actor=request.actor)
    typed = drafting.with_choice(request.POST, shown) if request.method == "POST" else None
    instance = Pilot.objects.get(pk=pilot.pk) if pilot and typed else pilot or Pilot()
    form = PilotForm(typed, instance=instance, actor=request.actor)
    page |= {"form": form, "base": form.base()}
    if request.method == "GET" or not form.is_valid():
        return _page(request, initiative, **page, status=INVALID if form.is_bound else OK)
    try:
        operations.save_pilot(initiative, form.cleaned_data, by=request.actor, now=timezone.now(), form=form)
    except Refused as refused:
        page["reasons"] = refused.reasons
    except StaleVersion:
        page["outcome"] = {"clashes": form.clashes}
    else:
        messages.success(request, _("Utprøvingen er lagret."))
        return redirect(_back(request, initiative))
    return _page(request, initiative, **page, status=CONFLICT)


@never_cache
@require_http_methods(["GET", "POST"])
def pilot_remove(request: Request, pk: int) -> HttpResponse:
    """Ask first, then let the initiative be no pilot."""
    initiative = _to_write(request, pk)
    pilot: Pilot | None = getattr(initiative, "pilot", None)
    if pilot is None:
        raise Http404
    reasons: Any = [reason] if (reason := operations.why_not_written(initiative, pilot)) else []
    if request.method == "POST" and not reasons:
        try:
            operations.remove_pilot(initiative, by=request.actor, now=timezone.now())
            messages.success(request, _("Tiltaket er ikke lenger en utprøving."))
            return redirect(_back(request, initiative))
        except Refused as refused:
            reasons = refused.reasons
    page = {"heading": _("Dette er ingen utprøving likevel"), "pilot": pilot, "is_removal": not reasons}
    return _page(request, initiative, **page, reasons=reasons, status=CONFLICT if reasons else OK)


@never_cache
@require_http_methods(["GET", "POST"])
def pilot_conclude(request: Request, pk: int) -> HttpResponse:
    """Ask for the result and what was learned; afterwards show them."""
    pilot = _to_decide(request, pk)
    initiative = pilot.initiative
    heading, sent = (
        _("Utprøving") if pilot.is_concluded else _("Avgjør utprøvingen"),
        request.method == "POST",
    )
    page: dict[str, Any] = {"heading": heading, "pilot": pilot, "is_conclusion": True}
    if pilot.is_concluded and not sent:
        return _page(request, initiative, **page)
    if reason := operations.why_not_decided(initiative, pilot):
        return _page(request, initiative, **page, reasons=[reason], status=CONFLICT if sent else OK)
    form = ConclusionForm(request.POST if sent else None, pilot=pilot)
    if not sent or not form.is_valid():
        return _page(request, initiative, **page, form=form, status=INVALID if sent else OK)
    try:
        operations.conclude_pilot(initiative, **form.cleaned_data, by=request.actor, now=timezone.now())
    except Refused as refused:
        return _page(request, initiative, **page, form=form, reasons=refused.reasons, status=CONFLICT)
    messages.success(request, _("Takk. Resultatet og det dere lærte, står i planen."))
    return redirect(_back(request, initiative))


@require_POST
def pilot_reopen(request: Request, pk: int) -> HttpResponse:
    """Take the result back."""
    initiative = _to_decide(request, pk).initiative
    try:
        operations.reopen_pilot(initiative, by=request.actor, now=timezone.now())
        messages.success(request, _("Avgjørelsen er angret. Utprøvingen fortsetter."))
    except Refused as refused:
        messages.error(request, " ".join(str(reason) for reason in refused.reasons))
    return redirect(_back(request, initiative))
