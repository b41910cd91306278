"""What happens in an open game: join, open a round, play a card, reveal, explain, play again and lock.

Everything waits for the lock on the game, and each action names the round it is meant for: sent twice it does nothing more,
sent too late it is refused with what has happened meanwhile.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Refused
from core.history import label_actions, record
from core.seeing import lock
from governance.models import Initiative, PokerCard, PokerRound
from governance.models.poker import Abstention, LocksBy, RoundStatus
from governance.poker import policies
from governance.poker.arithmetic import locked_value
from governance.poker.setup import locked_game, touch
from organization.actors import as_person, person_actor

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from decimal import Decimal

    from core.actors import Actor
    from governance.models import PokerCase, PokerGame, PokerGoal, PokerPlayer

label_actions({
    "join_poker": gettext_lazy("Ble med i nyttepoker"), "open_poker_round": gettext_lazy("Runde åpnet"),
    "play_card": gettext_lazy("Kort lagt"), "reveal_cards": gettext_lazy("Kortene vist"),
    "explain_card": gettext_lazy("Kort forklart"), "replay_round": gettext_lazy("Ny runde"), "lock_round": gettext_lazy("Runde låst"),
    "break_round": gettext_lazy("Runde avbrutt"),
})  # fmt: skip


def _going(game: PokerGame, by: Actor, *, leads: bool) -> PokerGame:
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


def _round(game: PokerGame, pk: int) -> PokerRound:
    """:raises Http404: the game has no such round."""
    row: PokerRound | None = game.rounds.select_related("case").filter(pk=pk).first()
    if row is None:
        raise Http404
    row.game = game
    return row


def _gone_on(row: PokerRound) -> Refused:
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
    current = _going(game, by, leads=False)
    seat = _seat(current, by)
    if seat.joined_at is not None:
        return seat
    with record("join_poker", actor=by):
        seat.joined_at = now
        seat.stamp(now)
        seat.save(update_fields=["joined_at", "changed_at"])
        going = current.rounds.filter(status=RoundStatus.OPEN).select_related("case").first()
        if going is not None:
            _deal(going, [seat], now=now)
        touch(current, turn=False)
    return seat


def reads_case(actor: Actor, case: PokerCase | None) -> bool:
    """Tell whether ``actor`` reads all of what a round is about; goals are read by everybody."""
    return case is None or Initiative.objects.read_in_full_by(actor).filter(pk=case.initiative_id).exists()


def _deal(row: PokerRound, seats: Iterable[PokerPlayer], *, now: datetime) -> None:
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
    current = _going(game, by, leads=False)
    seat, row = _seat(current, by), _round(current, round_id)
    if not row.is_open:
        raise (
            Refused(_("Kortene er alt vist. Kortet ditt ble ikke med.")) if row.is_revealed else _gone_on(row)
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
    current = _going(game, by, leads=False)
    card: PokerCard | None = (
        PokerCard.objects.select_related("round__case", "player")
        .filter(pk=card_id, round__game=current)
        .first()
    )
    if card is None or not (card.player.person_id == by.person_id or policies.may_lead_game(by, current)):
        raise Http404
    if not card.round.is_revealed:
        raise _gone_on(card.round) if card.round.revealed_at else Refused(_("Kortene er ikke vist ennå."))
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


# --- Whoever leads --------------------------------------------------------------------------------
def _goals_first(game: PokerGame) -> None:
    """:raises Refused: goals have no weight yet."""
    left = game.goals.count() - game.rounds.locked().filter(case=None).count()
    if left:
        raise Refused(_("Målene vektes først. %(count)s mål gjenstår.") % {"count": left})


@transaction.atomic
def open_round(
    game: PokerGame, *, goal: PokerGoal, case: PokerCase | None, by: Actor, now: datetime
) -> PokerRound:
    """Open a round of a question and deal the cards; where it is open already, that round is given.

    It is the first, or the next after one that was played again and then broken off.

    :raises Http404: ``by`` does not see the game; TransitionDenied: ``by`` does not lead it.
    :raises Refused: it is not open, another round goes on, the question is answered, or goals have no weight yet.
    """
    current = _going(game, by, leads=True)
    active = current.rounds.active().first()
    if active is not None:
        if (active.goal_id, active.case_id) == (goal.pk, case.pk if case else None):
            return active
        raise Refused(_("En annen runde er i gang. Lås den eller avbryt den først."))
    if not reads_case(by, case):
        raise Http404
    asked = current.rounds.filter(goal=goal, case=case)
    if asked.locked().exists():
        raise Refused(_("Dette er alt spilt og låst."))
    if case is not None:
        _goals_first(current)
    with record("open_poker_round", actor=by):
        last = asked.exclude(status=RoundStatus.BROKEN).aggregate(last=Max("number"))["last"] or 0
        return _open(current, goal, case, number=last + 1, now=now)


def _open(
    game: PokerGame, goal: PokerGoal, case: PokerCase | None, *, number: int, now: datetime
) -> PokerRound:
    row = PokerRound.objects.create(
        game=game, goal=goal, case=case, number=number, opened_at=now, changed_at=now
    )
    seats = game.players.filter(joined_at__isnull=False).select_related("person").order_by("pk")
    _deal(row, seats, now=now)
    touch(game, turn=True)
    return row


@transaction.atomic
def reveal(game: PokerGame, *, round_id: int, by: Actor, now: datetime) -> PokerRound:
    """Show all the cards at once; cards that are shown stay so.

    :raises Http404: ``by`` does not see the game, or it has no such round; TransitionDenied: ``by`` does not lead it.
    :raises Refused: the round was broken off, or nobody has played a card.
    """
    current = _going(game, by, leads=True)
    row = _round(current, round_id)
    if row.revealed_at is not None:
        return row
    if not row.is_open:
        raise _gone_on(row)
    cards = list(row.cards.all())
    if not any(card.is_played for card in cards):
        raise Refused(_("Ingen har lagt kort ennå."))
    points = [card.value for card in cards if card.value is not None]
    row.status, row.revealed_at = RoundStatus.REVEALED, now
    row.votes, row.abstained = len(points), sum(1 for card in cards if card.abstention)
    row.lowest, row.highest = min(points, default=None), max(points, default=None)
    with record("reveal_cards", actor=by):
        _save(row, now)
    return row


def _save(row: PokerRound, now: datetime) -> None:
    row.stamp(now)
    row.save()
    touch(row.game, turn=True)


@transaction.atomic
def replay(game: PokerGame, *, round_id: int, by: Actor, now: datetime) -> PokerRound:
    """Play the question of a round that is shown once more; sent twice it gives the same next round.

    :raises Http404: ``by`` does not see the game, or it has no such round; TransitionDenied: ``by`` does not lead it.
    :raises Refused: the cards are not shown, the round is over, or there are no rounds left.
    """
    current = _going(game, by, leads=True)
    row = _round(current, round_id)
    following: PokerRound | None = (
        current.rounds.active().filter(goal=row.goal_id, case=row.case_id, number=row.number + 1).first()
    )
    if row.status == RoundStatus.REPLAYED and following is not None:
        return following
    _check_shown(row)
    if row.number >= current.most_rounds:
        raise Refused(
            _("Det er spilt %(count)s runder, og flere er det ikke. Lås eller avbryt.")
            % {"count": row.number}
        )
    with record("replay_round", actor=by):
        row.status, row.ended_at = RoundStatus.REPLAYED, now
        _save(row, now)
        return _open(current, row.goal, row.case, number=row.number + 1, now=now)


def _check_shown(row: PokerRound) -> None:
    """:raises Refused: the cards of the round are not shown, or it is over."""
    if row.is_open:
        raise Refused(_("Vis kortene først."))
    if not row.is_revealed:
        raise _gone_on(row)


@transaction.atomic
def lock_round(game: PokerGame, *, round_id: int, by: Actor, now: datetime) -> PokerRound:
    """Let the median, or the mean, of the cards stand; a locked round stays so.

    :raises Http404: ``by`` does not see the game, or it has no such round; TransitionDenied: ``by`` does not lead it.
    :raises Refused: the cards are not shown, the round is over, or too few have voted.
    """
    current = _going(game, by, leads=True)
    row = _round(current, round_id)
    if row.is_locked:
        return row
    _check_shown(row)
    if lacking := too_few(current, row):
        raise Refused(lacking)
    points = [value for value in row.cards.values_list("value", flat=True) if value is not None]
    row.value = locked_value(points, by_mean=current.locks_by == LocksBy.MEAN)
    row.status, row.ended_at = RoundStatus.LOCKED, now
    with record("lock_round", actor=by):
        _save(row, now)
    return row


def too_few(game: PokerGame, row: PokerRound) -> str:
    """Return why a round that is shown is not valid, or nothing."""
    votes = row.votes or 0
    if votes >= game.minimum_votes:
        return ""
    return _("Runden er ikke gyldig: %(votes)s har gitt poeng, og det trengs %(needed)s. Spill en runde til eller avbryt.") % {
        "votes": votes, "needed": game.minimum_votes,
    }  # fmt: skip


@transaction.atomic
def break_off(game: PokerGame, *, round_id: int, by: Actor, now: datetime) -> PokerRound:
    """End a round without a result: one whose cards lie hidden, or one in which too few have voted.

    :raises Http404: ``by`` does not see the game, or it has no such round; TransitionDenied: ``by`` does not lead it.
    :raises Refused: the round is over, or it is valid and can be locked.
    """
    current = _going(game, by, leads=True)
    row = _round(current, round_id)
    if row.status == RoundStatus.BROKEN:
        return row
    if not row.is_active:
        raise _gone_on(row)
    if row.is_revealed and not too_few(current, row):
        raise Refused(_("Kortene er vist, og nok har gitt poeng. Lås runden eller spill en til."))
    row.status, row.ended_at = RoundStatus.BROKEN, now
    with record("break_round", actor=by):
        _save(row, now)
    return row
