"""The council at work: meetings, seats, quorum and the decision in each case.

A decision, the move of the initiative and the line of the decision log are one transaction:
none of them stands without the others.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.operations import enqueue
from core.errors import StaleVersion
from core.history import record
from core.workflow import TransitionBlocked, TransitionDenied
from governance import operations, policies
from governance.agenda import disqualified_in
from governance.models import (
    AgendaItem,
    Attendance,
    CouncilMandate,
    Decision,
    Meeting,
    MeetingStatus,
    MunicipalDecision,
    Outcome,
    Status,
)
from organization.models import RoleAssignment
from organization.operations import next_number
from organization.roles import Role

if TYPE_CHECKING:
    from core.actors import Actor
    from organization.models import Person, Unit

_SEATS = {
    Role.COUNCIL_LEADER: Attendance.Seat.LEADER,
    Role.COUNCIL_DEPUTY: Attendance.Seat.DEPUTY,
    Role.COUNCIL_MEMBER: Attendance.Seat.MEMBER,
    Role.COUNCIL_SUBSTITUTE: Attendance.Seat.SUBSTITUTE,
}
_TRANSITION = {
    Outcome.PRIORITIZE: "prioritize", Outcome.RECOMMEND: "recommend", Outcome.POSTPONE: "postpone",
    Outcome.SEND_BACK: "send_back", Outcome.HOLD: "hold", Outcome.REJECT: "reject",
}  # fmt: skip


# --- Setting up --------------------------------------------------------------------------------
def plan_meeting(*, municipality: Unit, starts_at: datetime, place: str, by: Actor, now: datetime) -> Meeting:
    """Set up a meeting with the council's seats as they are filled on that day.

    :raises TransitionDenied: ``by`` does not arrange meetings there.
    :raises TransitionBlocked: no mandate is in force on that day.
    """
    if not policies.may_arrange_in(by, municipality.pk):
        raise TransitionDenied
    day = timezone.localdate(starts_at)
    mandate = CouncilMandate.objects.in_force(municipality.pk, day).first()
    if mandate is None:
        raise TransitionBlocked([_("Rådet har ikke noe mandat som gjelder den dagen. Registrer mandatet først.")])
    with transaction.atomic(), record("create_meeting", actor=by):
        number = next_number(municipality.pk, "meeting", day.year)
        meeting = Meeting.objects.create(
            municipality=municipality, mandate=mandate, number=f"{number}/{day.year % 100:02d}", starts_at=starts_at,
            place=place, status_since=now, changed_at=now,
        )  # fmt: skip
        for person, seat, field in _council_on(municipality.pk, day):
            Attendance.objects.get_or_create(
                meeting=meeting, person=person, defaults={"seat": seat, "field": field, "changed_at": now}
            )
    return meeting


def _council_on(municipality_id: int, day: date) -> list[tuple[Person, str, str]]:
    rows = (
        RoleAssignment.objects.in_force(day)
        .filter(role__in=list(_SEATS), unit__municipality_id=municipality_id, person__is_active=True)
        .select_related("person")
        .order_by("pk")
    )
    order = list(_SEATS)
    ranked = sorted(rows, key=lambda row: (order.index(Role(row.role)), row.pk))
    return [(row.person, _SEATS[Role(row.role)], row.field) for row in ranked]


@transaction.atomic
def move_item(item: AgendaItem, *, up: bool, by: Actor, now: datetime) -> None:
    """Swap an item with its neighbor on the agenda."""
    if not policies.may_arrange_meeting(by, item.meeting):
        raise TransitionDenied
    with record("edit_agenda", actor=by):
        items = list(item.meeting.items.on_agenda().select_for_update(of=("self",)).order_by("position", "pk"))
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
    for item in meeting.items.on_agenda().select_related("initiative__case_paper"):
        if item.initiative is None:
            continue
        paper = getattr(item.initiative, "case_paper", None)
        item.recommendation = paper.recommendation if paper else item.recommendation
        item.stamp(now)
        item.save(update_fields=["recommendation", "changed_at"])
        operations.publish_papers(item.initiative, now=now)


def release_cases(meeting: Meeting, *, reason: str, by: Actor, now: datetime) -> None:
    """Give the cases of a cancelled meeting back to the secretariat."""
    from governance.workflow import initiative_workflow

    for item in meeting.items.on_agenda().select_related("initiative"):
        if item.initiative is not None and item.initiative.status == Status.ON_AGENDA:
            initiative_workflow.perform("take_off_agenda", item.initiative, by=by, now=now, data={"reason": reason})


# --- Seats and quorum --------------------------------------------------------------------------
def seats_of(meeting: Meeting) -> int:
    """Return how many seats the quorum is measured against: never fewer because somebody is absent."""
    return meeting.attendances.filter(seat__in=["leader", "deputy", "member"]).count()


def present_of(meeting: Meeting) -> int:
    """Return how many of the seats are taken, by a member or by a substitute in a member's place."""
    present = meeting.attendances.filter(presence=Attendance.Presence.PRESENT)
    return sum(1 for attendance in present if attendance.votes)


def proposed_chair(meeting: Meeting) -> Person | None:
    """The leader where present, else the deputy, else nobody: the council then elects one."""
    present = {
        a.seat: a.person
        for a in meeting.attendances.filter(presence=Attendance.Presence.PRESENT).select_related("person")
    }
    return present.get(Attendance.Seat.LEADER) or present.get(Attendance.Seat.DEPUTY)


@transaction.atomic
def register_attendance(
    meeting: Meeting, *, present: set[int], absent: set[int], substitutes: dict[int, int], by: Actor, now: datetime
) -> None:
    """Record who is there.

    ``present`` and ``absent`` hold ids of attendances; ``substitutes`` gives the seat (an
    attendance id) that a substitute takes.

    :raises TransitionBlocked: the minutes are locked, or two substitutes take one seat.
    """
    if not policies.may_lead_meeting(by, meeting):
        raise TransitionDenied
    locked = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    if locked.status not in {MeetingStatus.PLANNED, MeetingStatus.SUMMONED, MeetingStatus.IN_SESSION}:
        raise TransitionBlocked([_("Frammøtet kan ikke endres etter at møtet er avsluttet.")])
    rows = {row.pk: row for row in locked.attendances.all()}
    if len(set(substitutes.values())) != len(substitutes):
        raise TransitionBlocked([_("To varamedlemmer kan ikke ta samme plass.")])
    with record("register_attendance", actor=by):
        for row in rows.values():
            before = (row.presence, row.substitute_for_id)
            row.presence = _presence(row, present, absent)
            seat = rows.get(substitutes.get(row.pk, 0))
            row.substitute_for = seat if seat and seat.presence != Attendance.Presence.PRESENT else None
            if seat and seat.pk in present:
                raise TransitionBlocked(
                    [_("%(name)s er til stede. Plassen kan ikke tas av vara.") % {"name": seat.person}]
                )
            if (row.presence, row.substitute_for_id) != before:
                row.stamp(now)
                row.save()
        locked.stamp(now)
        locked.version += 1
        locked.save(update_fields=["changed_at", "version"])


def _presence(row: Attendance, present: set[int], absent: set[int]) -> str:
    if row.pk in present:
        return Attendance.Presence.PRESENT
    return Attendance.Presence.ABSENT if row.pk in absent else Attendance.Presence.EXPECTED


# --- Guards of the meeting ---------------------------------------------------------------------
def agenda_has_cases(meeting: Meeting, /) -> str | None:
    return None if meeting.items.on_agenda().exists() else _("Sakslista er tom. Sett minst én sak på den.")


def seats_are_filled(meeting: Meeting, /) -> str | None:
    if meeting.attendances.filter(seat=Attendance.Seat.LEADER).exists():
        return None
    return _("Rådet har ingen leder. En administrator må gi noen rollen.")


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


def every_case_is_decided(meeting: Meeting, /) -> str | None:
    items = meeting.items.on_agenda().filter(kind=AgendaItem.Kind.DECISION, decision=None)
    waiting = list(items.values_list("case_number", flat=True))
    return _("Disse sakene er ikke behandlet: %(cases)s.") % {"cases": ", ".join(waiting)} if waiting else None


def approver_was_present(meeting: Meeting, /) -> str | None:
    """The minutes are approved by somebody who led or could have led, and was there."""
    there = meeting.attendances.filter(presence=Attendance.Presence.PRESENT, seat__in=["leader", "deputy"])
    return None if there.exists() else _("Verken leder eller nestleder var til stede. Protokollen godkjennes i neste møte.")


def file_minutes(meeting: Meeting, *, now: datetime) -> None:
    """Put the approved minutes in the archive's outbox."""
    enqueue(
        kind="minutes", key=f"meeting/{meeting.pk}/minutes",
        title=_("Møteprotokoll %(number)s") % {"number": meeting.number}, about=meeting,
        municipality_id=meeting.municipality_id, now=now, payload={"number": meeting.number},
    )  # fmt: skip


# --- The decision in a case --------------------------------------------------------------------
def decide(
    item: AgendaItem, *, outcome: str, text: str, by: Actor, now: datetime, votes: dict[str, int | None] | None = None,
    review_on: date | None = None, responsible: Person | None = None, due_on: date | None = None,
    discussion: str | None = None, impartiality: str | None = None,
) -> Decision:  # fmt: skip
    """Decide a case: writes the votes, the decision log and the initiative's next state together.

    ``votes`` holds ``for``, ``against`` and ``blank``; ``None`` means unanimous among those present.

    :raises TransitionDenied: ``by`` neither leads the council nor keeps its minutes.
    :raises TransitionBlocked: the meeting is not in session, the council is below its quorum,
        the votes do not add up, or the majority is against.
    """
    from governance.workflow import initiative_workflow

    if not policies.may_lead_meeting(by, item.meeting):
        raise TransitionDenied
    with transaction.atomic():
        meeting = Meeting.objects.select_for_update(of=("self",)).select_related("mandate").get(pk=item.meeting_id)
        locked = AgendaItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
        counted = _counted_votes(meeting, locked, votes)
        with record("decide_case", actor=by):
            _write_item(locked, discussion=discussion, impartiality=impartiality, now=now)
            decision = operations.write_decision(
                initiative=locked.initiative, municipality_id=meeting.municipality_id, body=_body_of(meeting),
                outcome=outcome, text=text, by=by, now=now, agenda_item=locked, responsible=responsible,
                due_on=due_on, **counted,
            )  # fmt: skip
        if locked.initiative is not None and outcome in _TRANSITION:
            initiative_workflow.perform(
                _TRANSITION[Outcome(outcome)], locked.initiative, by=by, now=now, vouched=True,
                data={"review_on": review_on, "reason": text},
            )  # fmt: skip
    return decision


def _body_of(meeting: Meeting) -> str:
    return Decision.Body.REGION if meeting.municipality.kind == "region" else Decision.Body.COUNCIL


def _counted_votes(meeting: Meeting, item: AgendaItem, votes: dict[str, int | None] | None) -> dict[str, Any]:
    """Check the session, the quorum and the sum of the votes, and return what the log holds."""
    _check_that_case_is_open(meeting, item)
    seats, present = seats_of(meeting), present_of(meeting) - disqualified_in(item)
    if not meeting.mandate.is_quorate(present=present, seats=seats):
        raise TransitionBlocked([below_quorum(meeting, present=present, seats=seats)])
    ayes = present if votes is None else votes.get("for") or 0
    noes = 0 if votes is None else votes.get("against") or 0
    blank = 0 if votes is None else votes.get("blank") or 0
    if ayes + noes + blank != present:
        raise TransitionBlocked([
            _("Stemmene går ikke opp: %(sum)s stemmer og %(present)s til stede i saken.")
            % {"sum": ayes + noes + blank, "present": present}
        ])  # fmt: skip
    casting = ayes == noes and meeting.mandate.has_casting_vote
    if ayes < noes or (ayes == noes and not casting):
        raise TransitionBlocked([_("Forslaget fikk ikke flertall. Skriv vedtaket som flertallet stemte for.")])
    return {
        "votes_for": ayes, "votes_against": noes, "votes_blank": blank, "present": present, "seats": seats,
        "casting_vote": casting,
    }  # fmt: skip


def _check_that_case_is_open(meeting: Meeting, item: AgendaItem) -> None:
    if meeting.status != MeetingStatus.IN_SESSION:
        raise TransitionBlocked([_("Møtet er ikke åpent. Åpne møtet før dere vedtar.")])
    if item.removed_at is not None:
        raise TransitionBlocked([_("Saken er tatt av sakslista.")])
    if Decision.objects.filter(agenda_item=item).exists():
        raise TransitionBlocked([_("Saken er alt avgjort i dette møtet.")])


def _write_item(item: AgendaItem, *, discussion: str | None, impartiality: str | None, now: datetime) -> None:
    if discussion is not None:
        item.discussion = discussion
    if impartiality is not None:
        item.impartiality = impartiality
    item.stamp(now)
    item.save(update_fields=["discussion", "impartiality", "changed_at"])


@transaction.atomic
def write_minutes(
    meeting: Meeting, *, notes: str, items: dict[int, dict[str, str]], version: int | None, by: Actor, now: datetime
) -> Meeting:
    """Save what the secretary writes in the minutes until they are approved.

    :raises StaleVersion: somebody else wrote in the meantime.
    """
    if not policies.may_arrange_meeting(by, meeting):
        raise TransitionDenied
    locked = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    if locked.minutes_are_locked:
        raise TransitionBlocked([_("Protokollen er godkjent og låst.")])
    if version is not None and locked.version != version:
        raise StaleVersion(mine={str(_("Merknader")): notes}, theirs={str(_("Merknader")): locked.notes})
    with record("write_item", actor=by):
        for item in locked.items.filter(pk__in=items):
            _write_item(item, now=now, **items[item.pk])
        locked.notes = notes
        locked.version += 1
        locked.stamp(now)
        locked.save(update_fields=["notes", "version", "changed_at"])
    return locked


# --- After the council -------------------------------------------------------------------------
def decide_for_municipality(
    row: MunicipalDecision, *, verdict: str, text: str, body: str, by: Actor, now: datetime, reference: str = "",
    budget_year: int | None = None,
) -> MunicipalDecision:  # fmt: skip
    """Record what one municipality decided; the last one in moves the initiative on.

    A refusal takes the municipality out of a regional initiative, and those that stay must
    confirm their new share of the cost.

    :raises TransitionDenied: ``by`` does not decide for that municipality.
    :raises TransitionBlocked: it has decided already, or the initiative has moved on.
    """
    if not policies.may_decide_for_municipality(by, row):
        raise TransitionDenied
    initiative = row.initiative
    with operations.touching(initiative, "decide_for_municipality", by=by, now=now, reason=text):
        locked = MunicipalDecision.objects.select_for_update(of=("self",)).get(pk=row.pk)
        if not locked.is_pending or initiative.status not in {Status.PRIORITIZED, Status.RECOMMENDED}:
            raise TransitionBlocked([_("Kommunen har alt avgjort saken. Last siden på nytt.")])
        locked.verdict, locked.text, locked.body = verdict, text, body
        locked.reference, locked.budget_year = reference, budget_year
        locked.decided_at, locked.decided_by_id = now, by.person_id
        locked.stamp(now)
        locked.save()
        operations.write_decision(
            initiative=initiative, municipality_id=locked.municipality_id, body=body, text=text, by=by, now=now,
            outcome=Outcome.PRIORITIZE if verdict == "approved" else Outcome.REJECT, reference=reference,
            amount=locked.amount,
        )  # fmt: skip
        if verdict == MunicipalDecision.Verdict.REFUSED:
            _leave(locked, now=now)
        _move_on(initiative, by=by, now=now)
    return locked


def _leave(row: MunicipalDecision, *, now: datetime) -> None:
    """Take the municipality out, and ask the others to confirm what they then pay."""
    initiative = row.initiative
    initiative.participations.filter(municipality_id=row.municipality_id).update(left_at=now, changed_at=now)
    staying = initiative.participations.filter(left_at=None)
    if not staying.exists():
        return
    from governance.guards import rules_of

    total = initiative.lifetime_amount(rules_of(initiative).counted_years)
    for municipality_id, share in operations.shares_of(initiative):
        other = initiative.municipal_decisions.filter(municipality_id=municipality_id).first()
        if other is None or other.cost_share == share:
            continue
        other.cost_share, other.amount = share, (total * share / 100).quantize(row.cost_share or share)
        other.confirms_new_share = True
        other.verdict, other.decided_at, other.decided_by = MunicipalDecision.Verdict.PENDING, None, None
        other.stamp(now)
        other.save()


def _move_on(initiative: Any, *, by: Actor, now: datetime) -> None:
    from governance.workflow import initiative_workflow

    rows = list(initiative.municipal_decisions.all())
    if any(row.is_pending for row in rows):
        return
    approved = any(row.verdict == MunicipalDecision.Verdict.APPROVED for row in rows)
    initiative_workflow.perform("adopt" if approved else "refuse", initiative, by=by, now=now, vouched=True)
