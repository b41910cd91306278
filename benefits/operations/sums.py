"""Count marked benefits anew, and put what they add to the scorecard in place of what they added before."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction

from benefits.lessons import fell_short
from benefits.models import Benefit
from benefits.shares import FIGURES, MEASURES, by_month, kept_shares, packed, shares_of
from benefits.summed import summed_benefits

AT_A_TIME = 1000
_LOCK = "select pg_try_advisory_xact_lock(hashtext('benefits.count_marked'))"
_KEPT = (
    "benefit, home, seen_in, unit, owner, beneficiary, is_shielded, shares, is_short, is_answered, changed_at"
)
_ONE = "seen_in, is_shielded, home, part, key, beneficiary, kind, at"
_WHERE = ("seen_in", "is_shielded")


def count_marked() -> int:
    """Count every marked benefit anew and return how many there were.

    One statement for each part of them: whoever reads meanwhile sees either that they are marked or what they add now,
    and what is marked meanwhile stays marked.  Only one does this at a time, so nobody else waits for a sum.
    """
    total = 0
    while counted := _count_some():
        total += counted
    return total


def _count_some() -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK)
        (is_alone,) = cursor.fetchone()
        if not is_alone:
            return 0
        statement, values = _statement()
        cursor.execute(statement, values)
        (counted,) = cursor.fetchone()
        return int(counted)


def _statement() -> tuple[str, tuple[Any, ...]]:
    summed, of_summed = summed_benefits().order_by().values("pk").query.sql_with_params()
    short, of_short = Benefit.objects.filter(fell_short()).order_by().values("pk").query.sql_with_params()
    # Rows that go leave before rows of the same benefit come.
    text = f"""
    with taken as (
        delete from benefits_scoremark
        where benefit in (select distinct benefit from benefits_scoremark limit {AT_A_TIME}) returning benefit),
     gone as (delete from benefits_scoreshare where benefit in (select benefit from taken) returning *),
     counted as materialized (
        select id from ({summed}) as summed (id) where id in (select benefit from taken) and (select count(*) from gone) >= 0),
     short as materialized (select id from ({short}) as short (id) where id in (select id from counted)),
     {shares_of(MEASURES)},
     packed as (select benefit, {packed()} as shares from shares group by benefit),
     fresh as (
        insert into benefits_scoreshare ({_KEPT})
        select benefit, home, array[home] || array(
                    select p.municipality_id from governance_participation p
                    where p.initiative_id = b.initiative_id and p.left_at is null and p.municipality_id <> home),
               unit, owner, place.beneficiary, place.is_shielded, packed.shares, benefit in (select id from short), b.lesson <> '', b.changed_at
        from place join packed using (benefit) join benefits_benefit b on b.id = benefit returning *),
     changes as ({kept_shares("-", "select * from gone", *_WHERE)} union all {kept_shares("", "select * from fresh", *_WHERE)}),
     summed as (
        insert into benefits_scoresum as kept ({_ONE}, {", ".join(FIGURES)})
        select place, is_shielded, home, part, key, beneficiary, kind, at, {", ".join(f"sum({name})" for name in FIGURES)}
        from (select * from changes union all {by_month("changes", *_WHERE)}) as all_of_them
            cross join unnest(seen_in) as place cross join lateral (values ('owner', owner), ('unit', unit)) as part (part, key)
        group by 1, 2, 3, 4, 5, 6, 7, 8 having {" or ".join(f"sum({name}) <> 0" for name in FIGURES)}
        on conflict on constraint score_sum_once do update
        set {", ".join(f"{name} = kept.{name} + excluded.{name}" for name in FIGURES)})
    select count(distinct benefit) from taken
    """  # noqa: S608 - own names
    return text, (*of_summed, *of_short)
