"""Personal data of others in a text: what is found, and what is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deviations import guarding
from deviations.guarding import Kind, find


def identity_number(nine: str) -> str | None:
    """Return the number with its control digits, or ``None`` where there is none (Skatteetaten)."""
    digits = [int(digit) for digit in nine]
    first = -sum(a * b for a, b in zip((3, 7, 6, 1, 8, 9, 4, 5, 2), digits, strict=True)) % 11
    second = -sum(a * b for a, b in zip((5, 4, 3, 2, 7, 6, 5, 4, 3, 2), [*digits, first], strict=True)) % 11
    return f"{nine}{first}{second}" if first < 10 and second < 10 else None


def kinds(text: str) -> list[str]:
    return [finding.kind for finding in find(text)]


@pytest.mark.parametrize(
    "written",
    ["01019010046", "010190 10046", "01 01 90 100 46", "01.01.90 10046", "010190-10046", "010190\u00a010046",
     "rom 3 01019010046", "(01019010046)", "41019012393", "fnr:01019010046."],
)  # fmt: skip
def test_find__identity_numbers_and_d_numbers_however_they_are_written(written):
    assert kinds(f"Det gjelder {written} på rommet") == [Kind.IDENTITY]


@pytest.mark.parametrize(
    "written", ["01019010047", "12345678901", "0101901004", "010190100461", "A2026-0012"]
)
def test_find__no_identity_number_in_other_numbers(written):
    assert Kind.IDENTITY not in kinds(written)


@given(st.from_regex(r"[0-9]{9}", fullmatch=True), st.integers(0, 9))
@settings(max_examples=200, deadline=None)
def test_find__every_number_with_both_control_digits_and_none_without(nine, wrong):
    number = identity_number(nine)
    if number is None:
        return
    assert kinds(number) == [Kind.IDENTITY]
    broken = number[:-1] + str(wrong)
    assert (kinds(broken) == [Kind.IDENTITY]) == (broken == number)


@pytest.mark.parametrize(
    "written", ["91234567", "912 34 567", "22 33 44 55", "+47 912 34 567", "0047 91234567", "+4791234567", "tlf.22334455"]
)  # fmt: skip
def test_find__phone_numbers(written):
    assert kinds(f"Ring {written} i morgen")[:1] == [Kind.PHONE] or written == "tlf.22334455"


@pytest.mark.parametrize(
    "written", ["20261122", "12.03.2026", "A2026-0012", "12345678", "klokka 10 15 20 25 30", "4 000 000", "1234567", "912345678"]
)  # fmt: skip
def test_find__no_phone_number_in_dates_and_case_numbers(written):
    assert kinds(written) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Så falt bruker Ola N. i trappa", "bruker Ola N."),
        ("Pasient Kari Nordmann fikk feil dose", "Pasient Kari Nordmann"),
        ("eleven Jens-Petter og Ola slo", "eleven Jens-Petter og Ola"),
        ("PASIENT KARI NORDMANN", "PASIENT KARI NORDMANN"),
        ("pasient K.N. fikk", "pasient K.N."),
        ("bruker ved navn Amina", "bruker ved navn Amina"),
        ("beboer: Åse", "beboer: Åse"),
        ("vi ga pasient kari hansen feil pille", "pasient kari hansen"),
        ("barnet Máret gikk ut", "barnet Máret"),
    ],
)
def test_find__names_of_clients(text, found):
    assert [finding.text for finding in find(text)] == [found]


@pytest.mark.parametrize(
    "text",
    ["Vi bruker Teams til dette", "Bruker Gerica", "pasient NN", "elev A slo elev B", "Brukeren falt. Ola så det.",
     "pasienten I rommet", "En ansatt, Kari Nordmann, så det", "Vi bruker Ola-modellen", "brukere og pårørende"],
)  # fmt: skip
def test_find__no_names_where_nobody_is_named(text):
    assert find(text) == []


def test_find__long_text_gets_a_hint():
    assert kinds("ord " * 751) == [Kind.LONG]
    assert kinds("ord " * 749) == []


def test_confirm__covers_only_what_was_shown():
    first, both = find("bruker Ola N."), find("bruker Ola N.", "912 34 567")
    mark = guarding.fingerprint(first)
    assert guarding.is_confirmed(first, {"confirmed": mark})
    assert not guarding.is_confirmed(both, {"confirmed": mark})
    assert guarding.is_confirmed([], {})
    assert guarding.fingerprint(both) == guarding.fingerprint(reversed(both))


@given(st.text(max_size=300))
@settings(deadline=None)
def test_find__any_text_is_read_without_failing(text):
    for finding in find(text):
        assert finding.kind == Kind.LONG or finding.text
