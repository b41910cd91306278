"""The scorecard: each figure, what is told apart, what each opens, who sees what, and what it costs."""

from __future__ import annotations

import html
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from benefits import operations
from benefits import scorecard as cards
from benefits.arithmetic import ThreePoint
from benefits.basis import basis_for
from benefits.economics import economics
from benefits.models import Benefit
from core.inbox import Inbox
from organization.roles import Role
from tests import stories as initiatives
from tests.benefits import baton_stories as baton
from tests.benefits import stories

PAGE = reverse("benefits:scorecard")
MONEY = {"kind": "avoided_cost", "form": "budget", "kroner_per_year": 100_000, "hours_per_year": None}


@pytest.fixture
def place(world):
    return world.home


def card(place, *, by=cards.OWNER, measure="kroner", year=None, role=Role.EMPLOYEE):
    year = year or timezone.localdate().year
    rows = Benefit.objects.visible_to(place.actor(role)).in_plans()
    return cards.rows_of(rows, by=by, measure=measure, years=(year, year), today=timezone.localdate())


def half_way(place, **fields):
    """A benefit measured half-way from 40 to 10, in a year that holds the day of measuring."""
    benefit = stories.realizing(place, **fields)
    row = stories.measure(benefit, place, 25, 1)
    return benefit, row


def test_count__planned_measured_verified_and_missing(place):
    _benefit, row = half_way(place, **MONEY)
    (line,) = card(place, year=row.measured_on.year)
    assert (line.name, line.benefits, line.planned, line.measured, line.verified) == (
        place.person(Role.SERVICE_OWNER).name, 1, Decimal(100_000), Decimal(50_000), None,
    )  # fmt: skip
    operations.verify(row, by=place.actor(Role.CHIEF_OF_FINANCE), now=timezone.now())
    (line,) = card(place, year=row.measured_on.year)
    assert (line.verified, line.forecast, line.confirmed) == (Decimal(50_000), Decimal(50_000), 1)


def test_count__missing_is_not_zero(place):
    stories.baseline_measured(place, **MONEY)
    (line,) = card(place)
    assert (line.planned, line.measured) == (Decimal(100_000), None)
    due = [card(place, year=timezone.localdate().year + at) for at in (-1, 0)]
    assert sum(line.missing for (line,) in due) == 1


def test_count__saved_time_is_money_only_with_a_cut(place):
    half_way(place, kroner_per_year=300_000)
    assert card(place)[0].planned is None
    assert card(place, measure="hours")[0].planned == 400
    Benefit.objects.update(
        form="budget", cut_amount=90_000, cut_account="3200", cut_year=timezone.localdate().year
    )
    assert card(place)[0].planned == 90_000
    assert card(place, measure="hours")[0].planned is None
    assert card(place, year=timezone.localdate().year - 1)[0].planned == 0


def test_count__year_by_year_from_three_points(place):
    benefit = stories.identified(place, **MONEY)
    years = {
        2030: ThreePoint(Decimal(800), Decimal(1000), Decimal(1500)),
        2032: ThreePoint(*[Decimal(2000)] * 3),
    }
    operations.set_profile(benefit, years, by=place.actor(Role.SERVICE_OWNER), now=timezone.now())
    found = [card(place, year=year)[0].planned for year in (2029, 2030, 2031, 2032, 2040)]
    assert found == [0, 1060, 1060, 2000, 2000]


def test_count__not_what_cannot_be_computed(place):
    benefit = stories.baseline_measured(place, **MONEY, indicator={"target": Decimal(40)})
    row = stories.measure(benefit, place, 30, 1)
    assert card(place, year=row.measured_on.year)[0].measured is None


@pytest.mark.parametrize("by", [cards.OWNER, cards.UNIT, cards.SECTOR, cards.MUNICIPALITY, cards.RECEIVER])
def test_group__by_each(place, by):
    stories.identified(place, **MONEY)
    names = {
        cards.OWNER: place.person(Role.SERVICE_OWNER).name, cards.UNIT: place.unit.name, cards.SECTOR: place.sector.name,
        cards.MUNICIPALITY: place.municipality.name, cards.RECEIVER: "own_organization",
    }  # fmt: skip
    assert [row.name for row in card(place, by=by)] == [names[by]]


def test_see_scorecard__never_the_other_municipality(world):
    stories.identified(world.home, **MONEY)
    stories.identified(world.neighbor, **MONEY)
    assert [row.name for row in card(world.home, by=cards.MUNICIPALITY)] == [world.home.municipality.name]
    assert card(world.stranger) == []


def test_open_figure__its_list_has_as_many(place, as_role):
    half_way(place, **MONEY)
    client = as_role(Role.EMPLOYEE)
    for line in client.get(PAGE).context["lines"]:
        for at in (0, 6, 8):
            cell = line["cells"][at]
            found = client.get(cell["url"]).context["page"].rows
            assert bool(found) == (cell["text"] != "0"), cell


def test_download__is_what_stands_on_the_screen(place, as_role):
    half_way(place, **MONEY)
    client = as_role(Role.EMPLOYEE)
    shown = client.get(PAGE).context
    answer = client.get(PAGE, {"fil": "xlsx"})
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == tuple(str(heading) for heading in shown["headings"])
    assert len(rows) == len(shown["lines"]) + 2
    assert rows[-1][0] == "Alle"
    assert "mangler" in rows[1]
    assert rows[1][:3] == (shown["lines"][0]["name"], 1, 100_000)


@pytest.mark.parametrize(
    "query", [{"per": "tull"}, {"aar": "-1"}, {"aar": "9" * 30}, {"regnet": "x"}, {"mottaker": "\x00"}, {"aar": "2030", "per": "sektor", "regnet": "points", "mottaker": "citizens"}]
)  # fmt: skip
def test_open_scorecard__whatever_is_in_the_address(place, as_role, query):
    stories.identified(place, **MONEY)
    assert as_role(Role.EMPLOYEE).get(PAGE, query).status_code == 200


def test_open_list__whatever_is_in_the_address(place, as_role):
    stories.identified(place)
    client, address = as_role(Role.EMPLOYEE), reverse("benefits:benefit_list")
    for query in (
        {"year": "9" * 30, "measuring": "missing"},
        {"owner": "x"},
        {"unit": "0"},
        {"measuring": "y"},
        {"year": "0", "measuring": "due"},
    ):
        assert client.get(address, query).status_code == 200


def test_open_scorecard__costs_the_same_however_much_there_is(place, as_role):
    benefit, _row = half_way(place, **MONEY)
    client = as_role(Role.EMPLOYEE)
    client.get(PAGE)
    few = _queries(client)
    for number in range(4):
        Benefit.objects.create(
            initiative=benefit.initiative, title=f"Nr. {number}", beneficiary="citizens", kind="quality", form="not_priced",
            service_owner=place.person(Role.LEADER), created_at=timezone.now(), changed_at=timezone.now(),
        )  # fmt: skip
    assert _queries(client) == few
    assert few <= 12


def _queries(client) -> int:
    cache.clear()
    with CaptureQueriesContext(connection) as caught:
        assert client.get(PAGE).status_code == 200
    return len(caught)


def test_tell_apart__who_gets_it(place, as_role):
    benefit = stories.identified(place, **MONEY)
    Benefit.objects.create(
        initiative=benefit.initiative, title="Kortere ventetid", beneficiary="citizens", kind="quality", form="not_priced",
        points=40, created_at=timezone.now(), changed_at=timezone.now(),
    )  # fmt: skip
    page = html.unescape(as_role(Role.EMPLOYEE).get(PAGE, {"regnet": "points"}).content.decode())
    assert "Innbyggere" in page
    assert "Egen virksomhet" in page


def test_economics__counts_the_budget_only_and_names_what_matters(place):
    benefit = stories.identified(place, **MONEY)
    year = timezone.localdate().year
    basis = basis_for(benefit.initiative.municipality_id, date(2026, 1, 1))
    worth = economics(benefit.initiative, [benefit], basis, year=year)
    assert (worth.first_year, worth.years, worth.hours) == (year, 10, 0)
    assert worth.payback is not None
    assert worth.swings[0].assumption.name == "Kalkulasjonsrente"
    Benefit.objects.update(kind="saved_time", hours_per_year=1700)
    benefit.refresh_from_db()
    freed = economics(benefit.initiative, [benefit], basis, year=year)
    assert (freed.work_years, freed.npv < 0) == (1, True)


def test_measure_long_ago__is_another_year(place):
    benefit, row = half_way(place, **MONEY)
    assert card(place, year=row.measured_on.year + 3)[0].measured is None
    assert benefit.indicators.get().latest.measured_on < timezone.localdate() + timedelta(days=1)


# --- Regions --------------------------------------------------------------------------------------------
def test_count_region__its_own_and_the_sums_of_its_municipalities(world, as_role):
    template = baton.given(world)
    client = as_role(Role.PORTFOLIO_MANAGER, world.region)
    shown = client.get(PAGE, {"per": "region", "regnet": "hours"}).context
    assert [line["name"] for line in shown["lines"]] == [world.region.municipality.name]
    assert shown["lines"][0]["cells"][1]["text"] == "400"
    per_place = client.get(PAGE, {"per": "kommune", "regnet": "hours"}).context["lines"]
    assert [(line["name"], line["cells"][1]["text"]) for line in per_place] == [
        (world.neighbor.municipality.name, "100"), (world.home.municipality.name, "300"),
    ]  # fmt: skip
    assert not any(cell["url"] for line in per_place for cell in line["cells"])
    assert client.get(PAGE, {"per": "enhet", "regnet": "hours"}).context["lines"] == []
    home = as_role(Role.EMPLOYEE, world.home)
    own = home.get(PAGE, {"per": "region", "regnet": "hours"}).context["lines"]
    assert [(line["name"], line["cells"][1]["text"]) for line in own] == [
        (world.region.municipality.name, "300")
    ]
    assert template.benefits.count() == 1


# --- Learning -------------------------------------------------------------------------------------------
def fallen_short(place):
    """A benefit whose last measurement is short of its target, and that nobody has concluded."""
    benefit = stories.realizing(place)
    indicator = benefit.indicators.get()
    final = indicator.measurements.get(kind="final")
    indicator.measurements.filter(pk=final.pk).update(due_on=timezone.localdate())
    final.refresh_from_db()
    by = place.actor(Role.SERVICE_OWNER)
    operations.measure(final, value=Decimal(25), measured_on=timezone.localdate(), by=by, now=timezone.now())
    return benefit


def test_ask_for_lesson__until_it_is_answered(place, as_role):
    benefit = fallen_short(place)
    owner = place.actor(Role.SERVICE_OWNER)
    assert any(task.title == benefit.title and "lærte" in str(task.verb) for task in Inbox(owner).tasks())
    client, page = as_role(Role.SERVICE_OWNER), reverse("benefits:lesson_edit", args=[benefit.pk])
    assert "Ikke svart ennå" in client.get(PAGE).content.decode()
    assert client.post(page, {"lesson": " "}).status_code == 422
    assert client.post(page, {"lesson": "Vi målte for sent på året."}).status_code == 302
    assert "Vi målte for sent" in client.get(PAGE).content.decode()
    assert not any("lærte" in str(task.verb) for task in Inbox(owner).tasks())
    assert "Vi målte for sent" in as_role(Role.EMPLOYEE).get(PAGE).content.decode()
    assert "Skriv hva dere lærte" not in as_role(Role.EMPLOYEE).get(PAGE).content.decode()


def test_ask_for_lesson__not_where_the_target_is_reached(place, as_role):
    benefit = stories.realized(place)
    assert as_role(Role.SERVICE_OWNER).get(PAGE).context["lessons"]["rows"] == []
    page = reverse("benefits:lesson_edit", args=[benefit.pk])
    assert as_role(Role.SERVICE_OWNER).post(page, {"lesson": "Noe"}).status_code == 409
    assert as_role(Role.EMPLOYEE).post(page, {"lesson": "Noe"}).status_code == 403


# --- Files ----------------------------------------------------------------------------------------------
def test_download__every_table_of_the_page_with_its_numbers(place, as_role):
    half_way(place, **MONEY)
    client = as_role(Role.EMPLOYEE)
    shown = client.get(PAGE).context
    book = load_workbook(BytesIO(b"".join(client.get(PAGE, {"fil": "xlsx"}).streaming_content)))
    assert book.sheetnames == ["Styringskort", "Hvem får gevinsten", "År for år"]
    receivers, years = (list(book[name].iter_rows(values_only=True)) for name in book.sheetnames[1:])
    assert [row[0] for row in receivers[1:]] == [line["name"] for line in shown["receivers"]]
    assert receivers[0] == tuple(shown["receiver_headings"])
    assert [str(row[0]) for row in years[1:]] == [row[0] for row in shown["chart"].shown_rows]
    assert all(isinstance(row[2], int) for row in years[1:])


def test_print_report__what_is_planned_measured_and_learned(place, as_role):
    benefit = stories.partly_realized(place)
    page = reverse("benefits:benefit_report", args=[benefit.initiative_id])
    answer = as_role(Role.EMPLOYEE).get(page)
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


def test_keep_figures__until_something_changes_and_for_nobody_else(world, as_role):
    benefit, row = half_way(world.home, **MONEY)
    client = as_role(Role.EMPLOYEE)
    year = {"aar": row.measured_on.year}
    before = client.get(PAGE, year).context["lines"][0]["cells"]
    assert client.get(PAGE, year).context["lines"][0]["cells"] == before
    operations.verify(row, by=world.home.actor(Role.CHIEF_OF_FINANCE), now=timezone.now())
    after = client.get(PAGE, year).context["lines"][0]["cells"]
    assert (before[7]["text"], after[7]["text"]) == ("0", "1")
    assert as_role(Role.EMPLOYEE, world.neighbor).get(PAGE, year).context["lines"] == []
    assert benefit.initiative.benefits.count() == 1


def test_count_tables__together_as_each_alone(place):
    half_way(place, **MONEY)
    day = timezone.localdate()
    rows = Benefit.objects.visible_to(place.actor(Role.EMPLOYEE)).in_plans()
    groups, years = (cards.OWNER, cards.RECEIVER, cards.YEAR), (day.year - 1, day.year + 1)
    together = cards.tables_of(
        rows, [cards.Table(by, *years, has_points=True) for by in groups], measure="kroner", today=day
    )
    assert together == [cards.rows_of(rows, by=by, measure="kroner", years=years, today=day) for by in groups]
    assert [len(table) for table in together] == [1, 1, 3]
    (alone,) = cards.tables_of(rows, [cards.Table(cards.OWNER, *years)], measure="kroner", today=day)
    assert (alone[0].planned, alone[0].due) == (together[0][0].planned, None)


@pytest.mark.parametrize(
    "role", [Role.EMPLOYEE, Role.LEADER, Role.SERVICE_OWNER, Role.KOMMUNEDIREKTOR, Role.PORTFOLIO_MANAGER]
)
def test_see_benefits__all_at_once_the_same_as_one_by_one(world, role):
    baton.given(world)
    shielded = stories.planned(world.home).initiative
    type(shielded).objects.filter(pk=shielded.pk).update(
        shield_basis="offl_13", public_title="Sak med skjermet innhold"
    )
    initiatives.draft(world.home)
    for place in (world.home, world.neighbor, world.region, world.stranger):
        actor = place.actor(role)
        one_by_one = set(Benefit.objects.visible_to(actor).values_list("pk", flat=True))
        assert set(Benefit.objects.all_visible_to(actor).values_list("pk", flat=True)) == one_by_one
