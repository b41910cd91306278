"""Who may decide what, as the database reckons it: the last word where a page or an operation was wrong.

The same rules stand in ``governance.delegation`` for people; a test holds them together.  Rows are
looked at when a decision is written and when an initiative becomes adopted, never when older cases
come in as they are.
"""

from __future__ import annotations

import pgtrigger

_INVESTED = """
    (select coalesce(sum(line.amount), 0) from governance_costline line where line.initiative_id = {initiative})
"""

# What the decision takes upon itself: a council's own has an amount, one that is passed on has none.
_WITHIN = """
    if new.outcome <> 'prioritize' or new.initiative_id is null or new.body not in ('secretariat', 'council', 'region') then
        return new;
    end if;
    if new.body <> 'secretariat' and new.amount is null then
        return new;
    end if;
    if tg_op = 'UPDATE' and (new.amount, new.outcome, new.body, new.decided_at, new.municipality_id, new.initiative_id)
        is not distinct from (old.amount, old.outcome, old.body, old.decided_at, old.municipality_id, old.initiative_id)
    then
        return new;
    end if;
    the_day := (new.decided_at at time zone 'Europe/Oslo')::date;
    select row.* into given
    from governance_delegation row join governance_councilmandate mandate on mandate.id = row.mandate_id
    where mandate.municipality_id = new.municipality_id and mandate.valid_from <= the_day
        and (mandate.valid_to is null or mandate.valid_to > the_day)
        and row.organ = case new.body when 'secretariat' then 'secretariat' else 'council' end
    order by mandate.valid_from desc, mandate.id desc limit 1;
    if given.id is null then
        raise exception 'No delegation is in force on %.', the_day;
    end if;
    select * into the_case from governance_initiative where id = new.initiative_id;
    select counted_years into years from governance_councilmandate where id = given.mandate_id;
    whole := {invested} + coalesce(the_case.operation_per_year, 0) * years;
    if new.amount is null or new.amount < whole then
        raise exception 'The whole life of a measure counts: % of %.', new.amount, whole;
    end if;
    if the_case.financing = 'budget_application' then
        raise exception 'What needs budget is decided after the council.';
    end if;
    if the_case.is_principle and not given.decides_principle then
        raise exception 'A matter of principle is outside the delegation.';
    end if;
    if the_case.category <> all(given.categories) then
        raise exception 'The category is outside the delegation.';
    end if;
    if coalesce(the_case.operation_per_year, 0) > given.operation_limit then
        raise exception 'The operation is over the limit of the delegation.';
    end if;
    if new.amount > given.amount then
        raise exception 'The amount is over the limit of the delegation: % of %.', new.amount, given.amount;
    end if;
    if given.yearly_frame is not null then
        -- Two at once wait for each other here, and the second counts what the first has taken.
        perform from organization_unit where id = new.municipality_id for no key update;
        select coalesce(sum(amount), 0) into used from governance_decision
        where municipality_id = new.municipality_id and body = new.body and outcome = 'prioritize' and id <> new.id
            and decided_at >= date_trunc('year', the_day::timestamp) at time zone 'Europe/Oslo'
            and decided_at < (date_trunc('year', the_day::timestamp) + interval '1 year') at time zone 'Europe/Oslo';
        if used + new.amount > given.yearly_frame then
            raise exception 'The frame of the year is overdrawn: % and % of %.', used, new.amount, given.yearly_frame;
        end if;
    end if;
    return new;
"""

_ADOPTED = """
    invested := {invested};
    if invested + coalesce(new.operation_per_year, 0) = 0 and new.financing <> 'budget_application' then
        return new;
    end if;
    if new.financing <> 'budget_application' and exists (
        select from governance_decision own
        where own.initiative_id = new.id and own.outcome = 'prioritize' and own.amount >= invested
            and (own.body = 'secretariat' or (own.body in ('council', 'region') and own.agenda_item_id is not null))
    ) then
        return new;
    end if;
    if exists (
        select from governance_decision last
        where last.initiative_id = new.id and last.outcome = 'prioritize'
            and last.body in ('kommunedirektor', 'formannskap', 'kommunestyre')
            and exists (
                select from governance_decision council
                where council.initiative_id = new.id and council.agenda_item_id is not null
                    and council.body in ('council', 'region') and council.outcome in ('prioritize', 'recommend')
                    and council.decided_at <= last.decided_at
            )
    ) then
        return new;
    end if;
    raise exception 'Money is adopted within a delegation, or after the council, and by no third way.';
"""


def _reading(func: str, initiative: str) -> str:
    return func.replace("{invested}", _INVESTED.replace("{initiative}", initiative))


def within_delegation() -> pgtrigger.Trigger:
    """Refuse a decision that secretariat or council takes by itself outside what the matrix of that day gives it."""
    return pgtrigger.Trigger(
        name="within_delegation", when=pgtrigger.Before, operation=pgtrigger.Insert | pgtrigger.Update, func=_reading(_WITHIN, "new.initiative_id"),
        declare=[
            ("the_day", "date"), ("given", "governance_delegation%ROWTYPE"), ("the_case", "governance_initiative%ROWTYPE"),
            ("years", "integer"), ("whole", "numeric"), ("used", "numeric"),
        ],
    )  # fmt: skip


def adopted_on_authority() -> pgtrigger.Trigger:
    """Refuse that an initiative with money becomes adopted without the decision it takes."""
    return pgtrigger.Trigger(
        name="adopted_on_authority", when=pgtrigger.Before, operation=pgtrigger.Update, func=_reading(_ADOPTED, "new.id"),
        condition=pgtrigger.Q(old__status__df=pgtrigger.F("new__status"), new__status="adopted"),
        declare=[("invested", "numeric")],
    )  # fmt: skip
