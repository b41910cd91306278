"""Meetings of twelve cases each, with attendance, agenda and decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench import sql
from governance.models import AgendaItem, Attendance, Decision, Meeting, MunicipalDecision

if TYPE_CHECKING:
    from bench.plan import Plan

CASES = 12
_OUTCOME = """case c.status when 'rejected' then 'reject' when 'postponed' then 'postpone' when 'sent_back' then 'send_back'
    when 'on_hold' then 'hold' when 'recommended' then 'recommend' else 'prioritize' end"""


def write_meetings(plan: Plan) -> None:
    _agenda_table(plan)
    _meetings()
    _items()
    _decisions()
    _municipal_decisions(plan)


def _agenda_table(plan: Plan) -> None:
    """Make ``bench_item`` and ``bench_meeting``: cases in the order they were decided, twelve to a meeting."""
    sql.run(f"""
        create temporary table bench_item on commit drop as
        select id as case_id, municipality_id, coming, at, {sql.after_last(AgendaItem)} + row_number() over (order by at, id) as id,
            (place - 1) / {CASES} as batch, (place - 1) % {CASES} + 1 as position
        from (select id, municipality_id, status = 'on_agenda' as coming, changed_at as at,
                row_number() over (partition by municipality_id, status = 'on_agenda' order by changed_at, id) as place
            from bench_case where heard) placed
    """)
    sql.run(f"""
        create temporary table bench_meeting on commit drop as
        select municipality_id, batch, coming, starts_at,
            {sql.after_last(Meeting)} + row_number() over (order by starts_at, municipality_id) as id,
            row_number() over (partition by municipality_id, extract(year from starts_at) order by starts_at, batch)
                || '/' || to_char(starts_at, 'YY') as number
        from (select municipality_id, batch, coming,
                case when coming then {plan.noon} + (10 + 14 * batch) * interval '1 day' else max(at) end as starts_at
            from bench_item group by 1, 2, 3) dated
    """)


def _meetings() -> None:
    held = "case when not m.coming then m.starts_at end"
    summoned = "not m.coming or m.batch = 0"
    sql.insert(
        Meeting, "bench_meeting m join bench_place p on p.municipality_id = m.municipality_id",
        id="m.id", municipality_id="m.municipality_id", mandate_id="p.mandate_id", number="m.number",
        starts_at="m.starts_at", place="'Kommunestyresalen'", status_since="m.starts_at - interval '20 days'",
        status="case when not m.coming then 'minutes_approved' when m.batch = 0 then 'summoned' else 'planned' end",
        summoned_at=f"case when {summoned} then m.starts_at - interval '7 days' end", opened_at=held, concluded_at=held,
        approved_at=held, approved_by_id="case when not m.coming then p.council[1] end", chair_id="p.council[1]",
        changed_at="m.starts_at - interval '20 days'",
    )  # fmt: skip
    sql.insert(
        Attendance,
        "bench_meeting m join bench_place p on p.municipality_id = m.municipality_id,"
        " unnest(p.council) with ordinality as seat (person_id, place)",
        meeting_id="m.id", person_id="seat.person_id", changed_at="m.starts_at",
        seat="case seat.place when 1 then 'leader' when 2 then 'deputy' else 'member' end",
        presence="case when m.coming then 'expected' else 'present' end",
    )  # fmt: skip


def _items() -> None:
    sql.insert(
        AgendaItem,
        "bench_item i join bench_meeting m using (municipality_id, batch, coming)"
        " join governance_initiative n on n.id = i.case_id",
        id="i.id", meeting_id="m.id", initiative_id="i.case_id", position="i.position", title="n.card_title",
        case_number="'DR ' || i.id", recommendation="case when not i.coming then '1. Tiltaket prioriteres.' else '' end",
        changed_at="i.at",
    )  # fmt: skip


def _decisions() -> None:
    """Write a line of the log for each case decided, numbered per municipality and year."""
    year = "extract(year from i.at)"
    number = (
        f"{year} || '/' || row_number() over (partition by c.municipality_id, {year} order by i.at, i.id)"
    )
    sql.insert(
        Decision, "bench_item i join bench_case c on c.id = i.case_id where not i.coming",
        municipality_id="c.municipality_id", number=number, initiative_id="c.id", agenda_item_id="i.id",
        body="case when c.is_region then 'region' else 'council' end", outcome=_OUTCOME,
        text="'Rådet vedtar som innstilt.'", decided_at="i.at", changed_at="i.at", registered_by_id="c.handler_id",
        present="7", seats="7",
    )  # fmt: skip


def _municipal_decisions(plan: Plan) -> None:
    """Let each municipality decide on its share of what was recommended; of what was adopted it has."""
    pending = "c.status in ('recommended', 'prioritized')"
    sql.insert(
        MunicipalDecision,
        "bench_case c join bench_place p on p.municipality_id = c.municipality_id,"
        " unnest(case when c.is_region then p.members else array[c.municipality_id] end) as decider"
        " join bench_place d on d.municipality_id = decider"
        f" where {pending} or (c.heard and c.status in ('adopted', 'in_portfolio', 'realizing') and c.is_region)",
        initiative_id="c.id", municipality_id="decider", changed_at="c.changed_at",
        verdict=f"case when {pending} then 'pending' else 'approved' end", due_on=f"date '{plan.day}' + 14",
        decided_at=f"case when not {pending} then c.changed_at end",
        decided_by_id=f"case when not {pending} then d.directors[1] end",
    )  # fmt: skip
