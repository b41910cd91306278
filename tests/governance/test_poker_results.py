"""What nyttepoker gives: the formulae of domain/benefits 3.9, and the evidence in the case paper."""

from __future__ import annotations

import html
from decimal import Decimal
from statistics import median as plain_median

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as some

from core.actors import System
from core.retention import forget
from governance.case_papers import pdf_data
from governance.models import CasePaper, CostLine, PokerCard
from governance.poker import playing, rounds, setup
from governance.poker.arithmetic import benefit_cost_index, benefit_points, locked_value, median, normalized
from governance.poker.papers import poker_part
from governance.poker.results import latest_results
from governance.workflow import meeting_workflow
from organization.roles import Role
from tests import stories
from tests.governance import pokers
from tests.governance.pokers import HOST, PLAYERS

POINTS = some.lists(some.decimals(0, 100, places=1), min_size=1, max_size=30)


def decimals(*values):
    return [Decimal(str(value)) for value in values]


# --- Arithmetic -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("cards", "middle"),
    [
        ((8, 13, 13, 40), 13),
        ((40, 8), 24),
        ((0.5, 1), Decimal("0.75")),
        ((100,), 100),
        ((0, 0, 0.5), 0),
        ((), None),
    ],
)
def test_median__of_cards(cards, middle):
    assert median(decimals(*cards)) == middle


@given(POINTS)
def test_median__as_others_reckon_it_and_between_the_lowest_and_the_highest(points):
    found = median(points)
    assert found == plain_median(points)
    assert min(points) <= found <= max(points)
    assert median(list(reversed(points))) == found
    for by_mean in (True, False):
        locked = locked_value(points, by_mean=by_mean)
        assert min(points) - Decimal("0.005") <= locked <= max(points) + Decimal("0.005")


def test_locked_value__to_two_decimals_half_up():
    assert locked_value(decimals(0, 0, 1), by_mean=True) == Decimal("0.33")
    assert locked_value(decimals(0, 0.5, *[0] * 2, *[0] * 4), by_mean=True) == Decimal("0.06")
    assert locked_value([], by_mean=True) is None


def test_normalized__to_a_hundred():
    assert normalized(decimals(20, 5)) == decimals(80, 20)
    assert normalized(decimals(0, 8)) == decimals(0, 100)
    assert normalized(decimals(0, 0)) is None
    assert normalized([]) is None


@given(
    some.lists(
        some.tuples(some.decimals("0.1", 100, places=1), some.decimals(0, 100, places=1)),
        min_size=1,
        max_size=8,
    )
)
def test_benefit_points__never_beyond_the_cards(pairs):
    weights = normalized([weight for weight, _points in pairs])
    found = benefit_points(list(zip(weights, [points for _weight, points in pairs], strict=True)))
    assert abs(sum(weights) - 100) < Decimal("1e-20")
    tiny = Decimal("1e-20")
    assert (
        min(points for _weight, points in pairs) - tiny
        <= found
        <= max(points for _weight, points in pairs) + tiny
    )


def test_benefit_points__sum_of_weight_and_points():
    assert benefit_points([(Decimal(80), Decimal(13)), (Decimal(20), Decimal(3))]) == 11  # 10.4 + 0.6
    assert benefit_cost_index(Decimal(11), Decimal(500_000)) == 22
    assert benefit_cost_index(Decimal(11), Decimal(0)) is None


# --- Evidence -------------------------------------------------------------------------------------
@pytest.fixture
def case(place):
    made = stories.ready_for_council(place)
    CostLine.objects.filter(initiative=made).update(amount=500_000)
    return made


def test_result__of_the_last_finished_game_that_gave_points_for_every_goal(place, case):
    game = pokers.closed(place, case)
    pokers.opened(place, case)  # goes on: counts for nothing yet
    setup.close_game(
        pokers.opened(place, case), by=place.actor(HOST), now=timezone.now()
    )  # nothing was played
    result = latest_results([case.pk])[case.pk]
    assert (result.game, result.points, result.disagreement) == (game, 11, 32)
    assert [(line.weight, line.round.value) for line in result.lines] == [(80, 13), (20, 3)]


def test_paper__has_the_points_the_disagreement_and_who_explained_what(as_role, place, case):
    game = pokers.opened(place, case, goal_count=1)
    pokers.played(game, place, "5", "5", "5")
    row = pokers.shown(game, place, "8", "13", "13", "40", goal=game.goals.get(), case=game.cases.get())
    by, now = place.actor(HOST), timezone.now()
    for value, text in ((8, "Vi har det alt."), (40, "Treffer alle.")):
        playing.explain(game, card_id=row.cards.get(value=value).pk, text=text, by=by, now=now)
    second = rounds.replay(game, round_id=row.pk, by=by, now=now)
    for role, value in zip(pokers.PLAYERS, ("13", "13", "20", "unsure"), strict=True):
        pokers.card(game, place, second, role, value)
    rounds.reveal(game, round_id=second.pk, by=by, now=now)
    rounds.lock_round(game, round_id=second.pk, by=by, now=now)
    assert poker_part(case) is None
    setup.close_game(game, by=by, now=now)
    told = "\n".join(text for _label, text in poker_part(case).rows).replace("\xa0", " ")
    leader, substitute = place.person(Role.COUNCIL_LEADER), place.person(Role.COUNCIL_SUBSTITUTE)
    for words in (
        "13,0 nyttepoeng av 100. Største uenighet om et mål: 7.",
        "13 poeng, vekt 100,0 av 100. Kortene gikk fra 13 til 20, uenighet 7.", "3 ga poeng, 1 avsto. Låst i runde 2.",
        f"{leader} (8, runde 1): «Vi har det alt.»", f"{substitute} (40, runde 1): «Treffer alle.»", "Nytte/kost-indeks:",
    ):  # fmt: skip
        assert words in told, told
    CasePaper.objects.filter(initiative=case).update(published_at=timezone.now())
    for name in ("initiative_case_paper", "scoring_page"):
        page = as_role(HOST).get(reverse(f"governance:{name}", args=[case.pk]))
        text = html.unescape(page.content.decode()).replace("\xa0", " ")
        assert "Låst i runde 2." in text
        assert "«Vi har det alt.»" in text
    pdf = as_role(HOST).get(reverse("governance:initiative_case_paper_pdf", args=[case.pk]))
    assert pdf.content.startswith(b"%PDF")


def test_pages__few_queries_with_evidence(as_role, place, case, django_assert_max_num_queries):
    pokers.closed(place, case)
    client = as_role(HOST)
    for name in ("initiative_case_paper", "scoring_page"):
        url = reverse(f"governance:{name}", args=[case.pk])
        client.get(url)
        with django_assert_max_num_queries(12, info=name):
            client.get(url)


def test_forget_case__with_what_players_said_of_it_and_not_their_points(place):
    case, other = stories.ready_for_council(place), stories.ready_for_council(place, title="En annen sak")
    game = pokers.opened(place, case, other, goal_count=1)
    pokers.played(game, place, "20", "20", "20", "20")
    for one in game.cases.all():
        row = pokers.shown(game, place, "2", "8", "8", "40", goal=game.goals.get(), case=one)
        lowest = row.cards.get(value=2)
        said = {"card_id": lowest.pk, "text": "Fru Ødegård klarer seg uten."}
        playing.explain(game, **said, by=place.actor(PLAYERS[0]), now=timezone.now())
        rounds.lock_round(game, round_id=row.pk, by=place.actor(HOST), now=timezone.now())
    forget(case, columns=["title"], legal_basis="lov", by=System("retention"), now=timezone.now())
    of_case = PokerCard.objects.filter(round__case__initiative=case)
    assert sorted((one.value, one.explanation) for one in of_case) == [
        (2, "[fjernet]"), (8, ""), (8, ""), (40, ""),
    ]  # fmt: skip
    kept = PokerCard.pgh_event_model.objects.filter(pgh_obj_id__in=of_case.values("pk"))
    assert {one.explanation for one in kept} == {"", "[fjernet]"}
    assert PokerCard.objects.get(round__case__initiative=other, value=2).explanation.startswith("Fru")


# --- What went out ------------------------------------------------------------------------------------------
def test_case_paper__that_went_out_stands_when_a_game_is_closed_later(place, as_role):
    at = stories.meeting(place)
    case = stories.on_agenda(place, at)
    pokers.closed(place, case, weights=("20", "5"))
    sent = now = timezone.now()
    meeting_workflow.perform("summon", at, by=place.actor(HOST), now=sent)
    url = reverse("governance:initiative_case_paper", args=[case.pk])
    before = html.unescape(as_role(Role.COUNCIL_MEMBER).get(url).content.decode())
    said = [text for label, text in poker_part(case).rows]
    assert all(text.splitlines()[0] in before for text in said)
    again = pokers.closed(place, case, weights=("5", "20"), points=(("100",) * 4, ("0",) * 4))
    anew = [text.splitlines()[0] for label, text in poker_part(case).rows]
    assert anew != [text.splitlines()[0] for text in said]
    reads = html.unescape(as_role(Role.COUNCIL_MEMBER).get(url).content.decode())
    assert all(text.splitlines()[0] in reads for text in said)
    assert anew[0] not in reads
    prepares = html.unescape(as_role(Role.SECRETARIAT).get(url).content.decode())
    assert anew[0] in prepares
    paper = CasePaper.objects.get(initiative=case)
    assert again.closed_at > now
    assert pdf_data(case, paper.as_published(), [])["sections"] != pdf_data(case, paper, [])["sections"]
