"""The deviations themselves.

``bench_deviation`` has one narrow row per deviation, and is what the other tables join with:
``g`` (its number from 1, the youngest first), ``id``, place, type, people, way, status and times.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench import sql
from bench.generators.deviations.ways import ENDED, OPEN, WAYS
from bench.words import HAPPENED, HURT_BY, PLACES
from core.actors import System
from deviations.models import Deviation, DeviationType
from deviations.operations.catalogue import install_catalogue
from organization.models import NumberSeries, Unit

if TYPE_CHECKING:
    from bench.plan import Plan

DAYS = 365 * 10
AT_ONCE = 1200
"""How many are open at once, in all sizes: a municipality with a longer past has no more in hand."""
COMMONEST = 0.49
CONFIDENTIAL_TYPES = 0.02
LATELY = 41
SEASONS = (9, 10, 11, 9, 10, 9, 5, 8, 10, 11, 10, 8)
"""Reports per month: half as many in July as in a busy month."""


def case_table(plan: Plan) -> None:
    """Decide for every deviation where, who, when, of which type and which way it went."""
    for top in Unit.objects.legal_entities():
        install_catalogue(top, by=System("bench"), now=top.changed_at)
    _type_table()
    ways = ", ".join(f"('{way}', '{steps[-1].state}', {len(steps)})" for way, steps in WAYS.items())
    sql.run(f"""
        create temporary table bench_deviation on commit drop as
        with placed as ({_placed(plan)}), typed as ({_typed(plan)})
        select typed.*, w.status, w.steps, created_at + case when is_open then least(spent, age) * 0.9 else spent end as changed_at,
            ''::text as number, lag(id) over (partition by municipality_id order by g desc) as earlier_id
        from typed join (values {ways}) as w (way, status, steps) using (way)
    """)
    sql.run(
        "update bench_deviation set status = 'dismissed', steps = 3, way = 'dismissed' where status = 'merged' and earlier_id is null"
    )
    sql.run("""
        update bench_deviation set number = 'A' || year || '-' || repeat('0', greatest(0, 4 - length(place::text))) || place
        from (select g as row, extract(year from created_at) as year, row_number() over (
                partition by municipality_id, extract(year from created_at) order by created_at, g) as place
            from bench_deviation) numbered
        where row = g
    """)
    sql.run("create index on bench_deviation (id)")
    sql.run("analyze bench_deviation")


def _type_table() -> None:
    """Number the types of each municipality, the commonest first; confidential ones by themselves."""
    sql.run(f"""
        create temporary table bench_type on commit drop as
        select id, municipality_id, name, category, is_confidential, version,
            row_number() over (partition by municipality_id, is_confidential order by position, id) as rank,
            count(*) over (partition by municipality_id, is_confidential) as among
        from {DeviationType._meta.db_table} where refers_to = ''
    """)


def _placed(plan: Plan) -> str:
    """Give each a day and a leader; what is open at once is spread over the leaders of units."""
    place = plan.draw("deviation place")
    leaders = "(select count(*) from bench_leader)"
    return f"""
        select g, {sql.after_last(Deviation)} + g as id, g <= {AT_ONCE} as is_open,
            l.municipality_id, l.unit_id, l.person_id as handler_id,
            {sql.pick("p.employees", plan.draw("deviation reporter"))} as reporter_id,
            {_age(plan)} as age, {plan.draw("deviation spent")} * interval '60 days' + interval '1 day' as spent
        from generate_series(1, {plan.deviations}) as g
        join bench_leader l on l.number = case when g <= {AT_ONCE} then g % {leaders}
            else floor(power({place}, 1.4) * {leaders})::int end
        join bench_place p on p.municipality_id = l.municipality_id
    """


def _age(plan: Plan) -> str:
    """Return how long ago: a month by its season, and the open ones lately."""
    months = {str(number): share for number, share in enumerate(SEASONS, start=1)}
    month = f"({sql.choose(months, plan.draw('deviation month'))})::int"
    year = f"floor({plan.draw('deviation year')} * {DAYS // 365})::int"
    day = f"{plan.draw('deviation day')} * 28"
    since = (
        f"{plan.noon} - make_timestamptz(extract(year from {plan.noon})::int - {year}, {month}, 1, 7, 0, 0)"
        f" - {day} * interval '1 day'"
    )
    long_ago = f"({since}) + case when {since} < interval '{LATELY + 1} days' then interval '365 days' else interval '0' end"
    lately = f"(1 + {plan.draw('deviation day')} * {LATELY - 1}) * interval '1 day'"
    return f"case when g <= {AT_ONCE} then {lately} else {long_ago} end"


def _typed(plan: Plan) -> str:
    drawn, tail = plan.draw("deviation type"), plan.draw("deviation tail")
    rank = (
        f"case when {drawn} < {COMMONEST} then 1 else 2 + floor(power({tail}, 2.2) * (t.among - 1))::int end"
    )
    confidential = f"{plan.draw('deviation confidential')} < {CONFIDENTIAL_TYPES}"
    return f"""
        select placed.*, {plan.noon} - age as created_at, t.id as type_id, t.name as type_name, t.category, t.version as type_version,
            t.is_confidential, {sql.choose({"open": 82, "hidden": 12, "anonymous": 6}, plan.draw("deviation anonymity"))} as anonymity,
            case when is_open then {sql.choose(OPEN, plan.draw("deviation way"))}
                else {sql.choose(ENDED, plan.draw("deviation way"))} end as way
        from placed join bench_type t on t.municipality_id = placed.municipality_id and t.is_confidential = ({confidential})
            and t.rank = case when t.is_confidential then 1 + floor({tail} * t.among)::int else {rank} end
    """


def write_deviations(plan: Plan) -> None:
    """Write the rows; texts are put together from sentences, so that words repeat as they do in life."""

    def words(array: tuple[str, ...], name: str) -> str:
        return sql.word_of(array, plan.draw(f"deviation {name}", "c.g"))

    severity = sql.choose({"1": 40, "2": 38, "3": 17, "4": 5}, plan.draw("deviation severity", "c.g"))
    closed = "case when c.status = 'closed' then"
    sql.insert(
        Deviation, "bench_deviation c", id="c.id", municipality_id="c.municipality_id", unit_id="c.unit_id",
        number="c.number", status="c.status", status_since="c.changed_at", changed_at="c.changed_at", created_at="c.created_at",
        reported_at="c.created_at", discovered_at="c.created_at - interval '3 hours'", version="c.steps",
        submission_key=sql.uuid_of(f"'{plan.seed} deviation ' || c.g"),
        kind=sql.choose({"deviation": 80, "near_miss": 9, "dangerous_condition": 8, "suggestion": 3}, plan.draw("deviation kind", "c.g")),
        category="c.category", type_id="c.type_id", type_name="c.type_name", type_version="c.type_version",
        is_confidential="c.is_confidential", title=f"case when c.g % 3 = 0 then {words(HURT_BY, 'title')} else '' end",
        description=" || ' ' || ".join([words(HAPPENED, "what 1"), words(HURT_BY, "what 2"), words(HAPPENED, "what 3")]),
        place=words(PLACES, "where"), danger=sql.choose({"none": 88, "injured": 6, "unsure": 6}, plan.draw("deviation danger", "c.g")),
        reported_severity=f"{severity}::smallint", severity=f"case when c.steps > 3 then {severity}::smallint end",
        anonymity="c.anonymity", reporter_id="case when c.anonymity <> 'anonymous' then c.reporter_id end",
        follow_hash="case when c.anonymity = 'anonymous' then md5(c.g::text) || md5(c.g::text || 'x') else '' end",
        responsible_id="c.handler_id", handler_id="case when c.status not in ('reported', 'received') then c.handler_id end",
        due_on=f"case when c.is_open then date '{plan.day}' + ({plan.draw('deviation due', 'c.g')} * 35 - 8)::int end",
        received_at="case when c.steps > 3 then c.created_at + interval '1 day' end",
        answered_at="case when c.steps > 3 then c.created_at + interval '1 day' end",
        closed_at=f"{closed} c.changed_at end", closing_note=f"{closed} 'Rutinen er endret, og alle er orientert.' else '' end",
        effect="case when c.way = 'closed with effect' then 'worked' else '' end",
        potential_consequence="case when c.steps > 3 then 1 + c.g % 5 end", probability="case when c.steps > 3 then 1 + c.g % 4 end",
        merged_into_id="case when c.status = 'merged' then c.earlier_id end",
        transferred_to="case when c.status = 'transferred' then 'FDV-systemet' else '' end",
    )  # fmt: skip


def write_number_series() -> None:
    """Let the next deviation of each municipality follow the generated ones."""
    sql.run(f"""
        insert into {NumberSeries._meta.db_table} (municipality_id, series, year, last)
        select municipality_id, 'deviation', extract(year from created_at)::int, max(split_part(number, '-', 2)::int)
        from bench_deviation group by 1, 3
        on conflict (municipality_id, series, year) do update set last = excluded.last
    """)
