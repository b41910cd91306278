"""Setting up a meeting: its time, mandate and seats, its agenda, and the papers that go out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from core import notices
from core.errors import StaleVersion
from core.formats import moment
from core.history import record
from core.workflow import TransitionBlocked, TransitionDenied
from governance import operations, policies, telling_meeting
from governance.agenda import SAME_FORM, report_fast_track
from governance.council import matters
from governance.council.seats import SEATS, meeting_is_quorate, proposed_chair
from governance.cycle.operations import follow_meeting, let_go_of, link_meeting
from governance.matters import kind_of
from governance.models import (
    AgendaItem,
    Attendance,
    CouncilMandate,
    Meeting,
    MeetingStatus,
    Status,
)
from organization.models import RoleAssignment, Unit
from organization.operations import next_number
from organization.roles import Role

if TYPE_CHECKING:
    from datetime import date, datetime

    from core.actors import Actor
    from governance.models import CyclePeriod, Initiative, Matter

_SEATS = {
    Role.COUNCIL_LEADER: Attendance.Seat.LEADER,
    Role.COUNCIL_DEPUTY: Attendance.Seat.DEPUTY,
    Role.COUNCIL_MEMBER: Attendance.Seat.MEMBER,
    Role.COUNCIL_SUBSTITUTE: Attendance.Seat.SUBSTITUTE,
}
_BEFORE_SESSION = frozenset({MeetingStatus.PLANNED, MeetingStatus.SUMMONED})
_UNTIL_CONCLUDED = _BEFORE_SESSION | {MeetingStatus.IN_SESSION}


# --- Time, mandate and seats -------------------------------------------------------------------
def plan_meeting(
    *, municipality: Unit, starts_at: datetime, place: str, by: Actor, now: datetime, period: CyclePeriod | None = None
) -> Meeting:  # fmt: skip
    """Set up a meeting with the council's seats as they are filled on that day; the same form twice gives the same.

    It becomes the meeting of ``period`` in the annual cycle, else of the period that is meant to meet that day.

    :raises TransitionDenied: ``by`` does not arrange meetings there.
    :raises TransitionBlocked: no mandate is in force on that day.
    """
    if not policies.may_arrange_in(by, municipality.pk):
        raise TransitionDenied
    day = timezone.localdate(starts_at)
    with transaction.atomic(), record("create_meeting", actor=by):
        # Two requests for one council wait for each other here, so the second finds the first's meeting.
        Unit.objects.select_for_update(no_key=True).get(pk=municipality.pk)
        if same := _just_planned(municipality, starts_at, place, now):
            return same
        mandate = _mandate_on(municipality.pk, day)
        meeting = Meeting.objects.create(
            municipality=municipality, mandate=mandate, number=_number(municipality.pk, day), starts_at=starts_at,
            place=place, status_since=now, changed_at=now,
        )  # fmt: skip
        link_meeting(meeting, period=period, now=now)
        refresh_seats(meeting, now=now)
        report_fast_track(meeting, now=now)
    return meeting


def _just_planned(municipality: Unit, starts_at: datetime, place: str, now: datetime) -> Meeting | None:
    rows = Meeting.objects.filter(municipality=municipality, starts_at=starts_at, place=place)
    same: Meeting | None = rows.filter(status=MeetingStatus.PLANNED, status_since__gt=now - SAME_FORM).first()
    return same


def change_meeting(
    meeting: Meeting, *, starts_at: datetime, place: str, by: Actor, now: datetime, version: int | None = None
) -> Meeting:
    """Move a meeting in time or place, with the mandate and the seats of the new day.

    Who was called in is told about it.

    :raises TransitionDenied: ``by`` does not arrange the meeting.
    :raises TransitionBlocked: it has begun or is cancelled, no mandate is in force on the new
        day, or it was called in with a number of another year.
    :raises StaleVersion: somebody else changed it in the meantime.
    """
    if not policies.may_arrange_meeting(by, meeting):
        raise TransitionDenied
    with transaction.atomic(), record("edit_meeting", actor=by):
        locked: Meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
        if locked.status not in _BEFORE_SESSION:
            raise TransitionBlocked([_("Møtet er begynt eller avlyst. Tid og sted kan ikke endres.")])
        if version is not None and locked.version != version:
            raise StaleVersion(
                mine=_time_and_place(starts_at, place), theirs=_time_and_place(locked.starts_at, locked.place)
            )
        if (locked.starts_at, locked.place) == (starts_at, place):
            return locked
        _move_to(locked, starts_at)
        locked.place = place
        locked.version += 1
        locked.stamp(now)
        locked.save()
        if not link_meeting(locked, period=None, now=now):
            follow_meeting(locked, now=now)
        refresh_seats(locked, now=now)
        if locked.papers_are_out:
            notices.post(telling_meeting.meeting_is_moved(locked, by=by, now=now), about=locked, now=now)
    return locked


def _move_to(meeting: Meeting, starts_at: datetime) -> None:
    """Give the meeting its new time, with the mandate, and if need be the number, of that day."""
    before, day = timezone.localdate(meeting.starts_at), timezone.localdate(starts_at)
    meeting.starts_at = starts_at
    meeting.mandate = _mandate_on(meeting.municipality_id, day)
    if before.year == day.year:
        return
    if meeting.papers_are_out:
        raise TransitionBlocked([
            _("Innkallingen er sendt med møtenummer %(number)s. Avlys møtet og sett opp et nytt for et annet år.")
            % {"number": meeting.number}
        ])  # fmt: skip
    meeting.number = _number(meeting.municipality_id, day)


def _mandate_on(municipality_id: int, day: date) -> CouncilMandate:
    mandate = CouncilMandate.objects.in_force(municipality_id, day).first()
    if mandate is None:
        raise TransitionBlocked(
            [_("Rådet har ikke noe mandat som gjelder den dagen. Registrer mandatet først.")]
        )
    return mandate


def _number(municipality_id: int, day: date) -> str:
    return f"{next_number(municipality_id, 'meeting', day.year)}/{day.year % 100:02d}"


def _time_and_place(starts_at: datetime, place: str) -> dict[str, str]:
    return {str(_("Dato og klokkeslett")): moment(starts_at), str(_("Sted")): place}


def refresh_seats(meeting: Meeting, *, now: datetime, day: date | None = None) -> None:
    """Let the list of seats be the council as its roles are filled on the day of the meeting.

    A person keeps one seat, the highest.  Who no longer has a role is gone from the list, and
    so is a substitute's claim to that seat; who was added by hand stays.
    """
    council = _council_on(meeting.municipality_id, day or timezone.localdate(meeting.starts_at))
    listed = {row.person_id: row for row in meeting.attendances.all()}
    for person_id, (seat, field) in council.items():
        row = listed.pop(person_id, None) or Attendance(meeting=meeting, person_id=person_id)
        _seat(row, now, seat=seat, field=field, gone_at=None)
    for row in listed.values():
        if row.seat in _SEATS.values():
            _seat(row, now, gone_at=row.gone_at or now)
    standing_in = Q(substitute_for__gone_at__isnull=False) | ~Q(substitute_for__seat__in=SEATS)
    meeting.attendances.filter(standing_in, substitute_for__isnull=False).update(
        substitute_for=None, changed_at=now
    )


def _seat(row: Attendance, now: datetime, **values: Any) -> None:
    """Save what is new about a seat, if anything is."""
    if row.pk and all(getattr(row, name) == value for name, value in values.items()):
        return
    for name, value in values.items():
        setattr(row, name, value)
    row.stamp(now)
    row.save()


def seat_for_opening(meeting: Meeting, *, now: datetime) -> None:
    """Let the council of this very day take its seats under the mandate of this day, with somebody who leads.

    :raises TransitionBlocked: no mandate is in force, or without those who have left the council is below its quorum.
    """
    meeting.mandate = _mandate_on(meeting.municipality_id, timezone.localdate(now))
    refresh_seats(meeting, now=now, day=timezone.localdate(now))
    if reason := meeting_is_quorate(meeting):
        raise TransitionBlocked([reason])
    voting = {
        row.person_id for row in meeting.seated.filter(presence=Attendance.Presence.PRESENT) if row.votes
    }
    meeting.chair = meeting.chair if meeting.chair_id in voting else proposed_chair(meeting)


def _council_on(municipality_id: int, day: date) -> dict[int, tuple[str, str]]:
    """Return seat and field of each person of the council on a day, leader first."""
    rows = RoleAssignment.objects.in_force(day).filter(
        role__in=list(_SEATS), unit__municipality_id=municipality_id, person__is_active=True
    )
    order = list(_SEATS)
    council: dict[int, tuple[str, str]] = {}
    for row in sorted(rows, key=lambda row: (order.index(Role(row.role)), row.pk)):
        council.setdefault(row.person_id, (_SEATS[Role(row.role)], row.field))
    return council


# --- The agenda --------------------------------------------------------------------------------
@transaction.atomic
def move_item(item: AgendaItem, *, up: bool, by: Actor, now: datetime) -> None:
    """Swap an item with its neighbor on the agenda.

    :raises TransitionDenied: ``by`` does not arrange the meeting.
    :raises TransitionBlocked: the meeting is over.
    :raises Http404: the item is no longer on the agenda.
    """
    if not policies.may_arrange_meeting(by, item.meeting):
        raise TransitionDenied
    locked = Meeting.objects.select_for_update(of=("self",)).get(pk=item.meeting_id)
    if locked.status not in _UNTIL_CONCLUDED:
        raise TransitionBlocked([_("Møtet er over. Rekkefølgen kan ikke endres.")])
    with record("edit_agenda", actor=by):
        items = list(locked.items.on_agenda().order_by("position", "pk"))
        at = next((index for index, other in enumerate(items) if other.pk == item.pk), None)
        if at is None:
            raise Http404
        to = max(0, at - 1) if up else min(len(items) - 1, at + 1)
        items.insert(to, items.pop(at))
        for position, other in enumerate(items, start=1):
            if other.position != position:
                other.position = position
                other.stamp(now)
                other.save(update_fields=["position", "changed_at"])


def freeze_recommendations(meeting: Meeting, *, now: datetime) -> None:
    """Copy each recommendation to the agenda and open the papers: from now on it is not changed."""
    for item in meeting.items.on_agenda().filter(matter__isnull=False).select_related("matter"):
        matter = cast("Matter", item.matter)
        kind_of(matter).publish(matter.subject_id, now)
    cases = meeting.items.on_agenda().filter(
        kind=AgendaItem.Kind.DECISION, initiative__isnull=False, matter=None
    )
    for item in cases.select_related("initiative").prefetch_related("initiative__case_paper__sections"):
        paper = getattr(item.initiative, "case_paper", None)
        item.recommendation = paper.text("recommendation") if paper else item.recommendation
        item.stamp(now)
        item.save(update_fields=["recommendation", "changed_at"])
        operations.publish_papers(cast("Initiative", item.initiative), now=now)


def release_cases(meeting: Meeting, *, reason: str, by: Actor, now: datetime) -> None:
    """Give the cases of a cancelled meeting back to the secretariat, and its place in the annual cycle."""
    from governance.workflow import initiative_workflow

    let_go_of(meeting, now=now)
    for item in meeting.items.on_agenda().select_related("initiative"):
        if item.matter_id is not None:
            matters.remove(item, now=now)
        elif item.initiative is not None and item.initiative.status == Status.ON_AGENDA:
            initiative_workflow.perform(
                "take_off_agenda", item.initiative, by=by, now=now, data={"reason": reason}
            )


# --- Guards ------------------------------------------------------------------------------------
def agenda_has_cases(meeting: Meeting, /) -> str | None:
    return None if meeting.items.on_agenda().exists() else _("Sakslista er tom. Sett minst én sak på den.")


def seats_are_filled(meeting: Meeting, /) -> str | None:
    """The roles of the day count: the seats are filled anew when the papers go out."""
    leads = RoleAssignment.objects.in_force(timezone.localdate(meeting.starts_at)).filter(
        role=Role.COUNCIL_LEADER, unit__municipality_id=meeting.municipality_id, person__is_active=True
    )
    return None if leads.exists() else _("Rådet har ingen leder. En administrator må gi noen rollen.")
