"""Random walks through a meeting of the council: whoever does what, nothing is decided wrongly and no text is lost."""

from __future__ import annotations

import os
from collections import Counter
from typing import Any

import pytest
from django.db import transaction
from django.db.models import F
from django.http import Http404
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from core.errors import StaleVersion
from core.workflow import TransitionBlocked, TransitionDenied
from governance import council
from governance.models import (
    AgendaItem,
    Attendance,
    Ballot,
    CouncilMandate,
    Decision,
    Impartiality,
    Meeting,
    Outcome,
    Voting,
)
from governance.workflow import initiative_workflow, meeting_workflow
from organization.operations import give_role
from organization.roles import Role
from tests import stories
from tests.world import SYSTEM, WORLD

HOME = WORLD.home
LONG = bool(os.environ.get("STAFETT_LONG"))
REFUSALS = (TransitionBlocked, TransitionDenied, StaleVersion, Http404)
SEATED = {"leader": Role.COUNCIL_LEADER, "deputy": Role.COUNCIL_DEPUTY, "member": Role.COUNCIL_MEMBER}
DONE: Counter[str] = Counter()  # what was done and not refused, over all walks
WHO = st.sampled_from(["leader", "deputy", "member", "extra", "substitute"])
BY = st.sampled_from(["secretary", "secretary", "leader", "self"])
CASE = st.integers(0, 1)
CHOICE = st.sampled_from(["for", "against", "blank"])
MANDATES = st.fixed_dictionaries({
    "quorum": st.sampled_from([(1, 2), (2, 3)]), "must_vote": st.booleans(), "allows_blank": st.booleans(),
    "has_casting_vote": st.booleans(), "doubt_rule": st.sampled_from(["all", "wait"]),
    "majority": st.sampled_from(["votes", "present"]),
})  # fmt: skip


class Sitting(RuleBasedStateMachine):
    """Two cases before four members and a substitute; each rule is tried at any time, by whoever."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.texts: dict[tuple[type, int, str], str] = {}
        self.done: Counter[str] = Counter()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize(mandate=MANDATES)
    def begin(self, mandate: dict[str, Any]) -> None:
        part, whole = mandate.pop("quorum")
        give_role(
            person=HOME.person(Role.HR), role=Role.COUNCIL_MEMBER, unit=HOME.municipality, by=SYSTEM, now=timezone.now(),
            valid_from=timezone.localdate(),
        )  # fmt: skip
        CouncilMandate.objects.filter(municipality=HOME.municipality).update(
            quorum_numerator=part, quorum_denominator=whole, **mandate
        )
        self.meeting = stories.meeting(HOME)
        for title in ("Første sak", "Andre sak"):
            stories.on_agenda(HOME, self.meeting, title=title)
        self.meeting = stories.in_session(self.meeting, HOME)
        self.items = list(self.meeting.items.order_by("position"))
        members = self.meeting.seated.filter(seat="member").order_by("pk")
        self.seats = {name: self.meeting.seated.get(seat=name) for name in ("leader", "deputy", "substitute")}
        self.seats |= dict(zip(("member", "extra"), members, strict=True))
        self.recommended = {item.pk: item.recommendation for item in self.items}
        assert all(self.recommended.values())

    # --- Who acts ------------------------------------------------------------------------------------
    def actor(self, by: str, who: str) -> Any:
        if by == "secretary":
            return HOME.actor(Role.SECRETARIAT)
        if by == "leader":
            return HOME.actor(Role.COUNCIL_LEADER)
        return stories_actor(self.seats[who])

    def attempt(self, name: str, deed: Any, *args: Any, **kwargs: Any) -> Any:
        """Do something that may be refused, and then leaves everything as it was."""
        try:
            with transaction.atomic():
                made = deed(*args, now=timezone.now(), **kwargs)
        except REFUSALS:
            return None
        self.done[name] += 1
        DONE[name] += 1
        return made

    def item(self, case: int) -> AgendaItem:
        return AgendaItem.objects.select_related("meeting__mandate", "meeting__municipality").get(
            pk=self.items[case].pk
        )

    def going(self, case: int) -> Voting | None:
        found: Voting | None = (
            self.items[case].votings.select_related("item__meeting__mandate").order_by("-pk").first()
        )
        return found

    def keep(self, row: Any, field: str, text: str) -> None:
        self.texts[type(row), row.pk, field] = text

    # --- What may happen -----------------------------------------------------------------------------
    @rule(out=st.sets(WHO), chair=st.none() | WHO, for_whom=st.none() | WHO)
    def attend(self, out: set[str], chair: str | None, for_whom: str | None) -> None:
        there = {self.seats[name].pk for name in self.seats if name not in out}
        roll: dict[str, Any] = {
            "present": there,
            "absent": {self.seats[name].pk for name in out},
            "substitutes": {},
        }
        if for_whom is not None:
            roll["substitutes"] = {self.seats["substitute"].pk: self.seats[for_whom].pk}
        if chair is not None:
            roll["chair"] = self.seats[chair].pk
        by = HOME.actor(Role.SECRETARIAT)
        self.attempt("attend", council.register_attendance, self.meeting, by=by, **roll)

    @rule(case=CASE, who=WHO, by=BY, answer=st.sampled_from(["no", "yes", "doubt"]))
    def declare(self, case: int, who: str, by: str, answer: str) -> None:
        text = (
            "" if answer == "no" else f"Kjenner leverandøren, sier {who} for gang {sum(self.done.values())}."
        )
        told = {"ground": "" if answer == "no" else "family", "explanation": text}
        row = self.attempt(
            "declare", council.declare, self.item(case), attendance=self.seats[who], answer=answer,
            by=self.actor(by, who), **told,
        )  # fmt: skip
        if row is not None:
            self.keep(row, "explanation", text)

    @rule(case=CASE, by=BY)
    def ask_all(self, case: int, by: str) -> None:
        self.attempt("ask_all", council.declare_nobody, self.item(case), by=self.actor(by, "member"))

    @rule(
        case=CASE,
        who=WHO,
        out=st.booleans(),
        votes=st.none() | st.tuples(st.integers(0, 4), st.integers(0, 4)),
    )
    def settle_doubt(self, case: int, who: str, out: bool, votes: tuple[int, int] | None) -> None:
        row = self.item(case).impartialities.filter(attendance=self.seats[who]).first()
        if row is None:
            return
        counted = None if votes is None else {"for": votes[0], "against": votes[1]}
        by = HOME.actor(Role.SECRETARIAT)
        self.attempt("settle_doubt", council.decide_doubt, row, is_disqualified=out, votes=counted, by=by)

    @rule(case=CASE, who=WHO, by=BY)
    def step_in(self, case: int, who: str, by: str) -> None:
        row = self.item(case).impartialities.filter(attendance=self.seats[who]).first()
        if row is not None:
            self.attempt(
                "step_in",
                council.step_in,
                row,
                substitute=self.seats["substitute"],
                by=self.actor(by, "deputy"),
            )

    @rule(case=CASE, who=WHO, by=BY)
    def propose(self, case: int, who: str, by: str) -> None:
        text = f"{who} foreslår noe annet, for gang {sum(self.done.values())}."
        made = self.attempt(
            "propose",
            council.propose,
            self.item(case),
            text=text,
            attendance=self.seats[who],
            by=self.actor(by, who),
        )
        if made is not None:
            self.keep(made, "text", text)

    @rule(case=CASE, own=st.booleans(), by=BY)
    def open_voting(self, case: int, own: bool, by: str) -> None:
        proposal = self.items[case].proposals.order_by("-pk").first() if own else None
        self.attempt(
            "open_voting",
            council.open_voting,
            self.item(case),
            proposal=proposal,
            by=self.actor(by, "member"),
        )

    @rule(case=CASE, who=WHO, by=BY, choice=CHOICE)
    def cast(self, case: int, who: str, by: str, choice: str) -> None:
        if (voting := self.going(case)) is not None:
            self.attempt(
                "cast",
                council.cast,
                voting,
                attendance=self.seats[who],
                choice=choice,
                by=self.actor(by, who),
            )

    @rule(case=CASE, choice=CHOICE)
    def the_rest(self, case: int, choice: str) -> None:
        if (voting := self.going(case)) is not None:
            by = HOME.actor(Role.SECRETARIAT)
            self.attempt("the_rest", council.cast_for_the_rest, voting, choice=choice, by=by)

    @rule(case=CASE, stops=st.sampled_from([False, False, True]))
    def end_voting(self, case: int, stops: bool) -> None:
        if (voting := self.going(case)) is not None:
            deed = council.stop_voting if stops else council.close_voting
            self.attempt(deed.__name__, deed, voting, by=HOME.actor(Role.SECRETARIAT))

    @rule(
        case=CASE, outcome=st.sampled_from(["prioritize", "reject", "postpone", "send_back"]), asked=st.booleans(),
        counts=st.none() | st.tuples(st.integers(0, 5), st.integers(0, 5)), voted=st.booleans(), by=BY,
    )  # fmt: skip
    def decide(
        self, case: int, outcome: str, asked: bool, counts: tuple[int, int] | None, voted: bool, by: str
    ) -> None:
        item, voting = self.item(case), self.going(case)
        text = voting.text if voting is not None and voted else f"Rådet vedtar {outcome}."
        votes = None if counts is None else {"for": counts[0], "against": counts[1], "blank": 0}
        discussion = f"Drøftet for gang {sum(self.done.values())}."
        decision = self.attempt(
            "decide", council.decide, item, outcome=Outcome(outcome), text=text, asked=asked, votes=votes,
            voting=voting if voted else None, discussion=discussion, by=self.actor(by, "member"),
        )  # fmt: skip
        if decision is not None:
            self.keep(decision, "text", text)
            self.keep(item, "discussion", discussion)
            self._was_right(decision, item, voting if voted else None)

    @rule(
        case=CASE, choices=st.lists(CHOICE, min_size=5, max_size=5), ways=st.lists(BY, min_size=5, max_size=5)
    )
    def take_up(self, case: int, choices: list[str], ways: list[str]) -> None:
        """Go through a case as a council does, from what stands: else few walks would come to a vote."""
        self.ask_all(case, "secretary")
        self.open_voting(case, own=len(set(choices)) == 1, by="secretary")
        for who, choice, by in zip(self.seats, choices, ways, strict=True):
            self.cast(case, who, by, choice)
        self.end_voting(case, stops=False)

    @rule(case=CASE)
    def write_down(self, case: int) -> None:
        self.decide(
            case, "reject", asked=True, counts=None, voted=self.going(case) is not None, by="secretary"
        )

    @rule(stale=st.booleans())
    def write_minutes(self, stale: bool) -> None:
        version = Meeting.objects.get(pk=self.meeting.pk).version - stale
        text = f"Ført for gang {sum(self.done.values())}."
        items = {item.pk: {"discussion": f"{text} {item.pk}"} for item in self.items}
        by = HOME.actor(Role.SECRETARIAT)
        made = self.attempt(
            "minutes", council.write_minutes, self.meeting, notes=text, items=items, version=version, by=by
        )
        assert made is None or not stale, "somebody else's text was written over"
        if made is not None:
            self.keep(made, "notes", text)
            for item in self.items:
                self.keep(item, "discussion", items[item.pk]["discussion"])

    @rule(name=st.sampled_from(["conclude", "approve_minutes", "cancel", "open_session"]), by=BY)
    def meet(self, name: str, by: str) -> None:
        data = {"reason": "Sykdom."} if name == "cancel" else {}
        self.attempt(
            name,
            meeting_workflow.perform,
            name,
            self.meeting,
            by=self.actor(by, "leader"),
            data=data,
        )

    @rule(
        case=CASE,
        name=st.sampled_from(["take_off_agenda", "withdraw_from_agenda", "put_on_agenda", "withdraw"]),
    )
    def move_case(self, case: int, name: str) -> None:
        initiative = self.item(case).initiative
        data: dict[str, Any] = (
            {"meeting": self.meeting} if name == "put_on_agenda" else {"reason": "Trukket."}
        )
        by = HOME.actor(Role.SECRETARIAT)
        self.attempt(name, initiative_workflow.perform, name, initiative, by=by, data=data)

    # --- What must hold ------------------------------------------------------------------------------
    def _was_right(self, decision: Decision, item: AgendaItem, voting: Voting | None) -> None:
        """Reckon anew who could decide, from the rows alone."""
        seated = list(self.meeting.seated)
        seats = [row for row in seated if row.seat in SEATED]
        declared = list(item.impartialities.all())
        out = {one.attendance_id for one in declared if one.is_disqualified}
        stepping = {one.substitute_id for one in declared if one.is_disqualified and one.substitute_id}
        mandate = CouncilMandate.objects.get(pk=item.meeting.mandate_id)
        voters = {
            row.pk for row in seated
            if row.presence == "present" and row.pk not in out
            and (row.seat in SEATED or row.substitute_for_id is not None or row.pk in stepping)
        }  # fmt: skip
        assert len(voters) * mandate.quorum_denominator >= len(seats) * mandate.quorum_numerator, (
            "below the quorum"
        )
        assert not any(one.is_disqualified is None for one in declared), "somebody was in doubt"
        assert {one.attendance_id for one in declared} >= voters, "somebody was not asked"
        assert not set(decision.roll or []) & out, "who is disqualified was counted"
        cast = (decision.votes_for or 0) + (decision.votes_against or 0) + (decision.votes_blank or 0)
        assert 0 < cast <= len(voters)
        assert cast == len(voters) or not mandate.must_vote
        assert not decision.votes_blank or mandate.allows_blank
        if voting is None:
            assert decision.votes_for >= decision.votes_against
            assert decision.votes_for > decision.votes_against or mandate.has_casting_vote
        else:
            ballots = Counter(voting.ballots.values_list("choice", flat=True))
            assert (decision.votes_for, decision.votes_against) == (ballots["for"], ballots["against"])
            assert not set(voting.ballots.values_list("attendance_id", flat=True)) & out, (
                "an inhabil vote counted"
            )

    @invariant()
    def nothing_is_lost(self) -> None:
        if not hasattr(self, "recommended"):
            return
        for (model, pk, field), text in self.texts.items():
            assert model.objects.values_list(field, flat=True).get(pk=pk) == text, (
                f"{model.__name__}.{field} was lost"
            )
        for pk, text in self.recommended.items():
            assert AgendaItem.objects.get(pk=pk).recommendation == text, (
                "the recommendation that went out was changed"
            )

    @invariant()
    def nobody_votes_who_may_not(self) -> None:
        if not hasattr(self, "recommended"):
            return
        assert Voting.objects.filter(item__meeting=self.meeting, closed_at=None).count() <= 1
        disqualified = Impartiality.objects.filter(
            item_id=F("item_id"), is_disqualified=True, item__meeting=self.meeting
        )
        for one in disqualified:
            open_now = Ballot.objects.filter(
                voting__item_id=one.item_id, voting__closed_at=None, attendance_id=one.attendance_id
            )
            assert not open_now.exists(), "a ballot of somebody disqualified stands"
        for item in self.items:
            assert Decision.objects.filter(agenda_item=item).count() <= 1


def stories_actor(row: Attendance) -> Any:
    """Return the actor who sits in a seat."""
    for role in (*SEATED.values(), Role.COUNCIL_SUBSTITUTE, Role.HR):
        if HOME.person(role).pk == row.person_id:
            return HOME.actor(role)
    raise AssertionError(row)


@pytest.mark.usefixtures("world")
def test_sit_at_random__decides_nothing_wrong_and_loses_no_text():
    run_state_machine_as_test(
        Sitting,
        settings=settings(
            max_examples=300 if LONG else 15, derandomize=not LONG, stateful_step_count=60 if LONG else 40, deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=list(Phase) if LONG else [Phase.explicit, Phase.generate],
        ),
    )  # fmt: skip
    tried = {
        "attend",
        "declare",
        "ask_all",
        "propose",
        "open_voting",
        "cast",
        "close_voting",
        "decide",
        "minutes",
    }
    assert tried <= DONE.keys(), "the walks are too short to tell anything"
