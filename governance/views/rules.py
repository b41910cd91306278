"""The municipality's own rules, and the versions of its council's mandate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core.errors import StaleVersion
from core.workflow import TransitionBlocked
from governance import policies, rules_operations
from governance.forms.rules import MandateForm, RulesForm
from governance.models import CouncilMandate, GovernanceRules
from governance.views.council.common import CONFLICT, INVALID, common
from organization.models import Unit

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request


def _own_municipality(request: Request) -> Unit:
    """Return the municipality the actor administers and acts for.

    :raises PermissionDenied: the actor is not its administrator.
    """
    home = request.actor.acting_for_id
    if home is None or not policies.may_set_rules(request.actor, home):
        raise PermissionDenied
    unit: Unit = Unit.objects.get(pk=home)
    return unit


@require_http_methods(["GET", "POST"])
def rules_edit(request: Request) -> HttpResponse:
    """Let the administrator set who may submit, what is demanded, deadlines and limits."""
    municipality = _own_municipality(request)
    rules = GovernanceRules.objects.filter(municipality=municipality).first()
    form = RulesForm(request.POST or None, instance=rules or GovernanceRules(municipality=municipality))
    stale: StaleVersion | None = None
    if request.method == "POST" and form.is_valid():
        try:
            rules_operations.set_rules(form, by=request.actor, now=timezone.now())
            messages.success(request, _("Reglene er lagret og gjelder fra nå."))
            return redirect("governance:rules_edit")
        except StaleVersion as refused:
            stale = refused
            now_standing = GovernanceRules.objects.get(municipality=municipality)
            form.data = _with_stamp(request, now_standing)
    differing = [(label, text, stale.theirs[label]) for label, text in stale.mine.items()] if stale else []
    status = CONFLICT if stale else INVALID if form.errors else 200
    context = {
        **common(request),
        "form": form,
        "municipality": municipality,
        "is_stale": stale,
        "differing": differing,
    }
    return render(request, "governance/rules_edit.html", context, status=status)


def _with_stamp(request: Request, rules: GovernanceRules) -> Any:
    """Return what was sent with the stamp of what stands now: saving once more is then a choice."""
    data = request.POST.copy()
    data["stamp"] = rules.changed_at.isoformat()
    return data


@require_GET
def mandate_list(request: Request) -> HttpResponse:
    """Show every version of the mandate, the latest first: it is open to everyone."""
    mandates = CouncilMandate.objects.visible_to(request.actor).select_related("municipality")
    today = timezone.localdate()
    rows = [
        (mandate, mandate.valid_from <= today and (mandate.valid_to is None or mandate.valid_to > today))
        for mandate in mandates.order_by("municipality__name", "-valid_from")
    ]
    several = len({mandate.municipality_id for mandate, _in_force in rows}) > 1
    context = {**common(request), "rows": rows, "several": several, "today": today}
    return render(request, "governance/mandate_list.html", context)


@require_http_methods(["GET", "POST"])
def mandate_create(request: Request) -> HttpResponse:
    """Let the administrator register a new version of the mandate."""
    municipality = _own_municipality(request)
    form = MandateForm(request.POST or None, municipality_id=municipality.pk)
    reasons: tuple[Any, ...] = ()
    if request.method == "POST" and form.is_valid():
        data = {
            key: form.cleaned_data[key] for key in ("version", "adopted_by", "valid_from", "has_casting_vote")
        }
        try:
            rules_operations.adopt_mandate(
                municipality, by=request.actor, now=timezone.now(), quorum=form.fraction, **data
            )
            messages.success(request, _("Mandatet er registrert."))
            return redirect("governance:mandate_list")
        except TransitionBlocked as blocked:
            reasons = blocked.reasons
    context = {**common(request), "form": form, "municipality": municipality, "reasons": reasons}
    status = CONFLICT if reasons else INVALID if form.errors else 200
    return render(request, "governance/mandate_form.html", context, status=status)
