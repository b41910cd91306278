"""What whoever leads a game does with its rounds: open, reveal, play again, lock and break off.

Everything waits for the lock on the game, and each action names the round it is meant for, as in ``playing``.
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
from governance.models import PokerRound
from governance.models.poker import LocksBy
from governance.models.poker_round import RoundStatus
from governance.poker.arithmetic import locked_value
from governance.poker.playing import deal, going_on, gone_on, reads_case, round_of
from governance.poker.setup import touch

if TYPE_CHECKING:
    from datetime import datetime

    from core.actors import Actor
    from governance.models import PokerCase, PokerGame, PokerGoal

label_actions({
    "open_poker_round": gettext_lazy("Runde åpnet"), "reveal_cards": gettext_lazy("Kortene vist"),
    "replay_round": gettext_lazy("Ny runde"), "lock_round": gettext_lazy("Runde låst"), "break_round": gettext_lazy("Runde avbrutt"),
})  # fmt: skip


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
    current = going_on(game, by, leads=True)
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
    deal(row, seats, now=now)
    touch(game, turn=True)
    return row


@transaction.atomic
def reveal(game: PokerGame, *, round_id: int, by: Actor, now: datetime) -> PokerRound:
    """Show all the cards at once; cards that are shown stay so.

    :raises Http404: ``by`` does not see the game, or it has no such round; TransitionDenied: ``by`` does not lead it.
    :raises Refused: the round was broken off, or nobody has played a card.
    """
    current = going_on(game, by, leads=True)
    row = round_of(current, round_id)
    if row.revealed_at is not None:
        return row
    if not row.is_open:
        raise gone_on(row)
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
    current = going_on(game, by, leads=True)
    row = round_of(current, round_id)
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
        raise gone_on(row)


@transaction.atomic
def lock_round(game: PokerGame, *, round_id: int, by: Actor, now: datetime) -> PokerRound:
    """Let the median, or the mean, of the cards stand; a locked round stays so.

    :raises Http404: ``by`` does not see the game, or it has no such round; TransitionDenied: ``by`` does not lead it.
    :raises Refused: the cards are not shown, the round is over, or too few have voted.
    """
    current = going_on(game, by, leads=True)
    row = round_of(current, round_id)
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
    current = going_on(game, by, leads=True)
    row = round_of(current, round_id)
    if row.status == RoundStatus.BROKEN:
        return row
    if not row.is_active:
        raise gone_on(row)
    if row.is_revealed and not too_few(current, row):
        raise Refused(_("Kortene er vist, og nok har gitt poeng. Lås runden eller spill en til."))
    row.status, row.ended_at = RoundStatus.BROKEN, now
    with record("break_round", actor=by):
        _save(row, now)
    return row
