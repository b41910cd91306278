"""The project of every initiative that came into the portfolio, with its history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench import history, sql
from portfolio.checklist.standard import standard
from portfolio.checklist.state import NEXT
from portfolio.models import Checkpoint, Project

if TYPE_CHECKING:
    from bench.plan import Plan

_PHASES = {"concept": 25, "planning": 25, "execution": 40, "closing": 10}


def write_projects(plan: Plan) -> None:
    phase = sql.choose(_PHASES, plan.draw("phase", "c.g"))
    source = (
        "bench_case c join bench_place p on p.municipality_id = c.municipality_id"
        " join governance_initiative i on i.id = c.id"
        " where c.status in ('in_portfolio', 'paused', 'stopped', 'realizing', 'closed')"
    )
    with sql.without_triggers():
        sql.insert(
            Project, source, initiative_id="c.id", municipality_id="c.municipality_id", unit_id="c.unit_id",
            name="i.card_title", phase=f"case when c.status in ('realizing', 'closed') then 'realizing' else {phase} end",
            status="case c.status when 'paused' then 'paused' when 'stopped' then 'stopped' when 'closed' then 'completed'"
            " else 'active' end",
            status_since="c.changed_at", owner_id="c.project_owner_id",
            manager_id=sql.pick("p.project_managers", plan.draw("manager", "c.g")), starts_on="c.created_at::date + 90",
            ends_on="c.created_at::date + 400", created_at="c.created_at + c.spent * 0.6", changed_at="c.changed_at",
            spent_when_stopped="case when c.status = 'stopped' then 100000 end",
        )  # fmt: skip
        _checkpoints(plan)
        _history(plan)


def _checkpoints(plan: Plan) -> None:
    """Give each project the standard checklists: answered up to its phase, and half of the one that comes next."""
    asked = ", ".join(f"({', '.join(sql.literal(value) for value in row)})" for row in standard())
    coming = " ".join(f"when '{phase.value}' then '{point.value}'" for phase, point in NEXT.items())
    drawn = plan.draw("answered", "j.id * 100 + d.position")
    is_done = f"(d.point < n.point or d.point = n.point and {drawn} < 0.5)"
    sql.insert(
        Checkpoint,
        f"portfolio_project j cross join lateral (select case j.phase {coming} end as point) n"
        f" cross join (values {asked}) d (point, position, text, help, is_required)",
        project_id="j.id", point="d.point", position="d.position", text="d.text", help="d.help", is_required="d.is_required",
        answer=f"case when {is_done} then 'done' else 'open' end", answered_by_id=f"case when {is_done} then j.owner_id end",
        answered_at=f"case when {is_done} then j.changed_at end", changed_at="j.changed_at",
    )  # fmt: skip


def _history(plan: Plan) -> None:
    history.event_table("bench_project_event", """
        select j.id as row_id, step, j.municipality_id as acting_for, j.owner_id as actor_id,
            case step when 1 then 'start_project' else 'edit_project' end as action,
            case step when 1 then j.created_at when 2 then (j.created_at + (j.changed_at - j.created_at) / 2)
                else j.changed_at end as at
        from portfolio_project j, generate_series(1, 3) as step
    """)  # fmt: skip
    history.write_events(
        Project, "bench_project_event", f"{plan.seed} project", version="e.step",
        phase="case when e.step = 3 then o.phase else 'concept' end",
        status="case when e.step = 3 then o.status else 'active' end",
    )  # fmt: skip
    sql.run("drop table bench_project_event")
