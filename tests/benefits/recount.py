"""The scorecard counted anew: one statement over every measurement, which knows nothing of shares and sums."""

from __future__ import annotations

from datetime import date
from itertools import zip_longest
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from benefits import scorecard as cards
from benefits.models import Benefit, ScoreMark
from benefits.scorecard import MUNICIPALITY, OWNER, RECEIVER, REGION, SECTOR, UNIT, YEAR, Row, Table
from benefits.summed import Beside, Summed, summed_benefits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benefits.queries import BenefitQuerySet

# What a row is: its key and its name.  Fixed texts, never input.
_GROUPS = {
    OWNER: ("b.service_owner_id::text", "p.name"),
    UNIT: ("u.id::text", "u.name"),
    SECTOR: ("s.id::text", "s.name"),
    MUNICIPALITY: ("k.id::text", "k.name"),
    REGION: ("coalesce(r.id, k.id)::text", "coalesce(r.name, k.name)"),
    RECEIVER: ("b.beneficiary", "b.beneficiary"),
    YEAR: ("y.year::text", "y.year::text"),
}
_FULL = {
    "kroner": """case when b.kind = 'saved_time'
        then case when b.form = 'budget' and b.cut_amount > 0 then b.cut_amount end
        else coalesce(profile.most, b.kroner_per_year) end""",
    "hours": """case when not (b.kind = 'saved_time' and b.form = 'budget' and b.cut_amount > 0)
        then coalesce(profile.most, b.hours_per_year) end""",
    "points": "coalesce(profile.most, b.points)",
}
_BEGINS = {
    "kroner": "case when b.kind = 'saved_time' then b.cut_year else b.full_effect_from end",
    "hours": "b.full_effect_from",
    "points": "b.full_effect_from",
}
_SQL = """
with seen as ({seen}),
     y as (select generate_series(%(first)s::int, %(last)s::int) as year),
     b as (select * from benefits_benefit where id in (select id from seen)),
     profile as (
        select benefit_id, max((low + 3 * likely + high) / 5) as most, min(year) as begins
        from benefits_yearestimate where measure = %(measure)s and benefit_id in (select id from seen) group by benefit_id),
     main as (
        select i.id, i.benefit_id, i.target, i.forecast, start.value as start
        from benefits_indicator i
        left join benefits_measurement start on start.indicator_id = i.id and start.kind = 'baseline'
        where i.is_main and i.benefit_id in (select id from seen)),
     value_of_year as (
        select distinct on (m.indicator_id, extract(year from m.measured_on))
               m.indicator_id, extract(year from m.measured_on)::int as year, m.value, m.verified_at is not null as verified
        from benefits_measurement m join main on main.id = m.indicator_id
        where m.value is not null and m.kind <> 'baseline'
        order by m.indicator_id, extract(year from m.measured_on), m.measured_on desc),
     latest as (
        select distinct on (indicator_id) indicator_id, value from value_of_year order by indicator_id, year desc),
     points as (
        select i.benefit_id, extract(year from m.due_on)::int as year,
               count(*) filter (where m.due_on <= %(today)s) as due,
               count(*) filter (where m.value is not null) as made,
               count(*) filter (where m.verified_at is not null) as verified,
               count(*) filter (where m.value is null and m.due_on <= %(today)s) as missing
        from benefits_measurement m join benefits_indicator i on i.id = m.indicator_id
        where i.benefit_id in (select id from seen) and m.due_on between %(points_from)s and %(points_to)s group by 1, 2),
     facts as (
        select y.year as of_year, {keys},
               case when {full} is null then null
                    when profile.benefit_id is not null and b.kind || %(measure)s <> 'saved_timekroner' then coalesce(
                        (select (e.low + 3 * e.likely + e.high) / 5 from benefits_yearestimate e
                         where e.benefit_id = b.id and e.measure = %(measure)s and e.year <= y.year
                         order by e.year desc limit 1), 0)
                    when coalesce({begins}, extract(year from b.created_at)) <= y.year then {full} else 0 end as planned,
               {full} as whole,
               (v.value - main.start) / nullif(main.target - main.start, 0) as reached,
               v.verified,
               (coalesce(main.forecast, latest.value) - main.start) / nullif(main.target - main.start, 0) as expected,
               points.due, points.made, points.verified as confirmed, points.missing
        from b cross join y
        join governance_initiative t on t.id = b.initiative_id
        join organization_unit u on u.id = t.unit_id
        join organization_unit k on k.id = t.municipality_id
        left join organization_unit r on r.id = k.region_id
        left join organization_unit s on s.kind = 'sector' and s.municipality_id = u.municipality_id and u.path like s.path || '%%'
        left join organization_person p on p.id = b.service_owner_id
        left join profile on profile.benefit_id = b.id
        left join main on main.benefit_id = b.id
        left join value_of_year v on v.indicator_id = main.id and v.year = y.year
        left join latest on latest.indicator_id = main.id
        left join points on points.benefit_id = b.id and points.year = y.year)
{tables} order by 1, 3
"""
_TABLE = """
select {at}, key{at}, min(name{at}) collate "C", count(*), sum(planned), sum(whole * reached),
       sum(whole * reached) filter (where verified), sum(planned * expected), {points}
from facts where of_year between %(first{at})s and %(last{at})s group by key{at}
"""
_POINTS = ("due", "made", "confirmed", "missing")


def tables_of(
    benefits: BenefitQuerySet, tables: Sequence[Table], *, measure: str, today: date
) -> list[list[Row]]:
    """Return the rows of each table."""
    found: list[list[Row]] = [[] for _table in tables]
    try:
        seen, given = benefits.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return found
    values: dict[str, Any] = {f"seen{at}": value for at, value in enumerate(given)}
    inner = seen % tuple(f"%(seen{at})s" for at in range(len(given)))
    sql = _SQL.format(
        seen=inner.replace('"benefits_benefit"."id" AS "pk"', '"benefits_benefit"."id"'), full=_FULL[measure], begins=_BEGINS[measure],
        keys=", ".join("{} as key{at}, {} as name{at}".format(*_GROUPS[table.by], at=at) for at, table in enumerate(tables)),
        tables="union all".join(_TABLE.format(at=at, points=_points(table)) for at, table in enumerate(tables)),
    )  # fmt: skip
    for at, table in enumerate(tables):
        values |= {f"first{at}": table.first, f"last{at}": table.last}
    (first, last), (points_first, points_last) = (
        _span(tables),
        _span([one for one in tables if one.has_points] or tables),
    )
    values |= {"points_from": date(points_first, 1, 1), "points_to": date(points_last, 12, 31)}
    values |= {"first": first, "last": last, "measure": measure, "today": today}
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        for at, key, name, *rest in cursor.fetchall():
            found[at].append(Row(key or "", name or "", *rest))
    return found


def _points(table: Table) -> str:
    counted = "coalesce(sum({}), 0)" if table.has_points else "null::bigint"
    return ", ".join(counted.format(name) for name in _POINTS)


def _span(tables: Sequence[Table]) -> tuple[int, int]:
    return min(table.first for table in tables), max(table.last for table in tables)


def tables() -> list[Table]:
    """Return what is compared: every row of the years around this one, and those of this year with its points."""
    year = timezone.localdate().year
    return [Table(YEAR, year - 3, year + 3), Table(RECEIVER, year - 1, year, has_points=True)]


def differences() -> list[tuple[Any, ...]]:
    """Return where the sums of a municipality, with what has changed since, say something else than its benefits."""
    found: list[tuple[Any, ...]] = []
    homes = Benefit.objects.order_by().values_list("initiative__municipality", flat=True).distinct()
    for home in homes:
        for measure, by in (("kroner", OWNER), ("hours", UNIT), ("points", SECTOR)):
            found += _differences(home, measure, by)
    return found


def _differences(home: int, measure: str, by: str) -> list[tuple[Any, ...]]:
    year, today = timezone.localdate().year, timezone.localdate()
    wanted = [Table(by, year, year, has_points=True), *tables()]
    there = Q(initiative__municipality=home) | Q(
        initiative__participations__municipality=home, initiative__participations__left_at=None
    )
    rows = Benefit.objects.filter(pk__in=summed_benefits().filter(there).values("pk"))
    marked = list(rows.filter(pk__in=ScoreMark.objects.values("benefit")).values_list("pk", flat=True))
    reader = SimpleNamespace(
        municipality_ids=frozenset({home}), municipalities_where=lambda _permission: {home}
    )
    summed = Summed(reader)
    kept = cards.summed_tables(
        summed, Beside([], marked, summed.stale()), wanted, measure=measure, today=today
    )
    counted = tables_of(rows, wanted, measure=measure, today=today)
    pairs = zip(wanted, kept, counted, strict=True)
    return [
        (measure, table.by, *both)
        for table, ours, theirs in pairs
        for both in zip_longest(_sorted(ours), _sorted(theirs))
        if both[0] != both[1]
    ]


def _sorted(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: row.key)
