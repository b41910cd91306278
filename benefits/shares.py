"""What each benefit adds to the scorecard, as SQL: the one place that says how a figure is made.

A share is a row of one benefit.  Of the kinds ``kroner``, ``hours`` and ``points`` one row without a day says what is
known of the benefit, a row per year (its first day) by how much the plan rises or falls from then on and what it is
expected to give of that, and a row per year what was measured.  Of the kind ``day`` a row tells the points of the
schedule that fall on it.  Nothing here depends on which day is today, so shares can be kept and added up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

MEASURES = ("kroner", "hours", "points")
DAY, MONTH = "day", "month"
AMOUNTS = ("planned", "forecast", "measured", "verified")
COUNTS = (
    "benefits", "known_planned", "known_forecast", "known_measured", "known_verified", "due", "made", "confirmed",
)  # fmt: skip
FIGURES = (*AMOUNTS, *COUNTS)
PLACES = "home, unit, owner, beneficiary"
_IS_CUT = "b.kind = 'saved_time' and b.form = 'budget' and b.cut_amount > 0"
_EXPECTED = "(coalesce(main.forecast, latest.value) - main.start) / nullif(main.target - main.start, 0)"
_REACHED = "(v.value - main.start) / nullif(main.target - main.start, 0)"


def _first_of(year: str) -> str:
    return f"make_date(greatest({year}, 1)::int, 1, 1)"


def _row(kind: str, day: str, **figures: str) -> str:
    """Return the columns of a share; figures that are not given are none."""
    return ", ".join([kind, day, *(f"{figures.get(name, '0')} as {name}" for name in FIGURES)])


_SHARES = f"""
     place as (
        select b.id as benefit, t.municipality_id as home, t.unit_id as unit, b.service_owner_id as owner, b.beneficiary,
               t.shield_basis <> '' as is_shielded
        from benefits_benefit b join governance_initiative t on t.id = b.initiative_id
        where b.id in (select id from counted)),
     profile as (
        select benefit_id, measure, max((low + 3 * likely + high) / 5) as most from benefits_yearestimate
        where benefit_id in (select id from counted) group by 1, 2),
     scale as (
        select b.id as benefit, of.kind,
               case of.kind
                    when 'kroner' then case when b.kind = 'saved_time' then case when {_IS_CUT} then b.cut_amount end
                        else coalesce(profile.most, b.kroner_per_year) end
                    when 'hours' then case when not ({_IS_CUT}) then coalesce(profile.most, b.hours_per_year) end
                    else coalesce(profile.most, b.points) end as whole,
               profile.most is not null and (b.kind <> 'saved_time' or of.kind <> 'kroner') as has_profile,
               coalesce(case when of.kind = 'kroner' and b.kind = 'saved_time' then b.cut_year else b.full_effect_from end,
                   extract(year from b.created_at at time zone 'UTC')) as begins
        from benefits_benefit b cross join (values {{kinds}}) as of (kind)
        left join profile on profile.benefit_id = b.id and profile.measure = of.kind
        where b.id in (select id from counted)),
     main as (
        select i.id, i.benefit_id, i.target, i.forecast, start.value as start
        from benefits_indicator i
        left join benefits_measurement start on start.indicator_id = i.id and start.kind = 'baseline'
        where i.is_main and i.benefit_id in (select id from counted)),
     value_of_year as (
        select distinct on (m.indicator_id, extract(year from m.measured_on))
               m.indicator_id, extract(year from m.measured_on) as year, m.value, m.verified_at is not null as is_verified
        from benefits_measurement m join main on main.id = m.indicator_id
        where m.value is not null and m.kind <> 'baseline'
        order by m.indicator_id, extract(year from m.measured_on), m.measured_on desc),
     latest as (
        select distinct on (indicator_id) indicator_id, value from value_of_year order by indicator_id, year desc),
     expected as (
        select main.benefit_id as benefit, {_EXPECTED} as share from main left join latest on latest.indicator_id = main.id),
     steps as (
        select benefit, kind, year, value - lag(value, 1, 0::numeric) over (partition by benefit, kind order by year) as step
        from (select scale.benefit, scale.kind, e.year, (e.low + 3 * e.likely + e.high) / 5 as value
              from scale join benefits_yearestimate e on e.benefit_id = scale.benefit and e.measure = scale.kind
              where scale.has_profile and scale.whole is not null) as estimated
        union all
        select benefit, kind, begins, whole from scale where not has_profile and whole is not null),
     results as (
        select scale.benefit, scale.kind, v.year, v.is_verified, scale.whole * ({_REACHED}) as amount
        from scale join main on main.benefit_id = scale.benefit join value_of_year v on v.indicator_id = main.id),
     figures (benefit, kind, at, {", ".join(FIGURES)}) as (
        select scale.benefit, {
        _row(
            "scale.kind", "null::date", benefits="1", known_planned="(whole is not null)::int",
            known_forecast="(whole * expected.share is not null)::int",
        )
    } from scale left join expected on expected.benefit = scale.benefit
        union all
        select steps.benefit, {
        _row("steps.kind", _first_of("steps.year"), planned="step", forecast="coalesce(step * expected.share, 0)")
    } from steps left join expected on expected.benefit = steps.benefit
        union all
        select benefit, {
        _row(
            "kind", _first_of("year"), measured="amount", verified="case when is_verified then amount else 0 end",
            known_measured="1", known_verified="is_verified::int",
        )
    } from results where amount is not null
        union all
        select i.benefit_id, {
        _row("'day'", "m.due_on", due="count(*)::int", made="count(m.value)::int", confirmed="count(m.verified_at)::int")
    } from benefits_indicator i join benefits_measurement m on m.indicator_id = i.id
        where i.benefit_id in (select id from counted) group by i.benefit_id, m.due_on),
     shares as (select {PLACES}, figures.* from place join figures using (benefit))
    """  # noqa: S608 - own names  # fmt: skip


def shares_of(measures: Iterable[str]) -> str:
    """Return common tables, the last called ``shares``, of the benefits whose ids stand in one called ``counted``."""
    return _SHARES.format(kinds=", ".join(f"('{measure}')" for measure in measures))


def kept_shares(sign: str, source: str, *also: str) -> str:
    """Return a select of the shares that stand in the kept rows of ``source``, added (``""``) or taken away (``-``).

    :param also: more columns of the kept rows, first.
    """
    kept = ", ".join(f"{name} {'numeric' if name in AMOUNTS else 'int'}" for name in FIGURES)
    figures = ", ".join(f"{sign}coalesce(one.{name}, 0) as {name}" for name in FIGURES)
    return f"""
        select {", ".join([*also, PLACES])}, one.kind, one.at, {figures}
        from ({source}) as kept cross join jsonb_to_recordset(kept.shares) as one (kind text, at date, {kept})
    """  # noqa: S608 - own names


def by_month(source: str, *also: str) -> str:
    """Return a select that adds up the points of ``source`` in the month that their days are in."""
    columns, figures = ", ".join([*also, PLACES]), ", ".join(FIGURES)
    return f"select {columns}, '{MONTH}' as kind, date_trunc('month', at)::date as at, {figures} from {source} where kind = '{DAY}'"  # noqa: S608 - own names


def packed() -> str:
    """Return an aggregate over ``shares`` that ``kept_shares`` reads again."""
    pairs = ", ".join(f"'{name}', nullif({name}, 0)" for name in FIGURES)
    return f"jsonb_agg(jsonb_strip_nulls(jsonb_build_object('kind', kind, 'at', at, {pairs})))"
