"""Count the cases of a scope and period: one reading of the rows, every division of them."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, Min, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from deviations.figures.monthly import count_months, total_of_months
from deviations.figures.periods import month_of, months_between
from deviations.figures.tallies import Counts, Tally, Wait
from deviations.filters import midnight
from deviations.models import Deviation, Status
from deviations.models.counted import in_steps, to_answer, to_close
from deviations.models.status import SEVERE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deviations.figures.periods import Period
    from deviations.figures.scope import Scope
    from deviations.queries import DeviationQuerySet

# Each part of the grouping sets is told by the columns that it leaves out (grouping()).
_MONTH, _CATEGORY, _TYPE, _SEVERITY, _ALL = 7, 11, 13, 14, 15
_STATEMENT = """
with counted as materialized (
    select width_bucket(created_at, %s::timestamptz[]) as month, category, type_id, judged, status, reported_at, answered_at, closed_at
    from ({rows}) as cases
),
groups as (select month, category, type_id, judged, count(*) as count from counted group by 1, 2, 3, 4),
parts as (
    select month, category, type_id, judged, grouping(month, category, type_id, judged) as part,
        coalesce(sum(count), 0)::int as count, coalesce(sum(count) filter (where judged = any(%s)), 0)::int as grave,
        coalesce(sum(count) filter (where month = any(%s)), 0)::int as covered
    from groups group by grouping sets ((month), (category), (type_id), (judged), ())
),
waits as (
    select answered_at is not null as is_answered, status = 'closed' as is_closed, {answer} as to_answer, {closing} as to_close
    from counted
),
sorted as (
    select count(*) filter (where is_answered) as answered,
        count(*) filter (where to_answer = 'infinity') as unanswered,
        percentile_disc(array[0.5, 0.9]) within group (order by to_answer) as answer,
        count(*) filter (where is_closed) as closed,
        count(*) filter (where to_close = 'infinity') as unclosed,
        percentile_disc(array[0.5, 0.9]) within group (order by to_close) as closing
    from waits
),
times as (
    select answered, unanswered, closed, unclosed, {times} from sorted
)
select (select jsonb_agg(to_jsonb(parts)) from parts), (select to_jsonb(times) from times)
"""
"""The months are told by their numbers in the period, from 1."""
_TIMES = {
    "answer_half": "answer[1]",
    "answer_most": "answer[2]",
    "close_half": "closing[1]",
    "close_most": "closing[2]",
}


def count(scope: Scope, period: Period, *, covered: Sequence[date]) -> Counts:
    """Return the counts of ``scope`` in ``period``, by one statement that reads each case once, or the sums of months.

    :param covered: the months that have a denominator.
    """
    if scope.leads_municipality:
        days = period.first, period.end - timedelta(days=1)
        return count_months(scope.unit.pk, period.months, **_beside_sums(scope, *days), covered=covered)
    return count_cases(scope, period, covered=covered)


def _beside_sums(scope: Scope, first: date, last: date) -> dict[str, DeviationQuerySet]:
    found = {"besides": scope.seen_besides, "hidden": scope.hidden}
    return {name: reported_between(rows, first, last) for name, rows in found.items()}


def count_cases(scope: Scope, period: Period, *, covered: Sequence[date]) -> Counts:
    """Return the same from the cases themselves."""
    rows = (
        reported_between(scope.rows, period.first, period.end - timedelta(days=1))
        .order_by()
        .annotate(judged=Coalesce("severity", "reported_severity", Value(0)))
        .values_list(
            "created_at", "category", "type_id", "judged", "status", "reported_at", "answered_at", "closed_at"
        )
    )
    try:
        sql, params = rows.query.sql_with_params()
    except EmptyResultSet:
        return _counts([], {}, period)
    numbers = [number for number, month in enumerate(period.months, start=1) if month in covered]
    with connection.cursor() as cursor:
        given = [[*map(midnight, period.months)], *params, [*map(int, SEVERE)], numbers]
        cursor.execute(_statement(sql), given)
        parts, times = cursor.fetchone()
    return _counts(json.loads(parts), json.loads(times), period)


def _statement(rows: str) -> str:
    """Return the statement that counts ``rows``.  The longest of some are the same before and after rounding."""
    times = ", ".join(f"nullif({in_steps(value)}, 'infinity') as {name}" for name, value in _TIMES.items())
    return _STATEMENT.format(rows=rows, answer=to_answer("counted"), closing=to_close("counted"), times=times)


def _counts(parts: list[dict[str, Any]], times: dict[str, Any], period: Period) -> Counts:
    found: dict[int, dict[Any, Tally]] = {_MONTH: {}, _CATEGORY: {}, _TYPE: {}, _SEVERITY: {}, _ALL: {}}
    keys = {_MONTH: "month", _CATEGORY: "category", _TYPE: "type_id", _SEVERITY: "judged", _ALL: "part"}
    for row in parts:
        tally = Tally(row["count"], row["grave"], row["covered"])
        found[row["part"]][row[keys[row["part"]]]] = tally
    return Counts(
        all=found[_ALL].get(_ALL, Tally()),
        months={period.months[number - 1]: tally for number, tally in found[_MONTH].items()},
        categories=found[_CATEGORY], types=found[_TYPE], severities=found[_SEVERITY],
        answer=Wait(
            times.get("answered", 0), times.get("unanswered", 0), _time(times, "answer_half"), _time(times, "answer_most")
        ),
        closing=Wait(
            times.get("closed", 0), times.get("unclosed", 0), _time(times, "close_half"), _time(times, "close_most")
        ),
    )  # fmt: skip


def _time(times: dict[str, Any], key: str) -> timedelta | None:
    return timedelta(seconds=times[key]) if times.get(key) is not None else None


def reported_between(rows: DeviationQuerySet, first: date, last: date) -> DeviationQuerySet:
    """Keep what was reported from the first day and to the last one: as the list is filtered."""
    return rows.filter(created_at__gte=midnight(first), created_at__lt=midnight(last + timedelta(days=1)))


def open_now(scope: Scope, day: date) -> tuple[int, int]:
    """Return how many cases stand open, whenever they were reported, and how many of them are overdue."""
    late = Count("pk", filter=Q(due_on__lt=day))
    found = scope.rows.open().order_by().aggregate(open=Count("pk"), late=late)
    return found["open"], found["late"]


def count_before(scope: Scope, period: Period) -> int:
    """Return how many were reported in the time just as long before."""
    first, last = period.before
    if not scope.leads_municipality:
        return reported_between(scope.rows, first, last).count()
    rest = month_of(last + timedelta(days=1))
    beside = _beside_sums(scope, first, rest - timedelta(days=1))
    added = [beside["besides"], reported_between(scope.rows, rest, last)]
    return total_of_months(scope.unit.pk, months_between(first, rest), added=added, hidden=beside["hidden"])


def in_use_since(municipality_id: int) -> date | None:
    """Return the day of the first report in the municipality: before it nothing is known, and not zero."""
    rows = Deviation.objects.filter(municipality_id=municipality_id).exclude(status=Status.DRAFT)
    first = rows.order_by().aggregate(first=Min("created_at"))["first"]
    return timezone.localdate(first) if first else None
