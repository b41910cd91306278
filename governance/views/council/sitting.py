"""What the council does in a case before it is decided: impartiality, substitutes, proposals and votes.

Members do it on their own devices, the secretary for those who have none.  Each button is one call of the domain.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _

from core.workflow import TransitionBlocked
from governance import council
from governance.forms.sitting import (
    DeclarationForm,
    DerivedForm,
    DoubtForm,
    OfCase,
    PickForm,
    ProposalForm,
    StepInForm,
)
from governance.models.session import BallotChoice, Said

if TYPE_CHECKING:
    from governance.council.cases import Case
    from governance.models import Attendance, Ballot, Proposal, Voting
    from organization.http import Request

DECLARE, PROPOSE = "declare", "propose"


@dataclass
class Sitting:
    """One visit to a case that is not decided."""

    request: Request
    case: Case
    may_lead: bool

    def __post_init__(self) -> None:
        self.sent = self.request.POST.get("do", "") if self.request.method == "POST" else ""
        # A leader or secretary who says whom it is about speaks for the room, others for themselves.
        for_room = self.may_lead and "own" not in self.request.POST
        speaker = None if for_room and self.sent else self.own
        self.declaration = DeclarationForm(
            self._data(DECLARE), case=self.case, own=speaker if self.sent == DECLARE else self._self_first, prefix="habilitet"
        )  # fmt: skip
        self.proposal = ProposalForm(
            self._data(PROPOSE), case=self.case, own=speaker if self.sent == PROPOSE else self._self_first, prefix="forslag"
        )  # fmt: skip

    @property
    def _self_first(self) -> Attendance | None:
        return None if self.may_lead else self.own

    def _data(self, sent: str) -> Any:
        return self.request.POST if self.sent == sent else None

    @cached_property
    def own(self) -> Attendance | None:
        """The seat of who is looking, where they have one in this meeting."""
        mine = [row for row in self.case.rows if row.person_id == self.request.actor.person_id]
        return next((row for row in mine if row.votes or row.seat == row.Seat.SUBSTITUTE), None)

    # --- What was sent ---------------------------------------------------------------------------
    def take(self) -> bool:
        """Do what was sent, and tell whether it went."""
        actions = {
            DECLARE: self._declare, "nobody": self._nobody, "doubt": self._doubt, "step_in": self._step_in,
            "derived": self._derived, PROPOSE: self._propose, "withdraw": self._withdraw, "open": self._open,
            "ballot": self._ballot, "rest": self._rest, "close": self._close, "stop": self._stop,
        }  # fmt: skip
        action = actions.get(self.sent)
        if action is None:
            raise TransitionBlocked([_("Valget finnes ikke lenger. Last siden på nytt.")])
        return bool(action(by=self.request.actor, now=timezone.now()))

    def _say(self, text: str) -> bool:
        messages.success(self.request, text)
        return True

    def _picked(self, form: OfCase) -> dict[str, Any]:
        """Return what was chosen.

        :raises TransitionBlocked: what was typed cannot be read, or what was picked is not there any more.
        """
        if not form.is_valid():
            raise TransitionBlocked(
                form.typed_wrongly or [_("Valget finnes ikke lenger. Last siden på nytt.")]
            )
        data: dict[str, Any] = form.cleaned_data
        return data

    def _declare(self, **how: Any) -> bool:
        if not self.declaration.is_valid():
            return False
        data = self.declaration.cleaned_data
        attendance = data.pop("attendance", None) or self.own
        if attendance is None:
            raise TransitionBlocked([_("Du sitter ikke i dette møtet.")])
        row = council.declare(self.case.item, attendance=attendance, **data, **how)
        told = {
            Said.NO: _("%(name)s har svart nei."), Said.YES: _("%(name)s er inhabil og fratrer i saken."),
            Said.DOUBT: _("%(name)s er i tvil. Rådet avgjør det før saken."),
        }  # fmt: skip
        return self._say(told[Said(row.answer)] % {"name": attendance.person})

    def _nobody(self, **how: Any) -> bool:
        count = council.declare_nobody(self.case.item, **how)
        return self._say(_("Ført: %(count)s har svart nei.") % {"count": count})

    def _doubt(self, **how: Any) -> bool:
        form = DoubtForm(self.request.POST, case=self.case)
        data = self._picked(form)
        row = council.decide_doubt(
            data["row"], is_disqualified=data["verdict"] == "disqualified", votes=form.votes, **how
        )
        outcome = _("%(name)s er inhabil og fratrer.") if row.is_disqualified else _("%(name)s er habil.")
        return self._say(outcome % {"name": row.attendance.person})

    def _step_in(self, **how: Any) -> bool:
        data = self._picked(StepInForm(self.request.POST, case=self.case))
        row = council.step_in(data["row"], substitute=data["substitute"], **how)
        return self._say(
            _("%(name)s trer inn i saken.") % {"name": row.substitute.person} if row.substitute else _("Ingen vara trer inn.")
        )  # fmt: skip

    def _derived(self, **how: Any) -> bool:
        data = self._picked(DerivedForm(self.request.POST, case=self.case))
        person = data["attendance"]
        row = council.settle_derived(
            self.case.item, attendance=person, follows=data["follows"] == "yes", **how
        )
        return self._say(
            (_("%(name)s er inhabil og fratrer.") if row.is_disqualified else _("%(name)s deltar i saken."))
            % {"name": person.person}
        )

    def _propose(self, **how: Any) -> bool:
        if not self.proposal.is_valid():
            return False
        data = self.proposal.cleaned_data
        attendance = data.get("attendance") or self.own
        if attendance is None:
            raise TransitionBlocked([_("Du sitter ikke i dette møtet.")])
        made = council.propose(self.case.item, text=data["text"], attendance=attendance, **how)
        return self._say(_("Forslag %(number)s er ført.") % {"number": made.number})

    def _withdraw(self, **how: Any) -> bool:
        council.withdraw_proposal(self._one("proposal"), **how)
        return self._say(_("Forslaget er trukket."))

    def _one(self, name: str) -> Any:
        found = self._picked(PickForm(self.request.POST, case=self.case))[name]
        if found is None:
            raise TransitionBlocked([_("Valget finnes ikke lenger. Last siden på nytt.")])
        found.item = self.case.item
        return found

    # --- Votes -----------------------------------------------------------------------------------
    def _open(self, **how: Any) -> bool:
        data = self._picked(PickForm(self.request.POST, case=self.case))
        council.open_voting(self.case.item, proposal=data["proposal"], **how)
        return self._say(_("Voteringen er åpen."))

    def _ballot(self, **how: Any) -> bool:
        data = self._picked(PickForm(self.request.POST, case=self.case))
        attendance = data["attendance"] or self.own
        if attendance is None or not data["choice"]:
            raise TransitionBlocked([_("Valget finnes ikke lenger. Last siden på nytt.")])
        council.cast(self._one("voting"), attendance=attendance, choice=data["choice"], **how)
        return True

    def _rest(self, **how: Any) -> bool:
        council.cast_for_the_rest(self._one("voting"), choice=BallotChoice.FOR, **how)
        return True

    def _close(self, **how: Any) -> bool:
        closed = council.close_voting(self._one("voting"), **how)
        return self._say(_("Forslaget er vedtatt.") if closed.is_carried else _("Forslaget falt."))

    def _stop(self, **how: Any) -> bool:
        council.stop_voting(self._one("voting"), **how)
        return self._say(_("Voteringen er avbrutt. Ingen stemmer teller."))

    # --- What is shown -----------------------------------------------------------------------------
    @cached_property
    def votings(self) -> list[Voting]:
        return list(self.case.item.votings.select_related("proposal").order_by("pk"))

    @property
    def going(self) -> Voting | None:
        return next((one for one in self.votings if one.is_open), None)

    @property
    def carried(self) -> Voting | None:
        """The last voting that carried its text and still counts: what the decision is then written from."""
        return next((one for one in reversed(self.votings) if self.case.counts(one)), None)

    @cached_property
    def proposals(self) -> list[Proposal]:
        rows = self.case.item.proposals.filter(withdrawn_at=None).select_related("proposed_by__person")
        return list(rows)

    @cached_property
    def ballots(self) -> dict[int, Ballot]:
        return {one.attendance_id: one for one in self.going.ballots.all()} if self.going else {}

    def lines(self) -> list[dict[str, Any]]:
        """Return those who vote, with what each has voted."""
        return [{"row": row, "ballot": self.ballots.get(row.pk)} for row in self.case.voters]

    def context(self) -> dict[str, Any]:
        case, own = self.case, self.own
        going = self.going
        return {
            "sitting": self, "case": case, "own": own, "own_answer": case.by_row.get(own.pk) if own else None,
            "own_ballot": self.ballots.get(own.pk) if own else None,
            "may_vote": own is not None and own.pk in {row.pk for row in case.voters},
            "going": going, "lines": self.lines() if going else [], "given": len(self.ballots),
            "derived": council.derived_in(case) if self.may_lead else [],
            "told": [one for one in case.declared if one.is_worth_telling],
            "is_settled": not case.unanswered and not case.open_doubts,
        }  # fmt: skip
