"""The hand that a player holds on an own device; cards of others that lie hidden are not loaded."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from governance.poker.playing import reads_case
from governance.poker.seats import OfRound, Seat
from governance.poker.words import points_words

if TYPE_CHECKING:
    from governance.models import PokerCard, PokerCase, PokerGame, PokerPlayer, PokerRound
    from organization.actors import PersonActor


class Hand(OfRound):
    """What one player sees on an own device."""

    def __init__(self, game: PokerGame, player: PokerPlayer, actor: PersonActor) -> None:
        self.game, self.player, self.actor = game, player, actor

    @cached_property
    def active(self) -> PokerRound | None:
        rows = self.game.rounds.active().select_related("goal__goal", "case__initiative")
        row: PokerRound | None = rows.first()
        if row is not None:
            row.game = self.game
        return row

    @cached_property
    def reads(self) -> bool:
        return self.active is None or reads_case(self.actor, self.active.case)

    @cached_property
    def own(self) -> PokerCard | None:
        """The own card of the round, played or not."""
        if self.active is None or not self.reads:
            return None
        found: PokerCard | None = self.active.cards.filter(player=self.player).first()
        return found

    @property
    def shows_case(self) -> PokerCase | None:
        """The initiative whose cards lie open before this person."""
        row = self.active
        return row.case if row is not None and row.is_revealed and self.reads else None

    @property
    def chosen(self) -> str:
        """The card that lies there already, as the form names it."""
        if self.own is None or not self.own.is_played:
            return ""
        return self.own.abstention or str(self.own.value)

    @property
    def chosen_words(self) -> str:
        """What stands on the card that lies there already."""
        if self.own is None or self.own.value is None:
            return str(self.own.get_abstention_display()) if self.own else ""
        return points_words(self.own.value)

    @cached_property
    def seats(self) -> list[Seat]:
        """Return the cards on the table when they are shown, the highest first."""
        row = self.active
        if row is None or not row.is_revealed or not self.reads:
            return []
        cards = row.cards.select_related("player__person").order_by("player__person__name_sort", "pk")
        seats = [
            Seat(card.player, card, is_dealt=True, lies=card.is_played, is_outermost=row.is_outermost(card))
            for card in cards
        ]
        return sorted(
            seats,
            key=lambda seat: -1 if seat.card is None or seat.card.value is None else seat.card.value,
            reverse=True,
        )

    @property
    def explains(self) -> bool:
        """Tell whether the own card is the lowest or the highest that is shown."""
        return (
            self.active is not None
            and self.active.is_revealed
            and self.own is not None
            and self.active.is_outermost(self.own)
        )
