"""What the secretariat decides on its own: whether a case is a matter of principle, and how the frame is used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core.workflow import TransitionBlocked
from governance import delegation, policies, principles
from governance.forms.secretariat import FrameFilter, PrincipleForm
from governance.presentation import shown_title
from governance.views.council.common import CONFLICT, INVALID, common, delegation_followed_by
from governance.views.loading import card_of, sent

if TYPE_CHECKING:
    from django.http import HttpResponse, HttpResponseBase

    from organization.http import Request


@require_http_methods(["GET", "POST"])
def principle_judge(request: Request, pk: int) -> HttpResponseBase:
    """Let the secretariat say whether a case is a matter of principle, and why."""
    initiative = card_of(request, pk)
    if not policies.may_triage(request.actor, initiative):
        raise PermissionDenied
    initial = {
        "is_principle": "yes" if initiative.is_principle else "no" if initiative.principle_reason else "",
        "reason": initiative.principle_reason,
    }
    form = PrincipleForm(sent(request), initial=initial)
    reason = principles.principle_is_open(initiative)
    reasons: tuple[Any, ...] = (reason,) if reason else ()
    if request.method == "POST" and not reasons and form.is_valid():
        try:
            principles.judge_principle(initiative, **form.judged, by=request.actor, now=timezone.now())
            messages.success(request, _("Vurderingen er lagret."))
            return redirect("governance:initiative_detail", pk=pk)
        except TransitionBlocked as blocked:
            reasons = blocked.reasons
    context = {"initiative": initiative, "title": shown_title(initiative), "form": form, "reasons": reasons}
    status = CONFLICT if reasons and request.method == "POST" else INVALID if form.errors else 200
    return render(request, "governance/initiative_principle.html", context, status=status)


@require_GET
def delegation_frame(request: Request) -> HttpResponse:
    """Show how the secretariat's frame of a year is used, decision by decision."""
    municipality = delegation_followed_by(request)
    today = timezone.localdate()
    filters = FrameFilter(request.GET, this_year=today.year)
    use = delegation.frame_use(municipality, filters.year, today)
    context = {**common(request), "filters": filters, "use": use, "is_this_year": filters.year == today.year}
    return render(request, "governance/delegation_frame.html", context)
