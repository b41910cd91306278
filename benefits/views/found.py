"""What is added to a plan after its intake: what nobody had foreseen, and new benefits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from benefits import operations, policies
from benefits.forms import BenefitForm
from benefits.forms.found import SideEffectForm
from benefits.models import Benefit, SideEffect
from benefits.operations.found import why_not_added
from core.whole import whole
from governance.models import Initiative

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.actors import PersonActor
    from organization.http import Request

_CONFLICT, _INVALID = 409, 422


def found_of(initiative: Initiative, actor: PersonActor) -> dict[str, Any]:
    """Return what the plan shows of what nobody had foreseen, and whether the actor may add to it.

    :param initiative: loaded with ``has_effects``, so that a plan without any asks for none.
    """
    rows = SideEffect.objects.filter(initiative=initiative).select_related("recorded_by", "benefit")
    may_add = why_not_added(initiative) is None and policies.may_plan_whole(actor, initiative)
    effects = list(rows) if initiative.has_effects else []  # type: ignore[attr-defined]
    return {"effects": effects, "may_tell_effect": may_add}


def _plan(request: Request, pk: int) -> Initiative:
    """Return the initiative whose plan the actor adds to.

    :raises Http404: there is none that the actor may know of.
    :raises PermissionDenied: the actor does not work on it.
    """
    seen = Benefit.objects.visible_to(request.actor).filter(initiative_id=pk)
    cards = Initiative.objects.visible_to(request.actor).filter(pk__in=seen.values("initiative_id"))
    initiative: Initiative = get_object_or_404(cards.select_related("unit", "municipality"), pk=pk)
    if not policies.may_plan_whole(request.actor, initiative):
        raise PermissionDenied
    return initiative


@never_cache
@require_http_methods(["GET", "POST"])
def effect_create(request: Request, pk: int) -> HttpResponse:
    """Record an unexpected benefit or disbenefit."""
    initiative = _plan(request, pk)
    form = SideEffectForm(request.POST or None)
    reason = why_not_added(initiative)
    if request.method == "POST" and reason is None and form.is_valid():
        row = operations.record_effect(initiative, form.cleaned_data, by=request.actor, now=timezone.now())
        messages.success(request, _("«%(title)s» er ført.") % {"title": row})
        return redirect("benefits:plan_detail", pk)
    return _page(request, initiative, form, reason, _("Noe dere ikke hadde ventet"))


@never_cache
@require_http_methods(["GET", "POST"])
def benefit_add(request: Request, pk: int) -> HttpResponse:
    """Add a benefit to the plan after the intake; what it began as fills in the form."""
    initiative = _plan(request, pk)
    reason, effect = why_not_added(initiative), _began_as(request, initiative)
    initial = {"title": effect.title, "how": effect.how, "beneficiary": effect.whom} if effect else {}
    form = BenefitForm(
        request.POST or None, instance=Benefit(**initial), initiative=initiative, actor=request.actor
    )
    if request.method == "POST" and reason is None and form.is_valid():
        made = operations.add_later(
            form, initiative=initiative, by=request.actor, now=timezone.now(), effect=effect
        )
        messages.success(
            request,
            _("«%(title)s» er lagt til. Den teller når planen er godkjent på nytt.") % {"title": made},
        )
        return redirect(made)
    return _page(request, initiative, form, reason, _("Legg til en gevinst"), effect=effect)


def _began_as(request: Request, initiative: Initiative) -> SideEffect | None:
    """Return the unexpected benefit named in the address, where it is one that can be planned."""
    key = whole(request.GET.get("fra"))
    if key is None:
        return None
    rows = SideEffect.objects.visible_to(request.actor).filter(sort="benefit", benefit=None)
    found: SideEffect | None = rows.filter(initiative=initiative, pk=key).first()
    return found


def _page(
    request: Request, initiative: Initiative, form: Any, reason: str | None, heading: str, **more: Any
) -> HttpResponse:
    status = _CONFLICT if reason else _INVALID if form.errors else 200
    reasons = [reason] if reason else []
    context = {"initiative": initiative, "form": form, "reasons": reasons, "heading": heading, **more}
    return render(request, "benefits/plan_addition.html", context, status=status)
