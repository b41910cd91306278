"""What a round asks, and the seats around the table: what the table and the hands show alike."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from governance.poker.words import points_words

if TYPE_CHECKING:
    from governance.models import PokerCard, PokerCase, PokerGoal, PokerPlayer, PokerRound


@dataclass(frozen=True, slots=True)
class Question:
    """What a round asks: how much a goal weighs, or what an initiative gives a goal."""

    goal: PokerGoal
    case: PokerCase | None

    @property
    def key(self) -> str:
        return f"{self.goal.pk}-{self.case.pk if self.case else 0}"

    @property
    def subject(self) -> str:
        return self.case.initiative.card_title if self.case else str(self.goal)

    @property
    def asks(self) -> str:
        if self.case is None:
            return _("Hvor mye veier målet?")
        return _("Hvor mye bidrar tiltaket til «%(goal)s»?") % {"goal": self.goal}

    def __str__(self) -> str:
        if self.case is None:
            return _("Vekt: %(goal)s") % {"goal": self.goal}
        return _("%(case)s: %(goal)s") % {"case": self.subject, "goal": self.goal}


@dataclass(frozen=True, slots=True)
class Seat:
    """A player at the table.  ``card`` is there when the cards are shown, ``lies`` when one lies with its back up."""

    player: PokerPlayer
    card: PokerCard | None
    is_dealt: bool
    lies: bool
    is_outermost: bool

    @property
    def words(self) -> str:
        """What stands on the card that is shown."""
        if self.card is None or not self.card.is_played:
            return "–"
        if self.card.value is not None:
            return points_words(self.card.value)
        return "?" if self.card.abstention == "unsure" else str(self.card.get_abstention_display())


def question_of(row: PokerRound) -> Question:
    return Question(row.goal, row.case)


def cards_of(row: PokerRound) -> list[PokerCard]:
    """Return the cards of a round: when they are shown, what stands on them, before only whether they lie there."""
    cards = row.cards.order_by("pk")
    return list(cards if row.revealed_at else cards.hidden())


class OfRound(ABC):
    """What the table and a hand say alike of the round that goes on."""

    @property
    @abstractmethod
    def active(self) -> PokerRound | None: ...

    @property
    def question(self) -> Question | None:
        return question_of(self.active) if self.active else None

    @property
    def lowest_words(self) -> str:
        return points_words(self.active.lowest if self.active else None)

    @property
    def highest_words(self) -> str:
        return points_words(self.active.highest if self.active else None)
