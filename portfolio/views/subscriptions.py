"""Pages of the own subscriptions: what one gets by e-mail, and one click to end it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.errors import Refused
from core.whole import whole
from organization.models import Unit
from portfolio.models import HowOften, ReportSubscription
from portfolio.subscribing.forms import SubscriptionForm
from portfolio.subscribing.operations import subscribe, unsubscribe

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request

INVALID, CONFLICT = 422, 409


@never_cache
@require_http_methods(["GET", "POST"])
def subscription_list(request: Request) -> HttpResponse:
    """Show what comes by e-mail, and begin one more."""
    begun = {
        "area": whole(request.GET.get("omrade", "")) or request.actor.acting_for_id,
        "how_often": HowOften.PUBLISHED,
    }
    typed = request.POST if request.method == "POST" else None
    form, status = SubscriptionForm(typed, actor=request.actor, initial=begun), 200
    if form.is_bound:
        status = INVALID
        if form.is_valid():
            data = form.cleaned_data
            try:
                made = subscribe(data["area"], data["how_often"], by=request.actor, now=timezone.now())
            except Refused as refused:
                form.add_error(None, [str(reason) for reason in refused.reasons])
                status = CONFLICT
            else:
                messages.success(
                    request, _("Du får rapportene for %(area)s på e-post.") % {"area": made.area}
                )
                return redirect("portfolio:subscription_list")
    own = ReportSubscription.objects.visible_to(request.actor).select_related("area").order_by("area__path")
    return render(request, "portfolio/subscription_list.html", {"form": form, "rows": own}, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def subscription_end(request: Request, pk: int) -> HttpResponse:
    """End the own subscription of an area; the e-mail leads here."""
    own = ReportSubscription.objects.visible_to(request.actor).filter(area=pk).select_related("area").first()
    area = own.area if own else get_object_or_404(Unit.objects.visible_to(request.actor), pk=pk)
    if request.method == "GET":
        return render(request, "portfolio/subscription_end.html", {"area": area, "own": own})
    unsubscribe(area, by=request.actor)
    messages.success(request, _("Du får ikke lenger rapportene for %(area)s på e-post.") % {"area": area})
    return redirect("portfolio:subscription_list")
