"""Games of nyttepoker in the states that tests need, made as people make them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils import timezone

from governance.models.poker import LocksBy, standard_deck
from governance.poker import playing, rounds, setup
from organization.models import Goal
from organization.roles import Role
from tests import stories

if TYPE_CHECKING:
    from governance.models import Initiative, PokerCase, PokerGame, PokerGoal, PokerRound
    from tests.world import Place

HOST = Role.SECRETARIAT
PLAYERS = (Role.COUNCIL_LEADER, Role.COUNCIL_DEPUTY, Role.COUNCIL_MEMBER, Role.COUNCIL_SUBSTITUTE)
"""Who sits at the table, in the order of the points that ``play`` is given."""


def goals(place: Place, count: int = 2) -> list[Goal]:
    """Return the goal of the place, and others of the same strategy."""
    first = place.goal
    rest = [
        Goal.objects.get_or_create(
            strategy=first.strategy, code=str(at),
            defaults={"unit": first.unit, "title": f"Mål nummer {at}", "changed_at": timezone.now()},
        )[0]
        for at in range(2, count + 1)
    ]  # fmt: skip
    return [first, *rest]


def draft(place: Place, *initiatives: Initiative, players: tuple[Role, ...] = PLAYERS, goal_count: int = 2, **values) -> PokerGame:  # fmt: skip
    by, now = place.actor(HOST), timezone.now()
    given = {
        "title": "Nyttepoker om vårens saker", "deck": standard_deck(), "minimum_votes": 3, "most_rounds": 3,
        "locks_by": LocksBy.MEDIAN, "goals": goals(place, goal_count),
        "initiatives": initiatives or [stories.ready_for_council(place)], **values,
    }  # fmt: skip
    game = setup.create_game(place.municipality, given, by=by, now=now)
    setup.invite(game, [place.person(role) for role in players], by=by, now=now)
    return game


def opened(place: Place, *initiatives: Initiative, joined: bool = True, **values) -> PokerGame:
    game = draft(place, *initiatives, **values)
    game = setup.open_game(game, by=place.actor(HOST), now=timezone.now())
    if joined:
        for player in game.players.select_related("person"):
            role = player.person.username.split(".")[0]
            playing.join(game, by=place.actor(role), now=timezone.now())
    return game


def begin(
    game: PokerGame, place: Place, goal: PokerGoal | None = None, case: PokerCase | None = None
) -> PokerRound:
    """Open a round: about the first goal unless it is told."""
    return rounds.open_round(
        game, goal=goal or game.goals.first(), case=case, by=place.actor(HOST), now=timezone.now()
    )


def card(game: PokerGame, place: Place, row: PokerRound, role: Role, value: str) -> None:
    """Play a card by what stands on it: a number, ``unsure`` or ``pause``."""
    abstains = value in {"unsure", "pause"}
    playing.play_card(
        game, round_id=row.pk, value=None if abstains else Decimal(value), abstention=value if abstains else "",
        by=place.actor(role), now=timezone.now(),
    )  # fmt: skip


def shown(game: PokerGame, place: Place, *values: str, goal=None, case=None) -> PokerRound:
    """Play a round, a card for each player in order, and show the cards."""
    row = begin(game, place, goal, case)
    for role, value in zip(PLAYERS, values, strict=False):
        card(game, place, row, role, value)
    return rounds.reveal(game, round_id=row.pk, by=place.actor(HOST), now=timezone.now())


def played(game: PokerGame, place: Place, *values: str, goal=None, case=None) -> PokerRound:
    """Play a round and lock it."""
    row = shown(game, place, *values, goal=goal, case=case)
    return rounds.lock_round(game, round_id=row.pk, by=place.actor(HOST), now=timezone.now())


def closed(place: Place, *initiatives: Initiative, weights=("20", "5"), points=(("8", "13", "13", "40"), ("2", "3", "5", "unsure"))) -> PokerGame:  # fmt: skip
    """Return a finished game: each goal is given its weight by all, and each initiative the same points."""
    game = opened(place, *initiatives)
    for goal, weight in zip(game.goals.all(), weights, strict=True):
        played(game, place, *[weight] * 4, goal=goal)
    for case in game.cases.all():
        for goal, given in zip(game.goals.all(), points, strict=True):
            played(game, place, *given, goal=goal, case=case)
    return setup.close_game(game, by=place.actor(HOST), now=timezone.now() + timedelta(seconds=1))
