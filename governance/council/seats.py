"""Who sits in the meeting: seats, substitutes, quorum and who leads."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, NotRequired, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import StaleVersion
from core.history import record
from core.workflow import TransitionBlocked, TransitionDenied
from governance import policies
from governance.models import Attendance, Meeting, MeetingStatus, Voting

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from core.actors import Actor
    from governance.models import AgendaItem
    from organization.models import Person

SEATS = frozenset({Attendance.Seat.LEADER, Attendance.Seat.DEPUTY, Attendance.Seat.MEMBER})
Presence = Attendance.Presence


class Quorum(NamedTuple):
    """How many of the seats are taken, and how many the mandate wants."""

    present: int
    seats: int
    needed: int
    is_reached: bool


class Roll(TypedDict):
    """Who is there.

    ``present`` and ``absent`` hold ids of attendances; ``substitutes`` gives the seat (an
    attendance id) that a substitute takes; ``chair`` is the attendance of who leads.
    """

    present: set[int]
    absent: set[int]
    substitutes: dict[int, int]
    chair: NotRequired[int | None]


# --- Counting ----------------------------------------------------------------------------------
def seats_of(meeting: Meeting) -> int:
    """Return how many seats the quorum is measured against: never fewer because somebody is absent."""
    return meeting.seated.filter(seat__in=SEATS).count()


def present_of(meeting: Meeting) -> int:
    """Return how many of the seats are taken, by a member or by a substitute in a member's place."""
    return sum(1 for row in meeting.seated.filter(presence=Presence.PRESENT) if row.votes)


def quorum_of(meeting: Meeting, rows: Iterable[Attendance], *, out: int = 0) -> Quorum:
    """Return the quorum among ``rows``, the attendances of the meeting.

    ``out`` of those present are disqualified in the case at hand: they leave the count of
    those present, never the number of seats.
    """
    listed = list(rows)
    seats = sum(1 for row in listed if row.seat in SEATS)
    present = sum(1 for row in listed if row.presence == Presence.PRESENT and row.votes) - out
    mandate = meeting.mandate
    return Quorum(present, seats, mandate.needed(seats), mandate.is_quorate(present=present, seats=seats))


def proposed_chair(meeting: Meeting) -> Person | None:
    """The leader where present, else the deputy, else nobody: the council then elects one."""
    present = meeting.seated.filter(presence=Presence.PRESENT).select_related("person")
    return _leading({row.seat: row.person for row in present})


def _leading(by_seat: dict[str, Person]) -> Person | None:
    return by_seat.get(Attendance.Seat.LEADER) or by_seat.get(Attendance.Seat.DEPUTY)


def chair_in(item: AgendaItem) -> Person | None:
    """Return who leads the meeting in one case: the next one when the chair is disqualified there."""
    meeting = item.meeting
    out = set(
        item.impartialities.filter(is_disqualified=True).values_list("attendance__person_id", flat=True)
    )
    if meeting.chair_id is not None and meeting.chair_id not in out:
        return meeting.chair
    present = meeting.seated.filter(presence=Presence.PRESENT).select_related("person")
    return _leading({row.seat: row.person for row in present if row.person_id not in out})


# --- Recording ---------------------------------------------------------------------------------
@transaction.atomic
def register_attendance(
    meeting: Meeting, *, by: Actor, now: datetime, version: int | None = None, **roll: Unpack[Roll]
) -> Meeting:
    """Record who is there, who sits for whom, and who leads.

    Where nobody is chosen to lead, the leader does, else the deputy, else who led before.

    :raises TransitionDenied: ``by`` neither leads the meeting nor keeps its minutes.
    :raises TransitionBlocked: the meeting is over, a vote is going on, a seat is taken twice, or the chair has no vote.
    :raises StaleVersion: somebody else recorded another attendance in the meantime.
    """
    if not policies.may_lead_meeting(by, meeting):
        raise TransitionDenied
    locked: Meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    if locked.status not in {MeetingStatus.PLANNED, MeetingStatus.SUMMONED, MeetingStatus.IN_SESSION}:
        raise TransitionBlocked([_("Frammøtet kan ikke endres etter at møtet er avsluttet.")])
    check_no_voting(locked)
    rows = {row.pk: row for row in locked.seated.select_related("person")}
    seated = _checked(rows, roll)
    changed = [row for row in rows.values() if _place(row, roll, rows.get(seated.get(row.pk, 0)), now)]
    chair = _chair(locked, rows, roll.get("chair"))
    if version is not None and locked.version != version:
        if changed or chair != locked.chair:
            raise StaleVersion
        return locked  # what is sent once more stands already
    with record("register_attendance", actor=by):
        for row in changed:
            row.save(update_fields=["presence", "substitute_for", "changed_at"])
        locked.chair = chair
        locked.stamp(now)
        locked.version += 1
        locked.save(update_fields=["chair", "changed_at", "version"])
    return locked


def _checked(rows: dict[int, Attendance], roll: Roll) -> dict[int, int]:
    """Return which seat each substitute who is there takes.

    :raises TransitionBlocked: the seat is taken already, or is no seat with a vote.
    """
    seated = {
        sub: seat for sub, seat in roll["substitutes"].items() if sub in roll["present"] and sub in rows
    }
    if len(set(seated.values())) != len(seated):
        raise TransitionBlocked([_("To varamedlemmer kan ikke ta samme plass.")])
    for substitute, seat in seated.items():
        if (
            rows[substitute].seat != Attendance.Seat.SUBSTITUTE
            or seat not in rows
            or rows[seat].seat not in SEATS
        ):
            raise TransitionBlocked([
                _("%(name)s kan ikke ta den plassen.") % {"name": rows[substitute].person}
            ])  # fmt: skip
        if seat in roll["present"]:
            raise TransitionBlocked([
                _("%(name)s er til stede. Plassen kan ikke tas av vara.") % {"name": rows[seat].person}
            ])  # fmt: skip
    return seated


def _place(row: Attendance, roll: Roll, seat: Attendance | None, now: datetime) -> bool:
    """Give a person presence and seat, and tell whether that is a change."""
    presence = Presence.ABSENT if row.pk in roll["absent"] else Presence.EXPECTED
    if row.pk in roll["present"]:
        presence = Presence.PRESENT
    seat_id = seat.pk if seat else None
    if (row.presence, row.substitute_for_id) == (presence, seat_id):
        return False
    row.presence, row.substitute_for = presence, seat
    row.stamp(now)
    return True


def _chair(meeting: Meeting, rows: dict[int, Attendance], chosen: int | None) -> Person | None:
    """Return who leads.

    :raises TransitionBlocked: who was chosen is not there with a vote.
    """
    voting = [row for row in rows.values() if row.presence == Presence.PRESENT and row.votes]
    if chosen is not None:
        row = next((row for row in voting if row.pk == chosen), None)
        if row is None:
            raise TransitionBlocked([_("Møteleder må være til stede med stemmerett.")])
        return row.person
    elected = next((row.person for row in voting if row.person_id == meeting.chair_id), None)
    return _leading({row.seat: row.person for row in voting}) or elected


def check_no_voting(meeting: Meeting) -> None:
    """Keep who takes part as it is while a vote is going on.

    :raises TransitionBlocked: one is.
    """
    going = Voting.objects.filter(item__meeting=meeting, closed_at=None).select_related("item").first()
    if going is not None:
        raise TransitionBlocked([
            _("Votering pågår i sak %(number)s. Avslutt eller avbryt den først.")
            % {"number": going.item.case_number or going.item.title}
        ])  # fmt: skip


# --- Guards ------------------------------------------------------------------------------------
def meeting_is_quorate(meeting: Meeting, /) -> str | None:
    seats, present = seats_of(meeting), present_of(meeting)
    if meeting.mandate.is_quorate(present=present, seats=seats):
        return None
    return below_quorum(meeting, present=present, seats=seats)


def below_quorum(meeting: Meeting, *, present: int, seats: int) -> str:
    """Say how many are there, and how many the mandate wants."""
    return _("Rådet er ikke vedtaksført: %(present)s av %(seats)s til stede, og mandatet krever %(needed)s.") % {
        "present": present, "seats": seats, "needed": meeting.mandate.needed(seats),
    }  # fmt: skip
