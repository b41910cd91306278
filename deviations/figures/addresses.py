"""The address of the list behind a figure: the same cases, by the filters of the list."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse

if TYPE_CHECKING:
    from datetime import date

    from deviations.figures.periods import Period
    from deviations.figures.scope import Scope


def list_url(scope: Scope, days: tuple[date, date] | None = None, **filters: object) -> str:
    """Return the list of what a figure counts, or nothing where the figures open no cases.

    :param days: the first and last day they were reported on; any day when left out.
    :param filters: more filters of the list, which take precedence over those of the scope.
    """
    if not scope.has_lists:
        return ""
    query: dict[str, object] = {"enhet": scope.unit.pk}
    if scope.category:
        query["kategori"] = scope.category
    if days:
        query |= {"fra": days[0].isoformat(), "til": days[1].isoformat()}
    return f"{reverse('deviations:deviation_list')}?{urlencode(query | filters)}"


def days_of(period: Period) -> tuple[date, date]:
    return period.first, period.last_day
