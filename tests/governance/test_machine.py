"""Random walks through the workflow of initiatives and meetings: what must hold however people act."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import Sum
from django.http import Http404
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from core.history import timeline
from core.workflow import TransitionBlocked, TransitionDenied
from governance import council
from governance.models import Attendance, Decision, Delegation, Initiative, Meeting, Outcome, Status
from governance.models.status import FINAL
from governance.workflow import initiative_workflow, meeting_workflow
from organization.roles import Role
from tests import stories
from tests.world import WORLD

HOME = WORLD.home
FRAME = 150_000
LONG = bool(os.environ.get("STAFETT_LONG"))
ACTORS = [
    Role.EMPLOYEE, Role.SECTOR_LEADER, Role.SECRETARIAT, Role.COORDINATOR, Role.COUNCIL_LEADER, Role.KOMMUNEDIREKTOR,
    Role.CHANGE_AGENT, Role.PORTFOLIO_MANAGER,
]  # fmt: skip
OFFERED = [name for name, t in initiative_workflow.transitions.items() if not t.internal]
REFUSALS = (TransitionBlocked, TransitionDenied, Http404)


def answers(name: str, initiative: Initiative) -> dict[str, object]:
    """Return what the form of a transition would give."""
    soon = timezone.localdate() + timedelta(days=20)
    declared = initiative_workflow.transitions[name]
    fields = set(declared.form.base_fields) if declared.form else set()
    given = {
        "missing": ["Kostnad"], "deadline": soon, "changes": "Rettet.", "case_handler": HOME.person(Role.COORDINATOR),
        "remark": "", "text": "Vedtas.", "reference": "1/26", "referred_to": "Drift",
        # One that takes no more cases where there is no other: the operation refuses it.
        "meeting": Meeting.objects.taking_cases().filter(municipality=HOME.municipality).first()
        or Meeting.objects.filter(municipality=HOME.municipality).latest("starts_at"),
        "into": Initiative.objects.exclude(pk=initiative.pk).filter(municipality=HOME.municipality).first(),
        "reason": "Fordi.",
    }  # fmt: skip
    return {key: value for key, value in given.items() if key in fields}


class Governance(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize(needs_budget=st.booleans(), begun=st.sampled_from(["draft", "received", "ready", "agenda"]))
    def begin(self, needs_budget: bool, begun: str) -> None:
        financing = "budget_application" if needs_budget else "own_budget"
        self.meeting = stories.meeting(HOME)
        make = {
            "draft": stories.draft, "received": stories.received, "ready": stories.ready_for_council,
            "agenda": lambda place, **fields: stories.on_agenda(place, self.meeting, **fields),
        }[begun]  # fmt: skip
        self.initiative = make(HOME, financing=financing)
        stories.awaiting_endorsement(HOME, title="En annen sak")
        # The frame of the year has room for one of the two small cases (90,000 each), and not for both.
        Delegation.objects.filter(mandate__municipality=HOME.municipality, organ="secretariat").update(
            yearly_frame=FRAME
        )
        self.small = [stories.received(HOME, title=f"Liten sak {number}") for number in (1, 2)]

    def fresh(self) -> Initiative:
        return Initiative.objects.get(pk=self.initiative.pk)

    @rule(name=st.sampled_from(OFFERED), role=st.sampled_from(ACTORS))
    def step(self, name: str, role: Role) -> None:
        before = self.fresh()
        declared = initiative_workflow.transitions[name]
        data = answers(name, before)
        try:
            with transaction.atomic():
                after = initiative_workflow.perform(
                    name, before, by=HOME.actor(role), now=timezone.now(), data=data
                )
        except REFUSALS:
            assert self.fresh().status == before.status
            return
        except LookupError:
            return
        assert before.status in declared.source
        follow_up = initiative_workflow.transitions.get(declared.then or "")
        assert after.status in {declared.target, follow_up.target if follow_up else None}
        assert timeline(after)[0].after == after.status

    @rule(which=st.integers(0, 1), name=st.sampled_from(["send_to_fast_track", "approve_fast_track"]))
    def decide_on_delegation(self, which: int, name: str) -> None:
        initiative = Initiative.objects.get(pk=self.small[which].pk)
        by = HOME.actor(Role.SECRETARIAT)
        try:
            with transaction.atomic():
                initiative_workflow.perform(
                    name, initiative, by=by, now=timezone.now(), data=answers(name, initiative)
                )
        except REFUSALS:
            assert Initiative.objects.get(pk=initiative.pk).status == initiative.status

    @rule(count=st.integers(0, 4), role=st.sampled_from([Role.SECRETARIAT, Role.COUNCIL_LEADER]))
    def attend(self, count: int, role: Role) -> None:
        seats = list(self.meeting.attendances.exclude(seat="substitute").order_by("pk"))
        present = {a.pk for a in seats[:count]}
        try:
            council.register_attendance(
                self.meeting,
                present=present,
                absent=set(),
                substitutes={},
                by=HOME.actor(role),
                now=timezone.now(),
            )
        except TransitionBlocked:
            assert Meeting.objects.get(pk=self.meeting.pk).status not in {"planned", "summoned", "in_session"}

    @rule(name=st.sampled_from(list(meeting_workflow.transitions)), role=st.sampled_from(ACTORS))
    def meet(self, name: str, role: Role) -> None:
        data = {"reason": "Sykdom."} if name == "cancel" else {}
        try:
            with transaction.atomic():
                self.meeting = meeting_workflow.perform(
                    name, self.meeting, by=HOME.actor(role), now=timezone.now(), data=data
                )
        except REFUSALS:
            return

    @rule(outcome=st.sampled_from([_o for _o in Outcome if _o != Outcome.NOTE]), against=st.integers(0, 3))
    def decide(self, outcome: str, against: int) -> None:
        item = self.meeting.items.on_agenda().filter(initiative=self.initiative).first()
        if item is None:
            return
        present = council.present_of(self.meeting)
        votes = {"for": max(0, present - against), "against": min(against, present), "blank": 0}
        try:
            decision = council.decide(
                item, outcome=outcome, text="Vedtak.", by=HOME.actor(Role.COUNCIL_LEADER), now=timezone.now(),
                votes=votes, review_on=timezone.localdate() if outcome == Outcome.HOLD else None,
            )  # fmt: skip
        except REFUSALS:
            assert not Decision.objects.filter(
                agenda_item=item, outcome=outcome, decided_at__isnull=True
            ).exists()
            return
        assert decision.present * 2 >= decision.seats
        assert decision.votes_for + decision.votes_against + decision.votes_blank == decision.present
        assert decision.votes_for >= decision.votes_against

    @invariant()
    def holds(self) -> None:
        if not hasattr(self, "initiative"):
            return
        now = self.fresh()
        events = timeline(now)
        assert events[0].after == now.status
        passed = [entry.after for entry in reversed(events)]
        for state in FINAL:
            if state in passed:
                assert passed.index(state) >= len(passed) - passed.count(state), (
                    "something followed a final state"
                )
        if now.status not in {Status.DRAFT, Status.WITHDRAWN}:
            assert now.number
        if now.status in {Status.PRIORITIZED, Status.RECOMMENDED}:
            assert Decision.objects.filter(initiative=now).exists()
        for decision in Decision.objects.filter(initiative=now, body="council"):
            assert decision.present * 2 >= decision.seats, "decided below the quorum"
        if now.status == Status.ADOPTED and now.needs_budget:
            assert now.municipal_decisions.filter(verdict="approved").exists(), (
                "budget without a decision after the council"
            )
        drawn = Decision.objects.filter(body="secretariat", outcome="prioritize").aggregate(
            sum=Sum("amount")
        )["sum"]
        assert (drawn or 0) <= FRAME, "the frame is overdrawn"
        seated = Attendance.objects.filter(meeting=self.meeting).exclude(seat="substitute").count()
        assert council.seats_of(self.meeting) == seated


@pytest.mark.usefixtures("world")
def test_walk_at_random__never_breaks_the_rules():
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        Governance,
        settings=settings(
            max_examples=400 if LONG else 12, stateful_step_count=40 if LONG else 25, deadline=None,
            suppress_health_check=list(HealthCheck),
            # Shrinking replays whole stories; what failed is printed, and --long is there to look closer.
            phases=list(Phase) if LONG else [Phase.explicit, Phase.generate],
        ),
    )  # fmt: skip
