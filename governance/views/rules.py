"""The municipality's own rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import StaleVersion
from governance import policies, rules_operations
from governance.forms.rules import RulesForm
from governance.models import GovernanceRules
from governance.views.council.common import CONFLICT, INVALID, common
from organization.models import Unit

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request


def own_municipality(request: Request) -> Unit:
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
    municipality = own_municipality(request)
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
