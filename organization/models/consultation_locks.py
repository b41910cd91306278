"""What keeps a consultation as it was when it closed: triggers that refuse every later write, also by raw SQL.

Only forgetting passes them: it puts ``[fjernet]`` instead of the words, and changes nothing else.
"""

from __future__ import annotations

from typing import Any

import pgtrigger

_FORGETTING = """
    if tg_op = 'UPDATE' and (new.text = '[fjernet]' or new.text = '' and old.text = '')
        and to_jsonb(new) - 'text' - 'changed_at' = to_jsonb(old) - 'text' - 'changed_at' then
        return new;
    end if;
"""

_WHILE_OPEN = """
    if tg_op = 'DELETE' then
        raise exception 'A comment is withdrawn by whoever wrote it, and never deleted.';
    end if;
    if tg_op = 'UPDATE' and (new.point_id, new.author_id) is distinct from (old.point_id, old.author_id) then
        raise exception 'A comment stays where it was written, and with whoever wrote it.';
    end if;
    select one.status, one.opens_on, one.closes_on into hearing
        from organization_consultation one join organization_consultationpoint point on point.consultation_id = one.id
        where point.id = new.point_id for share of one;
    if hearing.status is distinct from 'open'
        or (new.changed_at at time zone 'Europe/Oslo')::date not between hearing.opens_on and hearing.closes_on then
        raise exception 'The consultation is not open for comments.';
    end if;
    return new;
"""

_UNTIL_ANSWERED = """
    if tg_op = 'DELETE' or (tg_op = 'UPDATE' and new.comment_id <> old.comment_id) then
        raise exception 'An answer can be given other words, and stays with its comment.';
    end if;
    select one.status into hearing
        from organization_consultation one join organization_consultationpoint point on point.consultation_id = one.id
        join organization_consultationcomment comment on comment.point_id = point.id
        where comment.id = new.comment_id for share of one;
    if hearing.status is distinct from 'closed' then
        raise exception 'Comments are answered when the consultation has closed, until the answers are sent.';
    end if;
    return new;
"""


# A goal that is deleted from the draft leaves its point without one; a closed round that is extended gets the goals
# that came meanwhile, as long as nothing is answered.
_AS_HEARD = """
    if tg_op = 'DELETE' then
        raise exception 'What was heard is never deleted.';
    end if;
    if tg_op = 'UPDATE' then
        if new.goal_id is null and to_jsonb(new) - 'goal_id' = to_jsonb(old) - 'goal_id' then
            return new;
        end if;
        if new.title in (old.title, '[fjernet]') and new.indicator in (old.indicator, '[fjernet]', '')
            and to_jsonb(new) - array['title', 'indicator', 'changed_at']
                = to_jsonb(old) - array['title', 'indicator', 'changed_at'] then
            return new;
        end if;
        raise exception 'What was heard stays in the words that were heard.';
    end if;
    select one.status into hearing from organization_consultation one where one.id = new.consultation_id for share;
    if hearing.status in ('planned', 'open') then
        return new;
    end if;
    if hearing.status = 'closed' and not exists (
        select from organization_consultationanswer answer
            join organization_consultationcomment comment on comment.id = answer.comment_id
            join organization_consultationpoint point on point.id = comment.point_id
            where point.consultation_id = new.consultation_id
    ) then
        return new;
    end if;
    raise exception 'The consultation is over: nothing more is heard in it.';
"""


def kept_as_heard() -> pgtrigger.Trigger:
    """Let what is heard come in until the comments are answered, and keep its words from then on."""
    return _trigger("kept_as_heard", _AS_HEARD)


def written_while_open() -> pgtrigger.Trigger:
    """Let comments be written from the first day to the last, by Norwegian time, and only then."""
    return _lock("written_while_open", _WHILE_OPEN)


def answered_when_closed() -> pgtrigger.Trigger:
    """Let answers be written from when the consultation has closed until they are sent."""
    return _lock("answered_when_closed", _UNTIL_ANSWERED)


def _lock(name: str, func: str) -> Any:
    return _trigger(name, _FORGETTING + func)


def _trigger(name: str, func: str) -> Any:
    writes = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=writes,
        func=func,
        declare=[("hearing", "record")],
    )
