"""Published cases in one place, for elected representatives and everybody else who wants to follow what is decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from core.paging import keyset
from governance.forms.insight import InsightFilter
from governance.insight import LATEST_PUBLISHED, open_consultations, published_to, shown
from governance.views.council.common import common

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request


@require_GET
def insight_list(request: Request) -> HttpResponse:
    """Show the cases whose papers are out, each with its papers as they went out, decision and minutes."""
    filters = InsightFilter(request.GET)
    page = keyset(published_to(request.actor, filters.words), request, LATEST_PUBLISHED)
    context = {
        **common(request),
        "filters": filters,
        "active": bool(filters.words),
        "page": page,
        "lines": [shown(row) for row in page.rows],
        "asked": open_consultations(
            request.actor, timezone.localdate(), all_of_them=request.GET.get("horinger") == "alle"
        ),
        "several": len({row.municipality_id for row in page.rows}) > 1,
    }
    return render(request, "governance/insight_list.html", context)
