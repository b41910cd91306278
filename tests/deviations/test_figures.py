"""The figures of a unit: who sees which, that each equals its list, and that nothing points at a person."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from deviations.figures.confidential import confidential_of
from deviations.figures.counting import count, in_use_since, open_now
from deviations.figures.exposure import Kind, denominator_of
from deviations.figures.page import page_of
from deviations.figures.periods import moved, period_of
from deviations.figures.scope import Scope, View, choices_of
from deviations.models import Deviation
from organization.actors import person_actor
from organization.models import Exposure, Person, Unit
from organization.operations import create_unit, give_role
from organization.roles import Role
from organization.sizes import telling_units
from tests.deviations import stories
from tests.world import BORN, START, SYSTEM

if TYPE_CHECKING:
    from tests.world import Place

URL = "/avvik/oversikt/"
OSLO = ZoneInfo("Europe/Oslo")
TODAY = date(2026, 11, 22)
CODES = ["HMS-FALL", "HMS-FALL", "HMS-TRUSSEL", "TJ-FALL", "IS-FEILSENDT", "OR-ARKIV", "IS-SNOK", "HMS-PSYK"]


@pytest.fixture
def place(world):
    return world.home


def reported_at(case: Deviation, moment: datetime) -> Deviation:
    """Move a case in time: the story as it is, some time ago."""
    waits = {name: getattr(case, name) for name in ("answered_at", "closed_at")}
    shift = case.reported_at - moment
    moved_ = {name: value - shift for name, value in waits.items() if value}
    Deviation.objects.filter(pk=case.pk).update(
        created_at=moment, reported_at=moment, discovered_at=moment, **moved_
    )
    return case


def months_ago(months: int, day: int = 10) -> datetime:
    first = moved(timezone.localdate().replace(day=1), -months)
    return datetime(first.year, first.month, day, 12, tzinfo=OSLO)


def a_mixture(place: Place) -> None:
    """Report of every sort, over two years, in several states, by several people."""
    for number, code in enumerate(CODES):
        reported_at(
            stories.report(place, code=code, reported_severity=number % 4 + 1), months_ago(number * 2)
        )
    reported_at(stories.report(place, code="", category="", reported_severity=None), months_ago(1))
    reported_at(stories.closed(place), months_ago(3))
    reported_at(stories.dismissed(place), months_ago(3, 20))
    reported_at(stories.merged(place, code="TJ-FALL"), months_ago(4))
    reported_at(stories.awaiting_reporter(place, kind="suggestion", reported_severity=None), months_ago(5))
    stories.report(place, anonymity="anonymous")
    stories.report(place, by=place.actor(Role.LEADER), unit=place.sector)
    stories.draft(place)


def exposure(unit: Unit, kind: str, first: date, last: date, value: str) -> Exposure:
    return Exposure.objects.create(
        unit=unit, kind=kind, period_start=first, period_end=last, value=Decimal(value), source="Lønn", changed_at=BORN
    )  # fmt: skip


def scope_of(place: Place, role: Role, view: View, unit: Unit | None = None) -> Scope:
    return Scope(place.actor(role), unit or place.unit, view)


def linked_counts(context: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return every number of the page that opens a list: what it is called, the number, the address."""
    found = [(one.label, one.value, one.url) for one in context["figures"] if one.url]
    ways = [way for one in context["figures"] for way in one.ways]
    found += [(way.label, way.label.split()[0], way.url) for way in ways]
    for table in ("months", "categories", "severities", "types", "more_types"):
        for line in context[table]:
            found.append((line.label, str(line.count), line.url))
            if line.grave_url:
                found.append((f"{line.label} alvorlige", str(line.grave), line.grave_url))
    return found


# --- Who -----------------------------------------------------------------------------------------
ALLOWED = {
    Role.LEADER, Role.SECTOR_LEADER, Role.KOMMUNEDIREKTOR, Role.QUALITY_MANAGER, Role.VERNEOMBUD, Role.PRIVACY_OFFICER,
}  # fmt: skip


def test_open_figures__these_roles_and_nobody_more(place, as_role):
    allowed = {role for role in Role if as_role(role).get(URL).status_code == 200}
    assert allowed == ALLOWED
    assert as_role(Role.EMPLOYEE).get(URL).status_code == 403


def test_open_figures__the_tab_is_there_for_those_who_may(as_role):
    assert f'href="{URL}"' in as_role(Role.LEADER).get("/avvik/").content.decode()
    assert f'href="{URL}"' not in as_role(Role.EMPLOYEE).get("/avvik/").content.decode()


@pytest.mark.parametrize("role", sorted(ALLOWED))
def test_open_figures__units_elsewhere_are_not_found(world, as_role, role):
    client = as_role(role)
    for unit in (
        world.neighbor.unit,
        world.neighbor.municipality,
        world.stranger.unit,
        world.region.municipality,
    ):
        assert client.get(URL, {"enhet": unit.pk}).status_code == 404
    for wrong in ("0", "-1", "x", "9" * 40, "' or 1=1"):
        assert client.get(URL, {"enhet": wrong}).status_code == 404


def test_open_figures__a_leader_sees_the_own_unit_and_below_only(place, as_role):
    client = as_role(Role.LEADER)
    assert client.get(URL, {"enhet": place.unit.pk}).status_code == 200
    assert client.get(URL, {"enhet": place.sector.pk}).status_code == 404
    assert as_role(Role.SECTOR_LEADER).get(URL, {"enhet": place.unit.pk}).status_code == 200


@pytest.mark.parametrize("role", sorted(ALLOWED))
def test_open_figures__what_cannot_be_chosen_is_said(as_role, role):
    answer = as_role(role).get(URL, {"periode": "1e9", "per": "hode", "som": "sjef"})
    assert answer.status_code == 200
    assert {"periode", "per"} <= set(answer.context["form"].errors)
    assert answer.context["period"].key == "12"


def test_count__a_field_is_its_own_category_only(place):
    a_mixture(place)
    period = period_of("36", timezone.localdate())
    hms = count(scope_of(place, Role.VERNEOMBUD, View.HMS, place.municipality), period, covered=[])
    assert set(hms.categories) == {"hms"}
    privacy = count(
        scope_of(place, Role.PRIVACY_OFFICER, View.PRIVACY, place.municipality), period, covered=[]
    )
    assert set(privacy.categories) == {"information_security"}
    assert privacy.all.count == 2


def test_count__nothing_of_the_neighbor(world):
    a_mixture(world.neighbor)
    for role, view in ((Role.LEADER, View.LINE), (Role.QUALITY_MANAGER, View.FIGURES)):
        scope = scope_of(world.home, role, view)
        assert count(scope, period_of("36", timezone.localdate()), covered=[]).all.count == 0
    cross = Scope(world.home.actor(Role.QUALITY_MANAGER), world.neighbor.municipality, View.FIGURES)
    assert count(cross, period_of("36", timezone.localdate()), covered=[]).all.count == 0


# --- Each figure opens its list --------------------------------------------------------------------
@pytest.mark.parametrize(
    "role",
    [Role.LEADER, Role.SECTOR_LEADER, Role.KOMMUNEDIREKTOR, Role.VERNEOMBUD, Role.PRIVACY_OFFICER],
)
@pytest.mark.parametrize("length", ["12", "36", str(timezone.localdate().year - 1)])
def test_open_list__as_many_as_the_figure_says(place, as_role, role, length):
    a_mixture(place)
    client = as_role(role)
    answer = client.get(URL, {"periode": length})
    figures = linked_counts(answer.context)
    assert len(figures) > 20
    for label, value, url in figures:
        lines = b"".join(client.get(f"{url}&fil=csv").streaming_content).decode().strip().splitlines()
        assert len(lines) - 1 == int(value), (label, url)


def test_open_list__the_quality_manager_has_none(place, as_role):
    a_mixture(place)
    answer = as_role(Role.QUALITY_MANAGER).get(URL)
    assert not any(url for _label, _value, url in linked_counts(answer.context))
    page = answer.content.decode().split("<main")[1]
    assert "/avvik/?" not in page
    assert "A20" not in page


# --- Months, and what is missing -------------------------------------------------------------------
@pytest.mark.parametrize(
    ("moment", "month"),
    [
        (datetime(2025, 12, 31, 23, 59, tzinfo=OSLO), date(2025, 12, 1)),
        (datetime(2026, 1, 1, 0, 0, tzinfo=OSLO), date(2026, 1, 1)),
        (datetime(2026, 3, 29, 3, 30, tzinfo=OSLO), date(2026, 3, 1)),
        (datetime(2026, 3, 31, 23, 30, tzinfo=OSLO), date(2026, 3, 1)),
        (datetime(2026, 10, 25, 2, 30, tzinfo=OSLO, fold=1), date(2026, 10, 1)),
        (datetime(2026, 11, 1, 0, 30, tzinfo=OSLO), date(2026, 11, 1)),
    ],
)
def test_count_month__is_that_of_the_clock_here(place, moment, month):
    reported_at(stories.report(place), moment)
    counts = count(scope_of(place, Role.LEADER, View.LINE), period_of("36", TODAY), covered=[month])
    assert {first: tally.count for first, tally in counts.months.items()} == {month: 1}
    assert counts.all.covered == 1
    year = period_of(str(month.year), TODAY)
    assert count(scope_of(place, Role.LEADER, View.LINE), year, covered=[]).all.count == 1


def test_choose_period__whole_months_with_the_one_that_runs():
    period = period_of("12", TODAY)
    assert (period.first, period.end, period.last_day) == (date(2025, 12, 1), date(2026, 12, 1), TODAY)
    assert period.before == (date(2024, 12, 1), date(2025, 11, 22))
    assert not period.is_over(date(2026, 11, 1))
    year = period_of("2025", TODAY)
    assert (len(year.months), year.last_day) == (12, date(2025, 12, 31))
    assert year.before == (date(2024, 1, 1), date(2024, 12, 30))


def test_draw_course__zero_and_missing_are_told_apart(place):
    reported_at(stories.report(place), months_ago(6))
    scope = scope_of(place, Role.LEADER, View.LINE)
    shown = page_of(
        scope, period_of("12", timezone.localdate()), per="", since=in_use_since(place.municipality.pk)
    )
    values = [row[1] for row in shown["courses"][0].chart.rows]
    assert values == [None] * 5 + [1, 0, 0, 0, 0, 0]
    assert "For få måneder" in shown["courses"][0].finding
    assert len(shown["months"]) == 7


def test_draw_course__a_lasting_change_is_said_with_its_month(place):
    for month in range(1, 24):
        for day in range(1, 3 if month > 11 else 6):
            reported_at(stories.report(place), months_ago(month, day))
    scope = scope_of(place, Role.LEADER, View.LINE)
    shown = page_of(
        scope, period_of("24", timezone.localdate()), per="", since=in_use_since(place.municipality.pk)
    )
    assert "varig endring" in shown["courses"][0].finding
    assert "høyere" in shown["courses"][0].finding


# --- Rates -----------------------------------------------------------------------------------------
def test_rate__is_missing_without_a_denominator(place, as_role):
    a_mixture(place)
    for per in ("", Kind.WORK_YEARS, Kind.RESIDENT_DAYS):
        answer = as_role(Role.LEADER).get(URL, {"per": per})
        rates = {line.rate for line in [*answer.context["categories"], *answer.context["months"]]}
        assert rates == {"mangler"}
        assert answer.context["figures"][1].value == "mangler"
        if per:
            values = {row[1] for row in answer.context["courses"][0].chart.rows}
            assert values == {None}


def test_rate__a_full_year_of_work_years_counts_as_itself():
    figure = Exposure(
        kind=Kind.WORK_YEARS, period_start=date(2025, 1, 1), period_end=date(2025, 12, 31), value=Decimal(84)
    )
    found = denominator_of(Kind.WORK_YEARS, [figure], period_of("2025", TODAY), date(2020, 1, 1))
    assert found.total == pytest.approx(84)
    assert found.rate(42) == pytest.approx(0.5)
    assert found.rate_in(date(2025, 2, 1), 7) == pytest.approx(7 / (84 * 28 / 365))


def test_rate__only_months_that_are_covered_and_in_use_count():
    figure = Exposure(
        kind=Kind.WORK_YEARS, period_start=date(2025, 1, 1), period_end=date(2026, 6, 29), value=Decimal(10)
    )
    found = denominator_of(Kind.WORK_YEARS, [figure], period_of("12", TODAY), date(2026, 2, 14))
    assert found.covered == [date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)]
    running = Exposure(
        kind=Kind.WORK_YEARS, period_start=date(2026, 1, 1), period_end=TODAY, value=Decimal(10)
    )
    assert (
        date(2026, 11, 1)
        in denominator_of(Kind.WORK_YEARS, [running], period_of("12", TODAY), date(2020, 1, 1)).months
    )


def test_rate__resident_days_are_spread_over_their_period():
    figure = Exposure(
        kind=Kind.RESIDENT_DAYS, period_start=date(2024, 1, 1), period_end=date(2024, 12, 31), value=Decimal(36600)
    )  # fmt: skip
    found = denominator_of(Kind.RESIDENT_DAYS, [figure], period_of("2024", TODAY), date(2020, 1, 1))
    assert found.months[date(2024, 2, 1)] == pytest.approx(2900)
    assert found.rate(183) == pytest.approx(5)


def test_rate__a_figure_of_nothing_is_missing():
    figure = Exposure(
        kind=Kind.WORK_YEARS, period_start=date(2025, 1, 1), period_end=date(2025, 12, 31), value=Decimal(0)
    )
    found = denominator_of(Kind.WORK_YEARS, [figure], period_of("2025", TODAY), date(2020, 1, 1))
    assert found.rate(3) is None


def test_rate__counts_what_was_reported_in_the_covered_months_only(place):
    last_year = timezone.localdate().year - 1
    exposure(place.unit, Kind.WORK_YEARS, date(last_year, 1, 1), date(last_year, 12, 31), "20")
    for moment in (datetime(last_year, 12, 5, 9, tzinfo=OSLO), datetime(last_year, 12, 6, 9, tzinfo=OSLO)):
        reported_at(stories.report(place), moment)
    stories.report(place)
    reported_at(stories.report(place), datetime(last_year, 1, 5, 9, tzinfo=OSLO))
    period = period_of("12", timezone.localdate())
    shown = page_of(
        scope_of(place, Role.LEADER, View.LINE), period, per="", since=in_use_since(place.municipality.pk)
    )
    covered = [month for month in period.months if month.year == last_year]
    assert shown["figures"][0].value == "3"
    expected = 2 / sum(20 * (moved(month, 1) - month).days / 365 for month in covered)
    assert shown["figures"][1].value == f"{expected:.2f}".replace(".", ",")
    assert "Nevneren mangler for resten" in shown["coverage"]


# --- Small groups ------------------------------------------------------------------------------------
def a_unit(place: Place, code: str, people: int) -> Unit:
    unit = create_unit(name=code, kind="unit", code=code, parent=place.sector, by=SYSTEM, now=BORN)
    for number in range(people):
        person = Person.objects.create(
            username=f"{code}-{number}", name=f"{code} {number}", email=f"{code}{number}@x.example", changed_at=BORN
        )  # fmt: skip
        give_role(
            person=person, role=Role.EMPLOYEE, unit=unit, valid_from=START, by=SYSTEM, now=BORN, is_main=True
        )
    return unit


def test_see_figures__units_with_few_people_are_left_out_for_who_sees_figures_only(place, as_role):
    small, large = a_unit(place, "liten", 4), a_unit(place, "stor", 9)
    other = a_unit(place, "mindre", 4)
    client = as_role(Role.QUALITY_MANAGER)
    assert client.get(URL, {"enhet": small.pk}).status_code == 404
    assert client.get(URL, {"enhet": other.pk}).status_code == 404
    answer = client.get(URL, {"enhet": large.pk})
    assert answer.status_code == 200
    assert "så få arbeider der" in answer.content.decode()
    assert as_role(Role.KOMMUNEDIREKTOR).get(URL, {"enhet": small.pk}).status_code == 200


def test_see_figures__a_figure_of_work_years_tells_of_those_without_a_role(place):
    small = a_unit(place, "liten", 2)
    exposure(small, Kind.WORK_YEARS, date(2025, 1, 1), date(2025, 12, 31), "31.5")
    assert small.pk in choices_of(place.actor(Role.QUALITY_MANAGER), today=timezone.localdate()).views


def units(*paths: str) -> list[Unit]:
    return [Unit(pk=number, path=path) for number, path in enumerate(paths, start=1)]


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [
        ({1: 40, 2: 20, 3: 20}, {1, 2, 3}),
        ({1: 4, 2: 4, 3: 0}, set()),
        ({1: 24, 2: 20, 3: 4}, {1}),  # the large one could be taken from the whole, and four are left
        ({1: 25, 2: 20, 3: 4}, {1, 2}),
        ({1: 22, 2: 20, 3: 0}, {1}),
        ({1: 20, 2: 20, 3: 0}, {1, 2}),
    ],
)
def test_leave_out__no_difference_points_at_few(sizes, shown):
    assert telling_units(units("0001", "00010001", "00010002"), sizes) == shown


def test_leave_out__what_is_below_goes_with_it():
    tree = units("0001", "00010001", "000100010001", "00010002")
    assert telling_units(tree, {1: 30, 2: 7, 3: 6, 4: 23}) == {1, 2, 4}
    assert telling_units(tree, {1: 26, 2: 20, 3: 20, 4: 4}) == {1, 2, 3}
    assert telling_units(tree, {1: 24, 2: 20, 3: 20, 4: 4}) == {1}


def test_count_confidential__never_for_who_sees_figures_only(place):
    for code in ("IS-SNOK", "HMS-PSYK", "HMS-FALL"):
        stories.report(place, code=code)
    manager = scope_of(place, Role.QUALITY_MANAGER, View.FIGURES, place.municipality)
    assert count(manager, period_of("12", timezone.localdate()), covered=[]).all.count == 1
    assert open_now(manager, timezone.localdate())[0] == 1
    leader = scope_of(place, Role.LEADER, View.LINE)
    assert count(leader, period_of("12", timezone.localdate()), covered=[]).all.count == 3
    above = scope_of(place, Role.SECTOR_LEADER, View.LINE)
    assert count(above, period_of("12", timezone.localdate()), covered=[]).all.count == 1


def test_count_confidential__whole_municipality_and_years_that_are_over_only(world):
    place, last_year = world.home, timezone.localdate().year - 1
    for code, times in (("IS-SNOK", 3), ("HMS-PSYK", 2)):
        for day in range(1, times + 1):
            reported_at(stories.report(place, code=code), datetime(last_year, 5, day, 9, tzinfo=OSLO))
    reported_at(stories.report(world.neighbor, code="HMS-PSYK"), datetime(last_year, 5, 9, 9, tzinfo=OSLO))
    today, top = timezone.localdate(), place.municipality
    manager = scope_of(place, Role.QUALITY_MANAGER, View.FIGURES, top)
    rows = {row.name: row.count for row in confidential_of(manager, period_of(str(last_year), today))}
    assert rows[stories.type_of(place, "IS-SNOK").name] == "3"
    assert rows[stories.type_of(place, "HMS-PSYK").name] == "færre enn 3"
    assert rows[stories.type_of(place, "IS-TAUSHET").name] == "færre enn 3"
    for key in ("12", "24", "36", str(today.year)):
        assert confidential_of(manager, period_of(key, today)) == []
    below = scope_of(place, Role.QUALITY_MANAGER, View.FIGURES, place.sector)
    assert confidential_of(below, period_of(str(last_year), today)) == []
    director = scope_of(place, Role.KOMMUNEDIREKTOR, View.LINE, top)
    assert confidential_of(director, period_of(str(last_year), today)) == []


# --- Times, and the time before ------------------------------------------------------------------------
def test_measure_wait__who_waits_is_longer_than_every_other(place):
    for days in (1, 2, 3):
        case = stories.closed(place)
        now = timezone.now()
        Deviation.objects.filter(pk=case.pk).update(
            reported_at=now - timedelta(days=10), discovered_at=now - timedelta(days=10),
            answered_at=now - timedelta(days=10 - days), closed_at=now - timedelta(days=10 - days),
        )  # fmt: skip
    scope, period = scope_of(place, Role.LEADER, View.LINE), period_of("12", timezone.localdate())
    before = count(scope, period, covered=[]).closing
    assert (before.half, before.most, before.count) == (timedelta(days=2), timedelta(days=3), 3)
    stories.report(place)
    stories.dismissed(place)
    after = count(scope, period, covered=[])
    assert (after.closing.done, after.closing.waiting) == (3, 1)
    assert (after.closing.half, after.closing.most) == (timedelta(days=2), None)
    assert after.answer.count == 5


def test_measure_answer__leaves_out_what_was_closed_in_an_older_system(place):
    Deviation.objects.filter(pk=stories.closed(place).pk).update(answered_at=None)
    stories.received(place)
    scope, period = scope_of(place, Role.LEADER, View.LINE), period_of("12", timezone.localdate())
    answer = count(scope, period, covered=[]).answer
    assert (answer.done, answer.waiting) == (1, 0)
    assert scope.rows.unanswered().count() == 0


def test_compare__with_the_time_before_when_it_is_known(place):
    since = date(2020, 1, 1)
    for month in range(1, 5):
        reported_at(stories.report(place), months_ago(12 + month, 5))
    scope, period = scope_of(place, Role.LEADER, View.LINE), period_of("12", timezone.localdate())
    figure = page_of(scope, period, per="", since=since)["figures"][0]
    assert figure.ways[0].label.startswith("4 fra")
    assert "tilfeldigheter" in figure.note
    assert not page_of(scope, period, per="", since=months_ago(13).date())["figures"][0].ways


# --- The page ---------------------------------------------------------------------------------------------
def test_open_figures__an_empty_unit_says_what_it_can_mean(place, as_role):
    page = as_role(Role.LEADER).get(URL).content.decode()
    assert "Her kommer tallene når det første avviket er meldt" in page
    stories.report(place, unit=place.sector)
    page = as_role(Role.LEADER).get(URL).content.decode()
    assert "Ingenting er meldt i perioden" in page


def test_open_figures__without_a_unit_that_is_open(place, as_role):
    Unit.objects.filter(pk=place.unit.pk).update(closed_on=date(2025, 1, 1))
    answer = as_role(Role.LEADER).get(URL)
    assert answer.status_code == 200
    assert "Ingen enhet å vise tall for" in answer.content.decode()


def test_open_figures__as_leader_or_verneombud_where_somebody_is_both(place):
    person = place.person(Role.LEADER)
    give_role(person=person, role=Role.VERNEOMBUD, unit=place.sector, valid_from=START, by=SYSTEM, now=BORN)
    views = choices_of(person_actor(person), today=timezone.localdate()).views
    assert views[place.unit.pk] == (View.LINE, View.HMS)
    assert views[place.sector.pk] == (View.HMS,)


@pytest.mark.parametrize("role", [Role.LEADER, Role.KOMMUNEDIREKTOR, Role.QUALITY_MANAGER])
def test_open_figures__query_count_is_constant(place, as_role, role, django_assert_max_num_queries):
    last_year = timezone.localdate().year - 1
    exposure(place.municipality, Kind.WORK_YEARS, date(last_year, 1, 1), date(last_year, 12, 31), "200")
    client = as_role(role)
    reported_at(stories.report(place), months_ago(35))
    reported_at(stories.report(place), months_ago(3))
    client.get(URL)
    with django_assert_max_num_queries(12) as few:
        assert client.get(URL).status_code == 200
    a_mixture(place)
    for number in range(3):
        a_unit(place, f"enhet-{number}", 6)
    with django_assert_max_num_queries(len(few)):
        client.get(URL)


# --- Beside the unit above -----------------------------------------------------------------------------------
def whole_last_year(unit: Unit, value: str) -> None:
    last = timezone.localdate().year - 1
    exposure(unit, Kind.WORK_YEARS, date(last, 1, 1), date(last, 12, 31), value)


def beside(client, unit: Unit, **more: str):
    key = str(timezone.localdate().year - 1)
    return client.get(URL, {"enhet": str(unit.pk), "periode": key, **more})


def in_last_year(case: Deviation) -> None:
    reported_at(case, datetime(timezone.localdate().year - 1, 3, 10, 12, tzinfo=OSLO))


def test_see_rate__beside_that_of_the_unit_above_with_its_own_denominator(place, as_role):
    reported_at(stories.report(place, code="OR-ARKIV"), datetime(2020, 3, 1, tzinfo=OSLO))
    for _ in range(4):
        in_last_year(stories.report(place, code="OR-ARKIV"))
    in_last_year(stories.report(place, code="OR-ARKIV", by=place.actor(Role.LEADER), unit=place.sector))
    whole_last_year(place.unit, "8")
    client = as_role(Role.SECTOR_LEADER)
    rate = beside(client, place.unit).context["figures"][1]
    assert (rate.value, rate.above) == ("0,50", f"{place.sector}: mangler")
    whole_last_year(place.sector, "50")
    answer = beside(client, place.unit)
    rate = answer.context["figures"][1]
    assert (rate.value, rate.above) == ("0,50", f"{place.sector}: 0,10")
    assert f"nevneren som er registrert for {place.sector} selv" in rate.definition
    lines = {line.label: (line.rate, line.above) for line in answer.context["categories"]}
    assert lines["Organisasjon"] == ("0,50", "0,10")
    assert [line.above for line in answer.context["months"] if line.count] == ["1,18"]
    assert "Enheten over" in answer.content.decode()


def test_see_rate__of_the_unit_above_only_where_one_may(place, as_role):
    in_last_year(stories.report(place))
    for unit in (place.unit, place.sector, place.municipality):
        whole_last_year(unit, "20")
    below = beside(as_role(Role.LEADER), place.unit)
    assert below.context["above"] is None
    assert "Enheten over" not in below.content.decode()
    assert beside(as_role(Role.SECTOR_LEADER), place.sector).context["above"] is None
    assert (
        beside(as_role(Role.KOMMUNEDIREKTOR), place.sector).context["above"].name == place.municipality.name
    )
    assert beside(as_role(Role.KOMMUNEDIREKTOR), place.municipality).context["above"] is None


def test_see_rate__beside_is_counted_in_the_same_capacity(place, as_role):
    in_last_year(stories.report(place, code="OR-ARKIV"))
    in_last_year(stories.report(place, code="HMS-PSYK"))
    for unit, value in ((place.unit, "10"), (place.sector, "60")):
        whole_last_year(unit, value)
    manager = beside(as_role(Role.QUALITY_MANAGER), place.unit).context["above"]
    assert (manager.scope.view, manager.counts.all.count) == (View.FIGURES, 1)


def test_see_rate__a_unit_that_points_at_few_has_nothing_beside_it(place, as_role):
    a_unit(place, "stor", 9)
    small = a_unit(place, "liten", 3)
    client = as_role(Role.QUALITY_MANAGER)
    assert beside(client, small).status_code == 404
    for unit in choices_of(place.actor(Role.QUALITY_MANAGER), today=timezone.localdate()).units:
        above = beside(client, unit).context["above"]
        assert above is None or beside(client, above.scope.unit).status_code == 200
