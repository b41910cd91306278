"""The timeline of every initiative: three to six events, each with its context; one event per meeting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench import history, sql
from bench.generators.governance.ways import WAYS, steps_to
from governance.models import Initiative, InitiativeGoal, Meeting

if TYPE_CHECKING:
    from bench.plan import Plan


def write_history(plan: Plan) -> None:
    steps = ", ".join(
        f"('{status.value}', {number}, '{step.state}', '{step.action}', '{step.by}')"
        for status in WAYS
        for number, step in enumerate(steps_to(status), start=1)
    )
    history.event_table("bench_event", f"""
        select c.id as row_id, step, state, action, c.municipality_id as acting_for, c.submitted_at, c.number,
            c.created_at + c.spent * ((step - 1.0) / (c.steps - 1)) as at,
            case by when 'submitter' then c.submitter_id when 'sector_leader' then c.sector_leader_id
                when 'handler' then c.handler_id end as actor_id
        from bench_case c join (values {steps}) as way (status, step, state, action, by) using (status)
    """)  # fmt: skip
    was_draft = "e.state = 'draft'"
    history.write_events(
        Initiative, "bench_event", f"{plan.seed} initiative", status="e.state", status_since="e.at", version="e.step",
        submitted_at=f"case when {was_draft} then null else e.submitted_at end",
        number=f"case when {was_draft} then '' else e.number end",
    )  # fmt: skip
    history.event_table("bench_meeting_event", """
        select m.id as row_id, 1 as step, m.starts_at - interval '30 days' as at, 'create_meeting' as action,
            m.municipality_id as acting_for, p.handlers[1] as actor_id
        from bench_meeting m join bench_place p using (municipality_id)
    """)  # fmt: skip
    history.write_events(Meeting, "bench_meeting_event", f"{plan.seed} meeting", status="'planned'")
    history.event_table("bench_goal_event", """
        select l.id as row_id, 1 as step, l.changed_at as at, 'create' as action, c.municipality_id as acting_for,
            c.submitter_id as actor_id
        from governance_initiative_goals l join bench_case c on c.id = l.initiative_id
    """)  # fmt: skip
    history.write_events(InitiativeGoal, "bench_goal_event", f"{plan.seed} goal")
    sql.run("drop table bench_event, bench_meeting_event, bench_goal_event")
