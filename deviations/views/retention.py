"""What was forgotten of deviations, when and by what decision; and what is not deleted for want of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.views.decorators.http import require_GET

from core.paging import keyset
from deviations import policies
from deviations.models import DeviationType, Forgotten

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request


@require_GET
def forgotten_list(request: Request) -> HttpResponse:
    """Show the runs, the latest first, with the numbers of the cases."""
    actor = request.actor
    if not policies.may_read_forgotten(actor):
        raise PermissionDenied
    rows = Forgotten.objects.visible_to(actor).select_related("municipality")
    types = DeviationType.objects.visible_to(actor).filter(deleted_after_years__isnull=False)
    context = {
        "page": keyset(rows, request, ("-at", "-pk")), "undecided": list(types.filter(disposal_decision="")[:20]),
        "several": len(actor.municipality_ids) > 1,
    }  # fmt: skip
    return render(request, "deviations/forgotten_list.html", context)
