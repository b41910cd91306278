"""The initiatives themselves.

``bench_case`` has one narrow row per initiative, and is what other generators join with: ``g``
(its number from 1), ``id``, municipality, unit, people, status, times, and ``heard`` (it has
been before the council).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench import sql, words
from bench.generators.governance.ways import (
    COUNCIL_AT_ONCE,
    HEARD,
    LONGEST,
    OLD,
    OPEN,
    PREPARED,
    WAYS,
    YOUNG,
    steps_to,
)
from bench.generators.organization import LEADER_CASES
from governance.models import Initiative
from organization.models import NumberSeries

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bench.plan import Plan

DAYS = 365 * 8
YOUNG_DAYS = 150
SHIELDED = 0.04


def values_of(states: Iterable[str]) -> str:
    return sql.literal(sorted(str(state) for state in states))


def case_table(plan: Plan) -> None:
    """Decide for every initiative where, who, when and which state."""
    sql.run(f"""
        create temporary table bench_case on commit drop as
        with placed as ({_placed(plan)}), stated as ({_stated(plan)}), dated as ({_dated(plan)})
        select dated.*, created_at + spent as changed_at, ''::text as number,
            case when status <> 'draft' then created_at + spent / (steps - 1) end as submitted_at,
            status = any({values_of(HEARD)}) as heard,
            {plan.draw("shield")} < {SHIELDED} as shielded,
            lag(id) over (partition by municipality_id order by g) as earlier_id
        from dated
    """)
    sql.run("""
        update bench_case set number = year || '-' || repeat('0', 3 - length(place::text)) || place from (
            select g as row, extract(year from submitted_at) as year, row_number() over (
                partition by municipality_id, extract(year from submitted_at) order by submitted_at, g) as place
            from bench_case where submitted_at is not null) numbered
        where row = g
    """)
    sql.run("create index on bench_case (id)")
    sql.run("analyze bench_case")


def _placed(plan: Plan) -> str:
    """Give each a place, a unit and people; the first quarter at most is raised by leaders."""
    place = plan.draw("place")
    return f"""
        select g, {sql.after_last(Initiative)} + g as id, p.municipality_id, p.is_region,
            {365 * plan.years or DAYS} * power({plan.draw("age")}, 1.6) as age,
            coalesce(l.unit_id, {sql.pick("p.units", plan.draw("unit"), skew=1.5)}) as unit_id,
            coalesce(l.person_id, {sql.pick("p.employees", plan.draw("submitter"), skew=1.3)}) as submitter_id,
            {sql.pick("p.handlers", plan.draw("handler"))} as handler_id,
            {sql.pick("p.sector_leaders", plan.draw("sector"))} as sector_leader_id,
            {sql.pick("p.service_owners", plan.draw("owner"))} as service_owner_id,
            {sql.pick("p.project_owners", plan.draw("project owner"))} as project_owner_id
        from generate_series(1, {plan.initiatives}) as g
        left join bench_leader l on l.number = (g - 1) / {LEADER_CASES} and g <= {plan.initiatives} / 4
        join bench_place p on case when l.number is null then {place} >= p.low and {place} < p.high
            else p.municipality_id = l.municipality_id end
    """


def _stated(plan: Plan) -> str:
    drawn = plan.draw("status")
    return f"""
        select placed.*, case when age < {YOUNG_DAYS} then {sql.choose(YOUNG, drawn)}
            else {sql.choose(OLD, drawn)} end as drawn_status
        from placed
    """


def _dated(plan: Plan) -> str:
    """Let open cases have moved lately, and others end within a year of their beginning."""
    lengths = ", ".join(f"('{status.value}', {len(steps_to(status))})" for status in WAYS)
    lately = f"0.3 + 0.69 * {plan.draw('spent')}"
    within_a_year = f"least(0.99, (15 + 300 * {plan.draw('spent')}) / greatest(age, 1))"
    return f"""
        select stated.*, status, steps, {plan.noon} - age * interval '1 day' as created_at,
            age * interval '1 day' * case when status = any({values_of(OPEN)}) then {lately}
                else {within_a_year} end as spent
        from stated, lateral (select case when drawn_status = 'on_agenda' and g > {COUNCIL_AT_ONCE}
            then 'ready_for_council' else drawn_status end as status) chosen
        join (values {lengths}) as way (way_status, steps) on way_status = status
    """


def write_initiatives(plan: Plan) -> None:
    title = " || ' ' || ".join(
        sql.word_of(array, plan.draw(word, "c.g"))
        for word, array in (("how", words.HOW), ("what", words.WHAT), ("where", words.WHERE))
    )
    sql.insert(
        Initiative, "bench_case c", id="c.id", municipality_id="c.municipality_id", unit_id="c.unit_id",
        number="c.number", status="c.status", status_since="c.changed_at", changed_at="c.changed_at",
        created_at="c.created_at", submitted_at="c.submitted_at", submitter_id="c.submitter_id", title=title,
        **_texts(plan), **_assessments(plan), **_along_the_line(plan),
    )  # fmt: skip


def _texts(plan: Plan) -> dict[str, str]:
    def sentences(*names: str) -> str:
        return " || ' ' || ".join(sql.word_of(words.SENTENCES, plan.draw(name, "c.g")) for name in names)

    return {
        "summary": sentences("summary"),
        "need": sentences("need 1", "need 2", "need 3", "need 4"),
        "target_group": "'Ansatte og innbyggere'",
        "null_alternative": sentences("null"),
        "shield_basis": "case when c.shielded then 'offl_13' else '' end",
        "public_title": "case when c.shielded then 'Skjermet tiltak' else '' end",
    }


def _assessments(plan: Plan) -> dict[str, str]:
    categories = {"operations": 25, "development": 35, "procurement": 20, "study": 20}
    category = sql.choose(categories, plan.draw("category", "c.g"))
    answers = {"yes": 30, "no": 60, "unknown": 10}
    return {
        "category": f"case when c.is_region then 'regional' else {category} end",
        "operation_per_year": f"round((power({plan.draw('yearly', 'c.g')}, 4) * 800000)::numeric, -3)",
        "internal_hours": f"(40 + 800 * {plan.draw('hours', 'c.g')})::int",
        "financing": sql.choose(
            {"own_budget": 60, "budget_application": 30, "grant": 10}, plan.draw("money", "c.g")
        ),
        "personal_data": sql.choose(answers, plan.draw("personal data", "c.g")),
        "affects_staff": sql.choose(answers, plan.draw("staff", "c.g")),
    }


def _along_the_line(plan: Plan) -> dict[str, str]:
    prepared = f"c.status = any({values_of(PREPARED)})"
    late = f"({plan.draw('due', 'c.g')} * 35 - 8)::int"
    return {
        "service_owner_id": "c.service_owner_id",
        "project_owner_id": f"case when {plan.draw('has owner', 'c.g')} < 0.6 then c.project_owner_id end",
        "case_handler_id": f"case when {prepared} then c.handler_id end",
        "due_on": f"case when c.status = any({values_of(OPEN)}) and c.status <> 'draft' then date '{plan.day}' + {late} end",
        "papers_published_at": "case when c.heard then c.changed_at end",
        "merged_into_id": "case when c.status = 'merged' then c.earlier_id end",
        "referred_to": "case when c.status = 'referred' then 'Servicetorget' else '' end",
        "review_on": f"case when c.status = 'on_hold' then date '{plan.day}' + 60 end",
        "version": f"least(c.steps, {LONGEST})",
    }


def write_number_series() -> None:
    """Let the next initiative and decision of each municipality follow the generated ones."""
    table = NumberSeries._meta.db_table
    for series, source, number in (
        ("initiative", "bench_case", "split_part(number, '-', 2)"),
        ("decision", "governance_decision", "split_part(number, '/', 2)"),
    ):
        year = "split_part(number, '-', 1)" if series == "initiative" else "split_part(number, '/', 1)"
        sql.run(f"""
            insert into {table} (municipality_id, series, year, last)
            select municipality_id, '{series}', {year}::int, max({number}::int) from {source} where number <> ''
            group by 1, 3 on conflict (municipality_id, series, year) do update set last = excluded.last
        """)
