"""The pulse: its plan and results beside a plan, and the page on which people answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from benefits import policies
from benefits.forms.pulse import DAYS_OPEN, AnswerForm, PulseForm
from benefits.models import Occasion, PulseRound
from benefits.operations import pulse as operations
from benefits.operations.mapping import why_plan_is_closed
from benefits.pulse_presentation import rounds_of
from benefits.views.mapping import plan_to_work_on
from benefits.views.plan import plan_of
from benefits.views.work import work_form
from core.errors import Refused

if TYPE_CHECKING:
    from django.http import HttpResponse

    from governance.models import Initiative
    from organization.http import Request

OK, CONFLICT, INVALID = 200, 409, 422


@require_GET
def pulse_results(request: Request, pk: int) -> HttpResponse:
    initiative, _benefits = plan_of(request, pk)
    may_plan = policies.may_plan_whole(request.actor, initiative) and not why_plan_is_closed(initiative)
    rounds = rounds_of(initiative, timezone.localdate())
    context = {"initiative": initiative, "rounds": rounds, "may_plan": may_plan}
    return render(request, "benefits/pulse_results.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def pulse_plan(request: Request, pk: int, name: str) -> HttpResponse:
    """Choose when to ask whom, until the pulse opens."""
    if name not in Occasion.values:
        raise Http404
    initiative, _benefits = plan_to_work_on(request, pk)
    today = timezone.localdate()
    initial = _initial(initiative, name)
    form = PulseForm(request.POST or None, initiative=initiative, today=today, initial=initial)

    def save(**values: Any) -> str:
        given = operations.PulseInput(**values)
        made = operations.plan_pulse(initiative, name, given, by=request.actor, now=timezone.now())
        return _("Pulsen «%(occasion)s» er planlagt.") % {"occasion": made.get_occasion_display()}

    heading = _("Puls: %(occasion)s") % {"occasion": Occasion(name).label}
    return work_form(request, initiative, form, save, heading=heading, back="benefits:pulse_results")


def _initial(initiative: Initiative, occasion: str) -> dict[str, Any]:
    """Return what is planned; a new pulse asks those the last one asked."""
    rounds = list(PulseRound.objects.filter(initiative=initiative).prefetch_related("groups"))
    own = next((row for row in rounds if row.occasion == occasion), None)
    latest = own or (rounds[-1] if rounds else None)
    units = [group.unit_id for group in latest.groups.all()] if latest else [initiative.unit_id]
    opens_on = own.opens_on if own else timezone.localdate() + DAYS_OPEN / 2
    return {"units": units, "opens_on": opens_on, "closes_on": own.closes_on if own else opens_on + DAYS_OPEN}


@never_cache
@require_http_methods(["GET", "POST"])
def pulse_answer(request: Request, pk: int) -> HttpResponse:
    """Ask the five questions, once, of those who work in the units that are asked."""
    asked = PulseRound.objects.asking(request.actor).select_related("initiative")
    pulse = get_object_or_404(asked, pk=pk)
    today = timezone.localdate()
    waits = pulse.is_open(today) and asked.unanswered_by(request.actor.person_id).filter(pk=pk).exists()
    form, refused = AnswerForm(request.POST or None), False
    if request.method == "POST" and form.is_valid():
        try:
            operations.answer_pulse(pulse, form.replies, by=request.actor, today=today)
            return redirect(pulse)
        except Refused:
            waits, refused = False, True
    context = {"pulse": pulse, "form": form, "waits": waits, "is_open": pulse.is_open(today)}
    status = CONFLICT if refused else INVALID if waits and form.is_bound else OK
    return render(request, "benefits/pulse_answer.html", context, status=status)
