"""Who votes in a case, as the database reckons it: the last word where a page or an operation was wrong.

The same rule stands in ``governance.council.cases`` for people; a test holds them together.
"""

VOTERS = """
    select one.id from governance_attendance one
    where one.meeting_id = the_meeting and one.gone_at is null and one.presence = 'present'
        and (
            one.seat in ('leader', 'deputy', 'member')
            or (one.seat = 'substitute' and one.substitute_for_id is not null)
            or exists (
                select from governance_impartiality aside
                where aside.item_id = the_item and aside.substitute_id = one.id and aside.is_disqualified
            )
        )
        and not exists (
            select from governance_impartiality own
            where own.item_id = the_item and own.attendance_id = one.id and own.is_disqualified
        )
"""
"""The attendances that vote in ``the_item`` of ``the_meeting``, two variables of the trigger."""

DECISION = """
    if new.agenda_item_id is null then
        return new;
    end if;
    select item.id, meeting.id, meeting.status, mandate.quorum_numerator, mandate.quorum_denominator
    into the_item, the_meeting, the_status, part, whole
    from governance_agendaitem item join governance_meeting meeting on meeting.id = item.meeting_id
        join governance_councilmandate mandate on mandate.id = meeting.mandate_id
    where item.id = new.agenda_item_id;
    if the_status <> 'in_session' then
        raise exception 'The meeting is not in session: its cases cannot be decided.';
    end if;
    select count(*) into seats from governance_attendance
    where meeting_id = the_meeting and gone_at is null and seat in ('leader', 'deputy', 'member');
    select count(*) into voters from ({VOTERS}) as voting;
    if voters = 0 or seats = 0 or voters * whole < seats * part then
        raise exception 'The council is below its quorum in the case: % of %.', voters, seats;
    end if;
    if exists (select from governance_impartiality where item_id = the_item and is_disqualified is null) then
        raise exception 'Somebody is in doubt of their impartiality: the council decides on that first.';
    end if;
    if exists (
        select from governance_impartiality
        where item_id = the_item and is_disqualified and new.roll @> to_jsonb(attendance_id)
    ) then
        raise exception 'Somebody who is disqualified stands among those who voted.';
    end if;
    if coalesce(new.votes_for, 0) + coalesce(new.votes_against, 0) + coalesce(new.votes_blank, 0)
        > jsonb_array_length(coalesce(new.roll, '[]'::jsonb)) then
        raise exception 'There are more votes than people who voted.';
    end if;
    return new;
""".replace("{VOTERS}", VOTERS)

BALLOT = """
    select voting.item_id, item.meeting_id into the_item, the_meeting
    from governance_voting voting join governance_agendaitem item on item.id = voting.item_id
    where voting.id = new.voting_id and voting.closed_at is null;
    if the_item is null then
        raise exception 'The voting is over.';
    end if;
    if new.attendance_id not in ({VOTERS}) then
        raise exception 'Who is disqualified, has left or has no seat does not vote in the case.';
    end if;
    return new;
""".replace("{VOTERS}", VOTERS)
