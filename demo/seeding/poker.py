"""Let the demo's councils play nyttepoker: games that are finished, and one that waits for a card."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from itertools import cycle
from typing import TYPE_CHECKING, Any

from demo.content.read import read_yaml
from governance.models import Initiative, PokerGame, PokerRound
from governance.models.poker import LocksBy, standard_deck
from governance.models.poker_round import Abstention
from governance.models.status import SCORABLE
from governance.poker import playing, rounds, setup
from organization.actors import people_in_roles, person_actor
from organization.models import Goal
from organization.roles import COUNCIL_ROLES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from demo.seeding.player import Player
    from governance.models import PokerCase, PokerGoal
    from organization.actors import PersonActor

_CLOCK = "09:00"
_MINUTE = timedelta(minutes=1)
_FAR_APART = 8


def seed_poker(player: Player) -> None:
    """Play the games of the file in their order."""
    content = read_yaml("poker.yaml")
    for one in content["games"]:
        _Evening(player, one, cycle(zip(content["lowest"], content["highest"], strict=True))).play()


class _Evening:
    """One game from the invitation on; a minute passes with each thing that is done."""

    def __init__(self, player: Player, one: dict[str, Any], said: Iterator[tuple[str, str]]) -> None:
        self.one, self.said = one, said
        self.municipality = player.index.units[one["municipality"]]
        self.day = player.index.day(one["day"])
        self.by = player.actor(one["by"], self.day)
        self.at: datetime = player.index.at(one["day"], _CLOCK)

    def play(self) -> None:
        game = self._opened()
        for goal, cards in zip(game.goals.all(), self.one["weights"], strict=True):
            self._round(game, goal, None, cards)
        points = cycle(self.one["points"])
        questions = [(goal, case) for case in game.cases.all() for goal in game.goals.all()]
        if not self.one["closed"]:
            goal, case = questions[0]
            self._deal(game, goal, case, next(points)[:-1])
            return
        for goal, case in questions:
            self._round(game, goal, case, next(points))
        setup.close_game(game, by=self.by, now=self._now())

    def _now(self) -> datetime:
        self.at += _MINUTE
        return self.at

    def _opened(self) -> PokerGame:
        goals = Goal.objects.adopted_on(self.day).filter(
            strategy__municipality=self.municipality, parent=None
        )
        cases = Initiative.objects.read_in_full_by(self.by).filter(
            municipality=self.municipality, status__in=sorted(SCORABLE), shield_basis=""
        )
        values = {
            "title": self.one["title"], "deck": standard_deck(), "minimum_votes": 3, "most_rounds": 3, "locks_by": LocksBy.MEDIAN,
            "goals": list(goals.order_by("strategy", "code")[: self.one["goals"]]),
            "initiatives": list(cases.order_by("status", "pk")[: self.one["initiatives"]]),
        }  # fmt: skip
        game = setup.create_game(self.municipality, values, by=self.by, now=self._now())
        council = people_in_roles(COUNCIL_ROLES, municipality_id=self.municipality.pk, day=self.day)
        setup.invite(game, council[: len(self.one["weights"][0])], by=self.by, now=self._now())
        game = setup.open_game(game, by=self.by, now=self._now())
        for seat in game.players.select_related("person").order_by("pk"):
            playing.join(game, by=self._actor(seat), now=self._now())
        return game

    def _actor(self, seat: Any) -> PersonActor:
        return person_actor(seat.person, day=self.day)

    def _deal(self, game: PokerGame, goal: PokerGoal, case: PokerCase | None, cards: list[Any]) -> PokerRound:
        """Open a round, and let as many play as there are cards."""
        row = rounds.open_round(game, goal=goal, case=case, by=self.by, now=self._now())
        for seat, card in zip(game.players.select_related("person").order_by("pk"), cards, strict=False):
            abstains = card in Abstention.values
            playing.play_card(
                game, round_id=row.pk, value=None if abstains else Decimal(card), abstention=card if abstains else "",
                by=self._actor(seat), now=self._now(),
            )  # fmt: skip
        return row

    def _round(self, game: PokerGame, goal: PokerGoal, case: PokerCase | None, cards: list[Any]) -> None:
        row = self._deal(game, goal, case, cards)
        row = rounds.reveal(game, round_id=row.pk, by=self.by, now=self._now())
        if row.spread >= _FAR_APART:
            shown = row.cards.filter(value__isnull=False).order_by("value", "pk")
            for card, text in zip((shown.first(), shown.last()), next(self.said), strict=True):
                if card is not None:
                    playing.explain(game, card_id=card.pk, text=text, by=self.by, now=self._now())
        rounds.lock_round(game, round_id=row.pk, by=self.by, now=self._now())
