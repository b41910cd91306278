"""The minutes of a meeting: who was there, who stepped aside, what was proposed and decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NotRequired, TypedDict

from django.utils import translation
from django.utils.translation import gettext, ngettext

from core.formats import long_date
from core.pdf import Sheet, render
from governance.pdf.parts import (
    ATTENDEE,
    FOLLOW_UP,
    HERE,
    Attendee,
    FollowUp,
    StandingEntry,
    filled,
    join,
    period,
    standing_of,
)

if TYPE_CHECKING:
    import datetime as dt


class Declaration(TypedDict):
    """What a member said of own impartiality (habilitet) and how the council decided it."""

    name: str
    ground: str
    decision: str
    withdrew: bool


class Proposal(TypedDict):
    text: str
    by: str


class Vote(TypedDict):
    """The votes on one case; ``casting`` when the chair's second vote decided."""

    votes_for: int
    votes_against: int
    votes_blank: NotRequired[int]
    casting: NotRequired[bool]


class MinutesEntry(TypedDict):
    """One case.  ``shielding`` is the legal basis for exemption from public access."""

    number: str
    title: str
    kind: str
    archive_case: NotRequired[str]
    shielding: NotRequired[str]
    lateness: NotRequired[str]
    quorum: NotRequired[str]
    recommendation: NotRequired[str]
    impartiality: NotRequired[str]
    declarations: NotRequired[list[Declaration]]
    proposals: NotRequired[list[Proposal]]
    discussion: NotRequired[str]
    vote: NotRequired[Vote | None]
    decision: NotRequired[str]
    follow_ups: NotRequired[list[FollowUp]]


class Addendum(TypedDict):
    """A correction written after the minutes were approved; ``shielding`` is that of the case it is about."""

    text: str
    by: str
    on: dt.date
    case: NotRequired[str]
    shielding: NotRequired[str]


class MinutesData(TypedDict):
    """``attending`` of ``seats`` held the quorum when the meeting was opened."""

    municipality: str
    body: str
    number: str
    starts_at: dt.datetime
    place: str
    attending: int
    seats: int
    quorate: bool
    present: list[Attendee]
    items: list[MinutesEntry]
    ends_at: NotRequired[dt.datetime | None]
    chair: NotRequired[str]
    secretary: NotRequired[str]
    absent: NotRequired[list[Attendee]]
    substitutes: NotRequired[list[Attendee]]
    others: NotRequired[list[Attendee]]
    habilitet_basis: NotRequired[str]
    remarks: NotRequired[str]
    approved_at: NotRequired[dt.date | None]
    approved_by: NotRequired[list[str]]
    addenda: NotRequired[list[Addendum]]
    standing: NotRequired[list[StandingEntry]]
    standing_others: NotRequired[int]


_MINUTES: dict[str, Any] = dict.fromkeys(("chair", "secretary", "habilitet_basis", "remarks"), "") | {
    "approved_at": None,
    "approved_by": [],
    "addenda": [],
}
_ENTRY: dict[str, Any] = dict.fromkeys(
    (
        "archive_case",
        "shielding",
        "lateness",
        "quorum",
        "recommendation",
        "impartiality",
        "discussion",
        "decision",
    ),
    "",
) | {"declarations": [], "proposals": [], "follow_ups": [], "vote": None}


def render_minutes(data: MinutesData, now: dt.datetime, *, lang: str = "nb", public: bool = False) -> bytes:
    """Return the minutes as PDF, marked as a draft until they are approved.

    :param public: make a copy for everybody: of cases that are exempt from public access only
        number, kind and legal basis follow.
    """
    with translation.override(lang):
        title = gettext("Protokoll fra møte %(number)s, %(date)s") % {
            "number": data["number"],
            "date": long_date(data["starts_at"]),
        }
        items = [_public_entry(item) if public else item for item in data["items"]]
        content = {
            **_MINUTES,
            **data,
            **standing_of(data),
            "present": filled(ATTENDEE, data["present"]),
            "absent": filled(ATTENDEE, data.get("absent", [])),
            "substitutes": filled(ATTENDEE, data.get("substitutes", [])),
            "others": filled(ATTENDEE, data.get("others", [])),
            "title": title,
            "approved": data.get("approved_at") is not None,
            "period": period(data["starts_at"], data.get("ends_at")),
            "quorum": _quorum(data),
            "items": [_entry(item) for item in items],
            "addenda": [_addendum(one, public=public) for one in data.get("addenda", [])],
        }
        return render(
            HERE / "minutes.typ",
            content,
            title=title,
            sheet=Sheet(
                organization=data["municipality"],
                unit=data["body"],
                kind=gettext("Møteprotokoll"),
                reference=join(data["body"], data["number"]),
            ),
            now=now,
            lang=lang,
        )


def _entry(item: MinutesEntry) -> dict[str, Any]:
    declarations = [
        {**one, "withdrew": gettext("Ja") if one["withdrew"] else gettext("Nei")}
        for one in item.get("declarations", [])
    ]
    vote = item.get("vote")
    return {
        **_ENTRY,
        **item,
        "declarations": declarations,
        "follow_ups": filled(FOLLOW_UP, item.get("follow_ups", [])),
        "vote": None if vote is None else {"outcome": _outcome(vote), "counts": _counts(vote)},
    }


def _outcome(vote: Vote) -> str:
    if vote.get("casting"):
        return gettext("Stemmene sto likt. Møteleders dobbeltstemme avgjorde.")
    votes = vote["votes_for"]
    if vote["votes_against"] or vote.get("votes_blank"):
        return gettext("Avgjort ved votering.")
    return ngettext("Enstemmig med %(n)d stemme.", "Enstemmig med %(n)d stemmer.", votes) % {"n": votes}


def _counts(vote: Vote) -> list[int]:
    blank = vote.get("votes_blank", 0)
    return [vote["votes_for"], vote["votes_against"], blank] if vote["votes_against"] or blank else []


def _quorum(data: MinutesData) -> str:
    counts = {"attending": data["attending"], "seats": data["seats"]}
    if data["quorate"]:
        return gettext("Rådet var vedtaksført: %(attending)d av %(seats)d møtte.") % counts
    return gettext("Rådet var ikke vedtaksført: %(attending)d av %(seats)d møtte.") % counts


def _addendum(one: Addendum, *, public: bool) -> dict[str, Any]:
    withheld = public and bool(one.get("shielding"))
    return {"case": "", **one, "text": gettext("Unntatt offentlighet") if withheld else one["text"]}


def _public_entry(item: MinutesEntry) -> MinutesEntry:
    if not item.get("shielding"):
        return item
    return {
        "number": item["number"],
        "title": gettext("Unntatt offentlighet"),
        "kind": item["kind"],
        "shielding": item["shielding"],
    }
