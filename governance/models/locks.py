"""What keeps approved minutes as they are: triggers that refuse every later change, also by raw SQL.

Only forgetting (``governance.retention``) passes them.
"""

from __future__ import annotations

from typing import Any

import pgtrigger

LOCKED = "locked_with_minutes"
FINISHED = "finished_follow_up"

_FINISHED = """
    if old.status in ('done', 'lapsed') and new.status = old.status then
        raise exception 'The follow-up is finished: it is opened anew before anything in it is changed.';
    end if;
    return new;
"""

_FUNC = """
    if tg_op = 'DELETE' then
        touched := old;
    else
        touched := new;
    end if;
    select meeting.status into the_status from governance_meeting meeting where meeting.id = ({meeting});
    if the_status = 'minutes_approved' then
        raise exception 'The minutes are approved and locked: later corrections are addenda.';
    end if;
    return touched;
"""

OF_MEETING = "touched.meeting_id"
OF_ITEM = "select item.meeting_id from governance_agendaitem item where item.id = touched.item_id"
OF_VOTING = """
    select item.meeting_id from governance_agendaitem item join governance_voting voting on voting.item_id = item.id
    where voting.id = touched.voting_id
"""
OF_DECISION = "select item.meeting_id from governance_agendaitem item where item.id = touched.agenda_item_id"

_WAS_THERE = """
    if new.status <> 'minutes_approved' and old.status <> 'minutes_approved' then
        return new;
    end if;
    if old.status = 'minutes_approved' then
        raise exception 'The minutes are approved and locked: later corrections are addenda.';
    end if;
    if not exists (
        select from governance_attendance one
        where one.meeting_id = new.id and one.person_id = new.approved_by_id and (
            one.presence = 'present' or new.opening_roll -> 'present' ? one.id::text or exists (
                select from governance_decision decision join governance_agendaitem item on item.id = decision.agenda_item_id
                where item.meeting_id = new.id and decision.roll @> to_jsonb(one.id)
            )
        )
    ) then
        raise exception 'The minutes are approved by somebody who was there.';
    end if;
    return new;
"""


def locked(table: str, meeting: str, *, operation: Any = None, condition: Any = None) -> pgtrigger.Trigger:
    """Refuse writes to rows of ``table`` whose minutes are approved; ``meeting`` is SQL that finds the meeting of a row."""
    writes = operation or (pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete)
    return pgtrigger.Trigger(
        name=LOCKED, when=pgtrigger.Before, operation=writes, condition=condition, func=_FUNC.replace("{meeting}", meeting),
        declare=[("touched", f"{table}%ROWTYPE"), ("the_status", "text")],
    )  # fmt: skip


def finished_follow_up(*columns: str) -> pgtrigger.Trigger:
    """Refuse changes of a follow-up that is done or has lapsed, until a step opens it anew."""
    return pgtrigger.Trigger(
        name=FINISHED, when=pgtrigger.Before, operation=pgtrigger.Update, func=_FINISHED, condition=pgtrigger.AnyChange(*columns)
    )  # fmt: skip


def locked_meeting(*columns: str) -> pgtrigger.Trigger:
    """Refuse changes of a meeting whose minutes are approved, and approval by somebody who was not there."""
    return pgtrigger.Trigger(
        name=LOCKED, when=pgtrigger.Before, operation=pgtrigger.Update, func=_WAS_THERE, condition=pgtrigger.AnyChange(*columns)
    )  # fmt: skip
