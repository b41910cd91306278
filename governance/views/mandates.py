"""The versions of the council's mandate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core.workflow import TransitionBlocked
from governance import policies, rules_operations
from governance.composition import Composition
from governance.forms.mandate import MandateForm
from governance.mandate_presentation import councils_of
from governance.models import CouncilMandate
from governance.views.council.common import CONFLICT, INVALID, common
from governance.views.rules import own_municipality
from organization.models import Unit

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request


@require_GET
def mandate_list(request: Request) -> HttpResponse:
    """Show the mandate in force, those that come and those before, with what each changes: open to everyone."""
    mandates = CouncilMandate.objects.visible_to(request.actor).select_related("municipality")
    mandates = mandates.prefetch_related("delegations")
    rows = mandates.order_by("municipality__name", "municipality_id", "-valid_from", "-pk")
    councils = councils_of(rows, timezone.localdate())
    context = {
        **common(request),
        "councils": councils,
        "several": len(councils) > 1,
        "composition": _composition(request),
    }
    return render(request, "governance/mandate_list.html", context)


def _composition(request: Request) -> Composition | None:
    """Return who the council is today, for who keeps its secretariat, leads it or gives its roles."""
    home = request.actor.acting_for_id
    allowed = (policies.may_arrange_in, policies.may_set_rules, policies.may_lead_council_in)
    if home is None or not any(may(request.actor, home) for may in allowed):
        return None
    return Composition.of(Unit.objects.get(pk=home), timezone.localdate())


@require_http_methods(["GET", "POST"])
def mandate_create(request: Request) -> HttpResponse:
    """Let the administrator register a new version of the mandate, from the latest one."""
    municipality = own_municipality(request)
    latest = CouncilMandate.objects.filter(municipality=municipality).order_by("-valid_from", "-pk").first()
    form = MandateForm(request.POST or None, municipality_id=municipality.pk, latest=latest)
    reasons: tuple[Any, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            rules_operations.adopt_mandate(municipality, by=request.actor, now=timezone.now(), **form.settled)
            messages.success(request, _("Mandatet er registrert."))
            return redirect("governance:mandate_list")
        except TransitionBlocked as blocked:
            reasons = blocked.reasons
    context = {**common(request), "form": form, "municipality": municipality, "reasons": reasons}
    status = CONFLICT if reasons else INVALID if form.errors else 200
    return render(request, "governance/mandate_form.html", context, status=status)
