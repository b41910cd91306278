"""The notice of a meeting with its agenda."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict

from django.utils import translation
from django.utils.translation import gettext

from core.formats import long_date
from core.pdf import Sheet, render
from governance.pdf.parts import HERE, StandingEntry, filled, join, period, standing_of
from governance.scoring.arithmetic import places

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


class RankedEntry(TypedDict):
    """A case on the ranked list that goes out with the notice.  Of what is ``hidden`` only number and title are told.

    ``exact`` is the score that places are counted by; the others are in words.
    """

    number: str
    title: str
    public_title: NotRequired[str]
    shielding: NotRequired[str]
    hidden: NotRequired[bool]
    place: NotRequired[str]
    exact: NotRequired[str | None]
    law: NotRequired[str]
    late: NotRequired[bool]
    points: NotRequired[list[str]]
    reasons: NotRequired[list[str]]
    amount: NotRequired[str]


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
    ranking: NotRequired[list[RankedEntry]]


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
_RANKED: dict[str, Any] = {"place": "", "law": "", "amount": "", "points": [], "reasons": []}
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
        ranking = data.get("ranking", [])
        ranking = _public_ranking(ranking) if public else ranking
        content = {
            **_AGENDA,
            **data,
            **standing_of(data),
            "title": title,
            "period": period(data["starts_at"]),
            "items": filled(_ENTRY, items),
            "ranking": filled(_RANKED, [one for one in ranking if not one.get("hidden")]),
            "unranked": [f"{one['number']} {one['title']}".strip() for one in ranking if one.get("hidden")],
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


def _public_ranking(ranking: list[RankedEntry]) -> list[RankedEntry]:
    """Return the list for everybody: of a shielded case its public title, and no place that tells of it by its absence."""
    shown = [one for one in ranking if not one.get("shielding") and not one.get("hidden")]
    hidden = [one for one in ranking if one not in shown]
    if not hidden:
        return ranking
    in_turn = [one for one in shown if not one.get("law") and not one.get("late")]
    exact = [one.get("exact") for one in in_turn]
    for one, place in zip(
        in_turn, places([None if it is None else Decimal(it) for it in exact]), strict=True
    ):
        shown[shown.index(one)] = {**one, "place": place}
    return shown + [
        {"number": one["number"], "title": one.get("public_title", one["title"]), "hidden": True}
        for one in hidden
    ]
