"""A case paper: what the council needs to know, and what it is recommended to decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NotRequired, TypedDict

from django.utils import translation
from django.utils.translation import gettext

from core.pdf import Sheet, render
from governance.pdf.parts import FOLLOW_UP, HERE, FollowUp, filled, join

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from decimal import Decimal


class PdfTable(TypedDict):
    """A table; ``align`` has one letter per column, ``l`` or ``r``."""

    headings: list[str]
    rows: list[list[str | int | Decimal | dt.date | None]]
    align: NotRequired[str]


class PdfChart(TypedDict):
    """A chart of ``core.charts``: its SVG, the sentence that it shows and the one that describes it."""

    svg: str
    title: str
    description: str


class Part(TypedDict):
    """A piece of the paper.  Text becomes paragraphs, and lists where lines begin with «- » or «1. »."""

    heading: str
    text: NotRequired[str]
    tables: NotRequired[list[PdfTable]]
    charts: NotRequired[list[PdfChart]]


class Statement(TypedDict):
    """What somebody who was heard says; ``position`` is «Tilrår» and the like."""

    by: str
    text: str
    position: NotRequired[str]


class Section(Part):
    parts: NotRequired[list[Part]]
    statements: NotRequired[list[Statement]]


class CasePaperData(TypedDict):
    """What the paper shows.  Messages to the archive that were frozen earlier have their statements beside the sections."""

    municipality: str
    number: str
    title: str
    case_officer: str
    date: dt.date
    sections: list[Section]
    recommendation: NotRequired[str]
    summary: NotRequired[str]
    body: NotRequired[str]
    unit: NotRequired[str]
    archive_case: NotRequired[str]
    initiative: NotRequired[str]
    shielding: NotRequired[str]
    lateness: NotRequired[str]
    attachments: NotRequired[list[str]]
    statements: NotRequired[list[Statement]]
    follow_ups: NotRequired[list[FollowUp]]


_PAPER: dict[str, Any] = dict.fromkeys(
    ("recommendation", "summary", "body", "unit", "archive_case", "initiative", "shielding", "lateness"), ""
) | {"attachments": []}


def render_case_paper(data: CasePaperData, now: dt.datetime, *, lang: str = "nb") -> bytes:
    """Return the case paper as PDF; sections without content are left out."""
    content = {
        **_PAPER,
        **data,
        "sections": [_section(section) for section in data["sections"] if _has_content(section)],
        "statements": _statements(data),
        "follow_ups": filled(FOLLOW_UP, data.get("follow_ups", [])),
    }
    with translation.override(lang):
        return render(
            HERE / "case_paper.typ",
            content,
            title=data["title"],
            sheet=Sheet(
                organization=data["municipality"],
                unit=data.get("unit", ""),
                kind=gettext("Saksframlegg"),
                reference=join(
                    gettext("Sak %(number)s") % {"number": data["number"]}, data.get("archive_case", "")
                ),
            ),
            now=now,
            lang=lang,
        )


def _section(section: Section) -> dict[str, Any]:
    parts = [part for part in section.get("parts", []) if _has_content(part)]
    return {**_part(section), "parts": [_part(part) for part in parts], "statements": _statements(section)}


def _statements(place: Mapping[str, Any]) -> list[dict[str, Any]]:
    return filled({"position": ""}, place.get("statements", []))


def _part(part: Part) -> dict[str, Any]:
    tables = [{"align": "l" * len(table["headings"]), **table} for table in part.get("tables", [])]
    return {"text": "", "charts": [], **part, "tables": tables}


def _has_content(part: Mapping[str, Any]) -> bool:
    return bool(
        part.get("text")
        or part.get("tables")
        or part.get("charts")
        or part.get("statements")
        or any(_has_content(inner) for inner in part.get("parts", []))
    )
