"""What the database refuses in nyttepoker: the last word where a page or an operation was wrong, also for raw SQL.

Only forgetting (``governance.retention``) passes the rule of cards, for the explanations.
"""

from __future__ import annotations

import pgtrigger

CARDS = "poker_card_hidden"
STEPS = [
    ("open", "revealed"),
    ("open", "broken"),
    ("revealed", "locked"),
    ("revealed", "replayed"),
    ("revealed", "broken"),
]

_DRAFTED = """
    if tg_op = 'DELETE' then
        touched := old;
    else
        touched := new;
    end if;
    if exists (select from governance_pokergame game where game.id = touched.game_id and game.opened_at is not null) then
        raise exception 'The game is opened: what it is about stands.';
    end if;
    return touched;
"""


def drafted(name: str) -> pgtrigger.Trigger:
    """Return a trigger that refuses to change what a game is about once it is opened."""
    writes = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete
    return pgtrigger.Trigger(
        name=name, when=pgtrigger.Before, operation=writes, func=_DRAFTED, declare=[("touched", "record")]
    )


_OPENED = """
    if new.status <> 'open' then
        raise exception 'A round begins with hidden cards.';
    end if;
    if not exists (
        select from governance_pokergame game join governance_pokergoal goal on goal.game_id = game.id
        where game.id = new.game_id and goal.id = new.goal_id and game.opened_at is not null and game.closed_at is null
            and new.number <= game.most_rounds
            and (new.case_id is null or exists (
                select from governance_pokercase one where one.id = new.case_id and one.game_id = game.id
            ))
    ) then
        raise exception 'The game is not open, or the round is not of it.';
    end if;
    if new.case_id is not null and exists (
        select from governance_pokergoal goal where goal.game_id = new.game_id and not exists (
            select from governance_pokerround weighed
            where weighed.goal_id = goal.id and weighed.case_id is null and weighed.status = 'locked'
        )
    ) then
        raise exception 'The goals are weighed before the initiatives.';
    end if;
    return new;
"""

_COUNTED = """
    if old.ended_at is not null then
        raise exception 'The round is over: what it gave stands.';
    end if;
    if (new.game_id, new.goal_id, new.case_id, new.number) is distinct from (old.game_id, old.goal_id, old.case_id, old.number) then
        raise exception 'A round keeps its question.';
    end if;
    if new.status not in ('revealed', 'locked') then
        return new;
    end if;
    select count(value) as votes, count(*) filter (where abstention <> '') as abstained, min(value) as lowest, max(value) as highest,
        percentile_cont(0.5) within group (order by value) as median, avg(value) as mean
    into shown from governance_pokercard where round_id = new.id;
    if (new.votes, new.abstained, new.lowest, new.highest)
        is distinct from (shown.votes, shown.abstained, shown.lowest, shown.highest) then
        raise exception 'The round does not tell what its cards show.';
    end if;
    if new.status = 'locked' then
        select * into the_game from governance_pokergame where id = new.game_id;
        if shown.votes < the_game.minimum_votes then
            raise exception 'The round has % votes of % that are needed.', shown.votes, the_game.minimum_votes;
        end if;
        if new.value <> round((case the_game.locks_by when 'mean' then shown.mean else shown.median::numeric end), 2) then
            raise exception 'The round gives something else than its cards do.';
        end if;
    end if;
    return new;
"""

ROUND = (
    pgtrigger.Trigger(name="poker_round_opened", when=pgtrigger.Before, operation=pgtrigger.Insert, func=_OPENED),
    pgtrigger.Trigger(
        name="poker_round_counted", when=pgtrigger.Before, operation=pgtrigger.Update, func=_COUNTED,
        declare=[("shown", "record"), ("the_game", "governance_pokergame%ROWTYPE")],
    ),
    pgtrigger.Protect(name="poker_round_stands", operation=pgtrigger.Delete),
)  # fmt: skip

_CARD = """
    if tg_op = 'DELETE' then
        touched := old;
    else
        touched := new;
    end if;
    select one.status, one.lowest, one.highest, game.deck, game.id as game_id into played
    from governance_pokerround one join governance_pokergame game on game.id = one.game_id
    where one.id = touched.round_id for share of one;
    if tg_op = 'UPDATE' and (new.round_id, new.player_id) is distinct from (old.round_id, old.player_id) then
        raise exception 'A card stays with its player.';
    end if;
    if played.status = 'revealed' and tg_op = 'UPDATE' and (new.value, new.abstention) is not distinct from (old.value, old.abstention)
        and new.value in (played.lowest, played.highest) and played.lowest < played.highest then
        return new;
    end if;
    if played.status <> 'open' then
        raise exception 'The cards are shown: no card is played or changed.';
    end if;
    if tg_op = 'DELETE' then
        return old;
    end if;
    if new.explanation <> '' then
        raise exception 'Nobody explains a card before the cards are shown.';
    end if;
    if new.value is not null and not new.value = any (played.deck) then
        raise exception 'The card is not in the deck of the game.';
    end if;
    if not exists (
        select from governance_pokerplayer player where player.id = new.player_id and player.game_id = played.game_id
            and player.joined_at is not null
    ) then
        raise exception 'The player has not joined the game.';
    end if;
    return new;
"""

CARD = pgtrigger.Trigger(
    name=CARDS, when=pgtrigger.Before, operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete, func=_CARD,
    declare=[("touched", "governance_pokercard%ROWTYPE"), ("played", "record")],
)  # fmt: skip
