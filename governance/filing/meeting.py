"""The messages of a meeting: its folder with the notice, each case as it was treated, and the minutes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.filing import (
    MEETING_CASE,
    MEETING_DOCUMENT,
    PUBLIC_COPY,
    Ballot,
    Document,
    Draft,
    Entry,
    Filing,
    Folder,
    Gathering,
    Participant,
    Shield,
    Treatment,
    Variant,
    creator_of,
)
from core.actors import System
from core.formats import local_day
from governance.filing.case import key_of, shield_of
from governance.models import AgendaItem, Attendance, Decision
from governance.standing import standing_of

if TYPE_CHECKING:
    from datetime import datetime

    from governance.models import Meeting, MinutesAddendum
    from governance.standing import StandingItem

_FUNCTIONS = {
    Attendance.Seat.LEADER: "LEDER", Attendance.Seat.DEPUTY: "NESTL", Attendance.Seat.MEMBER: "MEDL",
    Attendance.Seat.SUBSTITUTE: "VARA", Attendance.Seat.SECRETARY: "SEKR",
}  # fmt: skip
ARCHIVE = System("archive")
NUMBERED = r"([0-9]+)/([0-9]{2})$"
_NUMBER = re.compile(NUMBERED)


@dataclass(frozen=True, slots=True)
class Table:
    """A meeting with its cases, the people around the table, what was added to the minutes, and what waited from before."""

    meeting: Meeting
    items: list[AgendaItem]
    rows: list[Attendance]
    addenda: list[MinutesAddendum]
    standing: StandingItem


def table_of(meeting: Meeting, *, now: datetime) -> Table:
    from governance.council.papers import addenda_of

    items = list(meeting.items.on_agenda().select_related("initiative", "meeting").order_by("position", "pk"))
    load_parts(items)
    rows = meeting.seated.select_related("person", "substitute_for__person").order_by("pk")
    standing = standing_of(meeting, ARCHIVE, now=now)
    return Table(meeting, items, list(rows), addenda_of(meeting), standing)


def load_parts(items: list[AgendaItem]) -> None:
    """Read what the papers show of the cases."""
    from governance.council.papers import load_proceedings

    decisions = Prefetch("decision", Decision.objects.select_related("responsible"))
    prefetch_related_objects(items, decisions, "initiative__case_paper__sections")
    load_proceedings(items)


def _folder(meeting: Meeting, rows: list[Attendance]) -> Folder:
    from governance.council.deciding import body_of

    body = str(Decision.Body(body_of(meeting)).label)
    seats = tuple(
        Participant(name=str(row.person), function=_FUNCTIONS.get(Attendance.Seat(row.seat), ""))
        for row in rows if row.seat != Attendance.Seat.GUEST
    )  # fmt: skip
    gathering = Gathering(
        number=meeting.number,
        body=body,
        day=local_day(meeting.starts_at),
        place=meeting.place,
        participants=seats,
    )
    title = _("%(body)s, møte %(number)s") % {"body": body, "number": meeting.number}
    return Folder(
        key=f"meeting/{meeting.pk}", title=title, day=local_day(meeting.starts_at), subject="meeting", unit=body,
        gathering=gathering,
    )  # fmt: skip


def _shield(items: list[AgendaItem]) -> Shield | None:
    """Return the bases of the cases that are shielded: they stand in the notice and in the minutes."""
    found = [shield_of(item.initiative) for item in items if item.initiative is not None]
    bases = sorted({one.basis for one in found if one is not None})
    return Shield(basis=", ".join(bases)) if bases else None


def _draft(table: Table, kind: str, name: str, entry: Entry, now: datetime) -> Draft:
    meeting, rows = table.meeting, table.rows
    filing = Filing(**creator_of(meeting.municipality), folder=_folder(meeting, rows), entry=entry, at=now)
    return Draft(
        kind=kind, key=f"meeting/{meeting.pk}/{name}", title=entry.public_title or entry.title, about=meeting,
        municipality_id=meeting.municipality_id, payload={"number": meeting.number}, filing=filing,
    )  # fmt: skip


def _paper(  # noqa: PLR0913 - the parts of one record, keyword-only
    meeting: Meeting, *, title: str, code: str, renderer: str, data: Any, kind: str, items: list[AgendaItem], now: datetime
) -> Entry:  # fmt: skip
    """Return a document of the meeting; with a public copy where the full one tells what is shielded."""
    shield = _shield(items)
    variants = [Variant(renderer=renderer, data=dict(data))]
    if shield:
        name = f"{title.replace('/', '-')}, offentlig.pdf"
        variants.append(Variant(kind=PUBLIC_COPY, renderer=f"public_{renderer}", data=dict(data), name=name))
    return Entry(
        kind=MEETING_DOCUMENT, title=title, public_title=title if shield else "", shield=shield, day=timezone.localdate(now),
        document_type=code, documents=(Document(title=title, kind=kind, variants=tuple(variants)),),
    )  # fmt: skip


def draft_summons(table: Table, *, now: datetime) -> Draft:
    """Return the notice and agenda that went out, in the folder of the meeting."""
    from governance.council.papers import agenda_data
    from governance.meeting_presentation import AgendaLine
    from governance.scoring.agenda import kept_agenda

    meeting, items, rows = table.meeting, table.items, table.rows
    ranking = kept_agenda([AgendaLine(item, item.initiative, is_readable=True) for item in items])
    title = _("Møteinnkalling %(number)s") % {"number": meeting.number}
    entry = _paper(
        meeting, title=title, code="MI", renderer="agenda", data=agenda_data(meeting, items, rows, table.standing, ranking),
        kind="DOKUMENT", items=items, now=now,
    )  # fmt: skip
    return _draft(table, "summons", "summons", entry, now)


def draft_minutes(table: Table, *, now: datetime) -> Draft:
    """Return the approved minutes."""
    title = _("Møteprotokoll %(number)s") % {"number": table.meeting.number}
    return _draft(table, "minutes", "minutes", _minutes(table, title, now), now)


def _minutes(table: Table, title: str, now: datetime) -> Entry:
    from governance.council.papers import minutes_data

    data = minutes_data(table.meeting, table.items, table.rows, table.addenda, table.standing)
    return _paper(
        table.meeting, title=title, code="MP", renderer="minutes", data=data, kind="PROTOKOLL", items=table.items, now=now
    )  # fmt: skip


def draft_treated(item: AgendaItem, table: Table, *, now: datetime) -> Draft | None:
    """Return a case as the meeting treated it, where it has a number of its own."""
    case = _treated(item, table.meeting, table.rows)
    return None if case is None else _draft(table, "meeting_case", f"case/{item.pk}", case, now)


def draft_addendum(table: Table, added: MinutesAddendum, *, now: datetime) -> Draft:
    """Return the approved minutes with what was added."""
    title = _("Møteprotokoll %(number)s med tilføyelse %(addendum)s") % {
        "number": table.meeting.number, "addendum": added.number,
    }  # fmt: skip
    return _draft(table, "minutes", f"addendum/{added.number}", _minutes(table, title, now), now)


def _treated(item: AgendaItem, meeting: Meeting, rows: list[Attendance]) -> Entry | None:
    """Return a case of the meeting; what has no number of its own stands in the minutes alone."""
    numbered = _NUMBER.search(item.case_number)
    if numbered is None:
        return None
    initiative = item.initiative
    decision: Decision | None = getattr(item, "decision", None)
    shield = shield_of(initiative) if initiative else None
    title = initiative.title if initiative else item.title
    paper = getattr(initiative, "case_paper", None) if initiative else None
    treatment = Treatment(
        kind=item.kind, year=2000 + int(numbered[2]), number=int(numbered[1]), unit=str(meeting.municipality),
        description=(paper.as_published().text("summary") if paper else "") or title, recommendation=item.recommendation,
        decision=decision.text if decision else "", decided_at=decision.decided_at if decision else None,
        proceedings=_proceedings(item, decision), ballots=_ballots(decision, rows),
    )  # fmt: skip
    return Entry(
        kind=MEETING_CASE, title=f"{item.case_number} {title}", shield=shield, day=local_day(meeting.starts_at),
        public_title=f"{item.case_number} {initiative.public_title}" if initiative and shield else "",
        treatment=treatment, related=(key_of(initiative),) if initiative and initiative.number else (),
    )  # fmt: skip


def _ballots(decision: Decision | None, rows: list[Attendance]) -> tuple[Ballot, ...]:
    """Return who voted for what, which is known of each only when all voted alike."""
    if decision is None or decision.votes_for is None or not decision.is_unanimous:
        return ()
    voters = set(decision.roll or [])
    return tuple(Ballot(name=str(row.person), vote="Ja") for row in rows if row.pk in voters)


def _proceedings(item: AgendaItem, decision: Decision | None) -> str:
    """Return impartiality, discussion, proposals and votes: the schema has no fields for the first three."""
    from governance.council.papers import outcome_of, verdict_on

    parts = []
    for row in item.impartialities.all():
        if not row.is_worth_telling:
            continue
        parts.append(
            _("Habilitet: %(name)s, %(ground)s: %(why)s. Vurdert som %(verdict)s.") % {
                "name": row.attendance.person, "ground": str(row.get_ground_display()).lower(), "why": row.explanation,
                "verdict": verdict_on(row).lower(),
            }
        )  # fmt: skip
    parts += [text for text in (item.impartiality, item.discussion) if text]
    for proposal in item.proposals.all():
        votings = [one for one in item.votings.all() if one.proposal_id == proposal.pk]
        told = {
            "name": proposal.proposed_by.person,
            "text": proposal.text,
            "outcome": outcome_of(proposal, votings),
        }
        parts.append(_("Forslag fra %(name)s: %(text)s. %(outcome)s.") % told)
    if decision is not None and decision.votes_for is not None:
        parts.append(_votes(decision))
    return "\n\n".join(parts)


def _votes(decision: Decision) -> str:
    if decision.is_unanimous:
        return _("Enstemmig, %(count)s stemmer.") % {"count": decision.votes_for}
    told = _("%(ayes)s stemte for, %(noes)s mot og %(blank)s blankt.") % {
        "ayes": decision.votes_for, "noes": decision.votes_against or 0, "blank": decision.votes_blank or 0,
    }  # fmt: skip
    return told + (" " + _("Møteleders dobbeltstemme avgjorde.") if decision.casting_vote else "")
