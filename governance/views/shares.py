"""The page where the preparation settles who pays what of a regional initiative."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from governance import cost_shares as sharing
from governance import guards, policies
from governance.forms.secretariat import CostSharesForm
from governance.presentation import shown_title
from governance.views.loading import card_of, sent

if TYPE_CHECKING:
    from django.http import HttpResponseBase

    from organization.http import Request


@require_http_methods(["GET", "POST"])
def cost_shares(request: Request, pk: int) -> HttpResponseBase:
    """Settle how many per cent of the cost each participating municipality carries."""
    initiative = card_of(request, pk)
    if not policies.may_prepare(request.actor, initiative):
        raise PermissionDenied
    rows = list(initiative.participations.filter(left_at=None).select_related("municipality").order_by("pk"))
    form = CostSharesForm(sent(request), participations=rows, shares=dict(sharing.shares_of(initiative)))
    reason = guards.cost_shares_are_open(initiative)
    if request.method == "POST" and rows and not reason and form.is_valid():
        sharing.set_cost_shares(initiative, shares=form.shares, by=request.actor, now=timezone.now())
        messages.success(request, _("Fordelingen er lagret."))
        return redirect("governance:initiative_detail", pk=pk)
    context = {
        "initiative": initiative, "title": shown_title(initiative), "form": form if rows else None,
        "reasons": [reason] if reason else [],
    }  # fmt: skip
    status = 409 if reason and request.method == "POST" else 422 if form.errors else 200
    return render(request, "governance/initiative_cost_shares.html", context, status=status)
