from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from core import formats
from core.formats import NotUnderstood, parse_date, parse_number

NB = "\xa0"
EVENING_IN_UTC = dt.datetime(2026, 12, 3, 23, 30, tzinfo=dt.UTC)  # 00.30 on the 4th in Oslo


def rendered(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1250000, "1 250 000"),
        (Decimal("1250000.50"), "1 250 000,5"),
        (0, "0"),
        (41.5, "41,5"),
        (0.1 + 0.2, "0,3"),
        (-1200, "−1 200"),
        (999, "999"),
    ],
)
def test_number_groups_thousands(value: formats.Number, text: str) -> None:
    assert formats.number(value) == text.replace(" ", NB)


def test_number_rounds_half_up_and_keeps_asked_decimals() -> None:
    assert formats.number(Decimal("2.5"), 0) == "3"
    assert formats.number(Decimal("0.125"), 2) == "0,13"
    assert formats.number(3, 2) == "3,00"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN")])
def test_number_refuses_what_is_no_number(value: formats.Number) -> None:
    with pytest.raises(ValueError, match="not a number"):
        formats.number(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (4_900_000, "4,9 mill. kr"),
        (4_950_000, "5 mill. kr"),
        (1_250_000_000, "1,3 mrd. kr"),
        (999_999, "999 999 kr"),
        (-2_000_000, "−2 mill. kr"),
        (0, "0 kr"),
    ],
)
def test_kroner_short_fits_a_card(value: int, text: str) -> None:
    assert formats.kroner_short(value) == text.replace(" ", NB)


def test_percent_shows_at_most_one_decimal() -> None:
    assert formats.percent(0.1234) == f"12,3{NB}%"
    assert formats.percent(Decimal("0.5")) == f"50{NB}%"
    assert formats.percent(1, 1) == f"100,0{NB}%"


@pytest.mark.parametrize(("part", "whole"), [(None, 3), (3, None), (3, 0), (0, Decimal(0))])
def test_rate_without_denominator_is_missing(part: int | None, whole: int | None) -> None:
    assert formats.rate(part, whole) == "mangler"


def test_rate_of_nothing_done_is_zero_not_missing() -> None:
    assert formats.rate(0, 12) == f"0{NB}%"
    assert formats.rate(1, 3) == f"33,3{NB}%"


def test_dates_in_bokmal() -> None:
    day = dt.date(2026, 12, 3)
    assert formats.long_date(day) == "3. desember 2026"
    assert formats.short_date(day) == "3. des. 2026"
    assert formats.numeric_date(day) == "03.12.2026"
    assert formats.weekday_date(day) == "torsdag 3. desember 2026"


@pytest.mark.parametrize(
    ("language", "long", "at"),
    [
        ("nb", "4. desember 2026", "4. des. 2026 kl. 00.30"),
        ("nn", "4. desember 2026", "4. des. 2026 kl. 00.30"),
        ("en", "4 December 2026", "4 Dec 2026 kl. 00:30"),
        ("en-gb", "4 December 2026", "4 Dec 2026 kl. 00:30"),
        ("se", "4. desember 2026", "4. des. 2026 kl. 00.30"),
    ],
)
def test_moment_is_the_clock_in_oslo__in_each_language(language: str, long: str, at: str) -> None:
    with translation.override(language):
        assert formats.long_date(EVENING_IN_UTC) == long
        assert formats.moment(EVENING_IN_UTC) == at


def test_moment_refuses_a_time_without_zone() -> None:
    with pytest.raises(ValueError, match="naive"):
        formats.moment(dt.datetime(2026, 12, 3, 14, 30))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("days", "text"),
    [
        (0, "i dag"),
        (1, "i morgen"),
        (-1, "i går"),
        (3, "om 3 dager"),
        (-5, "for 5 dager siden"),
        (59, "om 59 dager"),
        (61, "om 2 måneder"),
        (-400, "for 13 måneder siden"),
        (-800, "for 2 år siden"),
    ],
)
def test_relative_day_counts_calendar_days(days: int, text: str) -> None:
    today = dt.date(2026, 3, 10)
    assert formats.relative_day(today + dt.timedelta(days=days), today) == text


def test_relative_day_uses_the_day_in_oslo__over_midnight_and_summer_time() -> None:
    assert formats.relative_day(EVENING_IN_UTC, dt.date(2026, 12, 4)) == "i dag"
    before = dt.datetime(2026, 3, 28, 22, 59, tzinfo=dt.UTC)  # 23.59 on the 28th; clocks change that night
    assert formats.relative_day(before, dt.date(2026, 3, 29)) == "i går"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (dt.timedelta(days=3, hours=4, minutes=9), "3 dager 4 timer"),
        (dt.timedelta(days=1, minutes=9), "1 dag"),
        (dt.timedelta(hours=2, minutes=15), "2 timer 15 minutter"),
        (dt.timedelta(minutes=1), "1 minutt"),
        (dt.timedelta(seconds=20), "under ett minutt"),
        (41.5, "41,5 dager"),
        (1, "1 dag"),
        (0, "0 dager"),
    ],
)
def test_duration_shows_two_units(value: dt.timedelta | float, text: str) -> None:
    assert formats.duration(value) == text


def test_duration_refuses_negative_time() -> None:
    with pytest.raises(ValueError, match="negative"):
        formats.duration(dt.timedelta(minutes=-1))


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1 250 000,50", "1250000.50"),
        ("1\u00a0250\u00a0000", "1250000"),
        ("1\u202f250", "1250"),
        ("1.250.000,50", "1250000.50"),
        ("1.250.000", "1250000"),
        ("1250000.50", "1250000.50"),
        ("1 250.500", "1250.500"),
        ("0.250", "0.250"),
        ("1250 000", "1250000"),
        ("  41,5 ", "41.5"),
        ("−3", "-3"),
        ("- 3", "-3"),
        ("250 kr", "250"),
        ("kr 1 000,-", "1000"),
        ("007", "7"),
    ],
)
def test_parse_number_reads_what_people_type(typed: str, value: str) -> None:
    assert parse_number(typed) == Decimal(value)


@pytest.mark.parametrize(
    "typed", ["", "abc", "12 34", "1,2,3", "1 25 000", "1e9", "NaN", "٣", "--3", "1" * 500]
)
def test_parse_number_refuses_and_gives_an_example(typed: str) -> None:
    with pytest.raises(NotUnderstood, match=r"er ikke et tall\. Skriv for eksempel 1 250 000") as caught:
        parse_number(typed)
    assert len(str(caught.value)) < 160


def test_parse_number_asks_when_a_point_can_mean_two_things() -> None:
    with pytest.raises(NotUnderstood, match="Skriv 1\xa0250 eller 1,250"):
        parse_number("1.250")
    with pytest.raises(NotUnderstood, match="Skriv 1\xa0250 eller 1,250"):
        parse_number("1.250", decimals=4)
    assert parse_number("1.250", decimals=2) == 1250
    assert parse_number("1.250", decimals=0) == 1250


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**12), max_value=10**12))
def test_parse_number_reads_back_what_is_written(value: Decimal) -> None:
    assert parse_number(formats.number(value, 2)) == value


@pytest.mark.parametrize(
    "typed",
    ["3.12.2026", "03.12.2026", "3/12/2026", "2026-12-03", "3. desember 2026", "3. des. 2026", "3 DES 2026"],
)
def test_parse_date_reads_what_people_type(typed: str) -> None:
    assert parse_date(typed) == dt.date(2026, 12, 3)


@pytest.mark.parametrize(
    "typed", ["", "i morgen", "3.12.26", "3.12.0206", "12.2026", "3. ma 2026", "3. jul 20266"]
)
def test_parse_date_refuses_and_gives_an_example(typed: str) -> None:
    with pytest.raises(NotUnderstood, match=r"er ikke en dato\..* for eksempel 3\.12\.2026"):
        parse_date(typed)


def test_parse_date_refuses_a_day_that_is_not_in_the_calendar() -> None:
    with pytest.raises(NotUnderstood, match=r"31\.2\.2026 finnes ikke i kalenderen"):
        parse_date("31.2.2026")


@given(st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2199, 12, 31)))
def test_parse_date_reads_back_what_is_written(day: dt.date) -> None:
    assert parse_date(formats.long_date(day)) == day
    assert parse_date(formats.numeric_date(day)) == day


@pytest.mark.parametrize(
    "name",
    [
        "tall",
        "kr",
        "kr_kort",
        "prosent",
        "dato",
        "dato_kort",
        "dato_tall",
        "tidspunkt",
        "relativ",
        "varighet",
    ],
)
def test_filters_show_a_dash__when_nothing_is_known(name: str) -> None:
    assert rendered(f"{{{{ x|{name} }}}} {{{{ y|{name} }}}} {{{{ z|{name} }}}}", x=None, y="") == "– – –"


def test_filters_show_zero_as_zero() -> None:
    assert (
        rendered("{{ x|tall }} {{ x|kr }} {{ x|prosent }} {{ x|varighet }}", x=0)
        == f"0 0{NB}kr 0{NB}% 0 dager"
    )


def test_filters_write_what_the_functions_write() -> None:
    day = dt.date(2026, 12, 3)
    assert rendered("{{ d|dato }}|{{ d|dato_kort }}|{{ d|dato_tall }}", d=day) == (
        "3. desember 2026|3. des. 2026|03.12.2026"
    )
    assert rendered("{{ t|tidspunkt }}", t=EVENING_IN_UTC) == "4. des. 2026 kl. 00.30"
    assert rendered("{{ d|relativ:today }}", d=day, today=dt.date(2026, 12, 1)) == "om 2 dager"
    assert rendered("{{ n|tall:1 }} {{ n|prosent:0 }}", n=Decimal("0.5")) == f"0,5 50{NB}%"
    assert rendered("{{ n|andel:all }} {{ n|andel:none }}", n=3, all=12, none=None) == f"25{NB}% mangler"
    assert rendered("{{ n|kr_kort }} {{ n|kr }}", n=4_900_000) == f"4,9{NB}mill.{NB}kr 4{NB}900{NB}000{NB}kr"


def test_relativ_filter_compares_with_today() -> None:
    assert rendered("{{ d|relativ }}", d=dt.datetime.now(tz=dt.UTC)) == "i dag"
