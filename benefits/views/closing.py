"""BP6 of a plan in the line: what is missing, the report, and the conclusion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from benefits.closing.operations import close_plan, may_close_in_line, why_not_closed
from benefits.views.plan import plan_of
from core.forms import Form
from core.workflow import TransitionBlocked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse

    from organization.http import Request

OK, CONFLICT, INVALID = 200, 409, 422


class ConclusionForm(Form):
    conclusion = forms.CharField(
        label=gettext_lazy("Hva ga endringen?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("To–tre setninger. De står i rapporten og i det som har skjedd i tiltaket."),
    )  # fmt: skip


@never_cache
@require_http_methods(["GET", "POST"])
def plan_close(request: Request, pk: int) -> HttpResponse:
    """Show what is missing, or ask for the conclusion and close the plan."""
    initiative, benefits = plan_of(request, pk)
    if not may_close_in_line(request.actor, initiative):
        raise PermissionDenied
    sent = request.method == "POST"
    reasons: Sequence[object] = why_not_closed(initiative)
    form = ConclusionForm(request.POST if sent else None)
    if sent and not reasons and form.is_valid():
        try:
            close_plan(initiative, **form.cleaned_data, by=request.actor, now=timezone.now())
            messages.success(request, _("Planen er lukket. Rapporten er ferdig."))
            return redirect("benefits:plan_detail", pk)
        except TransitionBlocked as blocked:
            reasons = blocked.reasons
    status = CONFLICT if sent and reasons else INVALID if form.errors else OK
    context = {"initiative": initiative, "benefits": benefits, "form": form, "reasons": reasons}
    return render(request, "benefits/plan_close.html", context, status=status)
