"""What was learned, and the benefit report at BP6."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from benefits import lessons, policies
from benefits.closing.queries import conclusion_of
from benefits.models import Handover
from benefits.pdf import handed_over, render_report
from benefits.versions import standing
from benefits.views.loading import benefit_of
from benefits.views.plan import is_in_line, plan_of
from core.errors import Refused
from core.forms import Form

if TYPE_CHECKING:
    from organization.http import Request

OK, CONFLICT, INVALID = 200, 409, 422


class LessonForm(Form):
    lesson = forms.CharField(
        label=gettext_lazy("Hva lærte dere?"), max_length=4000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("Hva ble annerledes enn dere trodde, og hva ville dere gjort på en annen måte?"),
    )  # fmt: skip


@never_cache
@require_http_methods(["GET", "POST"])
def lesson_edit(request: Request, pk: int) -> HttpResponse:
    """Ask what was learned of a benefit that fell short, and keep the answer."""
    benefit = benefit_of(request, pk)
    if not policies.may_take_out(request.actor, benefit):
        raise PermissionDenied
    form = LessonForm(request.POST or None, initial={"lesson": benefit.lesson})
    reasons: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            lessons.write_lesson(benefit, **form.cleaned_data, by=request.actor, now=timezone.now())
            messages.success(request, _("Takk. Svaret står på gevinsten."))
            return redirect(benefit)
        except Refused as refused:
            reasons = [str(reason) for reason in refused.reasons]
    status = INVALID if form.errors else CONFLICT if reasons else OK
    return render(
        request,
        "benefits/lesson_edit.html",
        {"benefit": benefit, "form": form, "reasons": reasons},
        status=status,
    )


@require_GET
def benefit_report(request: Request, pk: int) -> HttpResponse:
    """Send the report of the plan as PDF/A."""
    initiative, benefits = plan_of(request, pk)
    handover = (
        Handover.objects.visible_to(request.actor)
        .filter(initiative=initiative)
        .select_related("receiver")
        .last()
    )
    content = render_report(
        initiative, standing(benefits), handover=handed_over(handover, in_line=is_in_line(initiative, benefits)),
        conclusion=conclusion_of(initiative), now=timezone.now(), today=timezone.localdate(),
    )  # fmt: skip
    name = f"gevinstrapport-{initiative.number or initiative.pk}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)
