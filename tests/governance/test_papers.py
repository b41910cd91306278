from __future__ import annotations

import datetime as dt
import json
import re
from decimal import Decimal
from typing import Any

import pytest

from governance.pdf import (
    AgendaData,
    CasePaperData,
    MinutesData,
    MinutesEntry,
    Vote,
    render_agenda,
    render_case_paper,
    render_minutes,
)

NOW = dt.datetime(2026, 12, 4, 9, 0, tzinfo=dt.UTC)
START = dt.datetime(2026, 12, 3, 8, 0, tzinfo=dt.UTC)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'
SECRET = "Hemmelig leverandør"

AGENDA: AgendaData = {
    "municipality": "Elvdal kommune",
    "body": "Digitaliseringsrådet",
    "number": "4/26",
    "starts_at": START,
    "place": "Rådhuset",
    "remote": "https://møte.invalid/hemmelig",
    "summoned": [{"name": "Áilu Čállit Eira", "role": "Helse"}],
    "items": [
        {"number": "DR 11/26", "title": "Digital byggesak", "kind": "Vedtakssak", "papers": ["Saksframlegg"]},
        {
            "number": "DR 12/26",
            "title": SECRET,
            "kind": "Vedtakssak",
            "shielding": "offl. § 23",
            "presenter": SECRET,
            "archive_case": SECRET,
            "papers": [SECRET],
        },
    ],
}
ENTRY: MinutesEntry = {
    "number": "DR 11/26",
    "title": "Digital byggesak",
    "kind": "Vedtakssak",
    "recommendation": "1. Tiltaket prioriteres.",
    "impartiality": "Ingen meldte seg inhabile utover dem som står her.",
    "declarations": [{"name": "Per", "ground": "Særegne forhold", "decision": "Inhabil", "withdrew": True}],
    "proposals": [{"by": "Olav Dahl", "text": "Utsettes."}],
    "discussion": "Rådet drøftet saken.",
    "vote": {"votes_for": 4, "votes_against": 2},
    "decision": "1. Tiltaket prioriteres.",
    "follow_ups": [{"what": "Utnevne prosjektleder", "responsible": "Ingrid", "due": dt.date(2027, 1, 15)}],
}
SHIELDED: MinutesEntry = {
    "number": "DR 12/26",
    "title": SECRET,
    "kind": "Vedtakssak",
    "shielding": "offl. § 23",
    "discussion": SECRET,
    "decision": SECRET,
}
MINUTES: MinutesData = {
    "municipality": "Elvdal kommune",
    "body": "Digitaliseringsrådet",
    "number": "4/26",
    "starts_at": START,
    "ends_at": START + dt.timedelta(hours=2, minutes=15),
    "place": "Rådhuset",
    "attending": 7,
    "seats": 8,
    "quorate": True,
    "present": [{"name": "Ingrid Solberg", "role": "leder"}, {"name": "Per Hansen"}],
    "items": [ENTRY, SHIELDED],
}
PAPER: CasePaperData = {
    "municipality": "Elvdal kommune",
    "number": "DR 11/26",
    "title": "Digital byggesak",
    "case_officer": "Siri Moen",
    "date": dt.date(2026, 11, 19),
    "recommendation": "1. Tiltaket prioriteres.",
    "attachments": ["Gevinstplan"],
    "sections": [
        {"heading": "Bakgrunn", "text": "Tre løsninger i dag."},
        {"heading": "Tomt avsnitt", "text": "", "parts": [{"heading": "Også tomt"}]},
        {
            "heading": "Gevinster",
            "tables": [{"headings": ["Gevinst", "kr"], "rows": [["Tid", Decimal(1250000)]], "align": "lr"}],
            "charts": [
                {
                    "svg": SVG,
                    "title": "Tid",
                    "description": "Fra 41 til 27 dager",
                }
            ],
        },
        {"heading": "Alternativer", "parts": [{"heading": "Nullalternativet", "text": "Som i dag."}]},
    ],
    "statements": [{"by": "Økonomisjef", "text": "Rammen dekkes."}],
    "follow_ups": [{"what": "Melde oppstart"}],
}


def is_archive_copy(pdf: bytes) -> bool:
    return b"<pdfaid:conformance>A" in pdf and b"<pdfuaid:part>1" in pdf


def test_agenda_is_made(handed: dict[str, Any]) -> None:
    assert is_archive_copy(render_agenda(AGENDA, NOW))
    assert handed["title"] == "Innkalling til møte 4/26, 3. desember 2026"
    assert handed["data"]["period"] == "torsdag 3. desember 2026 kl. 09.00"
    assert handed["data"]["items"][1]["title"] == SECRET


def test_agenda_without_cases_is_made() -> None:
    assert is_archive_copy(render_agenda({**AGENDA, "items": [], "summoned": []}, NOW))


def test_public_agenda_holds_nothing_that_is_exempt(handed: dict[str, Any]) -> None:
    render_agenda(AGENDA, NOW, public=True)
    assert SECRET not in json.dumps(handed, ensure_ascii=False)
    assert "møte.invalid" not in json.dumps(handed, ensure_ascii=False)
    public, shielded = handed["data"]["items"]
    assert (public["title"], public["papers"]) == ("Digital byggesak", ["Saksframlegg"])
    assert (shielded["number"], shielded["title"], shielded["shielding"]) == (
        "DR 12/26",
        "Unntatt offentlighet",
        "offl. § 23",
    )


def test_minutes_are_made(handed: dict[str, Any]) -> None:
    assert is_archive_copy(render_minutes(MINUTES, NOW))
    data = handed["data"]
    assert handed["title"] == "Protokoll fra møte 4/26, 3. desember 2026"
    assert data["period"] == "torsdag 3. desember 2026 kl. 09.00 til 11.15"
    assert data["quorum"] == "Rådet var vedtaksført: 7 av 8 møtte."
    assert data["items"][0]["declarations"][0]["withdrew"] == "Ja"
    assert data["items"][0]["follow_ups"][0]["due"] == "15. januar 2027"


def test_public_minutes_hold_nothing_that_is_exempt(handed: dict[str, Any]) -> None:
    render_minutes(MINUTES, NOW, public=True)
    assert SECRET not in json.dumps(handed, ensure_ascii=False)
    assert handed["data"]["items"][0]["decision"] == "1. Tiltaket prioriteres."


def test_minutes_are_a_draft__until_they_are_approved(handed: dict[str, Any]) -> None:
    draft = render_minutes(MINUTES, NOW)
    assert handed["data"]["approved"] is False
    approved = render_minutes({**MINUTES, "approved_at": NOW.date(), "approved_by": ["Ingrid Solberg"]}, NOW)
    assert handed["data"]["approved"] is True
    assert handed["data"]["approved_at"] == "4. desember 2026"
    assert draft != approved


@pytest.mark.parametrize(
    ("vote", "outcome", "counts"),
    [
        ({"votes_for": 7, "votes_against": 0}, "Enstemmig med 7 stemmer.", []),
        ({"votes_for": 1, "votes_against": 0}, "Enstemmig med 1 stemme.", []),
        ({"votes_for": 5, "votes_against": 0, "votes_blank": 2}, "Avgjort ved votering.", [5, 0, 2]),
        ({"votes_for": 4, "votes_against": 3}, "Avgjort ved votering.", [4, 3, 0]),
        (
            {"votes_for": 3, "votes_against": 3, "casting": True},
            "Stemmene sto likt. Møteleders dobbeltstemme avgjorde.",
            [3, 3, 0],
        ),
    ],
)
def test_minutes_tell_how_the_vote_went(
    vote: Vote, outcome: str, counts: list[int], handed: dict[str, Any]
) -> None:
    render_minutes({**MINUTES, "items": [{**ENTRY, "vote": vote}]}, NOW)
    assert handed["data"]["items"][0]["vote"] == {"outcome": outcome, "counts": counts}


def test_minutes_tell_when_there_was_no_quorum(handed: dict[str, Any]) -> None:
    render_minutes({**MINUTES, "quorate": False, "attending": 3}, NOW)
    assert handed["data"]["quorum"] == "Rådet var ikke vedtaksført: 3 av 8 møtte."


def test_case_paper_is_made_without_empty_sections(handed: dict[str, Any]) -> None:
    pdf = render_case_paper(PAPER, NOW)
    assert is_archive_copy(pdf)
    assert b"/Figure" in pdf
    sections = handed["data"]["sections"]
    assert [section["heading"] for section in sections] == ["Bakgrunn", "Gevinster", "Alternativer"]
    assert sections[1]["tables"][0]["rows"] == [["Tid", "1\xa0250\xa0000"]]
    assert handed["reference"] == "Sak DR 11/26"


@pytest.mark.parametrize("lang", ["nb", "nn", "en"])
def test_papers_are_made_in_every_language(lang: str) -> None:
    for pdf in (
        render_agenda(AGENDA, NOW, lang=lang),
        render_minutes(MINUTES, NOW, lang=lang),
        render_case_paper(PAPER, NOW, lang=lang),
    ):
        assert re.search(rb"/Lang\(" + lang.encode(), pdf)


def test_papers_never_read_text_as_markup() -> None:
    nasty = '#panic(1) *x* $y$ <a> @ref \\ "q"'
    render_case_paper(
        {**PAPER, "title": nasty, "summary": nasty, "sections": [{"heading": nasty, "text": nasty}]}, NOW
    )
    render_minutes(
        {**MINUTES, "items": [{**ENTRY, "title": nasty, "decision": nasty}], "remarks": nasty}, NOW
    )
    assert is_archive_copy(render_agenda({**AGENDA, "place": nasty, "introduction": nasty}, NOW))
