"""The scorecard: what was planned, is measured, is verified, is missing and is expected, in one statement.

Money, time and points are counted apart and never added.  Saved time stands in kroner only where a
budget is cut for it, and then not in hours, so that nothing is counted twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

from benefits.models import ScorePart
from benefits.shares import FIGURES, PLACES, by_month, kept_shares, shares_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benefits.queries import BenefitQuerySet
    from benefits.summed import Beside, Summed

OWNER, UNIT, SECTOR, MUNICIPALITY, REGION = "eier", "enhet", "sektor", "kommune", "region"
RECEIVER, YEAR = "mottaker", "aar"
# What a row is: its key, its name and where they stand.  Fixed texts, never input.
_UNIT = "join organization_unit u on u.id = facts.unit"
_SECTOR = """left join organization_unit s
    on s.kind = 'sector' and s.municipality_id = u.municipality_id and u.path like s.path || '%%'"""
_HOME = "join organization_unit k on k.id = facts.home"
_GROUPS = {
    OWNER: ("facts.owner::text", "p.name", "left join organization_person p on p.id = facts.owner"),
    UNIT: ("u.id::text", "u.name", _UNIT),
    SECTOR: ("s.id::text", "s.name", f"{_UNIT} {_SECTOR}"),
    MUNICIPALITY: ("k.id::text", "k.name", _HOME),
    REGION: (
        "coalesce(r.id, k.id)::text",
        "coalesce(r.name, k.name)",
        f"{_HOME} left join organization_unit r on r.id = k.region_id",
    ),
    RECEIVER: ("facts.beneficiary", "facts.beneficiary", ""),
    YEAR: ("span.first::text", "span.first::text", ""),
}
_FIGURES = ", ".join(FIGURES)
_FACTS = f"{PLACES}, kind, at, {_FIGURES}"
_YEAR = "extract(year from at)::int"
_SUMS = """
        select home, case when part = 'unit' then key end, case when part = 'owner' then key end, beneficiary, kind, at, {figures}, {year}
        from benefits_scoresum
        where {where} and part = %(part)s and (
            kind = %(measure)s or kind = 'month' and at between %(points_from)s and %(points_to)s
            or kind = 'day' and at between %(month)s and %(today)s)"""
_STALE = "select * from benefits_scoreshare where benefit = any(%(stale)s::bigint[]) and {where}"
_KEPT = "select * from benefits_scoreshare where benefit = any(%(kept)s::bigint[])"
_EACH = """
        select *, {year} from each where kind = %(measure)s or kind = 'day' and at between %(month)s and %(today)s
        union all select *, {year} from ({months} and at between %(points_from)s and %(points_to)s) as months"""
_IN_SPAN = "facts.year between span.first and span.last"
_PASSED = "(facts.kind = 'month' and facts.at < %(month)s or facts.kind = 'day' and facts.at between %(month)s and %(today)s)"
# How many years of the span come after what begins then.
_FROM_THEN_ON = "greatest(span.last - greatest(facts.year, span.first) + 1, 0)"
_TABLE = """
select {at}, {key}, min({name}) collate "C", (sum(benefits) * (max(span.last) - max(span.first) + 1))::bigint,
       {planned}, {measured}, {verified}, {forecast}, {points}
from facts cross join {span} as span (first, last) {join} {where}
group by {key}, span.first having sum(benefits) > 0
"""
_POINTS = {
    "due": f"due) filter (where {_PASSED} and {_IN_SPAN}",
    "made": f"made) filter (where facts.kind = 'month' and {_IN_SPAN}",
    "confirmed": f"confirmed) filter (where facts.kind = 'month' and {_IN_SPAN}",
    "missing": f"due - made) filter (where {_PASSED} and {_IN_SPAN}",
}


def _in_all(name: str) -> str:
    """Return the sum over the years of a span of what is planned from a year on, unknown where none of it is known."""
    return f"case when sum(known_{name}) > 0 then sum({name} * {_FROM_THEN_ON}) end"


def _in_years(name: str) -> str:
    """Return the sum of what was measured in the years of a span, unknown where nothing was."""
    known = f"sum(known_{name}) filter (where {_IN_SPAN}) > 0"
    return f"case when {known} then sum({name}) filter (where {_IN_SPAN}) end"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the scorecard.  An amount that is ``None`` is not known; zero is zero.

    Points of the schedule are counted where the table asks for them.
    """

    key: str
    name: str
    benefits: int
    planned: Decimal | None
    measured: Decimal | None
    verified: Decimal | None
    forecast: Decimal | None
    due: int | None
    made: int | None
    confirmed: int | None
    missing: int | None


AMOUNTS = ("planned", "measured", "verified", "forecast")
COUNTS = ("benefits", "due", "made", "confirmed", "missing")


@dataclass(frozen=True, slots=True)
class Table:
    """What one table of a scorecard has a row for, and the first and the last year that it sums.

    ``by`` is one of the keys of this module, such as ``OWNER``.
    """

    by: str
    first: int
    last: int
    has_points: bool = False


def rows_of(
    benefits: BenefitQuerySet, *, by: str, measure: str, years: tuple[int, int], today: date
) -> list[Row]:
    """Return the rows of one table."""
    (rows,) = tables_of(benefits, [Table(by, *years, has_points=True)], measure=measure, today=today)
    return rows


def tables_of(
    benefits: BenefitQuerySet, tables: Sequence[Table], *, measure: str, today: date
) -> list[list[Row]]:
    """Return the rows of each table, counted benefit by benefit, in one query whatever the number of tables.

    :param measure: ``kroner``, ``hours`` or ``points``.
    """
    try:
        seen, given = benefits.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return [[] for _table in tables]
    values = {f"seen{at}": value for at, value in enumerate(given)}
    counted = seen % tuple(f"%(seen{at})s" for at in range(len(given)))
    facts = _facts(f"counted (id) as ({counted}), {_each(measure)}", _each_in_years())
    return _read(facts, tables, values | _values(tables, measure, today))


def summed_tables(
    summed: Summed, beside: Beside, tables: Sequence[Table], *, measure: str, today: date
) -> list[list[Row]]:
    """Return the same of all that a person counts: the sums, without what has changed, and what is beside them by itself.

    :param beside: what ``summed.beside`` found.
    """
    ids = {"kept": beside.kept, "changed": beside.changed, "stale": [*beside.ids, *beside.stale]}
    values = _values(tables, measure, today) | summed.values | ids
    sums = _SUMS.format(figures=_FIGURES, where=summed.where, year=_YEAR)
    if not ids["stale"]:
        return _read(_facts("", sums), tables, values)
    more = [kept_shares("-", _STALE.format(where=summed.where_kept)), kept_shares("", _KEPT)]
    counted = "counted (id) as (select unnest(%(changed)s::bigint[]))"
    each = (
        f"{counted}, {_each(measure, *more)}" if beside.changed else f"each as ({' union all '.join(more)}),"
    )
    return _read(_facts(each, f"{sums} union all {_each_in_years()}"), tables, values)


def _read(facts: str, tables: Sequence[Table], values: dict[str, Any]) -> list[list[Row]]:
    found: list[list[Row]] = [[] for _table in tables]
    sql = f"{facts} {'union all'.join(_table(at, table) for at, table in enumerate(tables))} order by 1, 3"
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        for at, key, name, *rest in cursor.fetchall():
            found[at].append(Row(key or "", name or "", *rest))
    return found


def _values(tables: Sequence[Table], measure: str, today: date) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for at, table in enumerate(tables):
        values |= {f"first{at}": table.first, f"last{at}": table.last}
    first, last = _span([one for one in tables if one.has_points] or tables)
    values |= {"points_from": date(first, 1, 1), "points_to": date(last, 12, 31)}
    part = ScorePart.OWNER if any(table.by == OWNER for table in tables) else ScorePart.UNIT
    return values | {"part": part, "measure": measure, "today": today, "month": today.replace(day=1)}


def _each(measure: str, *more: str) -> str:
    shares = " union all ".join([f"select {_FACTS} from shares", *more])  # noqa: S608 - own names
    return f"{shares_of([measure])}, each as ({shares}),"


def _each_in_years() -> str:
    return _EACH.format(year=_YEAR, months=by_month("each"))


def _facts(before: str, rows: str) -> str:
    return f"with {before} facts ({_FACTS}, year) as ({rows})"


def _table(at: int, table: Table) -> str:
    key, name, join = _GROUPS[table.by]
    years = f"%(first{at})s::int, %(last{at})s::int"
    span = f"(values ({years}))"
    if table.by == YEAR:
        span = f"(select year, year from generate_series({years}) as year)"  # noqa: S608 - own names
    points = [
        f"coalesce(sum({counted}), 0)::bigint" if table.has_points else "null::bigint"
        for counted in _POINTS.values()
    ]
    return _TABLE.format(
        at=at, key=key, name=name, join=join, span=span, points=", ".join(points),
        where="" if table.has_points else "where facts.kind = %(measure)s",
        planned=_in_all("planned"), forecast=_in_all("forecast"), measured=_in_years("measured"), verified=_in_years("verified"),
    )  # fmt: skip


def _span(tables: Sequence[Table]) -> tuple[int, int]:
    return min(table.first for table in tables), max(table.last for table in tables)


def total_of(rows: list[Row]) -> Row:
    """Return the sum of the rows; an amount that none of them knows stays unknown."""
    counts: dict[str, int] = {name: sum(getattr(row, name) for row in rows) for name in COUNTS}
    amounts: dict[str, Decimal | None] = {
        name: _sum([getattr(row, name) for row in rows]) for name in AMOUNTS
    }
    return Row("", "", **counts, **amounts)  # type: ignore[arg-type]


def _sum(values: list[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if known else None
