"""The notice and the minutes of a meeting as the PDF templates want them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.translation import gettext as _

from core.formats import local_day
from governance.council.deciding import body_of
from governance.council.presence import Attended, attended, quorum_at_opening, took_part
from governance.council.seats import SEATS
from governance.matters import kind_of
from governance.models import AgendaItem, Attendance, Decision, Impartiality, Proposal
from governance.scoring.papers import ranking_data

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from governance.models import Meeting, MinutesAddendum, Voting
    from governance.pdf import AgendaData, AgendaEntry, Attendee, MinutesData, MinutesEntry
    from governance.pdf.minutes import Addendum, Declaration
    from governance.pdf.minutes import Proposal as PdfProposal
    from governance.pdf.parts import StandingEntry
    from governance.scoring.agenda import RankedAgenda
    from governance.standing import StandingItem, StandingLine

Seat = Attendance.Seat


def agenda_data(
    meeting: Meeting,
    items: Iterable[AgendaItem],
    rows: list[Attendance],
    standing: StandingItem,
    ranking: RankedAgenda,
) -> AgendaData:
    """Return the notice of a meeting.  ``items`` have their initiative, ``rows`` their person loaded."""
    return {
        "municipality": str(meeting.municipality),
        "body": str(Decision.Body(body_of(meeting)).label),
        "number": meeting.number,
        "starts_at": meeting.starts_at,
        "place": meeting.place,
        "chair": str(meeting.chair or next((row.person for row in rows if row.seat == Seat.LEADER), "")),
        "sent_at": local_day(meeting.summoned_at) if meeting.summoned_at else None,
        "summoned": [{"name": str(row.person), "role": str(row.get_seat_display())} for row in rows],
        "items": [_agenda_entry(item) for item in items],
        "standing": [_standing_entry(line) for line in standing.lines],
        "standing_others": standing.others,
        "ranking": ranking_data(ranking),
    }


def _standing_entry(line: StandingLine) -> StandingEntry:
    """Return one follow-up; of a shielded case its number and public title alone, in every copy."""
    entry: StandingEntry = {"number": line.decision.number, "title": line.title}
    initiative = line.decision.initiative
    if line.state is None or (initiative is not None and initiative.is_shielded):
        return entry
    entry["state"], entry["due"], entry["said"] = line.state.label, line.state.row.due_on, line.said
    entry["responsible"] = str(line.state.row.responsible or "")
    return entry


def _agenda_entry(item: AgendaItem) -> AgendaEntry:
    entry: AgendaEntry = {
        "number": item.case_number,
        "title": _title(item),
        "kind": str(item.get_kind_display()),
    }
    if item.initiative is None:
        return entry
    entry["title"] = _full_title(item)
    entry["shielding"] = _shielding(item)
    entry["archive_case"] = item.initiative.archive_reference
    paper = kind_of(item.matter).label if item.matter is not None else _("Saksframlegg")
    entry["papers"] = [str(paper)] if item.kind == AgendaItem.Kind.DECISION else []
    return entry


def _title(item: AgendaItem) -> str:
    """Return the public title; the full one is set where the initiative is among what may be read."""
    return str(getattr(item, "shown_title", "") or item.title)


def _full_title(item: AgendaItem) -> str:
    if item.matter_id is not None:
        return item.title
    return item.initiative.title if item.initiative else _title(item)


def _shielding(item: AgendaItem) -> str:
    initiative = item.initiative
    return (
        str(initiative.get_shield_basis_display())
        if initiative is not None and initiative.is_shielded
        else ""
    )


def load_proceedings(items: Iterable[AgendaItem]) -> None:
    """Load what the minutes tell of each case beside its decision: impartiality, proposals and votes."""
    declared = Impartiality.objects.select_related("attendance__person", "substitute__person").order_by("pk")
    proposed = Proposal.objects.select_related("proposed_by__person").order_by("number")
    prefetch_related_objects(
        list(items), Prefetch("impartialities", declared), Prefetch("proposals", proposed), "votings"
    )


def addenda_of(meeting: Meeting, at: datetime | None = None) -> list[MinutesAddendum]:
    """Return what was added to the minutes, up to a point in time."""
    rows = meeting.addenda.select_related("written_by")
    return list(rows if at is None else rows.filter(written_at__lte=at))


def minutes_data(
    meeting: Meeting, items: Iterable[AgendaItem], rows: list[Attendance], addenda: Iterable[MinutesAddendum],
    standing: StandingItem,
) -> MinutesData:  # fmt: skip
    """Return the minutes.  ``items`` have initiative, decision and impartialities, ``rows`` their people loaded."""
    items = list(items)
    data = _proceedings(meeting, items, rows)
    data["standing"], data["standing_others"] = (
        [_standing_entry(line) for line in standing.lines],
        standing.others,
    )
    data["habilitet_basis"] = str(meeting.mandate.get_law_display())
    by_item = {item.pk: item for item in items}
    data["addenda"] = [_addendum(one, by_item.get(one.item_id or 0)) for one in addenda]
    if meeting.approved_at is not None:
        data["approved_at"], data["approved_by"] = local_day(meeting.approved_at), [str(meeting.approved_by)]
    return data


def _proceedings(meeting: Meeting, items: list[AgendaItem], rows: list[Attendance]) -> MinutesData:
    """Return who was there and what was treated."""
    quorum = quorum_at_opening(meeting, rows)
    there = attended(meeting, rows, items)
    own = [line for line in there if line.row.seat in SEATS]
    came = {line.row.pk for line in there}
    return {
        "municipality": str(meeting.municipality),
        "body": str(Decision.Body(body_of(meeting)).label),
        "number": meeting.number,
        "starts_at": meeting.opened_at or meeting.starts_at,
        "ends_at": meeting.concluded_at,
        "place": meeting.place,
        "attending": quorum.present,
        "seats": quorum.seats,
        "quorate": quorum.is_reached,
        "chair": str(meeting.chair or ""),
        "secretary": next((str(line.row.person) for line in there if line.row.seat == Seat.SECRETARY), ""),
        "present": [_attendee(line.row, line.remark) for line in own],
        "absent": [_attendee(row) for row in rows if row.is_absent and row.pk not in came],
        "substitutes": [_stand_in(line) for line in there if line.stands_in_for is not None],
        "others": [
            _attendee(line.row, line.remark)
            for line in there
            if line not in own and line.stands_in_for is None
        ],
        "remarks": meeting.notes,
        "items": [_entry(item, took_part(item, meeting, rows)) for item in items],
    }


def _addendum(added: MinutesAddendum, item: AgendaItem | None) -> Addendum:
    told: Addendum = {"text": added.text, "by": str(added.written_by), "on": local_day(added.written_at)}
    if item is None:
        return told
    told["case"], told["shielding"] = item.case_number, _shielding(item)
    if _is_elsewhere(item):
        told["text"] = _("Gjelder en sak mellom andre kommuner.")
    return told


def _is_elsewhere(item: AgendaItem) -> bool:
    """Tell whether a case is between other municipalities of the region: that it was on the agenda is all there is to see."""
    return item.initiative is None and item.initiative_id is not None


def _attendee(row: Attendance, remark: str = "") -> Attendee:
    role = "" if row.seat in {Seat.MEMBER, Seat.GUEST} else str(row.get_seat_display())
    return {"name": str(row.person), "role": _listed(role, remark)}


def _stand_in(line: Attended) -> Attendee:
    assert line.stands_in_for is not None
    role = _("for %(name)s") % {"name": line.stands_in_for.person}
    return {"name": str(line.row.person), "role": _listed(role, line.remark)}


def _listed(*words: str) -> str:
    return ", ".join(word for word in words if word)


def _entry(item: AgendaItem, names: str) -> MinutesEntry:
    """Return one case of the minutes; ``names`` are those who took part, where others did than at the opening."""
    decision: Decision | None = getattr(item, "decision", None)
    if _is_elsewhere(item):
        return {"number": item.case_number, "title": _title(item), "kind": str(item.get_kind_display())}
    entry: MinutesEntry = {
        "number": item.case_number,
        "title": _full_title(item),
        "kind": str(item.get_kind_display()),
        "shielding": _shielding(item),
        "recommendation": item.recommendation,
        "impartiality": item.impartiality,
        "declarations": [_declaration(row) for row in item.impartialities.all() if row.is_worth_telling],
        "proposals": [_proposal(row, item) for row in item.proposals.all()],
        "discussion": item.discussion,
    }
    if item.initiative is not None:
        entry["archive_case"] = item.initiative.archive_reference
        entry["lateness"] = item.late_words
    if decision is not None:
        entry |= _decided(decision, names)  # type: ignore[typeddict-item]
    return entry


def _declaration(row: Impartiality) -> Declaration:
    return {
        "name": str(row.attendance.person),
        "ground": f"{row.get_ground_display()}: {row.explanation}",
        "decision": verdict_on(row),
        "withdrew": bool(row.is_disqualified),
    }


def verdict_on(row: Impartiality) -> str:
    """Return how a declaration ended, with who decided on a doubt and who stepped in, as minutes say it."""
    if row.is_open:
        return _("I tvil, ikke avgjort")
    words = [_("Inhabil") if row.is_disqualified else _("Habil")]
    if row.decided_roll is not None:
        words.append(
            _("avgjort av rådet med alle til stede, %(ayes)s mot %(noes)s")
            % {"ayes": row.votes_for, "noes": row.votes_against}
            if row.attendance_id in row.decided_roll
            else _("avgjort av rådet uten dem som var i tvil, %(ayes)s mot %(noes)s")
            % {"ayes": row.votes_for, "noes": row.votes_against}
        )
    if row.substitute is not None:
        words.append(_("%(name)s trådte inn") % {"name": row.substitute.person})
    return ", ".join(words)


def _proposal(row: Proposal, item: AgendaItem) -> PdfProposal:
    votings = [one for one in item.votings.all() if one.proposal_id == row.pk]
    return {"text": f"{row.text}\n\n{outcome_of(row, votings)}.", "by": str(row.proposed_by.person)}


def outcome_of(row: Proposal, votings: Iterable[Voting]) -> str:
    """Return what became of a proposal: withdrawn, voted on with the votes, or never voted on."""
    counted = [one for one in votings if one.votes_for is not None]
    if row.withdrawn_at is not None:
        return _("Trukket")
    if not counted:
        return _("Ikke stemt over")
    last = counted[-1]
    return _("%(result)s: %(ayes)s for, %(noes)s mot, %(blank)s blankt") % {
        "result": last.get_result_display(), "ayes": last.votes_for, "noes": last.votes_against, "blank": last.votes_blank,
    }  # fmt: skip


def _decided(decision: Decision, names: str) -> dict[str, Any]:
    decided: dict[str, Any] = {"decision": decision.text}
    if decision.votes_for is not None:
        decided["vote"] = {
            "votes_for": decision.votes_for, "votes_against": decision.votes_against or 0,
            "votes_blank": decision.votes_blank or 0, "casting": decision.casting_vote,
        }  # fmt: skip
        decided["quorum"] = _("%(present)s av %(seats)s deltok i saken.") % {
            "present": decision.present, "seats": decision.seats,
        }  # fmt: skip
        if names:
            decided["quorum"] += " " + _("Til stede i saken: %(names)s.") % {"names": names}
    if decision.responsible is not None or decision.due_on is not None:
        decided["follow_ups"] = [
            {
                "what": _("Følge opp vedtaket"),
                "responsible": str(decision.responsible or ""),
                "due": decision.due_on,
            }
        ]
    return decided
