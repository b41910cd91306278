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
from benefits import scorecard_presentation as shown
from benefits.forms.scorecard import ScorecardFilters
from benefits.lessons import lessons_of
from benefits.models import Benefit, LocalPlan
from benefits.summed import Beside, Summed
from core.exports import KINDS, book_as_file, lines_as_file, links

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpResponseBase

    from benefits.queries import BenefitQuerySet
    from organization.http import Request

_BACK, _AHEAD = 2, 3


@require_GET
def scorecard(request: Request) -> HttpResponseBase:
    today = timezone.localdate()
    filters = ScorecardFilters(request.GET, today=today)
    chosen = filters.chosen
    summed = Summed(request.actor, chosen["mottaker"])
    rows, is_list = _counted(request, filters)
    beside = summed.beside(rows)
    found, receivers, years = _tables(summed, beside, chosen, today)
    total, kind = cards.total_of(found), request.GET.get("fil")
    if kind in KINDS:
        return _file(kind, chosen, shown.file_lines(found, total), receivers, years)
    url, measure = _list_url if is_list else shown.no_list, chosen["regnet"]
    context = {
        "filters": filters, "active": filters.active, "year": chosen["aar"], "measure": measure, "headings": shown.headings(measure),
        "receiver_headings": shown.headings(measure, shown.OF_RECEIVERS), "lines": shown.shown_rows(found, chosen, url),
        "total": shown.shown_rows([total], chosen, url, is_total=True), "receivers": shown.receivers(receivers, chosen, url),
        "chart": shown.course(years, measure), "definitions": shown.definitions(chosen["aar"]), "exports": links(request),
        "lessons": lessons_of(summed, beside),
    }  # fmt: skip
    return render(request, "benefits/scorecard.html", context)


def _tables(
    summed: Summed, beside: Beside, chosen: dict[str, Any], today: date
) -> tuple[list[cards.Row], list[cards.Row], list[cards.Row]]:
    """Return the three tables of the page: as chosen, per receiver, and per year."""
    year = chosen["aar"]
    tables = (
        cards.Table(chosen["per"], year, year, has_points=True),
        cards.Table(cards.RECEIVER, year, year),
        cards.Table(cards.YEAR, year - _BACK, year + _AHEAD),
    )
    found, receivers, years = cards.summed_tables(
        summed, beside, tables, measure=chosen["regnet"], today=today
    )
    return found, receivers, years


def _counted(request: Request, filters: ScorecardFilters) -> tuple[BenefitQuerySet, bool]:
    """Return what is counted, and whether the person can open all of it.

    Per municipality and region, people of a region count what its municipalities have in their local plans too.
    """
    rows: BenefitQuerySet = filters.narrowed(Benefit.objects.all())
    if filters.chosen["per"] not in {cards.MUNICIPALITY, cards.REGION}:
        return rows.counted_by(request.actor), True
    plans = LocalPlan.objects.visible_to(request.actor).taking_part()
    elsewhere = plans.exclude(municipality_id__in=request.actor.municipality_ids)
    return rows.counted_by(request.actor, plans), not elsewhere.exists()


def _file(
    kind: str, chosen: dict[str, Any], lines: list[list[Any]], receivers: list[cards.Row], years: list[cards.Row]
) -> HttpResponseBase:  # fmt: skip
    """Return the tables of the page as sheets of one file; CSV holds the first."""
    measure, name = chosen["regnet"], f"{_('styringskort')}-{chosen['aar']}"
    first = (_("Styringskort"), shown.headings(measure), lines)
    if kind == "csv":
        return lines_as_file(lines, kind, name=name, sheet=first[0], headings=first[1])
    of_receivers = shown.headings(measure, shown.OF_RECEIVERS)
    sheets = [
        first,
        (_("Hvem får gevinsten"), of_receivers, shown.receiver_lines(receivers)),
        (_("År for år"), shown.year_headings(measure), shown.year_lines(years)),
    ]
    return book_as_file(sheets, name=name)


def _list_url(**chosen: Any) -> str:
    return f"{reverse('benefits:benefit_list')}?{urlencode({name: value for name, value in chosen.items() if value})}"
