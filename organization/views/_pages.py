"""What the pages of this app share: how they are rendered, and how their forms are carried out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from organization import policies
from organization.models import Unit

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from organization.forms.base import Deed
    from organization.http import Request

    Maker = Callable[..., Deed]


def page(
    request: Request,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    form: Deed | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render a page of this app; with a ``form`` its answer decides the status."""
    shown = {"manages": policies.may_administer(request.actor), **(context or {})}
    if form is not None:
        shown.setdefault("form", form)
        status = form.status
    return render(request, f"organization/{template}", shown, status=status)


def require(allowed: bool) -> None:
    """Answer 403 unless ``allowed``."""
    if not allowed:
        raise PermissionDenied


def posted(request: Request) -> Any:
    """Return what was sent, or ``None`` for a form that is shown for the first time."""
    return request.POST if request.method == "POST" else None


def done(request: Request, form: Deed) -> bool:
    """Carry out a form that was sent; tell whether it was done, which is also said on the next page."""
    if not form.is_bound or not form.carry_out(by=request.actor, now=timezone.now()):
        return False
    if form.done:
        messages.success(request, form.done)
    return True


def bound(request: Request, makers: dict[str, Maker]) -> dict[str, Any]:
    """Return the forms of a page that has several, by name, the one that was sent bound to what was typed.

    Each form sends its name as ``handling``.
    """
    sent = request.POST.get("handling", "") if request.method == "POST" else None
    if sent is not None and sent not in makers:
        raise Http404
    return {name: make(request.POST if name == sent else None) for name, make in makers.items()}


def sent_form(request: Request, forms: dict[str, Any]) -> Deed | None:
    """Return the one of several forms that was sent."""
    found: Deed | None = forms.get(request.POST.get("handling", ""))
    return found


def own_municipality(request: Request) -> Unit:
    """Return the municipality the actor acts for and administers.

    :raises PermissionDenied: the actor does not administer it.
    """
    require(policies.may_manage_municipality(request.actor, request.actor.acting_for_id))
    return get_object_or_404(Unit.objects.visible_to(request.actor), pk=request.actor.acting_for_id)


def participants_led_by(request: Request) -> frozenset[int]:
    """Return the municipalities of the regions whose administrator the actor is."""
    if not policies.may_administer(request.actor):
        return frozenset()
    regions = [
        pk for pk in request.actor.municipality_ids if policies.may_manage_municipality(request.actor, pk)
    ]
    below = Unit.objects.legal_entities().filter(region_id__in=regions)
    return frozenset(below.values_list("pk", flat=True))
