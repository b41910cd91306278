"""The scorecard of benefits: per service owner, unit, sector or municipality, for one year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import Q
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from benefits import scorecard as cards
from benefits import scorecard_presentation as shown
from benefits.forms.scorecard import ScorecardFilters
from benefits.keeping import Keeper
from benefits.lessons import lessons_of
from benefits.models import Benefit, LocalPlan
from core.exports import book_as_file, lines_as_file, links

if TYPE_CHECKING:
    from django.http import HttpResponseBase

    from benefits.queries import BenefitQuerySet
    from organization.http import Request

_BACK, _AHEAD = 2, 3


@require_GET
def scorecard(request: Request) -> HttpResponseBase:
    today = timezone.localdate()
    filters = ScorecardFilters(request.GET, today=today)
    chosen = filters.chosen
    rows, is_list = _counted(request, filters)
    year, keeper = chosen["aar"], Keeper()

    def count(by: str, first: int, last: int) -> list[cards.Row]:
        asked = {"by": by, "measure": chosen["regnet"], "years": (first, last), "today": today}
        return keeper.keep(rows, tuple(asked.values()), lambda: cards.rows_of(rows, **asked))  # type: ignore[arg-type]

    found = count(chosen["per"], year, year)
    total = cards.total_of(found)
    if request.GET.get("fil") == "csv":
        name, lines = f"{_('styringskort')}-{year}", shown.file_lines(found, total)
        return lines_as_file(lines, "csv", name=name, sheet="", headings=shown.headings(chosen["regnet"]))
    years, receivers = (
        count(cards.YEAR, year - _BACK, year + _AHEAD),
        count(cards.RECEIVER, year, year),
    )
    if request.GET.get("fil") == "xlsx":
        return _book(chosen, found, receivers, years)
    url = _list_url if is_list else shown.no_list
    context = {
        "filters": filters, "active": filters.active, "year": year, "measure": chosen["regnet"], "headings": shown.headings(chosen["regnet"]),
        "receiver_headings": shown.headings(chosen["regnet"], shown.OF_RECEIVERS),
        "lines": shown.shown_rows(found, chosen, url), "total": shown.shown_rows([total], chosen, url, is_total=True),
        "receivers": shown.receivers(receivers, chosen, url), "chart": shown.course(years, chosen["regnet"]),
        "definitions": shown.definitions(year), "exports": links(request), "lessons": lessons_of(rows, request.actor, keeper),
    }  # fmt: skip
    return render(request, "benefits/scorecard.html", context)


def _counted(request: Request, filters: ScorecardFilters) -> tuple[BenefitQuerySet, bool]:
    """Return what is counted, and whether the person can open all of it.

    Per municipality and region, people of a region count what its municipalities have in their local plans too.
    """
    seen: BenefitQuerySet = Benefit.objects.visible_to(request.actor)
    if filters.chosen["per"] not in {cards.MUNICIPALITY, cards.REGION}:
        return filters.narrowed(seen.in_plans()), True
    plans = LocalPlan.objects.visible_to(request.actor).taking_part()
    counted = Benefit.objects.filter(Q(pk__in=seen.values("pk")) | Q(initiative__local_plan__in=plans))
    elsewhere = plans.exclude(municipality_id__in=request.actor.municipality_ids)
    return filters.narrowed(counted.in_plans()), not elsewhere.exists()


def _book(
    chosen: dict[str, Any], found: list[cards.Row], receivers: list[cards.Row], years: list[cards.Row]
) -> HttpResponseBase:
    """Return the three tables of the page as sheets of one file."""
    measure = chosen["regnet"]
    lines = shown.file_lines(found, cards.total_of(found))
    sheets = [
        (_("Styringskort"), shown.headings(measure), lines),
        (
            _("Hvem får gevinsten"),
            shown.headings(measure, shown.OF_RECEIVERS),
            shown.receiver_lines(receivers),
        ),
        (_("År for år"), shown.year_headings(measure), shown.year_lines(years)),
    ]
    return book_as_file(sheets, name=f"{_('styringskort')}-{chosen['aar']}")


def _list_url(**chosen: Any) -> str:
    return f"{reverse('benefits:benefit_list')}?{urlencode({name: value for name, value in chosen.items() if value})}"
