"""The table that whoever leads shows on the wall.

What lies hidden is not even loaded: a page cannot show what it has not got.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from governance.models import Initiative
from governance.models.poker import LocksBy
from governance.poker import policies
from governance.poker.arithmetic import locked_value, median
from governance.poker.results import Result, result_of, weights_of
from governance.poker.rounds import too_few
from governance.poker.seats import OfRound, Question, Seat, cards_of
from governance.poker.words import points_words

if TYPE_CHECKING:
    from decimal import Decimal

    from governance.models import PokerCard, PokerCase, PokerGame, PokerGoal, PokerPlayer, PokerRound
    from organization.actors import PersonActor


class Table(OfRound):
    """A game as one person sees it; a fixed number of statements."""

    def __init__(self, game: PokerGame, actor: PersonActor) -> None:
        self.game, self.actor = game, actor
        self.may_lead = policies.may_lead_game(actor, game)

    @cached_property
    def goals(self) -> list[PokerGoal]:
        return list(self.game.goals.select_related("goal"))

    @cached_property
    def cases(self) -> list[PokerCase]:
        return list(self.game.cases.select_related("initiative"))

    @cached_property
    def readable(self) -> frozenset[int]:
        """The initiatives of the game that this person reads."""
        asked = [case.initiative_id for case in self.cases]
        read = Initiative.objects.read_in_full_by(self.actor).filter(pk__in=asked)
        return frozenset(read.values_list("pk", flat=True))

    @cached_property
    def players(self) -> list[PokerPlayer]:
        return list(self.game.players.select_related("person").order_by("person__name_sort", "pk"))

    @cached_property
    def rounds(self) -> list[PokerRound]:
        """Every round but those broken off, with what each is about."""
        goals, cases = {one.pk: one for one in self.goals}, {one.pk: one for one in self.cases}
        rows = list(self.game.rounds.exclude(status="broken").order_by("pk"))
        for row in rows:
            row.goal, row.case, row.game = goals[row.goal_id], cases.get(row.case_id), self.game
        return rows

    @cached_property
    def locked(self) -> list[PokerRound]:
        return [row for row in self.rounds if row.is_locked]

    # --- The round that goes on -------------------------------------------------------------------
    @cached_property
    def active(self) -> PokerRound | None:
        return next((row for row in self.rounds if row.is_active), None)

    @property
    def reads_active(self) -> bool:
        return (
            self.active is None or self.active.case is None or self.active.case.initiative_id in self.readable
        )

    @cached_property
    def seats(self) -> list[Seat]:
        row = self.active
        cards = {card.player_id: card for card in cards_of(row)} if row and self.reads_active else {}
        return [self._seat(player, cards.get(player.pk)) for player in self.players]

    def _seat(self, player: PokerPlayer, card: PokerCard | None) -> Seat:
        row = self.active
        if row is None or card is None:
            return Seat(player, None, is_dealt=False, lies=False, is_outermost=False)
        if row.is_open:
            return Seat(player, None, is_dealt=True, lies=getattr(card, "lies", False), is_outermost=False)
        return Seat(player, card, is_dealt=True, lies=card.is_played, is_outermost=row.is_outermost(card))

    # --- What is said of the cards that are shown ---------------------------------------------------
    @cached_property
    def _points(self) -> list[Decimal]:
        shown = [seat.card.value for seat in self.seats if seat.card is not None]
        return [value for value in shown if value is not None]

    @property
    def median_words(self) -> str:
        return points_words(median(self._points))

    @property
    def gives_words(self) -> str:
        """What the round gives when it is locked."""
        return points_words(locked_value(self._points, by_mean=self.game.locks_by == LocksBy.MEAN))

    # --- Who is there -----------------------------------------------------------------------------
    @property
    def plays(self) -> bool:
        """Tell whether this person is invited."""
        return any(player.person_id == self.actor.person_id for player in self.players)

    @property
    def deck_words(self) -> str:
        return ", ".join(points_words(points) for points in self.game.deck)

    @property
    def wide(self) -> int:
        """How many columns a row has whose points this person does not see."""
        return len(self.goals) + 2

    @property
    def dealt(self) -> int:
        return sum(1 for seat in self.seats if seat.is_dealt)

    @property
    def given(self) -> int:
        return sum(1 for seat in self.seats if seat.lies)

    @property
    def without_card(self) -> list[PokerPlayer]:
        """Those who are in the game, and get no card in this round, since they may not read what it is about."""
        if self.active is None or self.active.case_id is None:
            return []
        shown = self.active.revealed_at
        return [
            seat.player for seat in self.seats
            if not seat.is_dealt and seat.player.joined_at and (shown is None or seat.player.joined_at < shown)
        ]  # fmt: skip

    @property
    def joined(self) -> int:
        return sum(1 for player in self.players if player.joined_at is not None)

    @property
    def lacking(self) -> str:
        """Why the round that is shown is not valid, or nothing."""
        return too_few(self.game, self.active) if self.active and self.active.is_revealed else ""

    @property
    def may_replay(self) -> bool:
        return self.active is not None and self.active.number < self.game.most_rounds

    # --- What is left, and what was given ------------------------------------------------------------
    @property
    def questions(self) -> list[Question]:
        """What is not answered yet: goals until all are weighted, then each initiative goal by goal."""
        answered = {(row.goal_id, row.case_id) for row in self.locked}
        weights = [Question(goal, None) for goal in self.goals if (goal.pk, None) not in answered]
        if weights:
            return weights
        return [
            Question(goal, case) for case in self.cases if case.initiative_id in self.readable for goal in self.goals
            if (goal.pk, case.pk) not in answered
        ]  # fmt: skip

    @property
    def is_all_played(self) -> bool:
        """Tell whether nothing is left: who does not read all the initiatives cannot tell."""
        return not self.questions and all(case.initiative_id in self.readable for case in self.cases)

    @cached_property
    def weights(self) -> dict[int, Decimal] | None:
        return weights_of(self.goals, self.locked)

    @property
    def weighs_nothing(self) -> bool:
        """Tell whether every goal was given the weight 0."""
        done = {row.goal_id for row in self.locked if row.is_weight}
        return bool(self.goals) and len(done) == len(self.goals) and self.weights is None

    @property
    def weight_rows(self) -> list[tuple[PokerGoal, PokerRound | None, Decimal | None]]:
        """Return each goal with its locked round and its share of 100."""
        rows = {row.goal_id: row for row in self.locked if row.is_weight}
        return [(goal, rows.get(goal.pk), (self.weights or {}).get(goal.pk)) for goal in self.goals]

    @property
    def case_rows(self) -> list[tuple[PokerCase, bool, list[PokerRound | None], Result | None]]:
        """Return each initiative: whether this person reads it, its locked rounds goal by goal, and what it got."""
        found = []
        for case in self.cases:
            reads = case.initiative_id in self.readable
            own = {row.goal_id: row for row in self.locked if row.case_id == case.pk} if reads else {}
            result = result_of(self.game, case, self.goals, self.locked) if reads else None
            found.append((case, reads, [own.get(goal.pk) for goal in self.goals], result))
        return found
