"""The register of injuries (aml. § 5-1): open to verneombud, AMU, the line and HR of the area."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_GET

from core.exports import KINDS, links
from core.paging import keyset
from deviations.injury_list import LIST_ORDERING, InjuryFilter, as_register, lines_of, listed, units_in_area
from deviations.injury_queries import first_of_area
from deviations.models import Injury
from organization.roles import Permission

if TYPE_CHECKING:
    from django.http import HttpResponseBase

    from organization.http import Request


@require_GET
def injury_register(request: Request) -> HttpResponseBase:
    """Show the injuries of the actor's area, the latest first, or send them as a file."""
    actor = request.actor
    if not actor.holds(Permission.READ_INJURIES):
        raise PermissionDenied
    rows = listed(Injury.objects.all())
    chosen = InjuryFilter(request.GET, queryset=rows, units=units_in_area(actor))
    if chosen.is_outside:
        raise Http404
    kind = request.GET.get("fil", "")
    if kind in KINDS:
        return as_register(chosen.qs.visible_to(actor).order_by(*LIST_ORDERING), kind)
    page = keyset(chosen.qs, request, LIST_ORDERING, first=first_of_area(actor))
    context = {
        "filters": chosen.form, "active": chosen.active, "page": page, "lines": lines_of(page.rows, actor),
        "exports": links(request),
        "several": len(actor.municipality_ids) > 1,
    }  # fmt: skip
    return render(request, "deviations/injury_register.html", context)
