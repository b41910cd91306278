"""Who takes part in one case: those there with a seat, without who is disqualified, with who steps in.

The database reckons the same before it takes a vote or a decision (``governance.models.voters``).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core.workflow import TransitionBlocked, TransitionDenied
from governance import policies
from governance.council.seats import SEATS, Quorum, check_no_voting
from governance.models import AgendaItem, Attendance, Decision, Impartiality, Meeting

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.actors import Actor
    from governance.models import CouncilMandate, Voting


@dataclass(frozen=True)
class Case:
    """One case of a meeting with those who sit in it, read once."""

    item: AgendaItem
    mandate: CouncilMandate
    rows: list[Attendance]
    declared: list[Impartiality]

    @cached_property
    def by_row(self) -> dict[int, Impartiality]:
        """What each attendance has declared, by its id."""
        return {one.attendance_id: one for one in self.declared}

    @cached_property
    def disqualified(self) -> frozenset[int]:
        return frozenset(one.attendance_id for one in self.declared if one.is_disqualified)

    @cached_property
    def stepping_in(self) -> frozenset[int]:
        return frozenset(
            one.substitute_id for one in self.declared if one.is_disqualified and one.substitute_id
        )

    @cached_property
    def voters(self) -> list[Attendance]:
        """Those who vote in the case."""
        return [
            row for row in self.rows
            if row.is_present and (row.votes or row.pk in self.stepping_in) and row.pk not in self.disqualified
        ]  # fmt: skip

    @cached_property
    def seats(self) -> int:
        """How many seats the quorum is measured against: never fewer because somebody is disqualified."""
        return sum(1 for row in self.rows if row.seat in SEATS)

    def quorum_of(self, there: Iterable[Attendance]) -> Quorum:
        present = len(list(there))
        mandate, seats = self.mandate, self.seats
        return Quorum(present, seats, mandate.needed(seats), mandate.is_quorate(present=present, seats=seats))

    @property
    def quorum(self) -> Quorum:
        return self.quorum_of(self.voters)

    # --- Impartiality -----------------------------------------------------------------------------
    @cached_property
    def unanswered(self) -> list[Attendance]:
        """Those who vote and have not said whether they are impartial."""
        return [row for row in self.voters if row.pk not in self.by_row]

    @cached_property
    def open_doubts(self) -> list[Impartiality]:
        return [one for one in self.declared if one.is_open]

    @cached_property
    def deciders(self) -> list[Attendance]:
        """Those who decide on doubt: nobody who is in doubt, unless the rest are below the quorum and the mandate lets all.

        Source: domain/governance 4.5, after forvaltningsloven 1967 § 8 second paragraph.  Who has been found
        impartial takes no part in deciding on the others of the same case either.
        """
        in_doubt = {one.attendance_id for one in self.declared if one.is_in_doubt}
        others = [row for row in self.voters if row.pk not in in_doubt]
        if self.quorum_of(others).is_reached or not self.mandate.all_decide_on_doubt:
            return others
        return self.voters

    @cached_property
    def all_decide(self) -> bool:
        """Whether those in doubt decide too."""
        return any(one.attendance_id in {row.pk for row in self.deciders} for one in self.open_doubts)

    def counts(self, voting: Voting) -> bool:
        """Tell whether a voting carried its text, and nobody who voted has since been found disqualified."""
        return voting.is_carried and self.disqualified.isdisjoint(voting.roll or [])

    @property
    def free_substitutes(self) -> list[Attendance]:
        """Substitutes who are there and have no seat, and can step in."""
        return [
            row for row in self.rows
            if row.seat == Attendance.Seat.SUBSTITUTE and row.is_present and row.substitute_for_id is None
            and row.pk not in self.stepping_in | self.disqualified
        ]  # fmt: skip


def case_of(item: AgendaItem, rows: Iterable[Attendance] | None = None) -> Case:
    """Read who sits in the meeting of ``item``, unless ``rows`` tells it, and what was declared in the case."""
    meeting = item.meeting
    if rows is None:
        rows = meeting.seated.select_related("person").order_by("pk")
    declared = item.impartialities.select_related("attendance__person", "substitute__person").order_by("pk")
    return Case(item, meeting.mandate, list(rows), list(declared))


# --- Locked, to be written in ----------------------------------------------------------------------
def locked_item(item: AgendaItem) -> AgendaItem:
    """Return the item with its meeting, both locked: who comes and goes waits until it is decided."""
    meetings = Meeting.objects.select_for_update(of=("self",)).select_related("mandate", "municipality")
    meeting = meetings.get(pk=item.meeting_id)
    locked: AgendaItem = AgendaItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    locked.meeting = meeting
    return locked


def led_case(item: AgendaItem, *, by: Actor) -> Case:
    """Return an open case, locked, for who leads the meeting or keeps its minutes.

    :raises TransitionDenied: ``by`` does neither.
    :raises TransitionBlocked: the case is decided or taken off, a voting is going on, or the meeting is not in session.
    """
    if not policies.may_lead_meeting(by, item.meeting):
        raise TransitionDenied
    locked = locked_item(item)
    check_open(locked, in_session=True)
    return case_of(locked)


def check_open(item: AgendaItem, *, in_session: bool) -> None:
    """Refuse what comes too late, or too early.

    :raises TransitionBlocked: the case is decided or taken off, a voting is going on, or the meeting is not open.
    """
    meeting = item.meeting
    if not (meeting.is_in_session or (meeting.takes_cases and not in_session)):
        raise TransitionBlocked([_("Møtet er ikke åpent.")])
    if item.removed_at is not None or item.kind != AgendaItem.Kind.DECISION:
        raise TransitionBlocked([_("Dette er ingen vedtakssak på sakslista.")])
    if Decision.objects.filter(agenda_item=item).exists():
        raise TransitionBlocked([_("Saken er alt avgjort i dette møtet.")])
    check_no_voting(meeting)
