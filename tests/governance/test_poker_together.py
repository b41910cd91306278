"""Nyttepoker with connections of their own: ten cards at once against the click that shows them, and clicks at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier
from time import sleep

from django.db import connections
from django.utils import timezone

from core.errors import Refused
from governance.models import PokerCard, PokerRound
from governance.poker import playing, rounds, setup
from organization.roles import Role
from tests.governance import pokers
from tests.governance.pokers import HOST, PLAYERS

MORE = (
    Role.IKT_LEADER,
    Role.ENTERPRISE_ARCHITECT,
    Role.HR,
    Role.ARCHIVIST,
    Role.PRIVACY_OFFICER,
    Role.QUALITY_MANAGER,
)
TEN = (*PLAYERS, *MORE)
CARDS = dict(zip(TEN, ("1", "2", "3", "5", "8", "13", "20", "40", "100", "0"), strict=True))


def at_once(*acts):
    """Run each on a connection of its own, all let go at the same moment; return what each says."""
    ready = Barrier(len(acts))

    def run(act):
        ready.wait()
        try:
            return act()
        except Refused as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_play_cards__ten_at_once_against_reveal(together):
    """What was taken is shown, what came too late is told so, and nothing is played after the cards are shown."""
    place = together.home
    game = pokers.opened(place, players=TEN)
    row = pokers.begin(game, place)
    pokers.card(game, place, row, TEN[0], CARDS[TEN[0]])
    actors, host = {role: place.actor(role) for role in TEN}, place.actor(HOST)

    def play(role):
        return lambda: playing.play_card(
            game, round_id=row.pk, value=Decimal(CARDS[role]), by=actors[role], now=timezone.now()
        )

    def show():
        sleep(0.03)  # in the midst of the cards
        return rounds.reveal(game, round_id=row.pk, by=host, now=timezone.now())

    said = at_once(*[play(role) for role in TEN], show, show)
    taken = {TEN[0]} | {role for role, one in zip(TEN, said, strict=False) if not isinstance(one, Refused)}
    row = PokerRound.objects.get(pk=row.pk)
    cards = {card.player.person.username.split(".")[0]: card.value for card in PokerCard.objects.filter(round=row, value__isnull=False).select_related("player__person")}  # fmt: skip
    assert {role: Decimal(CARDS[role]) for role in taken} == {
        Role(name): value for name, value in cards.items()
    }
    assert (row.votes, row.lowest, row.highest) == (len(cards), min(cards.values()), max(cards.values()))
    assert all("ble ikke med" in str(one) for one in said[:10] if isinstance(one, Refused))
    assert said[10].pk == said[11].pk == row.pk
    game.refresh_from_db()
    assert game.turn == said[10].game.turn


def test_click__many_times_at_once_gives_one(together):
    place = together.home
    game = pokers.draft(place)
    host = place.actor(HOST)
    at_once(*[lambda: setup.open_game(game, by=host, now=timezone.now())] * 5)
    member = place.actor(Role.COUNCIL_MEMBER)
    at_once(*[lambda: playing.join(game, by=member, now=timezone.now())] * 5)
    opened = at_once(
        *[lambda: rounds.open_round(game, goal=game.goals.first(), case=None, by=host, now=timezone.now())]
        * 5
    )
    assert len({row.pk for row in opened}) == 1
    assert opened[0].cards.count() == 1
