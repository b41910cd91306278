"""Compounds are taken apart by the list of words, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.compounds import Vocabulary, vocabulary


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("medisinavvik", ("medisin", "avvik")),
        ("medisinavvikene", ("medisin", "avvik")),
        ("sykehjemsavdelingen", ("sykehjem", "avdeling")),
        ("fallulykker", ("fall", "ulykke")),
        ("sjukeheimsavdeling", ("sykehjem", "avdeling")),
        ("personopplysningssikkerhet", ("personopplysning", "sikkerhet")),
        ("brannalarm", ("brann", "alarm")),
        ("barnehageutstyret", ("barnehage", "utstyr")),
        ("medarbeidersamtalen", ("medarbeider", "samtale")),
    ],
)
def test_parts__of_compounds(word, parts):
    assert vocabulary().parts(word) == parts


@pytest.mark.parametrize(
    "word",
    [
        "politisk",
        "medisinene",
        "sykehjem",
        "barnevern",
        "avdelingen",
        "isolat",
        "ulykken",
        "brannxyz",
        "is",
        "",
    ],
)
def test_parts__of_nothing_else(word):
    assert vocabulary().parts(word) == ()


def test_preferred__in_every_inflection_of_another_form():
    assert vocabulary().preferred("sjukeheimen") == "sykehjem"
    assert vocabulary().preferred("fekk") == "fikk"
    assert vocabulary().preferred("sykehjem") == "sykehjem"


def test_asked__leaves_out_what_many_compounds_end_with():
    assert vocabulary().asked("fallulykke") == ("fall",)
    assert vocabulary().asked("avviksmelding") == ("avvik", "melding")
    assert vocabulary().asked("brannvarsler") == ("brann", "varsler")
    assert vocabulary().asked("avvik") == ()


def test_hidden_in__names_each_word_once():
    assert (
        vocabulary().hidden_in(["Medisinavvik, medisinavvik!", "på sjukeheimen"]) == "medisin avvik sykehjem"
    )
    assert vocabulary().hidden_in(["Vi gikk hjem.", ""]) == ""


def test_vocabulary__has_its_words_once_and_in_lower_case():
    lines = [line.partition("#")[0].split() for line in (_file("words"))]
    words = [word for line in lines for word in line]
    assert len(set(words)) >= 1500
    assert all(word == word.lower() and word.isalpha() and len(word) >= 2 for word in words)
    assert not sorted({word for word in words if words.count(word) > 1})


def _file(name: str) -> list[str]:
    from pathlib import Path

    from django.conf import settings

    return (Path(settings.VOCABULARY) / f"{name}.txt").read_text("utf-8").splitlines()


@given(st.text(max_size=200))
def test_hidden_in__takes_any_text(text):
    assert isinstance(vocabulary().hidden_in([text]), str)


def test_parts__of_a_long_row_of_words_ends_soon():
    words = Vocabulary(["aaa", "aaaa", "aaaaa"])
    assert words.parts("a" * 59 + "b") == ()
