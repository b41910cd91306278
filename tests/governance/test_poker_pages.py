"""The pages of nyttepoker: a whole game without JavaScript, what is hidden, what comes too late, and the pulse."""

from __future__ import annotations

import html
import re
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from core.inbox import Inbox
from governance.models import Initiative, PokerGame
from governance.poker import playing, rounds, setup
from organization.roles import Role
from tests import stories
from tests.governance import pokers
from tests.governance.pokers import HOST, PLAYERS

MAX_QUERIES, MAX_PULSE = 12, 4
LIST, NEW = reverse("governance:poker_list"), reverse("governance:poker_create")
MEMBER = Role.COUNCIL_MEMBER


def page_of(game, name="game"):
    return reverse(f"governance:poker_{name}", args=[game.pk])


def plain(answer):
    return html.unescape(answer.content.decode()).replace("\xa0", " ")


@pytest.fixture
def game(place):
    return pokers.opened(place)


def values(place, *cases, **changed):
    given = {
        "title": "Høstens saker", "goals": [one.pk for one in pokers.goals(place)], "initiatives": [case.pk for case in cases],
        "deck": "0 ½ 1 2 3 5 8 13 20 40 100", "minimum_votes": "3", "most_rounds": "3", "locks_by": "median",
    }  # fmt: skip
    return {**given, **changed}


# --- Set up ---------------------------------------------------------------------------------------
def test_make_game__on_the_page_and_open_it(as_role, place):
    case = stories.ready_for_council(place)
    client = as_role(HOST)
    assert client.get(NEW).status_code == 200
    made = client.post(NEW, values(place, case))
    game = PokerGame.objects.get()
    assert made.url == page_of(game)
    text = plain(client.get(page_of(game)))
    assert "Inviter minst 3 spillere" in text
    assert "0, ½, 1, 2, 3, 5, 8, 13, 20, 40, 100, ?, Pause" in text
    assert client.post(page_of(game), {"do": "open"}).status_code == 409
    client.post(page_of(game), {"do": "council"})
    asked = client.post(page_of(game), {"do": "invite", "person": place.person(Role.IKT_LEADER).name})
    assert asked.status_code == 302
    assert game.players.count() == 5
    gone = game.players.get(person=place.person(Role.IKT_LEADER))
    for _twice in range(2):
        client.post(page_of(game), {"do": "uninvite", "player": gone.pk})
    assert game.players.count() == 4
    assert client.post(page_of(game), {"do": "open"}).status_code == 302
    assert PokerGame.objects.get().is_open
    assert client.post(page_of(game, "edit"), values(place, case)).status_code == 422


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"deck": "1 2"}, "Skriv fra 3 til 20 ulike kort"), ({"deck": "1 2 fem"}, "«fem» er ikke et kort"),
        ({"deck": "1 2 101"}, "«101» er ikke et kort"), ({"deck": "1 2 NaN"}, "«NaN» er ikke et kort"),
        ({"deck": "1 2 0,55"}, "«0,55» er ikke et kort"), ({"deck": "1 2 1e9"}, "«1e9» er ikke et kort"),
        ({"minimum_votes": "1"}, "2"), ({"most_rounds": "4"}, "3"), ({"title": " "}, "Du må fylle ut «Tittel»"),
        ({"goals": ["-1"]}, "-1"), ({"initiatives": ["9" * 30]}, "9" * 30), ({"locks_by": "max"}, "max"),
    ],
)  # fmt: skip
def test_make_game__says_what_is_wrong(as_role, place, changed, says):
    answer = as_role(HOST).post(NEW, values(place, stories.ready_for_council(place), **changed))
    assert answer.status_code == 422
    assert says in plain(answer)
    assert not PokerGame.objects.exists()


def test_make_game__only_with_what_the_secretariat_reads_and_its_own_goals(as_role, world, place):
    other = stories.ready_for_council(world.neighbor)
    client = as_role(HOST)
    for changed in ({"initiatives": [other.pk]}, {"goals": [world.neighbor.goal.pk]}):
        assert client.post(NEW, values(place, **changed)).status_code == 422
    assert as_role(MEMBER).get(NEW).status_code == 403


def test_make_game__begins_with_the_deck_of_the_last_one(as_role, place):
    pokers.draft(place, deck=[Decimal(value) for value in (1, 2, 3, 55)], minimum_votes=4)
    text = as_role(HOST).get(NEW).content.decode()
    assert 'value="1 2 3 55"' in text
    assert not PokerGame.objects.filter(title="").exists()


def test_throw_draft_away__by_the_secretariat(as_role, place):
    game = pokers.draft(place)
    assert as_role(HOST).post(page_of(game), {"do": "drop"}).url == LIST
    assert not PokerGame.objects.exists()


# --- Play -----------------------------------------------------------------------------------------
def play(client, game, row, card):
    return client.post(page_of(game, "play"), {"do": "play", "round": row.pk, "card": card})


def test_play_game__with_forms_alone(as_role, place):
    game = pokers.opened(place, joined=False, goal_count=1)
    for role in PLAYERS:
        client = as_role(role)
        assert "Bli med i spillet" in plain(client.get(page_of(game, "play")))
        for _twice in range(2):
            assert client.post(page_of(game, "play"), {"do": "join"}).status_code == 302
        assert "Venter på neste runde" in plain(client.get(page_of(game, "play")))
    goal, case = game.goals.get(), game.cases.get()
    for key in (f"{goal.pk}-0", f"{goal.pk}-{case.pk}"):
        as_role(HOST).post(page_of(game), {"do": "round", "question": key})
        row = game.rounds.active().get()
        for role, card in zip(PLAYERS, ("8.0", "13.0", "40.0", "unsure"), strict=True):
            assert play(as_role(role), game, row, card).status_code == 302
        host = as_role(HOST)
        assert "<strong>4</strong> av 4 har lagt kort" in plain(host.get(page_of(game)))
        host.post(page_of(game), {"do": "reveal", "round": row.pk})
        text = plain(host.get(page_of(game)))
        assert "Median 13, fra 8 til 40. 3 har gitt poeng, 1 avsto." in text
        low = row.cards.get(value=8)
        as_role(PLAYERS[0]).post(
            page_of(game, "play"), {"do": "explain", "card": low.pk, "text": "Vi har det."}
        )
        assert "Vi har det." in plain(as_role(MEMBER).get(page_of(game, "play")))
        as_role(HOST).post(page_of(game), {"do": "lock", "round": row.pk})
    host = as_role(HOST)
    assert "Alt er spilt." in plain(host.get(page_of(game)))
    assert "Nyttepoengene står nå" in plain(host.post(page_of(game), {"do": "close"}, follow=True))
    assert "13,0" in plain(as_role(MEMBER).get(page_of(game)))
    assert "Spillet er avsluttet" in plain(as_role(MEMBER).get(page_of(game, "play")))


def test_read_pages__nothing_of_a_hidden_card(as_role, place, game):
    row = pokers.begin(game, place)
    for role, card in zip(PLAYERS, ("8", "40", "100", "pause"), strict=True):
        pokers.card(game, place, row, role, card)
    for role in (HOST, PLAYERS[0], MEMBER):
        for name in ("game", "play"):
            answer = as_role(role).get(page_of(game, name))
            if answer.status_code == 404:
                continue
            text = re.sub(
                r"<fieldset.*?</fieldset>", "", answer.content.decode(), flags=re.DOTALL
            )  # the deck itself
            lying = re.findall(
                r'poker__card[^>]*>(.*?)</span>\s*<span class="poker__name"', text, flags=re.DOTALL
            )
            assert all("har lagt kort" in card for card in lying), (role, name)
            assert "Uenighet" not in text.partition("Resultat så langt")[0]


def test_act__too_late_shows_what_happens_now(as_role, place, game):
    row = pokers.shown(game, place, "5", "8", "13")
    late = play(as_role(PLAYERS[3]), game, row, "8.0")
    assert late.status_code == 409
    assert "Kortene er alt vist. Kortet ditt ble ikke med." in plain(late)
    assert "Kortene er vist. Fra 5 til 13, uenighet 8." in plain(late)
    host = as_role(HOST)
    for _twice in range(2):
        assert host.post(page_of(game), {"do": "lock", "round": row.pk}).status_code == 302
    stale = host.post(page_of(game), {"do": "replay", "round": row.pk})
    assert stale.status_code == 409
    assert "Runden er ferdig (låst)" in plain(stale)
    assert "Åpne runden" in plain(stale)


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"do": "play", "round": "-1", "card": "8.0"}, 422), ({"do": "play", "round": "x"}, 422), ({"do": "play"}, 422),
        ({"do": "play", "round": "9" * 40, "card": "8.0"}, 422), ({"do": "explain", "card": "1", "text": ""}, 422),
        ({"do": "explain", "card": str(2**61), "text": "Hei"}, 404), ({"do": "play", "round": str(2**61), "card": "8.0"}, 404),
        ({"do": "play", "round": "ROUND", "card": "7"}, 422), ({}, 422), ({"do": "explain", "card": "\x00", "text": "\x00"}, 422),
    ],
)  # fmt: skip
def test_play__whatever_is_sent(as_role, place, game, sent, code):
    row = pokers.begin(game, place)
    sent = {name: str(row.pk) if value == "ROUND" else value for name, value in sent.items()}
    assert as_role(MEMBER).post(page_of(game, "play"), sent).status_code == code


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"do": "reveal", "round": "-1"}, 422), ({"do": "lock"}, 422), ({"do": "round", "question": "x"}, 422), ({"do": "nei"}, 409),
        ({"do": "uninvite", "player": "\x00"}, 409), ({"do": "invite", "person": "Ingen heter dette"}, 422), ({"do": "invite"}, 422),
        ({"do": "explain", "card": "x"}, 422), ({}, 409), ({"do": "reveal", "round": str(2**61)}, 404),
    ],
)  # fmt: skip
def test_lead__whatever_is_sent(as_role, place, game, sent, code):
    assert as_role(HOST).post(page_of(game), sent).status_code == code
    assert as_role(MEMBER).post(page_of(game), sent).status_code == 403


def test_see_round__of_a_shielded_case(as_role, place):
    case = stories.ready_for_council(place, title="Hemmelig sak")
    game = pokers.opened(place, case, players=(*PLAYERS, Role.CHIEF_OF_FINANCE), goal_count=1)
    pokers.played(game, place, "5", "5", "5")
    Initiative.objects.filter(pk=case.pk).update(shield_basis="offl_13", public_title="Et tiltak")
    row = pokers.shown(game, place, "8", "13", "40", goal=game.goals.get(), case=game.cases.get())
    playing.explain(game, card_id=row.cards.get(value=8).pk, text="Står om fru Ødegård.", by=place.actor(HOST), now=timezone.now())  # fmt: skip
    for name in ("game", "play"):
        text = plain(as_role(Role.CHIEF_OF_FINANCE).get(page_of(game, name)))
        assert "Du kan ikke lese dette tiltaket" in text
        for secret in ("Hemmelig sak", "Ødegård", "Median 13", "Fra 8 til 40"):
            assert secret not in text
    host = plain(as_role(HOST).get(page_of(game)))
    assert "Får ikke kort i denne runden" in host
    assert place.person(Role.CHIEF_OF_FINANCE).name in host.partition("Får ikke kort")[2].partition("</p>")[0]


# --- Who, how much, and what is new -----------------------------------------------------------------
def test_open_pages__those_who_see_the_game(as_role, world, place, game):
    for name in ("game", "pulse"):
        codes = [as_role(role).get(page_of(game, name)).status_code for role in (HOST, MEMBER, Role.EMPLOYEE)]
        assert codes == [200, 200, 404]
        assert as_role(HOST, world.neighbor).get(page_of(game, name)).status_code == 404
    assert [as_role(role).get(page_of(game, "play")).status_code for role in (MEMBER, HOST)] == [200, 404]
    assert game.title in plain(as_role(MEMBER).get(LIST))
    assert game.title not in plain(as_role(Role.EMPLOYEE).get(LIST))
    assert game.title not in plain(as_role(HOST, world.neighbor).get(LIST))


def test_pulse__tells_of_a_card_to_the_table_and_of_the_cards_to_all(
    as_role, place, game, django_assert_max_num_queries
):
    row = pokers.begin(game, place)
    known = PokerGame.objects.get()
    client = as_role(MEMBER)
    table, hand = (
        f"{page_of(game, 'pulse')}?versjon={known.version}",
        f"{page_of(game, 'pulse')}?tur={known.turn}",
    )
    assert [client.get(url).status_code for url in (table, hand)] == [204, 204]
    pokers.card(game, place, row, PLAYERS[0], "8")
    assert [client.get(url).status_code for url in (table, hand)] == [200, 204]
    rounds.reveal(game, round_id=row.pk, by=place.actor(HOST), now=timezone.now())
    told = client.get(hand)
    assert (told.status_code, told.headers["HX-Trigger"]) == (200, "poker-news")
    for odd in ("", "?tur=x", "?versjon=-1", "?tur=\x00"):
        assert client.get(page_of(game, "pulse") + odd).status_code == 200
    with django_assert_max_num_queries(MAX_PULSE):
        client.get(hand)


def test_pages__few_queries_however_many_play(as_role, place, django_assert_max_num_queries):
    cases = [stories.ready_for_council(place, title=f"Sak {at}") for at in range(3)]
    small, large = pokers.closed(place, cases[0]), pokers.opened(place, *cases, goal_count=2)
    for goal in large.goals.all():
        pokers.played(large, place, "5", "8", "13", "13", goal=goal)
    pokers.played(large, place, "5", "8", "13", "13", goal=large.goals.first(), case=large.cases.first())
    pokers.shown(large, place, "5", "8", "13", "13", goal=large.goals.last(), case=large.cases.first())
    for game in (small, large):
        for role, name in ((HOST, "game"), (MEMBER, "play")):
            client = as_role(role)
            client.get(page_of(game, name))
            with django_assert_max_num_queries(MAX_QUERIES, info=(game, name)):
                client.get(page_of(game, name))
    client = as_role(HOST)
    client.get(LIST)
    with django_assert_max_num_queries(MAX_QUERIES):
        client.get(LIST)


def test_inbox__while_the_game_is_open(place):
    def waits():
        return [task.url for task in Inbox(place.actor(MEMBER)).tasks() if "nyttepoker" in task.url]

    game = pokers.draft(place)
    assert waits() == []
    setup.open_game(game, by=place.actor(HOST), now=timezone.now())
    assert waits() == [page_of(game, "play")]
    setup.close_game(game, by=place.actor(HOST), now=timezone.now())
    assert waits() == []


def test_lead_game__what_is_half_chosen_stays_while_the_same_questions_are_left(as_role, place):
    """The fields keep their elements when the table is fetched anew, and the browser what is in them over a reload."""
    game = pokers.opened(place, goal_count=2)
    client = as_role(HOST)

    def parts():
        text = plain(client.get(page_of(game), headers={"HX-Request": "true"}))
        question = re.search(r"<select[^>]*hx-preserve[^>]*>", text)
        assert question, text
        assert re.search(r"<input[^>]*name=\"person\"[^>]*hx-preserve", text)
        keeps = re.findall(r'data-keep="([^"]+)"', text)
        assert [one.rsplit(":", 1)[1] for one in keeps] == ["round", "invite"]
        return re.search(r'id="(question-\d+)"', question[0])[1]

    before = parts()
    PokerGame.objects.filter(pk=game.pk).update(version=game.version + 5)
    assert parts() == before
    pokers.played(game, place, "5", "8", "13", "13", goal=game.goals.first())
    assert parts() != before
    goal = game.goals.last()
    answer = client.post(page_of(game), {"do": "round", "question": f"{goal.pk}-0"})
    assert answer.cookies["saved_text"].value.endswith(":round")
