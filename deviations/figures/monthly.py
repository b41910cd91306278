"""Count whole months of a municipality from what is kept of them (``deviations.models.counted``).

For those who lead all of it: they see every plain case there but those about themselves, and some confidential ones.
Those two are few, and are counted case by case.
"""

from __future__ import annotations

from datetime import date, timedelta
from math import ceil, inf
from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

from deviations.figures.tallies import Counts, Tally, Wait
from deviations.models.counted import Part, parts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from deviations.queries import DeviationQuerySet

    Row = tuple[str, date | None, str, int, int, int]

_COLUMNS = (
    "created_at", "category", "type_id", "severity", "reported_severity", "status", "reported_at", "answered_at",
    "closed_at",
)  # fmt: skip
_STATEMENT = """
with counted as (
    select month, part, key, count, grave from deviations_monthlycount
    where municipality_id = %s and month = any(%s::date[]) and part = any(%s)
    {changes}
)
select part, case when part = 'all' then month end, key, sum(count)::int, sum(grave)::int,
    coalesce(sum(count) filter (where month = any(%s::date[])), 0)::int
from counted group by 1, 2, 3 having sum(count) <> 0
"""
_TOTAL = """
select (
    select coalesce(sum(count), 0) from deviations_monthlycount
    where municipality_id = %s and month = any(%s::date[]) and part = %s
)"""


def count_months(
    municipality_id: int, months: Sequence[date], *, besides: DeviationQuerySet, hidden: DeviationQuerySet,
    covered: Sequence[date],
) -> Counts:  # fmt: skip
    """Return the counts of whole months.

    :param besides: cases of those months that stand in no sum, and are seen.
    :param hidden: cases of those months that stand in a sum, and are not seen.
    """
    changes, given = _changes([(besides, 1), (hidden, -1)])
    with connection.cursor() as cursor:
        cursor.execute(
            _STATEMENT.format(changes=changes),
            [municipality_id, list(months), list(Part.values), *given, list(covered)],
        )
        return _counts(cursor.fetchall())


def total_of_months(
    municipality_id: int,
    months: Sequence[date],
    *,
    added: Sequence[DeviationQuerySet],
    hidden: DeviationQuerySet,
) -> int:
    """Return how many cases there were in whole months, with those ``added`` and without those ``hidden``."""
    text, given = "", list[Any]()
    for rows, sign in [*((rows, "+") for rows in added), (hidden, "-")]:
        try:
            sql, params = rows.order_by().values_list("pk").query.sql_with_params()
        except EmptyResultSet:
            continue
        text += f" {sign} (select count(*) from ({sql}) as one)"  # noqa: S608 - own names
        given += params
    with connection.cursor() as cursor:
        cursor.execute(_TOTAL + text, [municipality_id, list(months), Part.ALL, *given])
        return int(cursor.fetchone()[0])


def _changes(rows: Iterable[tuple[DeviationQuerySet, int]]) -> tuple[str, list[Any]]:
    """Return what adds cases to the sums and takes them away, as SQL with its parameters."""
    text, given = "", list[Any]()
    for found, sign in rows:
        try:
            sql, params = found.order_by().values_list(*_COLUMNS).query.sql_with_params()
        except EmptyResultSet:
            continue
        text += f" union all select part.* from ({sql}) as one, lateral ({parts_of('one', sign)}) as part"  # noqa: S608 - own names
        given += params
    return text, given


def _counts(rows: Iterable[Row]) -> Counts:
    found: dict[str, dict[str, Tally]] = {part: {} for part in Part.values}
    months: dict[date, Tally] = {}
    for part, month, key, count, grave, covered in rows:
        tally = Tally(count, grave, covered)
        if month is not None:
            months[month] = tally
        else:
            found[part][key] = tally
    return Counts(
        all=Tally(
            *(sum(getattr(one, name) for one in months.values()) for name in ("count", "grave", "covered"))
        ),
        months=months,
        categories=found[Part.CATEGORY],
        types={int(key) if key else None: tally for key, tally in found[Part.TYPE].items()},
        severities={int(key): tally for key, tally in found[Part.SEVERITY].items()},
        answer=_wait(found[Part.ANSWER]),
        closing=_wait(found[Part.CLOSING]),
    )


def _wait(lengths: Mapping[str, Tally]) -> Wait:
    amounts = {float(key): tally.count for key, tally in lengths.items()}
    waiting, every = amounts.get(inf, 0), sum(amounts.values())
    half, most = (_longest_of(amounts, ceil(share * every)) for share in (0.5, 0.9))
    return Wait(every - waiting, waiting, half, most)


def _longest_of(amounts: Mapping[float, int], first: int) -> timedelta | None:
    """Return how long the longest of the ``first`` shortest took, or nothing while it still waits."""
    reached = 0
    for seconds in sorted(amounts):
        reached += amounts[seconds]
        if reached >= first:
            return timedelta(seconds=seconds) if seconds != inf else None
    return None
