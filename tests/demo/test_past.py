"""What the demo tells of the years before: much of it, skewed as it is in municipalities, and no telling twice."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
import yaml

from demo.content import load
from demo.content.past import HEADINGS, SIZES, lines_of, read_past
from demo.content.read import HERE
from deviations import guarding
from deviations.importing import COLUMNS, guess

UNTIL = date(2026, 10, 1)
CATALOGUE = yaml.safe_load((HERE.parents[1] / "deviations/catalogue/default.yaml").read_text("utf-8"))


@pytest.fixture(scope="module")
def past():
    tellings = read_past()
    codes = {unit.key: unit.code for unit in load().units}
    causes = {cause["code"]: cause["name"] for cause in CATALOGUE["causes"]}
    return {
        key: [
            dict(zip(HEADINGS, line, strict=True)) for line in lines_of(key, tellings, codes, causes, UNTIL)
        ]
        for key in SIZES
    }


@pytest.fixture(scope="module")
def lines(past):
    return [line for found in past.values() for line in found]


def test_read_past__of_types_and_causes_that_exist():
    types = {type_["code"] for type_ in CATALOGUE["types"] if not type_.get("refers_to")}
    causes = {cause["code"] for cause in CATALOGUE["causes"]} | {""}
    wrong = [past for past in read_past() if past.type not in types or past.cause not in causes]
    assert wrong == []


def test_tell_past__enough_and_of_many_tellings(past, lines):
    assert {key: len(found) for key, found in past.items()} == SIZES
    assert len(read_past()) >= 250
    for found in past.values():
        assert len({line["Beskrivelse"] for line in found}) == len(found)
    assert max(Counter(line["Beskrivelse"] for line in lines).values()) <= 3
    assert len({line["Konklusjon"] for line in lines}) >= 250


def test_tell_past__is_the_same_every_time(past):
    codes = {unit.key: unit.code for unit in load().units}
    again = lines_of("fjellheim", read_past(), codes, {}, UNTIL)
    assert [line[4] for line in again] == [line["Beskrivelse"] for line in past["fjellheim"]]


def test_tell_past__names_nobody(lines):
    found = [(line["Saksnummer"], guarding.find(line["Beskrivelse"], line["Konklusjon"])) for line in lines]
    assert [(number, findings) for number, findings in found if findings] == []


def test_tell_past__medication_most_and_less_in_july(lines):
    medication = [line for line in lines if str(line["Avvikstype"]).startswith("TJ-LM")]
    assert 0.2 < len(medication) / len(lines) < 0.45
    months = Counter(line["Opprettet dato"].month for line in lines)
    assert months[7] < 0.75 * len(lines) / 12
    assert months[1] + months[2] > 1.3 * (months[6] + months[7])


def test_tell_past__headings_are_told_apart():
    assert set(guess(HEADINGS, {})) >= {column.key for column in COLUMNS if column.required} | {
        "type",
        "closed",
        "status",
    }


def test_tell_past__nothing_ends_before_it_began(lines):
    assert all(line["Hendelsesdato"] < line["Opprettet dato"] for line in lines)
    assert all(line["Opprettet dato"].date() <= line["Lukket dato"] <= UNTIL for line in lines)
