"""The ranking: figures side by side, ties and what is missing, the law apart, and how far the money reaches."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from benefits.models import Benefit
from core.workflow import TransitionDenied
from governance.models import CostLine, Initiative
from organization.roles import Role
from portfolio.models import BudgetFrame
from portfolio.ranking.candidates import candidates_of
from portfolio.ranking.operations import set_frame
from portfolio.ranking.order import By, ranked
from tests import stories
from tests.governance import scorings

MAX_QUERIES = 12
URL = reverse("portfolio:ranking")
FRAME = reverse("portfolio:frame_edit")


@pytest.fixture
def place(world):
    return world.home


def plain(answer):
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))).replace(
        "\xa0", " "
    )


def year():
    return timezone.localdate().year


def found_by(place, role=Role.PORTFOLIO_MANAGER, *, with_running=False):
    return candidates_of(
        place.actor(role),
        place.municipality.pk,
        year=year(),
        day=timezone.localdate(),
        with_running=with_running,
    )[0]


def frame(place, amount):
    return set_frame(
        place.municipality, year=year(), amount=Decimal(amount), source="Budsjett", by=place.actor(Role.CHIEF_OF_FINANCE), now=timezone.now()
    )  # fmt: skip


# --- The order -----------------------------------------------------------------------------------
@dataclass
class One:
    """A candidate of the arithmetic."""

    name: str
    amount: Decimal = Decimal(10)
    score: Decimal | None = None
    npv: Decimal | None = None
    points: Decimal | None = None
    is_statutory: bool = False
    is_hidden: bool = False


def made(name, score=None, amount=10, **more):
    return One(name, Decimal(amount), None if score is None else Decimal(score), **more)


def test_rank__equal_ones_share_a_place_and_what_is_missing_has_none():
    found = ranked([made("A", 50), made("B"), made("C", 70), made("D", 50), made("E", 10)], By.SCORE, None)
    assert [(row.candidate.name, row.place) for row in found.placed] == [
        ("C", "1"), ("A", "2 (delt)"), ("D", "2 (delt)"), ("E", "4"), ("B", "–"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("by", "names"), [(By.SCORE, "ABC"), (By.NPV, "BCA"), (By.POINTS, "CAB"), (By.AMOUNT, "BAC")]
)
def test_rank__by_one_figure_at_a_time_and_never_merged(by, names):
    rows = [
        made("A", 90, 20, npv=Decimal(-5), points=Decimal(2)), made("B", 80, 10, npv=Decimal(9), points=Decimal(1)),
        made("C", 70, 30, npv=Decimal(1), points=Decimal(3)),
    ]  # fmt: skip
    assert "".join(row.candidate.name for row in ranked(rows, by, None).placed) == names


def test_rank__zero_is_a_value_and_comes_before_what_is_missing():
    found = ranked([made("A"), made("B", 0)], By.SCORE, None)
    assert [row.candidate.name for row in found.placed] == ["B", "A"]


def test_rank__the_law_goes_first_and_uses_the_money():
    rows = [made("A", 90, 40), made("L", 1, 50, is_statutory=True), made("B", 80, 30), made("C", 70, 5)]
    found = ranked(rows, By.SCORE, Decimal(100))
    assert ([one.name for one in found.statutory], found.statutory_amount) == (["L"], 50)
    assert [(row.candidate.name, row.running_sum, row.fits) for row in found.placed] == [
        ("A", 90, True), ("B", 120, False), ("C", 125, False),
    ]  # fmt: skip
    assert (found.cut, found.total) == (1, 125)
    assert ranked(rows, By.SCORE, Decimal(40)).cut == 0
    assert ranked(rows, By.SCORE, None).cut == 3


# --- The candidates ------------------------------------------------------------------------------
def test_find_candidates__what_waits_and_not_what_is_over_or_elsewhere(world, place):
    wanted = [
        stories.ready_for_council(place),
        stories.on_agenda(place),
        stories.decided(place, "hold"),
        stories.adopted(place),
    ]
    running = stories.in_portfolio(place)
    stories.received(place)
    stories.decided(place, "reject")
    stories.ready_for_council(world.neighbor)
    assert {one.initiative.pk for one in found_by(place)} == {row.pk for row in wanted}
    assert {one.initiative.pk for one in found_by(place, with_running=True)} == {
        row.pk for row in [*wanted, running]
    }


def test_find_candidates__with_each_figure_where_it_is_known(place):
    bare, rich = stories.ready_for_council(place), stories.ready_for_council(place, title="Rik")
    Benefit.objects.filter(initiative=rich).update(
        kind="avoided_cost",
        form="budget",
        hours_per_year=None,
        kroner_per_year=250_000,
        points=40,
        full_effect_from=year() + 1,
    )
    Initiative.objects.filter(pk=rich.pk).update(operation_per_year=0)
    CostLine.objects.filter(initiative=rich).update(amount=1_000_000)
    scorings.criteria(place)
    scorings.score(rich, place, 5, 4, 3, 5, 2, 3, 1)
    found = {one.initiative.pk: one for one in found_by(place)}
    one = found[rich.pk]
    assert (one.score, one.assessors, one.criteria, one.points, one.amount) == (74, 1, 1, 40, 1_000_000)
    assert round(one.npv) == 1_027_724  # 10 years of 250 000 at 4 per cent, less the million
    empty = found[bare.pk]
    assert (empty.score, empty.npv, empty.points, empty.amount) == (None, None, None, 50_000)


def test_open_ranking__says_what_is_missing_in_words(as_role, place):
    stories.ready_for_council(place)
    text = plain(as_role(Role.PORTFOLIO_MANAGER).get(f"{URL}?ar={year()}"))
    for words in (
        "Ikke vurdert",
        "Ingen gevinst i budsjettet",
        "Ikke gitt",
        "Ingen ramme er registrert",
        "50 000 kr",
    ):
        assert words in text


def test_open_ranking__draws_the_line_where_the_money_ends(as_role, place):
    for title in ("Først", "Så", "Sist"):
        stories.ready_for_council(place, title=title)
    law = stories.ready_for_council(
        place, title="Lovpålagt", is_statutory=True, statutory_basis="Pasientjournalloven § 8"
    )
    frame(place, 120_000)
    text = plain(as_role(Role.CHIEF_OF_FINANCE).get(f"{URL}?sorter=belop&ar={year()}"))
    assert "bruker 50 000 kr av rammen" in text
    assert "Pasientjournalloven § 8" in text
    assert text.index("Lovpålagt") < text.index("Det er penger til hit: 120 000 kr")
    assert law.pk
    before, after = text.split("Det er penger til hit")
    assert ("100 000 kr" in before, "150 000 kr" in after, "150 000 kr" in before) == (True, True, False)
    frame(place, 10_000)
    assert "Rammen dekker ikke det lovpålagte" in plain(
        as_role(Role.CHIEF_OF_FINANCE).get(f"{URL}?ar={year()}")
    )
    frame(place, 900_000)
    assert "Det er penger til alt på listen" in plain(
        as_role(Role.CHIEF_OF_FINANCE).get(f"{URL}?ar={year()}")
    )


@pytest.mark.parametrize(
    "query", ["?ar=x&sorter=y", "?ar=99999999999999", "?pagaende=on&sorter=nnv", "?sorter=poeng&ar=1999"]
)
def test_open_ranking__whatever_the_address_says(as_role, place, query):
    stories.in_portfolio(place)
    assert as_role(Role.PORTFOLIO_MANAGER).get(URL + query).status_code == 200


def test_open_ranking__empty(as_role, world):
    assert "Ingen tiltak å rangere" in plain(as_role(Role.PORTFOLIO_MANAGER, world.stranger).get(URL))


def test_open_ranking__shielded_ones_show_their_public_title_only(as_role, place):
    hidden = stories.ready_for_council(place, title="Hemmelig anskaffelse")
    scorings.criteria(place)
    scorings.score(hidden, place, 5)
    Initiative.objects.filter(pk=hidden.pk).update(shield_basis="offl_23", public_title="En anskaffelse")
    text = plain(as_role(Role.PORTFOLIO_MANAGER).get(f"{URL}?ar={year()}"))
    assert "En anskaffelse" in text
    assert "Skjermet" in text
    for words in ("Hemmelig", "50 000 kr", "versjon 1"):
        assert words not in text
    assert found_by(place)[0].score is None
    assert found_by(place, Role.SECRETARIAT)[0].score == 100


@pytest.mark.parametrize(
    ("role", "code"),
    [(Role.EMPLOYEE, 403), (Role.LEADER, 403), (Role.ADMINISTRATOR, 403), (Role.SECRETARIAT, 200), (Role.COUNCIL_MEMBER, 200), (Role.KOMMUNEDIREKTOR, 200)],
)  # fmt: skip
def test_open_ranking__those_who_read_all_cases(as_role, role, code):
    client = as_role(role)
    assert client.get(URL).status_code == code
    assert (URL in client.get(reverse("portfolio:board")).content.decode()) == (code == 200)


# --- The frame -----------------------------------------------------------------------------------
@pytest.mark.parametrize("role", [Role.CHIEF_OF_FINANCE, Role.PORTFOLIO_MANAGER])
def test_set_frame__and_change_it(as_role, world, place, role):
    client, data = (
        as_role(role),
        {"year": str(year()), "amount": "2,5 mill.", "source": "Budsjett 2026, KS-sak 61/25"},
    )
    assert client.post(FRAME, data).status_code == 302
    assert client.post(FRAME, {**data, "amount": "3000000"}).status_code == 302
    assert BudgetFrame.objects.get().amount == 3_000_000
    assert "KS-sak 61/25" in plain(client.get(f"{URL}?ar={year()}"))
    assert not BudgetFrame.objects.visible_to(world.neighbor.actor(role)).exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"year": "1899"},
        {"year": "to"},
        {"amount": "-1"},
        {"amount": "x"},
        {"source": ""},
        {"amount": "9" * 30},
    ],
)
def test_set_frame__refuses_what_cannot_be(as_role, wrong):
    data = {"year": str(year()), "amount": "1000", "source": "Budsjett", **wrong}
    assert as_role(Role.CHIEF_OF_FINANCE).post(FRAME, data).status_code == 422
    assert not BudgetFrame.objects.exists()


def test_set_frame__nobody_else(as_role, world, place):
    assert as_role(Role.SECRETARIAT).get(FRAME).status_code == 403
    for by in (place.actor(Role.KOMMUNEDIREKTOR), world.neighbor.actor(Role.CHIEF_OF_FINANCE)):
        with pytest.raises(TransitionDenied):
            set_frame(place.municipality, year=2026, amount=Decimal(1), source="x", by=by, now=timezone.now())


def test_open_ranking__few_queries_however_many(as_role, place, django_assert_max_num_queries):
    scorings.criteria(place)
    scorings.score(stories.ready_for_council(place), place, 4)
    frame(place, 100_000)
    client = as_role(Role.PORTFOLIO_MANAGER)
    client.get(URL)
    with django_assert_max_num_queries(MAX_QUERIES) as asked:
        client.get(f"{URL}?pagaende=on")
    for _again in range(4):
        scorings.score(stories.ready_for_council(place), place, 2)
    stories.in_portfolio(place)
    with django_assert_max_num_queries(len(asked)):
        client.get(f"{URL}?pagaende=on")
