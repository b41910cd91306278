"""Measurements from a file: what it would do, what is wrong with it, and that nothing comes twice."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from benefits import operations
from benefits.models import Benefit, Measurement
from organization.roles import Role
from tests.benefits import computing, stories

URL = reverse("benefits:import")
HEADINGS = "Tiltak;Gevinst;Indikator;Målt dato;Verdi;Kommentar"


@pytest.fixture
def place(world):
    return world.home


def day(days: int) -> str:
    return (timezone.localdate() - timedelta(days=days)).strftime("%d.%m.%Y")


def line(indicator, on: str, value: str, comment: str = "", name: str = "") -> str:
    benefit = indicator.benefit
    return f"{benefit.initiative.number};{benefit.title};{name or indicator.name};{on};{value};{comment}"


def send(client, *lines: str):
    file = io.BytesIO("\n".join([HEADINGS, *lines]).encode())
    file.name = "maalinger.csv"
    return client.post(URL, {"file": file})


def key_of(answer) -> str:
    return re.search(r'name="key" value="([^"]+)"', answer.content.decode())[1]


def measured(indicator) -> list[tuple[str, Decimal]]:
    rows = indicator.measurements.exclude(value=None).order_by("measured_on")
    return [(row.measured_on.strftime("%d.%m.%Y"), row.value) for row in rows]


@pytest.fixture
def indicator(place):
    return stories.planned(place).indicators.get()


def test_import__tried_first_then_whole_and_never_twice(indicator, as_role):
    client = as_role(Role.SERVICE_OWNER)
    lines = [
        line(indicator, day(40), "1 030,5"),
        line(indicator, day(100), "1 200", "Telt i uke 10"),
        line(indicator, day(3), "0"),
    ]
    shown = send(client, *lines)
    assert shown.status_code == 200
    assert "Dette vil skje" in shown.content.decode()
    assert measured(indicator) == []
    assert client.post(URL, {"key": key_of(shown)}).status_code == 302
    expected = [(day(100), Decimal(1200)), (day(40), Decimal("1030.5")), (day(3), Decimal(0))]
    assert measured(indicator) == expected
    kinds = dict(indicator.measurements.exclude(value=None).values_list("value", "kind"))
    assert kinds == {Decimal(1200): "baseline", Decimal("1030.5"): "running", Decimal(0): "extra"}
    assert client.post(URL, {"key": key_of(shown)}).status_code == 409
    again = send(client, *lines)
    assert "Alt i filen står slik fra før" in again.content.decode()
    assert measured(indicator) == expected


def test_import__all_or_nothing_with_the_number_of_each_line(indicator, as_role):
    client = as_role(Role.SERVICE_OWNER)
    answer = send(
        client, line(indicator, day(100), "12"), line(indicator, day(40), ""), line(indicator, day(30), "mange"),
        line(indicator, "31.02.2026", "1"), line(indicator, day(20), "-4"), line(indicator, day(50), "5"),
        line(indicator, day(-3), "5"), line(indicator, day(40), "5", name="Noe annet"), line(indicator, day(100), "13"),
    )  # fmt: skip
    assert answer.status_code == 422
    told = [(error.line, error.column) for error in answer.context["errors"]]
    assert told == [
        (3, "Verdi"), (4, "Verdi"), (5, "Målt dato"), (6, "Verdi"), (8, "Målt dato"), (9, "Indikator"),
        (10, "Målt dato"),
    ]  # fmt: skip
    assert not answer.context["key"]
    assert measured(indicator) == []


def test_import__puts_right_and_says_that_it_must_be_confirmed_anew(place, as_role):
    benefit = stories.baseline_measured(place)
    indicator, row = benefit.indicators.get(), stories.measure(benefit, place, 30, 1)
    operations.verify(row, by=place.actor(Role.CHIEF_OF_FINANCE), now=timezone.now())
    client = as_role(Role.SERVICE_OWNER)
    shown = send(client, line(indicator, row.measured_on.strftime("%d.%m.%Y"), "31"))
    page = shown.content.decode()
    assert "Verdi: 30 → 31" in page
    assert "bekreftes av økonomisjefen på nytt" in page
    client.post(URL, {"key": key_of(shown)})
    row.refresh_from_db()
    assert (row.value, row.is_verified) == (31, False)


def test_import__not_of_others_nor_of_another_municipality(world, as_role):
    theirs = stories.planned(world.neighbor).indicators.get()
    answer = send(as_role(Role.SERVICE_OWNER), line(theirs, day(100), "12"))
    assert [error.line for error in answer.context["errors"]] == [2]
    own = stories.planned(world.home).indicators.get()
    answer = send(as_role(Role.CHANGE_AGENT), line(own, day(100), "12"))
    assert [error.line for error in answer.context["errors"]] == [2]
    assert not Measurement.objects.exclude(value=None).exists()


@pytest.mark.parametrize("value", ["9" * 20, "1" + "0" * 400, "1,23456789", "1e999"])
def test_import__a_number_there_is_no_room_for_is_told(indicator, as_role, value):
    answer = send(as_role(Role.SERVICE_OWNER), line(indicator, day(100), value))
    assert answer.status_code == 422
    assert [(error.line, error.column) for error in answer.context["errors"]] == [(2, "Verdi")]
    assert measured(indicator) == []


def test_measure__no_more_digits_than_there_is_room_for(indicator, place):
    given = {
        "measured_on": timezone.localdate(),
        "by": place.actor(Role.SERVICE_OWNER),
        "now": timezone.now(),
    }
    row = indicator.measurements.order_by("due_on")[0]
    with pytest.raises(ValidationError) as told:
        operations.measure(row, value=Decimal("9" * 20), **given)
    assert set(told.value.message_dict) == {"value"}


def test_import__several_of_one_name_are_told_and_none_is_chosen(indicator, place, as_role):
    benefit = indicator.benefit
    twin = Benefit.objects.get(pk=benefit.pk)
    twin.pk = None
    twin.save()
    stories.add_indicator(twin, place, name=indicator.name)
    answer = send(as_role(Role.SERVICE_OWNER), line(indicator, day(100), "12"))
    assert answer.status_code == 422
    assert "Flere indikatorer heter" in answer.content.decode()


def test_import__not_over_what_is_computed(place, as_role):
    indicator = computing.improved(place)
    answer = send(as_role(Role.SERVICE_OWNER), line(indicator, day(2), "0"))
    assert "regnes ut" in answer.content.decode()
    assert answer.status_code == 422


@pytest.mark.parametrize("content", [b"", b"Tiltak;Verdi\n1;2\n", b"\x00\xff\xfe", b"PK\x03\x04tull"])
def test_import__a_file_that_cannot_be_read_says_so(as_role, content, world):
    file = io.BytesIO(content)
    file.name = "fil.xlsx"
    assert as_role(Role.SERVICE_OWNER).post(URL, {"file": file}).status_code == 422


def test_import__template_is_read_back(as_role, world):
    client = as_role(Role.SERVICE_OWNER)
    example = b"".join(client.get(reverse("benefits:import_template"), {"format": "csv"}).streaming_content)
    assert HEADINGS.split(";", maxsplit=1)[0] in example.decode("utf-8-sig")
    book = client.get(reverse("benefits:import_template"))
    assert b"".join(book.streaming_content).startswith(b"PK")
    book.close()
