"""What players do in an open game: join, play a card, and explain it.

Everything waits for the lock on the game, and each action names the round it is meant for: sent twice it does nothing more,
sent too late it is refused with what has happened meanwhile.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Refused
from core.history import label_actions, record
from core.seeing import lock
from governance.models import Initiative, PokerCard, PokerRound
from governance.models.poker_round import Abstention, RoundStatus
from governance.poker import policies
from governance.poker.setup import locked_game, touch
from organization.actors import as_person, person_actor

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from decimal import Decimal

    from core.actors import Actor
    from governance.models import PokerCase, PokerGame, PokerPlayer

label_actions({
    "join_poker": gettext_lazy("Ble med i nyttepoker"), "play_card": gettext_lazy("Kort lagt"),
    "explain_card": gettext_lazy("Kort forklart"),
})  # fmt: skip


def going_on(game: PokerGame, by: Actor, *, leads: bool) -> PokerGame:
    """Lock a game that is open.

    :raises Http404: ``by`` does not see it; TransitionDenied: ``by`` does not lead it, where that is asked for.
    :raises Refused: it is not open.
    """
    current = locked_game(game, by) if leads else lock(game, by)
    if not current.is_open:
        raise Refused(_("Spillet er avsluttet.") if current.is_closed else _("Spillet er ikke åpnet ennå."))
    return current


def _seat(game: PokerGame, by: Actor) -> PokerPlayer:
    """:raises Http404: ``by`` is not invited."""
    seat: PokerPlayer | None = game.players.filter(person=as_person(by).person).first()
    if seat is None:
        raise Http404
    return seat


def round_of(game: PokerGame, pk: int) -> PokerRound:
    """:raises Http404: the game has no such round."""
    row: PokerRound | None = game.rounds.select_related("case").filter(pk=pk).first()
    if row is None:
        raise Http404
    row.game = game
    return row


def gone_on(row: PokerRound) -> Refused:
    """Return what to say to an action that comes after its round was ended."""
    return Refused(
        _("Runden er ferdig (%(status)s). Her er det som skjer nå.")
        % {"status": str(row.get_status_display()).lower()}
    )


# --- Players --------------------------------------------------------------------------------------
@transaction.atomic
def join(game: PokerGame, *, by: Actor, now: datetime) -> PokerPlayer:
    """Take the own seat; who has it keeps it.  Whoever comes in the midst of a round is dealt a card in it.

    :raises Http404: ``by`` does not see the game, or is not invited; Refused: it is not open.
    """
    current = going_on(game, by, leads=False)
    seat = _seat(current, by)
    if seat.joined_at is not None:
        return seat
    with record("join_poker", actor=by):
        seat.joined_at = now
        seat.stamp(now)
        seat.save(update_fields=["joined_at", "changed_at"])
        going = current.rounds.filter(status=RoundStatus.OPEN).select_related("case").first()
        if going is not None:
            deal(going, [seat], now=now)
        touch(current, turn=False)
    return seat


def reads_case(actor: Actor, case: PokerCase | None) -> bool:
    """Tell whether ``actor`` reads all of what a round is about; goals are read by everybody."""
    return case is None or Initiative.objects.read_in_full_by(actor).filter(pk=case.initiative_id).exists()


def deal(row: PokerRound, seats: Iterable[PokerPlayer], *, now: datetime) -> None:
    """Deal a card to each who reads what the round is about; the others are left out of it."""
    dealt = list(seats)
    if row.case is not None:
        dealt = [seat for seat in dealt if reads_case(person_actor(seat.person), row.case)]
    PokerCard.objects.bulk_create(PokerCard(round=row, player=seat, changed_at=now) for seat in dealt)


@transaction.atomic
def play_card(game: PokerGame, *, round_id: int, value: Decimal | None, abstention: str = "", by: Actor, now: datetime) -> PokerCard:  # fmt: skip
    """Play a card, or another one instead; until the cards are shown nobody else sees which.

    :raises Http404: ``by`` does not see the game, is not invited, or there is no such round.
    :raises Refused: the cards are shown, ``by`` has no card in the round, or there is no such card.
    """
    current = going_on(game, by, leads=False)
    seat, row = _seat(current, by), round_of(current, round_id)
    if not row.is_open:
        raise (
            Refused(_("Kortene er alt vist. Kortet ditt ble ikke med.")) if row.is_revealed else gone_on(row)
        )
    card: PokerCard | None = row.cards.filter(player=seat).first()
    if card is None or not reads_case(by, row.case):
        raise Refused(_("Du har ikke fått kort i denne runden."))
    if (value is None) == (abstention not in Abstention.values) or (
        value is not None and value not in current.deck
    ):
        raise Refused(_("Velg et kort fra kortstokken."))
    if (card.value, card.abstention) == (value, abstention):
        return card
    with record("play_card", actor=by):
        is_first = not card.is_played
        card.value, card.abstention = value, abstention
        card.stamp(now)
        card.save(update_fields=["value", "abstention", "changed_at"])
        if is_first:
            touch(current, turn=False)
    return card


@transaction.atomic
def explain(game: PokerGame, *, card_id: int, text: str, began: str = "", by: Actor, now: datetime) -> PokerCard:  # fmt: skip
    """Write why the lowest or the highest played as they did: themselves, or whoever leads for them.

    :param began: what the writer saw before; what somebody else has written since is not written over.

    :raises Http404: ``by`` does not see the game, or there is no such card to explain.
    :raises Refused: the round is over, the card is neither the lowest nor the highest, or it is explained meanwhile.
    """
    current = going_on(game, by, leads=False)
    card: PokerCard | None = (
        PokerCard.objects.select_related("round__case", "player")
        .filter(pk=card_id, round__game=current)
        .first()
    )
    if card is None or not (card.player.person_id == by.person_id or policies.may_lead_game(by, current)):
        raise Http404
    if not card.round.is_revealed:
        raise gone_on(card.round) if card.round.revealed_at else Refused(_("Kortene er ikke vist ennå."))
    if not reads_case(by, card.round.case):
        raise Http404
    if not card.round.is_outermost(card):
        raise Refused(_("Bare de som ga lavest og høyest, forklarer."))
    if card.explanation not in {began, text}:
        raise Refused(
            _("Noen har skrevet en forklaring imens: «%(text)s». Se over, og lagre på nytt.")
            % {"text": card.explanation}
        )
    if card.explanation != text:
        with record("explain_card", actor=by):
            card.explanation = text
            card.stamp(now)
            card.save(update_fields=["explanation", "changed_at"])
            touch(current, turn=False)
    return card
