"""The timeline of every deviation: three to six events, each with its context; two per corrective action."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench import history, sql
from bench.generators.deviations.ways import WAYS
from deviations.models import CorrectiveAction, Deviation

if TYPE_CHECKING:
    from bench.plan import Plan


def write_history(plan: Plan) -> None:
    steps = ", ".join(
        f"('{way}', {number}, '{step.state}', '{step.action}', '{step.by}')"
        for way, taken in WAYS.items()
        for number, step in enumerate(taken, start=1)
    )
    history.event_table("bench_deviation_event", f"""
        select c.id as row_id, step, state, action, c.municipality_id as acting_for, c.number, c.created_at as reported_at,
            c.created_at + (c.changed_at - c.created_at) * ((step - 1.0) / (c.steps - 1)) as at,
            case by when 'handler' then c.handler_id when 'reporter' then
                case when c.anonymity <> 'anonymous' then c.reporter_id end end as actor_id
        from bench_deviation c join (values {steps}) as way (way, step, state, action, by) using (way)
    """)  # fmt: skip
    was_draft, is_closed = "e.state = 'draft'", "e.state = 'closed'"
    history.write_events(
        Deviation, "bench_deviation_event", f"{plan.seed} deviation", status="e.state", status_since="e.at", version="e.step",
        reported_at=f"case when {was_draft} then null else e.reported_at end",
        number=f"case when {was_draft} then '' else e.number end",
        closed_at=f"case when {is_closed} then o.closed_at end", closing_note=f"case when {is_closed} then o.closing_note else '' end",
    )  # fmt: skip
    history.event_table(
        "bench_action_event",
        """
        select a.action_id as row_id, step, action, a.municipality_id as acting_for, a.handler_id as actor_id,
            case step when 1 then a.created_at else a.changed_at end as at
        from bench_action a, (values (1, 'propose_action'), (2, 'close_action')) as way (step, action)
        where step = 1 or a.is_done
    """,
    )
    history.write_events(
        CorrectiveAction, "bench_action_event", f"{plan.seed} action", status="case when e.step = 1 then 'accepted' else o.status end"
    )  # fmt: skip
    sql.run("drop table bench_deviation_event, bench_action_event")
