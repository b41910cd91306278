"""The list of deviations that a person may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from core.exports import KINDS, links
from core.paging import keyset
from core.presentation import due_of
from deviations import exports
from deviations.filters import LIST_ORDERING, DeviationFilter, listed
from deviations.models import Deviation, Status
from deviations.newest import first_visible_to
from deviations.presentation import headline_of, who_has_it
from organization.list_views import list_views
from organization.models import Unit
from organization.roles import Permission

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponseBase

    from core.actors import Actor
    from organization.http import Request

_HANDLING = (Permission.HANDLE_DEVIATIONS, Permission.FOLLOW_HMS, Permission.FOLLOW_PRIVACY)


@require_GET
def deviation_list(request: Request) -> HttpResponseBase:
    """Show what the person reported, handles, leads or follows by office; the newest first."""
    actor, views = request.actor, list_views(request, "deviations:deviation_list")
    if views.start_url:
        return redirect(views.start_url)
    units = list(Unit.objects.visible_to(actor).open_on(timezone.localdate()).order_by("path"))
    rows = listed(Deviation.objects.exclude(status=Status.DRAFT))
    chosen = DeviationFilter(request.GET, queryset=rows, actor=actor, units=units)
    kind = request.GET.get("fil", "")
    if kind in KINDS:
        return exports.deviations(
            chosen.qs.visible_to(actor).with_access(actor).order_by(*LIST_ORDERING), kind
        )
    page = keyset(chosen.qs, request, LIST_ORDERING, first=first_visible_to(actor))
    context = {
        "filters": chosen.form, "active": chosen.active, "page": page, "lines": _lines(page.rows, actor), "exports": links(request),
        "views": views, "outdated": views.outdated(chosen.form),
        "may_report": actor.holds(Permission.REPORT_DEVIATION), "follows": any(map(actor.holds, _HANDLING)),
    }  # fmt: skip
    return render(request, "deviations/deviation_list.html", context)


def _lines(rows: Sequence[Any], actor: Actor) -> list[dict[str, Any]]:
    """Return the rows as they are told to ``actor``; who reads the words is asked of confidential ones only."""
    guarded, today = [row.pk for row in rows if row.is_confidential], timezone.localdate()
    read = set(Deviation.objects.filter(pk__in=guarded).with_words_for(actor).values_list("pk", flat=True))
    for row in rows:
        row.reads_words = not row.is_confidential or row.pk in read
    return [
        {
            "case": row,
            "headline": headline_of(row),
            "holder": who_has_it(row),
            "due": due_of(row.due_on, today),
        }
        for row in rows
    ]
