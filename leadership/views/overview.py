"""The leadership page, everything that needs somebody, and the list behind a number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from core.paging import keyset
from leadership.attention import attention_of
from leadership.figures.catalogue import BY_KEY
from leadership.figures.lists import LISTS
from leadership.figures.page import numbers_of
from leadership.forms import AreaForm
from leadership.policies import may_set_target
from leadership.views.common import place_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request


@never_cache
@require_GET
def overview(request: Request) -> HttpResponse:
    """Show the few things that need the leader, and the few numbers."""
    place, areas = place_of(request)
    numbers = numbers_of(place)
    context = {
        "place": place, "earlier": place.earlier, "cards": numbers.cards, "attention": attention_of(place, numbers.now),
        "form": AreaForm({"omrade": str(place.area.pk)}, areas=areas), "has_choice": len(areas) > 1,
        "may_set": may_set_target(request.actor, place.area),
    }  # fmt: skip
    return render(request, "leadership/overview.html", context)


@never_cache
@require_GET
def attention_list(request: Request) -> HttpResponse:
    """Show everything that needs the leader, the worst first."""
    place, _areas = place_of(request)
    attention = attention_of(place, numbers_of(place).now)
    return render(request, "leadership/attention_list.html", {"place": place, "attention": attention})


@never_cache
@require_GET
def number_list(request: Request, key: str) -> HttpResponse:
    """Show the rows that a number counts."""
    figure, listed = BY_KEY.get(key), LISTS.get(key)
    if figure is None or listed is None:
        raise Http404
    place, _areas = place_of(request)
    if not figure.is_shown(place):
        raise Http404
    page = keyset(listed.rows(place), request, listed.ordering)
    lines = [listed.line(row, place) for row in page.rows]
    context = {"place": place, "figure": figure, "listed": listed, "page": page, "lines": lines}
    return render(request, "leadership/number_list.html", context)
