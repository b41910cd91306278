"""Nyttepoker: hidden cards, rounds, what is valid, what comes too late or twice, and what the database refuses."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import Http404
from django.utils import timezone

from core.errors import Refused
from core.models import Notice
from core.workflow import TransitionDenied
from governance.models import Initiative, PokerCard, PokerGame, PokerRound
from governance.models.poker import LocksBy
from governance.models.poker_round import RoundStatus
from governance.poker import playing, rounds, setup
from organization.roles import Role
from tests import stories
from tests.governance import pokers
from tests.governance.pokers import HOST, PLAYERS

MEMBER = Role.COUNCIL_MEMBER


def now():
    return timezone.now()


@pytest.fixture
def game(place):
    return pokers.opened(place)


@pytest.fixture
def host(place):
    return place.actor(HOST)


def refused_by_database(sql, *values):
    """Tell what the database says to raw SQL."""
    with pytest.raises(DatabaseError) as told, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
    return str(told.value)


# --- Set up ---------------------------------------------------------------------------------------
def test_open_game__only_with_goals_cases_and_enough_players(place, host):
    game = pokers.draft(place, goals=[], players=PLAYERS[:2])
    with pytest.raises(Refused) as lacking:
        setup.open_game(game, by=host, now=now())
    assert [str(one) for one in lacking.value.reasons] == [
        "Velg minst ett mål.", "Inviter minst 3 spillere. Så mange stemmer trengs i en runde.",
    ]  # fmt: skip
    setup.invite_council(game, by=host, now=now())
    assert game.players.count() == 4
    game = setup.edit_game(game, pokers_values(game, place), by=host, now=now())
    assert setup.open_game(game, by=host, now=now()).is_open
    version = PokerGame.objects.get().version
    assert setup.open_game(game, by=host, now=now()).version == version
    with pytest.raises(Refused, match="kan ikke endres"):
        setup.edit_game(game, pokers_values(game, place), by=host, now=now())
    with pytest.raises(Refused):
        setup.drop_game(game, by=host)
    told = refused_by_database("delete from governance_pokergoal where game_id = %s", game.pk)
    assert "what it is about stands" in told


def pokers_values(game, place):
    return {
        "title": game.title, "deck": game.deck, "minimum_votes": 3, "most_rounds": 3, "locks_by": LocksBy.MEDIAN,
        "goals": [place.goal], "initiatives": list(Initiative.objects.filter(pk__in=game.cases.values("initiative"))),
    }  # fmt: skip


def test_open_game__tells_those_invited_once_and_who_comes_later(place, host):
    game = pokers.draft(place, players=PLAYERS[:3])
    assert not Notice.objects.filter(event="poker_opened").exists()
    for _twice in range(2):
        setup.open_game(game, by=host, now=now())
    setup.invite(game, [place.person(PLAYERS[3])], by=host, now=now())
    told = Notice.objects.filter(event="poker_opened")
    assert {row.recipient_id for row in told} == {place.person(role).pk for role in PLAYERS}
    assert told.count() == 4
    assert all(row.url.endswith(f"/{game.pk}/spill/") for row in told)


@pytest.mark.parametrize("role", [Role.COUNCIL_LEADER, Role.EMPLOYEE, Role.PORTFOLIO_MANAGER])
def test_lead_game__nobody_but_the_secretariat(place, role, game):
    row = pokers.begin(game, place)
    by = place.actor(role)
    sees = role == Role.COUNCIL_LEADER
    for act in (rounds.reveal, rounds.lock_round, rounds.replay, rounds.break_off):
        with pytest.raises(TransitionDenied if sees else Http404):
            act(game, round_id=row.pk, by=by, now=now())
    with pytest.raises(TransitionDenied):
        setup.create_game(place.municipality, pokers_values(game, place), by=by, now=now())


def test_lead_game__a_colleague_goes_on_where_the_facilitator_is_lost(place, game):
    row = pokers.shown(game, place, "5", "5", "8")
    locked = rounds.lock_round(game, round_id=row.pk, by=place.actor(Role.COORDINATOR), now=now())
    assert locked.value == 5


# --- Who sees -------------------------------------------------------------------------------------
def test_see_game__council_secretariat_and_the_invited_of_the_municipality(world, place, host):
    game = pokers.draft(place, players=(*PLAYERS, Role.IKT_LEADER))

    def seen(role, where=place):
        return PokerGame.objects.visible_to(where.actor(role)).filter(pk=game.pk).exists()

    assert [seen(role) for role in (HOST, Role.COORDINATOR, MEMBER, Role.IKT_LEADER)] == [
        True,
        True,
        False,
        False,
    ]
    setup.open_game(game, by=host, now=now())
    assert all(seen(role) for role in (HOST, MEMBER, Role.IKT_LEADER))
    assert not any(seen(role) for role in (Role.EMPLOYEE, Role.HR, Role.KOMMUNEDIREKTOR, Role.ADMINISTRATOR))
    assert not any(seen(HOST, other) for other in (world.neighbor, world.stranger, world.region))
    with pytest.raises(Http404):
        playing.join(game, by=world.neighbor.actor(MEMBER), now=now())
    with pytest.raises(Http404):
        playing.join(game, by=place.actor(HOST), now=now())  # sees it, and is not invited


# --- Cards ----------------------------------------------------------------------------------------
def test_play_card__is_read_by_nobody_else_before_the_cards_are_shown(place, game, host):
    row = pokers.begin(game, place)
    pokers.card(game, place, row, MEMBER, "40")
    seen = {
        role: PokerCard.objects.visible_to(place.actor(role)).filter(round=row)
        for role in (HOST, MEMBER, PLAYERS[0])
    }
    assert not seen[HOST].exists()
    assert [card.value for card in seen[MEMBER]] == [40]
    assert [card.value for card in seen[PLAYERS[0]]] == [None]  # the own one, not played
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from information_schema.columns where table_name = 'governance_pokercardevent' and column_name in ('value', 'abstention')")  # fmt: skip
        assert cursor.fetchone() == (0,)
    rounds.reveal(game, round_id=row.pk, by=host, now=now())
    assert {card.value for card in seen[HOST].all()} == {40, None}


def test_play_card__another_one_instead_until_they_are_shown(place, game, host):
    row = pokers.begin(game, place)
    for value in ("8", "8", "unsure", "13"):
        pokers.card(game, place, row, MEMBER, value)
    card = PokerCard.objects.get(round=row, player__person=place.person(MEMBER))
    assert (card.value, card.abstention) == (13, "")
    rounds.reveal(game, round_id=row.pk, by=host, now=now())
    with pytest.raises(Refused, match="Kortet ditt ble ikke med"):
        pokers.card(game, place, row, MEMBER, "20")
    told = refused_by_database("update governance_pokercard set value = 20 where id = %s", card.pk)
    assert "no card is played or changed" in told
    told = refused_by_database("delete from governance_pokercard where id = %s", card.pk)
    assert "no card is played or changed" in told


@pytest.mark.parametrize(
    ("value", "abstention"), [("7", ""), ("-1", ""), ("100.5", ""), (None, ""), (None, "x"), ("5", "pause")]
)
def test_play_card__only_one_of_the_deck(place, game, value, abstention):
    row = pokers.begin(game, place)
    with pytest.raises(Refused, match="Velg et kort"):
        playing.play_card(
            game,
            round_id=row.pk,
            value=value and Decimal(value),
            abstention=abstention,
            by=place.actor(MEMBER),
            now=now(),
        )
    card = PokerCard.objects.filter(round=row).first()
    assert refused_by_database("update governance_pokercard set value = 7 where id = %s", card.pk)


def test_join__in_the_midst_of_a_round_is_dealt_a_card(place, host):
    game = pokers.opened(place, joined=False)
    with pytest.raises(Refused, match="ikke fått kort"):
        pokers.card(game, place, pokers.begin(game, place), MEMBER, "5")
    for _twice in range(2):
        playing.join(game, by=place.actor(MEMBER), now=now())
    row = game.rounds.get()
    assert row.cards.count() == 1
    pokers.card(game, place, row, MEMBER, "5")
    with pytest.raises(Refused, match="blir stående"):
        setup.uninvite(game, pk=row.cards.get().player_id, by=host, now=now())


# --- Reveal and lock ------------------------------------------------------------------------------
def test_lock_round__the_golden_value(place, game, host):
    """Median of 8, 13, 13, 40 and «?» is 13 of four votes, and the spread is 32 (domain/benefits 6.2)."""
    setup.invite(game, [place.person(HOST)], by=host, now=now())
    playing.join(game, by=host, now=now())
    row = pokers.begin(game, place)
    for role, value in zip((*PLAYERS, HOST), ("8", "13", "13", "40", "unsure"), strict=True):
        pokers.card(game, place, row, role, value)
    row = rounds.reveal(game, round_id=row.pk, by=host, now=now())
    assert (row.votes, row.abstained, row.lowest, row.highest, row.spread) == (4, 1, 8, 40, 32)
    row = rounds.lock_round(game, round_id=row.pk, by=host, now=now())
    assert (row.value, row.status) == (13, RoundStatus.LOCKED)


def test_lock_round__by_the_mean_where_the_game_says_so(place):
    game = pokers.opened(place, locks_by=LocksBy.MEAN)
    assert pokers.played(game, place, "8", "13", "13", "40").value == Decimal("18.50")


def test_lock_round__needs_the_fewest_votes_and_abstentions_are_none(place, game, host):
    row = pokers.shown(game, place, "8", "13", "unsure", "pause")
    assert (row.votes, row.abstained) == (2, 2)
    with pytest.raises(Refused, match="2 har gitt poeng, og det trengs 3"):
        rounds.lock_round(game, round_id=row.pk, by=host, now=now())
    told = refused_by_database(
        "update governance_pokerround set status = 'locked', value = 10.5, ended_at = now() where id = %s",
        row.pk,
    )
    assert "2 votes of 3" in told
    broken = rounds.break_off(game, round_id=row.pk, by=host, now=now())
    assert rounds.break_off(game, round_id=row.pk, by=host, now=now()) == broken
    assert pokers.played(game, place, "8", "13", "13").number == 1  # what was broken off counts as no round


def test_break_off__not_what_can_be_locked(place, game, host):
    row = pokers.shown(game, place, "8", "13", "13", "40")
    with pytest.raises(Refused, match="Lås runden"):
        rounds.break_off(game, round_id=row.pk, by=host, now=now())


def test_reveal__not_before_anybody_has_played(place, game, host):
    row = pokers.begin(game, place)
    with pytest.raises(Refused, match="Ingen har lagt kort"):
        rounds.reveal(game, round_id=row.pk, by=host, now=now())
    with pytest.raises(Refused, match="Vis kortene først"):
        rounds.lock_round(game, round_id=row.pk, by=host, now=now())


def test_explain__the_lowest_and_the_highest(place, game, host):
    row = pokers.shown(game, place, "8", "13", "13", "40")
    cards = {
        card.player.person.username.split(".")[0]: card for card in row.cards.select_related("player__person")
    }
    low, middle, high = (cards[role] for role in (PLAYERS[0], PLAYERS[1], PLAYERS[3]))
    playing.explain(game, card_id=low.pk, text="Vi har det alt.", by=place.actor(PLAYERS[0]), now=now())
    playing.explain(
        game, card_id=high.pk, text="Det treffer alle.", by=host, now=now()
    )  # said aloud, written by who leads
    with pytest.raises(Refused, match="Bare de som ga lavest og høyest"):
        playing.explain(game, card_id=middle.pk, text="Jeg og.", by=place.actor(PLAYERS[1]), now=now())
    with pytest.raises(Http404):
        playing.explain(game, card_id=low.pk, text="Nei.", by=place.actor(PLAYERS[1]), now=now())
    rounds.lock_round(game, round_id=row.pk, by=host, now=now())
    with pytest.raises(Refused, match="Runden er ferdig"):
        playing.explain(game, card_id=low.pk, text="Etterpå.", by=place.actor(PLAYERS[0]), now=now())
    assert refused_by_database("update governance_pokercard set explanation = 'x' where id = %s", low.pk)
    assert list(row.cards.exclude(explanation="").order_by("value").values_list("explanation", flat=True)) == [
        "Vi har det alt.", "Det treffer alle.",
    ]  # fmt: skip


def test_replay__three_rounds_at_the_most_and_once_for_each_click(place, game, host):
    row = pokers.shown(game, place, "8", "13", "13", "40")
    second = rounds.replay(game, round_id=row.pk, by=host, now=now())
    assert rounds.replay(game, round_id=row.pk, by=host, now=now()) == second
    assert (second.number, second.is_open) == (2, True)
    for number in (2, 3):
        for role in PLAYERS:
            pokers.card(game, place, second, role, "13")
        second = rounds.reveal(game, round_id=second.pk, by=host, now=now())
        if number == 2:
            second = rounds.replay(game, round_id=second.pk, by=host, now=now())
    with pytest.raises(Refused, match="Det er spilt 3 runder"):
        rounds.replay(game, round_id=second.pk, by=host, now=now())
    with pytest.raises(Refused, match="Runden er ferdig"):
        rounds.replay(game, round_id=row.pk, by=host, now=now())
    assert rounds.lock_round(game, round_id=second.pk, by=host, now=now()).value == 13


def test_every_action__twice_or_too_late_changes_nothing(place, game, host):
    row = pokers.begin(game, place)
    assert pokers.begin(game, place) == row
    with pytest.raises(Refused, match="En annen runde er i gang"):
        pokers.begin(game, place, goal=game.goals.last())
    for role in PLAYERS:
        pokers.card(game, place, row, role, "5")
    for act in (rounds.reveal, rounds.lock_round):
        first = act(game, round_id=row.pk, by=host, now=now())
        seen = PokerGame.objects.get().version
        assert act(game, round_id=row.pk, by=host, now=now()).changed_at == first.changed_at
        assert PokerGame.objects.get().version == seen
    with pytest.raises(Refused, match="alt spilt og låst"):
        pokers.begin(game, place)
    with pytest.raises(Refused, match="Runden er ferdig"):
        pokers.card(game, place, row, MEMBER, "8")
    with pytest.raises(Http404):
        rounds.reveal(game, round_id=row.pk + 1000, by=host, now=now())


# --- The order ------------------------------------------------------------------------------------
def test_play_case__after_all_goals_have_their_weight(place, game):
    first, second = game.goals.all()
    case = game.cases.get()
    pokers.played(game, place, "20", "20", "20", goal=first)
    with pytest.raises(Refused, match="1 mål gjenstår"):
        pokers.begin(game, place, goal=first, case=case)
    told = refused_by_database(
        "insert into governance_pokerround (game_id, goal_id, case_id, number, status, opened_at, changed_at) "
        "values (%s, %s, %s, 1, 'open', now(), now())", game.pk, first.pk, case.pk,
    )  # fmt: skip
    assert "weighed before" in told
    pokers.played(game, place, "5", "5", "5", goal=second)
    assert pokers.begin(game, place, goal=first, case=case).is_open


def test_play_case__whoever_may_not_read_it_gets_no_card(place, host):
    case = stories.ready_for_council(place)
    game = pokers.opened(place, case, players=(*PLAYERS, Role.IKT_LEADER))
    for goal in game.goals.all():
        pokers.played(game, place, "5", "5", "5", goal=goal)
    row = pokers.begin(game, place, goal=game.goals.first(), case=game.cases.get())
    assert row.cards.count() == len(PLAYERS)
    with pytest.raises(Refused, match="ikke fått kort"):
        pokers.card(game, place, row, Role.IKT_LEADER, "5")
    assert not PokerRound.objects.visible_to(place.actor(Role.IKT_LEADER)).filter(pk=row.pk).exists()


def test_play_case__shielded_meanwhile_is_played_by_nobody_who_may_not_read_it(place, host):
    case = stories.ready_for_council(place)
    game = pokers.opened(place, case, players=(*PLAYERS, Role.CHIEF_OF_FINANCE))
    for goal in game.goals.all():
        pokers.played(game, place, "5", "5", "5", goal=goal)
    row = pokers.begin(game, place, goal=game.goals.first(), case=game.cases.get())
    pokers.card(game, place, row, Role.CHIEF_OF_FINANCE, "5")
    Initiative.objects.filter(pk=case.pk).update(shield_basis="offl_13", public_title="Et tiltak")
    with pytest.raises(Refused, match="ikke fått kort"):
        pokers.card(game, place, row, Role.CHIEF_OF_FINANCE, "8")
    pokers.card(game, place, row, MEMBER, "8")


def test_close_game__not_in_the_midst_of_a_round_and_then_for_good(place, game, host):
    row = pokers.begin(game, place)
    with pytest.raises(Refused, match="En runde er i gang"):
        setup.close_game(game, by=host, now=now())
    rounds.break_off(game, round_id=row.pk, by=host, now=now())
    for _twice in range(2):
        assert setup.close_game(game, by=host, now=now()).is_closed
    with pytest.raises(Refused, match="Spillet er avsluttet"):
        pokers.begin(game, place)
    with pytest.raises(Refused, match="Spillet er avsluttet"):
        setup.invite(game, [], by=host, now=now())


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("update governance_pokerround set status = 'replayed', revealed_at = now(), votes = 0, ended_at = now() where id = %s", "Invalid transition"),
        ("update governance_pokerround set status = 'revealed', revealed_at = now(), votes = 4, abstained = 0 where id = %s", "what its cards show"),
        ("update governance_pokerround set number = 2 where id = %s", "keeps its question"),
        ("delete from governance_pokerround where id = %s", "Cannot delete"),
    ],
)  # fmt: skip
def test_raw_sql__does_not_cheat(place, game, sql, says):
    row = pokers.begin(game, place)
    assert says in refused_by_database(sql, row.pk)


def test_open_round__goes_on_after_a_second_round_was_broken_off(place, game, host):
    first = pokers.shown(game, place, "8", "13", "unsure", "pause")
    second = rounds.replay(game, round_id=first.pk, by=host, now=now())
    rounds.break_off(game, round_id=second.pk, by=host, now=now())
    third = rounds.open_round(game, goal=first.goal, case=first.case, by=host, now=now())
    assert (third.number, third.is_open) == (2, True)


def test_explain__what_somebody_else_wrote_meanwhile_is_not_written_over(place, game, host):
    row = pokers.shown(game, place, "8", "13", "13", "40")
    low = row.cards.get(value=8)
    playing.explain(game, card_id=low.pk, text="Vi har det alt.", by=place.actor(PLAYERS[0]), now=now())
    with pytest.raises(Refused, match="imens: «Vi har det alt"):
        playing.explain(game, card_id=low.pk, text="Noe annet.", by=host, now=now())
    kept = playing.explain(
        game, card_id=low.pk, text="Vi har det alt i dag.", began="Vi har det alt.", by=host, now=now()
    )
    assert kept.explanation == "Vi har det alt i dag."


def test_uninvite__from_a_closed_game_is_refused(place, game, host):
    player = game.players.latest("pk")
    PokerGame.objects.filter(pk=game.pk).update(closed_at=now())
    with pytest.raises(Refused, match="avsluttet"):
        setup.uninvite(game, pk=player.pk, by=host, now=now())
