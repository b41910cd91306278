"""The notice of a meeting with its agenda."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NotRequired, TypedDict

from django.utils import translation
from django.utils.translation import gettext

from core.formats import long_date
from core.pdf import Sheet, render
from governance.pdf.parts import HERE, StandingEntry, filled, join, period, standing_of

if TYPE_CHECKING:
    import datetime as dt


class Summoned(TypedDict):
    """Somebody who is called in; ``substitute`` is who steps in when they cannot come."""

    name: str
    role: NotRequired[str]
    substitute: NotRequired[str]


class AgendaEntry(TypedDict):
    """A case on the agenda.  ``shielding`` is the legal basis for exemption from public access."""

    number: str
    title: str
    kind: str
    archive_case: NotRequired[str]
    shielding: NotRequired[str]
    presenter: NotRequired[str]
    minutes: NotRequired[int | None]
    papers: NotRequired[list[str]]


class AgendaData(TypedDict):
    municipality: str
    body: str
    number: str
    starts_at: dt.datetime
    place: str
    items: list[AgendaEntry]
    summoned: list[Summoned]
    remote: NotRequired[str]
    chair: NotRequired[str]
    absence_deadline: NotRequired[dt.date | None]
    introduction: NotRequired[str]
    sent_at: NotRequired[dt.date | None]
    signed_by: NotRequired[str]
    signed_role: NotRequired[str]
    standing: NotRequired[list[StandingEntry]]
    standing_others: NotRequired[int]


_AGENDA: dict[str, Any] = dict.fromkeys(
    ("remote", "chair", "introduction", "signed_by", "signed_role"), ""
) | {
    "absence_deadline": None,
    "sent_at": None,
}
_ENTRY: dict[str, Any] = dict.fromkeys(("archive_case", "shielding", "presenter"), "") | {
    "minutes": None,
    "papers": [],
}
_SUMMONED: dict[str, Any] = {"role": "", "substitute": ""}


def render_agenda(data: AgendaData, now: dt.datetime, *, lang: str = "nb", public: bool = False) -> bytes:
    """Return the notice as PDF.

    :param public: make a copy for everybody: cases that are exempt from public access keep
        their number and legal basis only, and the address of a remote meeting is left out.
    """
    with translation.override(lang):
        title = gettext("Innkalling til møte %(number)s, %(date)s") % {
            "number": data["number"],
            "date": long_date(data["starts_at"]),
        }
        items = [_public_entry(item) if public else item for item in data["items"]]
        content = {
            **_AGENDA,
            **data,
            **standing_of(data),
            "title": title,
            "period": period(data["starts_at"]),
            "items": filled(_ENTRY, items),
            "summoned": filled(_SUMMONED, data["summoned"]),
        }
        if public:
            content["remote"] = ""
        return render(
            HERE / "agenda.typ",
            content,
            title=title,
            sheet=Sheet(
                organization=data["municipality"],
                unit=data["body"],
                kind=gettext("Innkalling"),
                reference=join(data["body"], data["number"]),
            ),
            now=now,
            lang=lang,
        )


def _public_entry(item: AgendaEntry) -> AgendaEntry:
    if not item.get("shielding"):
        return item
    return {
        "number": item["number"],
        "title": gettext("Unntatt offentlighet"),
        "kind": item["kind"],
        "shielding": item["shielding"],
        "minutes": item.get("minutes"),
    }
