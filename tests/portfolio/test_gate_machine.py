"""Random walks of a project through phases, pauses, checklists, gate papers and the gates of benefits: what always holds."""

from __future__ import annotations

import os
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from benefits import operations as benefit_operations
from benefits.gates import approved_plan
from core.errors import Refused
from core.workflow import TransitionBlocked, TransitionDenied
from governance import council
from governance.council import matters
from governance.models import Attendance, Initiative, Matter, Meeting, MeetingStatus
from governance.workflow import meeting_workflow
from organization.roles import Role
from portfolio.checklist.operations import answer_point
from portfolio.checklist.state import NEXT, next_of
from portfolio.gatepaper import operations
from portfolio.models import Answer, Checkpoint, GatePaper, Project
from portfolio.models import Phase as Stage
from portfolio.models.gatepaper import APPROVED, OPEN
from portfolio.operations import move_phase
from portfolio.workflow import phase_workflow, status_workflow
from tests import stories
from tests.benefits import stories as benefits
from tests.portfolio import gate_papers as papers
from tests.world import WORLD

HOME = WORLD.home
LONG = bool(os.environ.get("STAFETT_LONG"))
REFUSALS = (TransitionBlocked, TransitionDenied, Refused)
PEOPLE = [
    Role.PROJECT_OWNER, Role.PROJECT_MANAGER, Role.PORTFOLIO_MANAGER, Role.PORTFOLIO_MANAGER, Role.SECRETARIAT, Role.EMPLOYEE,
]  # fmt: skip
ORDER = list(Stage)
AGREED = {
    "active": {"in_portfolio", "realizing"}, "paused": {"paused"}, "stopped": {"stopped"}, "completed": {"closed"},
}  # fmt: skip
"""How the initiative stands for each status of its project (domain/states)."""
ENDED = ("stopped", "completed")
OUTCOMES = ["approve", "approve", "approve_on_terms", "send_back", "stop", "postpone"]
FORMS = {
    "pause": {"reason": "Vi venter."},
    "stop": {"reason": "Fordi.", "spent": Decimal(0)},
    "resume": {},
    "complete": {},
}


class Gates(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize(points=st.sets(st.sampled_from(papers.ALL)), goes=st.integers(0, 3))
    def begin(self, points: set[str], goes: int) -> None:
        self.council_points = points
        papers.council_decides(HOME, "none")
        papers.rules.demand(HOME, council_points=[], gates=["approved_plan"])
        initiative = benefits.planned(HOME).initiative
        self.pk = Project.objects.get(initiative=initiative).pk
        for stage in ORDER[1 : goes + 1]:
            stories.move(self.fresh(), HOME, stage)
        papers.rules.demand(HOME, council_points=sorted(points), gates=["approved_plan"])
        self.events = self.counted()
        self.ended: dict[str, object] | None = None

    # --- Facts -----------------------------------------------------------------------------------
    def fresh(self) -> Project:
        return Project.objects.select_related("initiative").get(pk=self.pk)

    def counted(self) -> int:
        return Project.pgh_event_model.objects.filter(pgh_obj_id=self.pk).count()

    def is_open(self, project: Project, point: str) -> bool:
        """Tell whether the point may be passed, from the rows and not from the guards."""
        until = papers.ALL[: papers.ALL.index(point) + 1]
        lacking = Checkpoint.objects.filter(
            project=project, point__in=["bp1", *until], is_required=True, answer=Answer.OPEN
        )
        if lacking.exists():
            return False
        if point == "bp3" and approved_plan.missing([project.initiative_id]):
            return False
        sent = GatePaper.objects.filter(project=project, point=point, lapsed_at=None).exclude(status="draft")
        last = sent.order_by("-sent_at", "-pk").first()
        if point in self.council_points:
            return last is not None and last.for_council and last.status in APPROVED
        return last is None or last.status in APPROVED

    def take(self, step: object) -> bool:
        """Try a step; a refusal changes nothing."""
        before, events = self.standing(), self.counted()
        try:
            with transaction.atomic():
                step()  # type: ignore[operator]
        except REFUSALS:
            assert self.standing() == before
            assert self.counted() == events
            return False
        return True

    def standing(self) -> dict[str, object]:
        row = (
            Project.objects.filter(pk=self.pk)
            .values("phase", "status", "version", "initiative__status")
            .get()
        )
        row["papers"] = list(GatePaper.objects.filter(project=self.pk).order_by("pk").values("status", "version", "lapsed_at"))  # fmt: skip
        row["answers"] = list(Checkpoint.objects.filter(project=self.pk).order_by("pk").values_list("answer", flat=True))  # fmt: skip
        return row

    # --- Steps -----------------------------------------------------------------------------------
    @rule(to=st.sampled_from(ORDER), role=st.sampled_from(PEOPLE))
    def move(self, to: Stage, role: Role) -> None:
        project = self.fresh()
        point = NEXT[Stage(project.phase)]
        may_pass = self.is_open(project, point)
        if not self.take(lambda: move_phase(project, to=to, by=HOME.actor(role), now=timezone.now())):
            return
        here, there = ORDER.index(Stage(project.phase)), ORDER.index(to)
        assert abs(there - here) == 1, "a phase was skipped"
        if there > here:
            assert may_pass, f"{point} was passed with something open"
        assert project.status == "active"
        self.one_event(self.fresh().phase == to)

    @rule(name=st.sampled_from(sorted(FORMS)), role=st.sampled_from(PEOPLE))
    def change_status(self, name: str, role: Role) -> None:
        project = self.fresh()
        may_pass = self.is_open(project, "bp6")
        by, now = HOME.actor(role), timezone.now()
        if self.take(lambda: status_workflow.perform(name, project, by=by, now=now, data=FORMS[name])):
            assert name != "complete" or (project.phase == Stage.REALIZING and may_pass)
            self.one_event(self.fresh().status == status_workflow.transitions[name].target)

    def one_event(self, arrived: bool) -> None:
        assert arrived
        assert self.counted() == self.events + 1, "one change, one entry in the history"

    @rule(role=st.sampled_from(PEOPLE))
    def answer_what_is_next(self, role: Role) -> None:
        project = self.fresh()
        until = ["bp1", *papers.ALL[: papers.ALL.index(next_of(project)) + 1]]
        rows = Checkpoint.objects.filter(project=project, point__in=until, answer=Answer.OPEN)
        for row in rows.order_by("point", "position"):
            if not self.take(lambda row=row: self.answer(row, Answer.DONE, role)):
                return

    @rule(
        nth=st.integers(0, 40),
        answer=st.sampled_from([Answer.OPEN, Answer.DONE]),
        role=st.sampled_from(PEOPLE),
    )
    def answer_one(self, nth: int, answer: Answer, role: Role) -> None:
        rows = list(Checkpoint.objects.filter(project=self.pk).order_by("pk"))
        self.take(lambda: self.answer(rows[nth % len(rows)], answer, role))

    def answer(self, row: Checkpoint, answer: Answer, role: Role) -> None:
        answer_point(row, answer, by=HOME.actor(role), now=timezone.now())

    @rule(role=st.sampled_from(PEOPLE), send=st.booleans())
    def write_paper(self, role: Role, send: bool) -> None:
        make = papers.sent if send else papers.draft
        if self.take(lambda: make(self.fresh(), HOME, role=role)):
            paper = GatePaper.objects.get(project=self.pk, status__in=OPEN)
            assert paper.point == next_of(self.fresh())
            assert not send or paper.for_council == (paper.point in self.council_points)

    @rule(
        role=st.sampled_from(PEOPLE),
        outcome=st.sampled_from(["approve", "send_back", "stop"]),
        back=st.booleans(),
    )
    def decide_or_withdraw(self, role: Role, outcome: str, back: bool) -> None:
        paper = GatePaper.objects.filter(project=self.pk, status="sent").first()
        if paper is None:
            return
        how = {"by": HOME.actor(role), "now": timezone.now()}
        if back:
            self.take(lambda: operations.withdraw(paper, **how))
        elif self.take(lambda: operations.decide(paper, outcome=outcome, text="Vedtak.", **how)):
            assert not paper.for_council, "the council was passed by"

    @rule(outcome=st.sampled_from(OUTCOMES), present=st.integers(0, 4))
    def meet(self, outcome: str, present: int) -> None:
        """Take what waits for the council through a meeting, now and then with too few there."""
        matter = Matter.objects.waiting().filter(municipality=HOME.municipality).first()
        if matter is None:
            return
        by, now = HOME.actor(Role.SECRETARIAT), timezone.now()
        item = matters.place(matter, meeting=stories.meeting(HOME), by=by, now=now)
        meeting = stories.in_session(item.meeting, HOME)
        seats = list(Attendance.objects.filter(meeting=meeting).exclude(seat="substitute").order_by("pk"))
        there = {row.pk for row in seats[: len(seats) - present]}
        council.register_attendance(meeting, present=there, absent=set(), substitutes={}, by=by, now=now)
        item.refresh_from_db()
        if self.take(lambda: council.decide(item, outcome=outcome, text="Vedtak.", by=by, now=now)):
            decision = item.decision
            assert decision.present * 2 >= decision.seats
        else:
            self.call_off(meeting, item)

    def call_off(self, meeting: Meeting, item: object) -> None:
        """Without a quorum nothing is decided: everybody comes, and it is postponed."""
        by, now = HOME.actor(Role.SECRETARIAT), timezone.now()
        everybody = set(Attendance.objects.filter(meeting=meeting).exclude(seat="substitute").values_list("pk", flat=True))  # fmt: skip
        council.register_attendance(meeting, present=everybody, absent=set(), substitutes={}, by=by, now=now)
        council.decide(item, outcome="postpone", text="Utsettes.", by=by, now=now)  # type: ignore[arg-type]
        ended = meeting_workflow.perform("conclude", meeting, by=by, now=now)
        assert ended.status == MeetingStatus.CONCLUDED

    @rule(role=st.sampled_from([Role.PROJECT_OWNER, Role.EMPLOYEE]), worth=st.integers(1, 900))
    def change_plan(self, role: Role, worth: int) -> None:
        """Change a benefit, so that the plan is no longer the approved one, or approve it again."""
        project = self.fresh()
        if role == Role.EMPLOYEE:
            project.initiative.benefits.update(hours_per_year=Decimal(worth))
            return
        self.take(
            lambda: benefit_operations.approve_plan(
                project.initiative, by=HOME.actor(role), now=timezone.now()
            )
        )

    # --- What always holds -----------------------------------------------------------------------
    @invariant()
    def holds(self) -> None:
        if not hasattr(self, "events"):
            return
        project = self.fresh()
        initiative = Initiative.objects.get(pk=project.initiative_id)
        assert initiative.status in AGREED[project.status]
        if project.status == "active":
            assert (initiative.status == "realizing") == (project.phase == Stage.REALIZING)
        assert GatePaper.objects.filter(project=project, status__in=OPEN).count() <= 1
        waiting = Matter.objects.filter(closed_at=None, initiative=initiative)
        sent = GatePaper.objects.filter(project=project, status="sent", for_council=True)
        assert [row.subject_id for row in waiting] == [row.pk for row in sent]
        assert self.counted() - self.events in {0, 1}
        self.events = self.counted()
        if self.ended is not None:
            assert self.standing() == self.ended, "something followed the end of the project"
        elif project.status in ENDED:
            self.ended = self.standing()


@pytest.mark.usefixtures("world")
def test_walk_at_random__never_passes_a_closed_gate():
    from hypothesis.stateful import run_state_machine_as_test

    assert set(phase_workflow.transitions) | set(status_workflow.transitions) >= set(FORMS)
    run_state_machine_as_test(
        Gates,
        settings=settings(
            max_examples=150 if LONG else 8, stateful_step_count=50 if LONG else 25, deadline=None,
            suppress_health_check=list(HealthCheck), phases=list(Phase) if LONG else [Phase.explicit, Phase.generate],
        ),
    )  # fmt: skip
