"""The scorecard of benefits: per service owner, unit, sector or municipality, for one year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from benefits import scorecard as cards
from benefits.forms.scorecard import ScorecardFilters
from benefits.models import Benefit
from benefits.scorecard_presentation import HEADINGS, course, definitions, file_lines, receivers, shown_rows
from core.exports import KINDS, lines_as_file, links

if TYPE_CHECKING:
    from django.http import HttpResponseBase

    from organization.http import Request

_BACK, _AHEAD = 2, 3


@require_GET
def scorecard(request: Request) -> HttpResponseBase:
    today = timezone.localdate()
    filters = ScorecardFilters(request.GET, today=today)
    chosen = filters.chosen
    rows = filters.narrowed(Benefit.objects.visible_to(request.actor).in_plans())
    year, common = chosen["aar"], {"measure": chosen["regnet"], "today": today}
    found = cards.rows_of(rows, by=chosen["per"], years=(year, year), **common)
    if request.GET.get("fil") in KINDS:
        name = f"{_('styringskort')}-{year}"
        lines = file_lines(found, cards.total_of(found))
        return lines_as_file(
            lines, request.GET["fil"], name=name, sheet=_("Styringskort"), headings=HEADINGS[chosen["regnet"]]
        )
    years = cards.rows_of(rows, by=cards.YEAR, years=(year - _BACK, year + _AHEAD), **common)
    context = {
        "filters": filters, "active": filters.active, "year": year, "measure": chosen["regnet"], "headings": HEADINGS[chosen["regnet"]],
        "lines": shown_rows(found, chosen, _list_url), "total": shown_rows([cards.total_of(found)], chosen, _list_url, is_total=True),
        "receivers": receivers(cards.rows_of(rows, by=cards.RECEIVER, years=(year, year), **common), chosen, _list_url),
        "chart": course(years, chosen["regnet"]), "definitions": definitions(year), "exports": links(request),
    }  # fmt: skip
    return render(request, "benefits/scorecard.html", context)


def _list_url(**chosen: Any) -> str:
    return f"{reverse('benefits:benefit_list')}?{urlencode({name: value for name, value in chosen.items() if value})}"
