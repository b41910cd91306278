"""Count cases in many windows of time and place at once, for numbers that everybody in the municipality reads.

Nothing confidential is counted (``counted_by``), so that what comes out may be shown to those who see no case.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Min, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from core.actors import System
from deviations.figures.exposure import denominator_of
from deviations.figures.periods import Period
from deviations.filters import midnight
from deviations.models import Deviation, Status
from deviations.models.status import SEVERE
from organization.models import Exposure

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

_EVERYBODY = System("figures")
_STATEMENT = """
with counted as not materialized ({rows}),
windows as (
    select * from unnest(%s::bigint[], %s::bigint[], %s::timestamptz[], %s::timestamptz[], %s::text[], %s::bigint[], %s::bool[])
        as w(key, municipality, begins, ends, category, type, severe)
),
places as (
    select distinct windows.key, part.id as part, unit.id as unit
    from unnest(%s::bigint[], %s::bigint[]) as chosen(key, unit)
    join windows on windows.key = chosen.key
    join organization_unit part on part.id = chosen.unit and part.municipality_id = windows.municipality
    join organization_unit unit on unit.path like part.path || '%%' and unit.municipality_id = windows.municipality
)
select places.key, places.part, count(counted.unit_id) as total,
    count(*) filter (where judged = any(%s)) as severe,
    count(*) filter (where (windows.category = '' or counted.category = windows.category)
        and (windows.type = 0 or counted.type_id = windows.type)
        and (not windows.severe or judged = any(%s)) and counted.unit_id is not null) as count
from places join windows on windows.key = places.key
left join counted on counted.unit_id = places.unit
    and counted.created_at >= windows.begins and counted.created_at < windows.ends
group by places.key, places.part order by places.key, places.part
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What is counted: reported from ``first`` and before ``end`` in units of one municipality and all below them."""

    key: int
    municipality_id: int
    unit_ids: tuple[int, ...]
    first: date
    end: date
    category: str = ""
    type_id: int = 0
    only_severe: bool = False


@dataclass(frozen=True, slots=True)
class Counted:
    """Of one unit with all below it: what the window asks for, and all reports beside it."""

    count: int = 0
    total: int = 0
    severe: int = 0


def count_windows(windows: Sequence[Window]) -> dict[int, dict[int, Counted]]:
    """Return the counts of each window by unit, in one statement; a unit of another municipality has none."""
    rows = (
        Deviation.objects.counted_by(_EVERYBODY)
        .order_by()
        .annotate(judged=Coalesce("severity", "reported_severity", Value(0)))
        .values_list("unit_id", "created_at", "category", "type_id", "judged")
    )
    try:
        sql, params = rows.query.sql_with_params()
    except EmptyResultSet:
        return {}
    severe = [int(severity) for severity in SEVERE]
    places = [(window.key, unit) for window in windows for unit in window.unit_ids]
    with connection.cursor() as cursor:
        cursor.execute(
            _STATEMENT.format(rows=sql), [*params, *_columns(windows), *_pairs(places), severe, severe]
        )
        found: dict[int, dict[int, Counted]] = {}
        for key, unit, total, grave, count in cursor.fetchall():
            found.setdefault(key, {})[unit] = Counted(count, total, grave)
    return found


def _columns(windows: Sequence[Window]) -> list[list[object]]:
    return [
        [one.key for one in windows], [one.municipality_id for one in windows], [midnight(one.first) for one in windows],
        [midnight(one.end) for one in windows], [one.category for one in windows], [one.type_id for one in windows],
        [one.only_severe for one in windows],
    ]  # fmt: skip


def _pairs(places: Sequence[tuple[int, int]]) -> tuple[list[int], list[int]]:
    return [key for key, _unit in places], [unit for _key, unit in places]


def in_use_since(municipality_ids: Collection[int]) -> dict[int, date]:
    """Return the day of the first report in each municipality: before it nothing is known, and not zero."""
    rows = Deviation.objects.filter(municipality_id__in=municipality_ids).exclude(status=Status.DRAFT)
    firsts = rows.order_by().values_list("municipality_id").annotate(first=Min("created_at"))
    return {pk: timezone.localdate(first) for pk, first in firsts}


def amounts(
    windows: Sequence[Window], kinds: Mapping[int, str], since: Mapping[int, date], today: date
) -> dict[int, dict[int, float]]:
    """Return the denominator of each window by unit, of the kind given for its key.

    A unit that lacks a figure for any month of the window has none: a part is not the whole.
    """
    units = {unit for window in windows for unit in window.unit_ids}
    figures: dict[int, list[Exposure]] = {}
    for figure in Exposure.objects.filter(unit_id__in=units, kind__in=set(kinds.values())):
        figures.setdefault(figure.unit_id, []).append(figure)
    found: dict[int, dict[int, float]] = {}
    for window in windows:
        period = Period("", window.first, window.end, today)
        for unit in window.unit_ids:
            against = denominator_of(
                kinds[window.key], figures.get(unit, []), period, since.get(window.municipality_id)
            )
            if len(against.months) == len(period.months):
                found.setdefault(window.key, {})[unit] = against.total
    return found
