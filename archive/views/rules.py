"""How the municipality files, and what is missing in its archive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from archive import operations, policies, reconciliation
from archive.adapters.fiks_io import PROTOCOL, missing
from archive.fiks_needs import needs_of
from archive.forms import KINDS, RulesForm
from core.paging import keyset
from organization.models import Unit
from organization.roles import Permission

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request


@require_http_methods(["GET", "POST"])
def rules(request: Request) -> HttpResponse:
    """Let the archivist or the administrator choose the way to the archive, and its codes."""
    home = request.actor.acting_for_id
    if home is None or not policies.may_set_rules(request.actor, home):
        raise PermissionDenied
    form = RulesForm(request.POST or None, instance=operations.rules_of(home))
    if request.method == "POST" and form.is_valid():
        operations.set_rules(form, by=request.actor, now=timezone.now())
        messages.success(request, _("Reglene er lagret og gjelder fra nå."))
        return redirect("archive:rules")
    follows_up = request.actor.holds(Permission.MANAGE_ARCHIVE)
    context = {"form": form, "municipality": Unit.objects.get(pk=home), "follows_up": follows_up}
    return render(request, "archive/rules.html", context, status=422 if form.errors else 200)


@require_GET
def fiks_io(request: Request) -> HttpResponse:
    """Show the archivist or the administrator what the municipality needs for Fiks IO, and what of it is here."""
    home = request.actor.acting_for_id
    if home is None or not policies.may_set_rules(request.actor, home):
        raise PermissionDenied
    rules = operations.rules_of(home)
    context = {
        "needs": needs_of(rules), "missing": missing(rules), "municipality": rules.municipality,
        "follows_up": request.actor.holds(Permission.MANAGE_ARCHIVE), "protocol": PROTOCOL,
    }  # fmt: skip
    return render(request, "archive/fiks_io.html", context)


@require_GET
def reconcile(request: Request) -> HttpResponse:
    """Show what should stand in the archive and is not known to, the most urgent first."""
    if not request.actor.holds(Permission.MANAGE_ARCHIVE):
        raise PermissionDenied
    places = request.actor.municipalities_where(Permission.MANAGE_ARCHIVE)
    rows = reconciliation.overdue(timezone.now()).visible_to(request.actor).filter(municipality_id__in=places)
    page = keyset(rows.select_related("municipality"), request, ("urgency", "created_at", "pk"))
    lines = [(row, KINDS.get(row.kind, row.kind)) for row in page.rows]
    home = request.actor.acting_for_id
    unfiled = reconciliation.without_message(home) if home in places and home is not None else 0
    context = {"page": page, "lines": lines, "several": len(places) > 1, "unfiled": unfiled}
    return render(request, "archive/reconciliation.html", context)
