"""What is added to a plan after its intake, or in the line: what nobody had foreseen, and new benefits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from benefits import operations, policies
from benefits.forms import BenefitForm
from benefits.forms.found import SideEffectForm
from benefits.guards import why_not_planned_in
from benefits.models import Benefit, SideEffect
from core.whole import whole
from governance.models import Initiative

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request

_CONFLICT, _INVALID = 409, 422


def _plan(request: Request, pk: int) -> Initiative:
    """Return the initiative whose plan the actor adds to, also while it has no benefits.

    :raises Http404: the actor neither reads the initiative nor sees a benefit of it.
    :raises PermissionDenied: the actor does not work on its plan.
    """
    readable = Initiative.objects.readable_by(request.actor).filter(pk=pk)
    seen = Benefit.objects.visible_to(request.actor).filter(initiative_id=pk)
    cards = Initiative.objects.filter(
        Q(pk__in=readable.values("pk")) | Q(pk__in=seen.values("initiative_id"))
    )
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
    reason = why_not_planned_in(initiative)
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
    reason, effect = why_not_planned_in(initiative), _began_as(request, initiative)
    initial = {"title": effect.title, "how": effect.how, "beneficiary": effect.whom} if effect else {}
    begun = Benefit(service_owner=initiative.service_owner, **initial)
    form = BenefitForm(request.POST or None, instance=begun, initiative=initiative, actor=request.actor)
    if request.method == "POST" and reason is None and form.is_valid():
        made = operations.add_later(
            form, initiative=initiative, by=request.actor, now=timezone.now(), effect=effect
        )
        messages.success(
            request,
            _("«%(title)s» er lagt til i planen.") % {"title": made},
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
