"""The decision in a case: quorum, impartiality, votes, and the line of the decision log."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from core.history import record
from core.workflow import TransitionBlocked, TransitionDenied
from governance import operations, policies
from governance.council import matters
from governance.council.cases import Case, case_of, locked_item
from governance.council.impartiality import declare_nobody, open_questions
from governance.council.minutes import write_item
from governance.council.seats import below_quorum, chair_in, check_no_voting
from governance.delegation import whole_life
from governance.guards import is_within_council_authority
from governance.matters import kind_of
from governance.models import AgendaItem, Decision, Meeting, MeetingStatus, Outcome
from governance.models.session import VotingResult
from organization.models import Unit

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

    from core.actors import Actor
    from governance.models import CouncilMandate, Voting
    from organization.models import Person

    Votes = dict[str, int | None]

_TRANSITION = {
    Outcome.PRIORITIZE: "prioritize", Outcome.RECOMMEND: "recommend", Outcome.POSTPONE: "postpone",
    Outcome.SEND_BACK: "send_back", Outcome.HOLD: "hold", Outcome.REJECT: "reject",
}  # fmt: skip
# The words of the standard decisions (domain/governance 4.5), in bokmål and nynorsk.
_WORDS = {
    Outcome.PRIORITIZE: r"priorit\w+",
    Outcome.RECOMMEND: r"(?:innstill|tilrå)\w*",
    Outcome.POSTPONE: r"utsett\w*",
    Outcome.SEND_BACK: r"(?:sendes|vert send|blir sendt?) tilbake",
    Outcome.HOLD: r"settes (?:på vent|i kø)|vert sett (?:på vent|i kø)",
    Outcome.REJECT: r"avsl(?:ås|år|å|ått|ag\w*)",
}


class Details(TypedDict, total=False):
    """What a decision may hold beside outcome and text.

    ``asked`` (the usual) says that the chair asked about impartiality and nobody else had anything to say; else
    each has to have answered.  ``votes`` holds ``for``, ``against`` and ``blank``; ``None`` means unanimous among
    those present.  ``chair_is_for`` tells which way the casting vote goes when votes are equal.  ``voting`` is the
    one that carried the text: its votes are then those of the decision.
    """

    asked: bool
    voting: Voting | None
    votes: Votes | None
    chair_is_for: bool
    review_on: date | None
    responsible: Person | None
    due_on: date | None
    discussion: str | None
    impartiality: str | None


def decide(
    item: AgendaItem, *, outcome: str, text: str, by: Actor, now: datetime, **details: Unpack[Details]
) -> Decision:
    """Decide a case: writes the votes, the decision log and the initiative's next state together.

    :raises TransitionDenied: ``by`` neither leads the council nor keeps its minutes.
    :raises TransitionBlocked: the meeting is not in session, the council is below its quorum,
        the votes do not add up, the majority is against, or the outcome does not fit the case.
    """
    from governance.workflow import initiative_workflow

    if not policies.may_lead_meeting(by, item.meeting):
        raise TransitionDenied
    with transaction.atomic():
        locked = locked_item(item)
        _check_that_case_is_open(locked, outcome)
        if details.get("asked", True) and locked.kind == AgendaItem.Kind.DECISION:
            declare_nobody(locked, by=by, now=now)
        counted = _counted(locked, text, details)
        if outcome == Outcome.NOTE:
            counted = {name: counted[name] for name in ("present", "seats", "roll")}  # noted, not voted on
        with record("decide_case", actor=by):
            texts = {name: details.get(name) for name in ("discussion", "impartiality")}
            write_item(locked, now=now, **texts)  # type: ignore[arg-type]
            Meeting.objects.filter(pk=locked.meeting_id).update(version=F("version") + 1, changed_at=now)
            decision = operations.write_decision(
                initiative=locked.initiative, municipality_id=locked.meeting.municipality_id, body=body_of(locked.meeting),
                outcome=outcome, text=text, by=by, now=now, agenda_item=locked,
                responsible=details.get("responsible"), due_on=details.get("due_on"),
                amount=_taken_upon_itself(locked, outcome, now), **counted,
            )  # fmt: skip
        if locked.matter is not None:
            matters.settle(locked.matter, decision, by=by, now=now)
        elif locked.initiative is not None and outcome in _TRANSITION:
            initiative_workflow.perform(
                _TRANSITION[Outcome(outcome)], locked.initiative, by=by, now=now, vouched=True,
                data={"review_on": details.get("review_on"), "reason": text},
            )  # fmt: skip
    return decision


def note_all(meeting: Meeting, *, by: Actor, now: datetime) -> int:
    """Note every notice case that waits, and return how many: what somebody noted already is left alone.

    :raises TransitionDenied: ``by`` neither leads the council nor keeps its minutes.
    :raises TransitionBlocked: the meeting is not in session, or the council is below its quorum.
    """
    if not policies.may_lead_meeting(by, meeting):
        raise TransitionDenied
    with transaction.atomic():
        # Of two at once the second waits here, and finds nothing left.
        Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
        waiting = meeting.items.on_agenda().filter(kind=AgendaItem.Kind.NOTICE, decision=None)
        items = list(waiting.select_related("meeting").order_by("position"))
        for item in items:
            decide(item, outcome=Outcome.NOTE, text=_("Saken tas til orientering."), by=by, now=now)
    return len(items)


def _taken_upon_itself(item: AgendaItem, outcome: str, now: datetime) -> Decimal | None:
    """Return the amount the council decides finally: none where the case goes on to others, or is of no initiative."""
    if item.matter is not None or item.initiative is None or outcome != Outcome.PRIORITIZE:
        return None
    day = timezone.localdate(now)
    # Two councils' meetings at once cannot overdraw a frame: the second waits here, and reads what is left.
    held = Unit.objects.select_for_update(no_key=True, of=("self",))
    item.initiative.municipality = held.get(pk=item.initiative.municipality_id)
    if is_within_council_authority(item.initiative, day=day) is not None:
        return None
    return whole_life(item.initiative, day)


def body_of(meeting: Meeting) -> str:
    """Return the organ that meets: the council of a municipality, or the region's."""
    return Decision.Body.REGION if meeting.municipality.kind == "region" else Decision.Body.COUNCIL


def _check_that_case_is_open(item: AgendaItem, outcome: str) -> None:
    if item.meeting.status != MeetingStatus.IN_SESSION:
        raise TransitionBlocked([_("Møtet er ikke åpent. Åpne møtet før dere vedtar.")])
    if item.removed_at is not None:
        raise TransitionBlocked([_("Saken er tatt av sakslista.")])
    if Decision.objects.filter(agenda_item=item).exists():
        raise TransitionBlocked([_("Saken er alt avgjort i dette møtet.")])
    check_no_voting(item.meeting)
    if item.kind == AgendaItem.Kind.DECISION and outcome != Outcome.NOTE and outcome not in outcomes_of(item):
        raise TransitionBlocked([_("Utfallet passer ikke for saken. Velg et av dem som står der.")])
    if (item.kind == AgendaItem.Kind.DECISION) == (outcome == Outcome.NOTE):
        raise TransitionBlocked(
            [_("En vedtakssak avgjøres; en referatsak eller orientering tas til orientering.")]
        )


def outcomes_of(item: AgendaItem) -> list[Outcome]:
    """Return what the council can choose in a case: of an initiative, or as the app has it that laid the case before it."""
    if item.matter is None:
        return list(_TRANSITION)
    return [Outcome(outcome) for outcome in kind_of(item.matter).outcomes]


def _counted(item: AgendaItem, text: str, details: Details) -> dict[str, Any]:
    """Check impartiality, quorum and votes, and return what the log holds."""
    case = case_of(item)
    quorum = case.quorum
    if not quorum.is_reached:
        raise TransitionBlocked([below_quorum(item.meeting, present=quorum.present, seats=quorum.seats)])
    if item.kind == AgendaItem.Kind.DECISION and (reasons := open_questions(case)):
        raise TransitionBlocked(reasons)
    voting = details.get("voting")
    if voting is not None:
        return _as_voted(case, voting, text)
    return _counted_votes(case, details.get("votes"), chair_is_for=details.get("chair_is_for", False))


def _as_voted(case: Case, voting: Voting, text: str) -> dict[str, Any]:
    """Return the votes of the voting that carried the text: nobody has voted on any other."""
    current = case.item.votings.filter(pk=voting.pk, result=VotingResult.CARRIED).first()
    if current is None:
        raise TransitionBlocked([_("Voteringen ga ikke flertall for forslaget. Stem over et annet.")])
    if not case.counts(current):
        raise TransitionBlocked([_("Noen som stemte, er inhabile i saken. Stem på nytt uten dem.")])
    if text.split() != current.text.split():
        raise TransitionBlocked([
            _("Vedtaket er et annet enn det rådet stemte over. Stem over den nye teksten, eller før det som ble vedtatt.")
        ])  # fmt: skip
    return {
        "votes_for": current.votes_for, "votes_against": current.votes_against, "votes_blank": current.votes_blank,
        "present": len(current.roll or []), "seats": case.seats, "roll": current.roll, "casting_vote": current.casting_vote,
    }  # fmt: skip


def _counted_votes(case: Case, votes: Votes | None, *, chair_is_for: bool) -> dict[str, Any]:
    """Check the sum of the votes and the majority, and return what the log holds."""
    item, meeting = case.item, case.item.meeting
    roll, seats = [row.pk for row in case.voters], case.seats
    present = len(roll)
    ayes, noes, blank = (
        (present, 0, 0) if votes is None else (votes.get(k) or 0 for k in ("for", "against", "blank"))
    )
    _check_sum(meeting.mandate, ayes + noes + blank, blank=blank, present=present)
    if not ayes:
        raise TransitionBlocked([_("Ingen stemte for forslaget. Skriv vedtaket som noen stemte for.")])
    is_tie = meeting.mandate.is_tie(ayes=ayes, noes=noes)
    if is_tie:
        _check_casting_vote(item)
    if not (chair_is_for if is_tie else meeting.mandate.is_majority(ayes=ayes, noes=noes, present=present)):
        raise TransitionBlocked(
            [_("Forslaget fikk ikke flertall. Skriv vedtaket som flertallet stemte for.")]
        )
    return {
        "votes_for": ayes, "votes_against": noes, "votes_blank": blank, "present": present, "seats": seats,
        "roll": roll, "casting_vote": is_tie,
    }  # fmt: skip


def _check_sum(mandate: CouncilMandate, cast: int, *, blank: int, present: int) -> None:
    """Refuse votes that are more than those in the case, fewer where all must vote, or blank where that is not allowed."""
    if blank and not mandate.allows_blank:
        raise TransitionBlocked([
            _("Etter mandatet er det ikke lov å stemme blankt. Før stemmene som for eller mot.")
        ])  # fmt: skip
    if cast > present or (mandate.must_vote and cast != present):
        raise TransitionBlocked([
            _("Stemmene går ikke opp: %(sum)s stemmer og %(present)s til stede i saken.")
            % {"sum": cast, "present": present}
        ])  # fmt: skip


def _check_casting_vote(item: AgendaItem) -> None:
    """Refuse a tie that nobody's second vote decides."""
    if not item.meeting.mandate.has_casting_vote:
        raise TransitionBlocked([
            _("Stemmene står likt, og mandatet gir ikke møteleder dobbeltstemme. Stem på nytt eller utsett saken.")
        ])  # fmt: skip
    if chair_in(item) is None:
        raise TransitionBlocked(
            [_("Stemmene står likt, og ingen leder møtet i saken. Velg møteleder under frammøte.")]
        )


# --- What makes the meeting short --------------------------------------------------------------
def proposed_outcome(recommendation: str) -> str:
    """Return the outcome that the words of a recommendation ask for, empty unless exactly one fits.

    Only a help to the secretary: «1. Tiltaket prioriteres …» is ``prioritize``, and a text
    that mentions several outcomes, or none, leaves the choice to the meeting.
    """
    found = [
        outcome for outcome, words in _WORDS.items() if re.search(rf"\b(?:{words})\b", recommendation.lower())
    ]
    return str(found[0].value) if len(found) == 1 else ""


def every_case_is_decided(meeting: Meeting, /) -> str | None:
    items = meeting.items.on_agenda().filter(kind=AgendaItem.Kind.DECISION, decision=None)
    waiting = list(items.values_list("case_number", flat=True))
    return (
        _("Disse sakene er ikke behandlet: %(cases)s.") % {"cases": ", ".join(waiting)} if waiting else None
    )
