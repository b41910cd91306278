"""Make a game ready, invite, open and close it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Refused
from core.history import label_actions, record
from core.seeing import lock
from core.workflow import TransitionDenied
from governance.models import PokerCard, PokerCase, PokerGame, PokerGoal, PokerPlayer
from governance.poker import policies
from governance.poker.telling import tell_players
from organization.actors import as_person, people_in_roles
from organization.models import Unit
from organization.roles import COUNCIL_ROLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from core.actors import Actor
    from organization.models import Person

label_actions({
    "set_up_poker": gettext_lazy("Nyttepoker satt opp"), "invite_to_poker": gettext_lazy("Invitert til nyttepoker"),
    "uninvite_from_poker": gettext_lazy("Invitasjon til nyttepoker trukket"), "open_poker": gettext_lazy("Nyttepoker åpnet"),
    "close_poker": gettext_lazy("Nyttepoker avsluttet"),
})  # fmt: skip
WRITTEN = ("title", "deck", "minimum_votes", "most_rounds", "locks_by")


def locked_game(game: PokerGame, by: Actor) -> PokerGame:
    """Lock a game that ``by`` leads: everything that happens in a game waits for this.

    :raises Http404: ``by`` does not see it; TransitionDenied: ``by`` does not lead it.
    """
    current = lock(game, by)
    if not policies.may_lead_game(by, current):
        raise TransitionDenied
    return current


def touch(game: PokerGame, *, turn: bool) -> None:
    """Let the browsers know that there is something new; ``turn``: something that changes everybody's cards."""
    game.version += 1
    game.turn += turn
    game.save(update_fields=["version", "turn"])


def _draft(game: PokerGame, by: Actor) -> PokerGame:
    current = locked_game(game, by)
    if not current.is_draft:
        raise Refused(_("Spillet er åpnet. Mål, tiltak og kort kan ikke endres lenger."))
    return current


def _stand(game: PokerGame, column: str, now: datetime) -> None:
    game.stamp(now)
    game.save(update_fields=[column, "changed_at"])
    touch(game, turn=True)


def homes_of(game: PokerGame) -> frozenset[int]:
    """Return the municipalities whose people can play: its own, and for a region those of the region."""
    below = Unit.objects.legal_entities().filter(region_id=game.municipality_id)
    return frozenset({game.municipality_id, *below.values_list("pk", flat=True)})


def new_game(municipality: Unit) -> PokerGame:
    """Return a game that is not saved, with the deck and the rules of the last one there."""
    last = PokerGame.objects.filter(municipality=municipality).order_by("-pk").first()
    kept = {name: getattr(last, name) for name in WRITTEN if name != "title"} if last else {}
    return PokerGame(municipality=municipality, **kept)


# --- Before it is opened --------------------------------------------------------------------------
@transaction.atomic
def create_game(municipality: Unit, values: Mapping[str, Any], *, by: Actor, now: datetime) -> PokerGame:
    """Make a draft; ``values`` are its fields with ``goals`` and ``initiatives`` in their order.

    :raises TransitionDenied: ``by`` is not of the secretariat there; Refused: it cannot be so.
    """
    if not policies.may_host(by, municipality.pk):
        raise TransitionDenied
    game = PokerGame(municipality=municipality, facilitator=as_person(by).person)
    with record("set_up_poker", actor=by):
        _write(game, values, now)
    return game


@transaction.atomic
def edit_game(game: PokerGame, values: Mapping[str, Any], *, by: Actor, now: datetime) -> PokerGame:
    """Change a draft.

    :raises Http404: ``by`` does not see it; TransitionDenied: ``by`` does not lead it; Refused: it is opened.
    """
    current = _draft(game, by)
    with record("set_up_poker", actor=by):
        current.goals.all().delete()
        current.cases.all().delete()
        _write(current, values, now)
    return current


def _write(game: PokerGame, values: Mapping[str, Any], now: datetime) -> None:
    for name in WRITTEN:
        setattr(game, name, values[name])
    game.stamp(now)
    try:
        game.full_clean()
    except ValidationError as problem:
        raise Refused(*problem.messages) from problem
    game.save()
    PokerGoal.objects.bulk_create(
        PokerGoal(game=game, goal=goal, position=at, changed_at=now)
        for at, goal in enumerate(values["goals"], start=1)
    )
    PokerCase.objects.bulk_create(
        PokerCase(game=game, initiative=one, position=at, changed_at=now)
        for at, one in enumerate(values["initiatives"], start=1)
    )


@transaction.atomic
def drop_game(game: PokerGame, *, by: Actor) -> None:
    """Throw a draft away.

    :raises Http404: ``by`` does not see it; TransitionDenied: ``by`` does not lead it; Refused: it is opened.
    """
    current = _draft(game, by)
    with record("set_up_poker", actor=by):
        current.delete()


# --- Who plays ------------------------------------------------------------------------------------
@transaction.atomic
def invite(game: PokerGame, people: Iterable[Person], *, by: Actor, now: datetime) -> list[PokerPlayer]:
    """Invite people; who is invited already stays so.  Those invited to an open game are told at once.

    :raises Http404: ``by`` does not see it; TransitionDenied: ``by`` does not lead it; Refused: it is closed.
    """
    current = locked_game(game, by)
    if current.is_closed:
        raise Refused(_("Spillet er avsluttet."))
    there = set(current.players.values_list("person_id", flat=True))
    new = [person for person in dict.fromkeys(people) if person.pk not in there]
    with record("invite_to_poker", actor=by):
        made = PokerPlayer.objects.bulk_create(
            PokerPlayer(game=current, person=person, changed_at=now) for person in new
        )
        touch(current, turn=False)
    if current.is_open:
        tell_players(current, made, now=now)
    return made


def invite_council(game: PokerGame, *, by: Actor, now: datetime) -> list[PokerPlayer]:
    """Invite everybody who sits in the council today.

    :raises Http404: ``by`` does not see it; TransitionDenied: ``by`` does not lead it; Refused: it is closed.
    """
    return invite(game, people_in_roles(COUNCIL_ROLES, municipality_id=game.municipality_id), by=by, now=now)


@transaction.atomic
def uninvite(game: PokerGame, *, pk: int, by: Actor, now: datetime) -> None:
    """Take an invitation back; somebody who is gone already is taken back once.

    :raises Http404: ``by`` does not see the game; TransitionDenied: ``by`` does not lead it.
    :raises Refused: the game is closed, or the person has had cards, which stand.
    """
    current = locked_game(game, by)
    if current.is_closed:
        raise Refused(_("Spillet er avsluttet."))
    row = current.players.select_related("person").filter(pk=pk).first()
    if row is None:
        return
    if PokerCard.objects.filter(player=row).exists():
        raise Refused(_("%(name)s har fått kort i spillet, og blir stående.") % {"name": row.person})
    with record("uninvite_from_poker", actor=by):
        row.delete()
        touch(current, turn=False)


# --- Open and close -------------------------------------------------------------------------------
def why_not_ready(game: PokerGame) -> list[str]:
    """Return what a draft lacks before it can be opened."""
    lacking = []
    if not game.goals.exists():
        lacking.append(_("Velg minst ett mål."))
    if not game.cases.exists():
        lacking.append(_("Velg minst ett tiltak."))
    if game.players.count() < game.minimum_votes:
        lacking.append(
            _("Inviter minst %(count)s spillere. Så mange stemmer trengs i en runde.")
            % {"count": game.minimum_votes}
        )
    return lacking


@transaction.atomic
def open_game(game: PokerGame, *, by: Actor, now: datetime) -> PokerGame:
    """Open a game and tell those who are invited; an open one stays open.

    :raises Http404: ``by`` does not see it; TransitionDenied: ``by`` does not lead it; Refused: something is lacking.
    """
    current = locked_game(game, by)
    if not current.is_draft:
        return current
    if lacking := why_not_ready(current):
        raise Refused(*lacking)
    with record("open_poker", actor=by):
        current.opened_at = now
        _stand(current, "opened_at", now)
    tell_players(current, current.players.select_related("person"), now=now)
    return current


@transaction.atomic
def close_game(game: PokerGame, *, by: Actor, now: datetime) -> PokerGame:
    """Close a game, so that its points count; a closed one stays closed.

    :raises Http404: ``by`` does not see it; TransitionDenied: ``by`` does not lead it.
    :raises Refused: it is not open, or a round is going on.
    """
    current = locked_game(game, by)
    if current.is_closed:
        return current
    if current.is_draft:
        raise Refused(_("Spillet er ikke åpnet."))
    if current.rounds.active().exists():
        raise Refused(_("En runde er i gang. Lås den eller avbryt den først."))
    with record("close_poker", actor=by):
        current.closed_at = now
        _stand(current, "closed_at", now)
    return current
