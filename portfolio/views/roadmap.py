"""The roadmap of the portfolio: the projects that pass the filters, on a calendar and in a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from core.paging import keyset
from core.whole import whole
from organization.list_views import list_views
from portfolio.filters import PortfolioFilter
from portfolio.roadmap.drawing import drawn
from portfolio.roadmap.geometry import FIRST_YEAR, LAST_YEAR, Window, Zoom, window_of, year_around
from portfolio.roadmap.rows import ORDER, groups_of, shown_in, undated_of

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpResponse, QueryDict
    from django.utils.functional import _StrOrPromise as StrOrPromise

    from organization.http import Request
    from organization.list_views import ListViews

_OWN = ("zoom", "fra")
_PAGE = ("etter", "for")
_ZOOMS: dict[Zoom, StrOrPromise] = {
    Zoom.YEAR: gettext_lazy("År"), Zoom.QUARTER: gettext_lazy("Kvartal"), Zoom.MONTH: gettext_lazy("Måned"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Period:
    """What the address asks to be shown, and the addresses of what lies beside it."""

    query: QueryDict
    zoom: Zoom
    window: Window

    @classmethod
    def asked(cls, query: QueryDict, today: date) -> Period:
        """Read the address; what cannot be read is as if it were not there."""
        zoom = next((one for one in Zoom if one == query.get("zoom")), Zoom.QUARTER)
        year = whole(query.get("fra"))
        return cls(query, zoom, window_of(zoom, year_around(zoom, today) if year is None else year))

    @property
    def label(self) -> str:
        first, last = self.window.first.year, self.window.last.year
        return str(first) if first == last else f"{first}–{last}"

    @property
    def earlier_url(self) -> str:
        return self._url(fra=self.window.first.year - 1) if self.window.first.year > FIRST_YEAR else ""

    @property
    def today_url(self) -> str:
        return self._url(fra=None)

    @property
    def later_url(self) -> str:
        return self._url(fra=self.window.first.year + 1) if self.window.until.year < LAST_YEAR else ""

    @property
    def zooms(self) -> list[dict[str, Any]]:
        return [
            {"label": label, "url": self._url(zoom=zoom.value), "is_current": zoom == self.zoom}
            for zoom, label in _ZOOMS.items()
        ]

    def _url(self, **changed: Any) -> str:
        query = _without(self.query, *_PAGE)
        for name, value in changed.items():
            query.pop(name, None)
            if value is not None:
                query[name] = str(value)
        return f"?{query.urlencode()}" if query else "?"

    @property
    def hidden(self) -> dict[str, str]:
        """What the form of the filters carries on."""
        return {name: str(self.query[name]) for name in _OWN if self.query.get(name)}


def _without(query: QueryDict, *names: str) -> QueryDict:
    kept = query.copy()
    for name in names:
        kept.pop(name, None)
    return kept


@require_GET
def roadmap(request: Request) -> HttpResponse:
    """Show the projects on a calendar, those of a sector together, a page at a time."""
    views = list_views(request, "portfolio:roadmap")
    return redirect(views.start_url) if views.start_url else _roadmap(request, views)


def _roadmap(request: Request, views: ListViews) -> HttpResponse:
    today = timezone.localdate()
    filters = PortfolioFilter(request.GET, actor=request.actor, with_phase=True)
    period = Period.asked(request.GET, today)
    rows = filters.rows
    page = keyset(shown_in(rows, period.window, today), request, ORDER)
    groups = groups_of(page.rows, request.actor, today, with_municipality="kommune" in filters.fields)
    undated, has_more = undated_of(rows, request.actor)
    title = _("Veikart %(period)s") % {"period": period.label}
    drawing = (
        drawn(groups, window=period.window, zoom=period.zoom, today=today, title=title) if groups else None
    )
    context = {
        "filters": filters, "active": filters.active, "period": period, "page": page, "groups": groups, "drawing": drawing,
        "title": title, "undated": undated, "has_more_undated": has_more, "views": views, "outdated": views.outdated(filters),
        "query": _without(request.GET, *_OWN, *_PAGE).urlencode(),
    }  # fmt: skip
    return render(request, "portfolio/roadmap.html", context)
