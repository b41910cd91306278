"""What is written about a project while it goes on: a status report a month, its money, its risks, and its benefits' history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench import history, sql, words
from benefits.models import Benefit, Indicator, Measurement
from portfolio.models import Area, BudgetLine, ProjectRisk, StatusReport

if TYPE_CHECKING:
    from bench.plan import Plan
    from core.history import Tracked

RISKS = 4
_HEALTH = {"good": 70, "watch": 20, "bad": 6, "unknown": 4}
_TREND = {"same": 60, "better": 20, "worse": 20}
_END = "case when j.status in ('active', 'paused') then {noon} else j.changed_at end"


def follow(plan: Plan) -> None:
    with sql.without_triggers():
        _reports(plan)
        _money(plan)
        _risks(plan)
        _benefits(plan)


def _reports(plan: Plan) -> None:
    """A published report on each of the project's months."""
    areas = {}
    for area in Area:
        drawn = plan.draw(f"{area.value} of report", "j.id * 200 + n")
        areas[area.value] = sql.choose(_HEALTH, drawn)
        areas[f"{area.value}_trend"] = sql.choose(_TREND, plan.draw(f"{area.value} trend", "j.id * 200 + n"))
    day = "j.created_at + n * interval '1 month'"
    sql.insert(
        StatusReport,
        f"portfolio_project j, lateral generate_series(1, {plan.years * 12}) as n where {day} < {_end(plan)}",
        project_id="j.id", status="'published'", day=f"({day})::date", ends_on="j.ends_on", forecast_ends_on="j.ends_on + 60",
        summary=sql.word_of(words.SENTENCES, plan.draw("report summary", "j.id * 200 + n")), budget="500000",
        spent="1000 * n", forecast="520000", author_id="j.manager_id", published_by_id="j.manager_id", published_at=day,
        created_at=day, changed_at=day, **areas,
    )  # fmt: skip


def _money(plan: Plan) -> None:
    """A line for each year, which is brought up to date each quarter of it."""
    amount = f"round(({plan.draw('budget', 'j.id * 40 + y')} * 900000)::numeric, -3)"
    last = f"extract(year from {_end(plan)})::int"
    sql.insert(
        BudgetLine, f"portfolio_project j, lateral generate_series(extract(year from j.created_at)::int, {last}) as y",
        project_id="j.id", year="y", source="'adopted'", budget=amount, committed=f"{amount} * 0.5", spent=f"{amount} * 0.8",
        forecast=f"{amount} * 1.05", changed_at="j.changed_at",
    )  # fmt: skip
    history.event_table("bench_money_event", f"""
        select b.id as row_id, step, j.municipality_id as acting_for, j.manager_id as actor_id, 'edit_budget_line' as action,
            greatest(make_date(b.year, 1, 1) + (step - 1) * interval '90 days', j.created_at) as at
        from portfolio_budgetline b join portfolio_project j on j.id = b.project_id, generate_series(1, 5) as step
        where make_date(b.year, 1, 1) + (step - 1) * interval '90 days' < {plan.noon}
    """)  # fmt: skip
    history.write_events(
        BudgetLine, "bench_money_event", f"{plan.seed} money", spent="o.spent * (e.step - 1) / 4"
    )


def _risks(plan: Plan) -> None:
    """Some risks and an opportunity of each project; what is past is handled."""
    row = f"j.id * {RISKS} + n"
    sql.insert(
        ProjectRisk, f"portfolio_project j, generate_series(1, {RISKS}) as n", project_id="j.id",
        kind=f"case when n = {RISKS} then 'opportunity' else 'risk' end",
        title=sql.word_of(words.SENTENCES, plan.draw("risk", row)), probability=f"1 + floor({plan.draw('probability', row)} * 5)::int",
        impact=f"1 + floor({plan.draw('impact', row)} * 5)::int", measure="'Følges opp i møtene'", probability_after="1", impact_after="2",
        owner_id="j.manager_id", created_at="j.created_at",
        status="case when j.status in ('active', 'paused') and n <> 2 then 'open' else 'handled' end", changed_at="j.changed_at",
    )  # fmt: skip
    _events(
        ProjectRisk,
        plan,
        "select r.id, j.municipality_id, j.manager_id, r.created_at, r.changed_at from portfolio_projectrisk r"
        " join portfolio_project j on j.id = r.project_id",
        status="case when e.step = 3 then o.status else 'open' end",
    )


def _benefits(plan: Plan) -> None:
    """The history of the benefits of what became a project; a measurement is made on the day it is due."""
    source = (
        "from benefits_benefit b join portfolio_project j on j.initiative_id = b.initiative_id"
        " join benefits_indicator i on i.benefit_id = b.id"
    )
    told = "j.municipality_id, b.service_owner_id, b.created_at, greatest(b.changed_at, b.created_at)"
    _events(Benefit, plan, f"select b.id, {told} {source}")
    _events(Indicator, plan, f"select i.id, {told} {source}")
    history.event_table("bench_point_event", f"""
        select m.id as row_id, step, j.municipality_id as acting_for, b.service_owner_id as actor_id, 'measure' as action,
            case step when 1 then b.created_at else m.measured_on + interval '10 hours' end as at
        {source} join benefits_measurement m on m.indicator_id = i.id, generate_series(1, 2) as step
        where step = 1 or m.measured_on is not null
    """)  # fmt: skip
    history.write_events(
        Measurement, "bench_point_event", f"{plan.seed} point", value="case when e.step = 2 then o.value end"
    )


def _events(model: type[Tracked], plan: Plan, rows: str, **columns: str) -> None:
    """Write three events of each row: its beginning, its middle and as it is.

    :param rows: selects id, municipality, person, and the first and last moment.
    """
    table = f"bench_{model._meta.model_name}_event"
    history.event_table(table, f"""
        select row_id, step, acting_for, actor_id, 'edit' as action, begun + (ended - begun) * (step - 1) / 2 as at
        from ({rows}) as told (row_id, acting_for, actor_id, begun, ended), generate_series(1, 3) as step
    """)  # fmt: skip
    history.write_events(model, table, f"{plan.seed} {model._meta.model_name}", **columns)


def _end(plan: Plan) -> str:
    return _END.format(noon=plan.noon)
