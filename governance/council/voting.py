"""Proposals and votes in one case: each member votes, the chair's ballot decides a tie where the mandate says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.history import label_actions, record
from core.workflow import TransitionBlocked, TransitionDenied
from governance import policies
from governance.council.cases import Case, case_of, check_open, locked_item
from governance.council.impartiality import open_questions
from governance.council.seats import below_quorum, chair_in
from governance.models import Ballot, Proposal, Voting
from governance.models.session import BallotChoice, VotingResult
from organization.actors import as_person

if TYPE_CHECKING:
    from datetime import datetime

    from core.actors import Actor
    from governance.models import AgendaItem, Attendance

label_actions({
    "make_proposal": gettext_lazy("Forslag fremsatt"),
    "withdraw_proposal": gettext_lazy("Forslag trukket"),
    "open_voting": gettext_lazy("Votering åpnet"),
    "cast_ballot": gettext_lazy("Stemme avgitt"),
    "close_voting": gettext_lazy("Votering avsluttet"),
})  # fmt: skip


# --- Proposals ---------------------------------------------------------------------------------
@transaction.atomic
def propose(item: AgendaItem, *, text: str, attendance: Attendance, by: Actor, now: datetime) -> Proposal:
    """Record a proposal of one who takes part in the case; the same text twice is one proposal.

    :raises TransitionDenied: ``by`` is neither that member, nor leads the meeting or keeps its minutes.
    :raises TransitionBlocked: the meeting is not open, the case is decided, or the member is not in it.
    """
    if not policies.may_speak_for(by, attendance, item.meeting):
        raise TransitionDenied
    locked = locked_item(item)
    check_open(locked, in_session=True)
    if attendance.pk not in {row.pk for row in case_of(locked).voters}:
        raise TransitionBlocked([
            _("%(name)s deltar ikke i saken, og kan ikke fremme forslag.") % {"name": attendance.person}
        ])  # fmt: skip
    same = locked.proposals.filter(text=text, proposed_by=attendance, withdrawn_at=None).first()
    if same is not None:
        return same
    number = (locked.proposals.aggregate(last=Max("number"))["last"] or 0) + 1
    with record("make_proposal", actor=by):
        return Proposal.objects.create(
            item=locked, number=number, text=text, proposed_by=attendance, made_at=now, changed_at=now
        )


@transaction.atomic
def withdraw_proposal(proposal: Proposal, *, by: Actor, now: datetime) -> None:
    """Take a proposal back that was not voted on.

    :raises TransitionDenied: ``by`` is neither who made it, nor leads the meeting or keeps its minutes.
    :raises TransitionBlocked: the meeting is not open, or it was voted on.
    """
    if not policies.may_speak_for(by, proposal.proposed_by, proposal.item.meeting):
        raise TransitionDenied
    locked = locked_item(proposal.item)
    check_open(locked, in_session=True)
    current = locked.proposals.get(pk=proposal.pk)
    if current.votings.exclude(result=VotingResult.STOPPED).exists():
        raise TransitionBlocked([_("Det er stemt over forslaget. Det kan ikke trekkes.")])
    with record("withdraw_proposal", actor=by):
        current.withdrawn_at = current.withdrawn_at or now
        current.stamp(now)
        current.save(update_fields=["withdrawn_at", "changed_at"])


# --- A voting ----------------------------------------------------------------------------------
@transaction.atomic
def open_voting(item: AgendaItem, *, proposal: Proposal | None, by: Actor, now: datetime) -> Voting:
    """Let the members vote on a proposal, or on the recommendation; the same twice gives the one that is open.

    :raises TransitionDenied: ``by`` neither leads the meeting nor keeps its minutes.
    :raises TransitionBlocked: impartiality is not settled, the council is below its quorum, or there is nothing to vote on.
    """
    if not policies.may_lead_meeting(by, item.meeting):
        raise TransitionDenied
    locked = locked_item(item)
    going = locked.votings.filter(closed_at=None).first()
    if going is not None and going.proposal_id == (proposal.pk if proposal else None):
        return going
    check_open(locked, in_session=True)
    case = case_of(locked)
    if reasons := open_questions(case) or _below(case):
        raise TransitionBlocked(reasons)
    current = None if proposal is None else locked.proposals.get(pk=proposal.pk)
    text = locked.recommendation if current is None else current.text
    if not text.strip() or (current is not None and current.withdrawn_at is not None):
        raise TransitionBlocked([_("Det er ikke noe forslag å stemme over.")])
    with record("open_voting", actor=by):
        return Voting.objects.create(item=locked, proposal=current, text=text, opened_at=now, changed_at=now)


def _below(case: Case) -> list[str]:
    quorum, meeting = case.quorum, case.item.meeting
    return [] if quorum.is_reached else [below_quorum(meeting, present=quorum.present, seats=quorum.seats)]


@transaction.atomic
def cast(voting: Voting, *, attendance: Attendance, choice: str, by: Actor, now: datetime) -> Ballot:
    """Record what one member votes; until the voting is closed it can be changed.

    :raises TransitionDenied: ``by`` is neither that member, nor leads the meeting or keeps its minutes.
    :raises TransitionBlocked: the voting is over, the member is not in the case, or blank is not allowed.
    """
    if not policies.may_speak_for(by, attendance, voting.item.meeting):
        raise TransitionDenied
    item = locked_item(voting.item)
    current = _going(item, voting)
    if attendance.pk not in {row.pk for row in case_of(item).voters}:
        raise TransitionBlocked(
            [_("%(name)s deltar ikke i saken og stemmer ikke.") % {"name": attendance.person}]
        )
    _check_choice(current, choice)
    with record("cast_ballot", actor=by):
        ballot, _created = Ballot.objects.update_or_create(
            voting=current, attendance=attendance,
            defaults={
                "choice": BallotChoice(choice), "cast_at": now, "registered_by_id": as_person(by).person_id, "changed_at": now,
            },
        )  # fmt: skip
    return ballot


def _going(item: AgendaItem, voting: Voting) -> Voting:
    """Return the voting, locked with its meeting.

    :raises TransitionBlocked: it is over.
    """
    current: Voting = item.votings.get(pk=voting.pk)
    if not current.is_open or not item.meeting.is_in_session:
        raise TransitionBlocked([_("Voteringen er avsluttet.")])
    return current


def _led(voting: Voting, by: Actor) -> Voting:
    """Return the voting, locked with its meeting, for who leads it or keeps its minutes.

    :raises TransitionDenied: ``by`` does neither.
    :raises TransitionBlocked: it is over.
    """
    if not policies.may_lead_meeting(by, voting.item.meeting):
        raise TransitionDenied
    return _going(locked_item(voting.item), voting)


def _check_choice(voting: Voting, choice: str) -> None:
    if choice == BallotChoice.BLANK and not voting.item.meeting.mandate.allows_blank:
        raise TransitionBlocked([_("Etter mandatet er det ikke lov å stemme blankt.")])


@transaction.atomic
def cast_for_the_rest(voting: Voting, *, choice: str, by: Actor, now: datetime) -> int:
    """Record the same vote for all who have not voted: what the secretary sees in the room.  Return how many.

    :raises TransitionDenied: ``by`` neither leads the meeting nor keeps its minutes.
    :raises TransitionBlocked: the voting is over, or blank is not allowed.
    """
    current = _led(voting, by)
    _check_choice(current, choice)
    given = set(current.ballots.values_list("attendance_id", flat=True))
    person_id = as_person(by).person_id
    rest = [
        Ballot(
            voting=current, attendance=row, choice=BallotChoice(choice), cast_at=now, registered_by_id=person_id, changed_at=now
        )
        for row in case_of(current.item).voters if row.pk not in given
    ]  # fmt: skip
    with record("cast_ballot", actor=by):
        Ballot.objects.bulk_create(rest)
    return len(rest)


@transaction.atomic
def close_voting(voting: Voting, *, by: Actor, now: datetime) -> Voting:
    """Count the votes and say whether the text is carried; equal votes are decided by the chair's own, where it counts twice.

    :raises TransitionDenied: ``by`` neither leads the meeting nor keeps its minutes.
    :raises TransitionBlocked: it is over, below the quorum, or somebody who must vote has not.
    """
    current = _led(voting, by)
    case = case_of(current.item)
    if reasons := _below(case):
        raise TransitionBlocked(reasons)
    choices = dict(current.ballots.values_list("attendance_id", "choice"))
    missing = [str(row.person) for row in case.voters if row.pk not in choices]
    if missing and (case.mandate.must_vote or not choices):
        raise TransitionBlocked([_("Disse har ikke stemt: %(names)s.") % {"names": ", ".join(missing)}])
    _count(current, case, choices)
    return _closed(current, by=by, now=now)


def _count(voting: Voting, case: Case, choices: dict[int, str]) -> None:
    mandate = case.mandate
    counted = [list(choices.values()).count(choice) for choice in BallotChoice.values]
    voting.votes_for, voting.votes_against, voting.votes_blank = counted
    voting.roll = [row.pk for row in case.voters]
    ayes, noes, present = counted[0], counted[1], len(case.voters)
    carried = mandate.is_majority(ayes=ayes, noes=noes, present=present)
    if mandate.is_tie(ayes=ayes, noes=noes) and mandate.has_casting_vote:
        chair = chair_in(case.item)
        own = next((choices.get(row.pk) for row in case.voters if chair and row.person_id == chair.pk), None)
        carried = own == BallotChoice.FOR
        voting.casting_vote = own in {BallotChoice.FOR, BallotChoice.AGAINST}
    voting.result = VotingResult.CARRIED if carried else VotingResult.FALLEN


def _closed(voting: Voting, *, by: Actor, now: datetime) -> Voting:
    with record("close_voting", actor=by):
        voting.closed_at = now
        voting.stamp(now)
        voting.save()
    return voting


@transaction.atomic
def stop_voting(voting: Voting, *, by: Actor, now: datetime) -> Voting:
    """Break a voting off, so that people may come and go, or say that they are disqualified; nothing is counted.

    :raises TransitionDenied: ``by`` neither leads the meeting nor keeps its minutes.
    :raises TransitionBlocked: it is over.
    """
    current = _led(voting, by)
    current.result = VotingResult.STOPPED
    return _closed(current, by=by, now=now)
