"""Random walks through the workflow of deviations: what must hold however people act, in two municipalities."""

from __future__ import annotations

import os
from collections import Counter
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import Http404
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from core.history import timeline
from core.workflow import TransitionBlocked, TransitionDenied
from deviations import operations
from deviations.models import Cause, Deviation, Duty, Effect, Status
from deviations.models.status import FINAL
from deviations.operations import Analysis
from deviations.workflow import deviation_workflow, duty_workflow
from organization.roles import Role
from tests.deviations import stories
from tests.world import WORLD

LONG = bool(os.environ.get("STAFETT_LONG"))
PLACES = (WORLD.home, WORLD.neighbor)
ROLES = [
    Role.EMPLOYEE, Role.LEADER, Role.SECTOR_LEADER, Role.KOMMUNEDIREKTOR, Role.VERNEOMBUD, Role.PRIVACY_OFFICER,
    Role.CHANGE_AGENT, Role.ADMINISTRATOR,
]  # fmt: skip
LEADING = [Role.LEADER, Role.SECTOR_LEADER]
REFUSALS = (TransitionBlocked, TransitionDenied, Http404, Deviation.DoesNotExist)
EDGES = {
    (source.value, t.target.value) for t in deviation_workflow.transitions.values() for source in t.source
}
TYPES = ["HMS-FALL", "IS-FEILSENDT", "HMS-PSYK", "OR-RUTINE"]
Where = st.sampled_from([0, 1])


REACHED: Counter[str] = Counter()
FEWEST_STATES = 5


@cache
def actor(where: int, role: Role) -> Any:
    """Return somebody of a municipality; the third is outside the region."""
    return (*PLACES, WORLD.stranger)[where].actor(role)


def answers(name: str, case: Deviation, place: Any) -> dict[str, object]:
    """Return what the form of a transition would give."""
    declared = deviation_workflow.transitions[name]
    others = Deviation.objects.open().filter(municipality=place.municipality).exclude(pk=case.pk)
    given = {
        "note": "", "handler": place.person(Role.LEADER), "deadline": timezone.localdate() + timedelta(days=20),
        "question": "Når?", "answer": "I går.", "reason": "Fordi.", "closing_note": "Det er ryddet.",
        "no_action_reason": "Det trengs ikke.", "effect": Effect.WORKED, "effect_note": "Ingen flere fall.",
        "transferred_to": "FDV", "main": others.first() or case,
    }  # fmt: skip
    return {key: given[key] for key in (declared.form.base_fields if declared.form else {})}


class Deviations(RuleBasedStateMachine):
    """One case in each of two municipalities, and a second open one beside each."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize(
        code=st.sampled_from(TYPES), begun=st.sampled_from(["draft", "reported", "assessed", "evaluating"])
    )
    def begin(self, code: str, begun: str) -> None:
        make = {**stories.STATES, "assessed": stories.assessed}[begun]
        duty = {"answers": {"personal_data": "yes"}} if code == "IS-FEILSENDT" and begun == "reported" else {}
        self.cases = [
            make(place, **duty, **({} if begun == "draft" else {"code": code})).pk for place in PLACES
        ]
        for place in PLACES:
            stories.report(place)
        self.seen = [len(timeline(self.fresh(number))) for number in (0, 1)]

    def fresh(self, where: int) -> Deviation:
        return Deviation.objects.select_related("municipality").get(pk=self.cases[where])

    # --- What people do --------------------------------------------------------------------------
    @rule(
        where=Where,
        other=Where,
        role=st.sampled_from(ROLES),
        name=st.sampled_from(sorted(deviation_workflow.transitions)),
    )
    def step(self, where: int, other: int, role: Role, name: str) -> None:
        self._take(where, actor(other, role), name)

    @rule(where=Where, name=st.sampled_from(sorted(deviation_workflow.transitions)))
    def step_of_leader(self, where: int, name: str) -> None:
        """Somebody who may do most of it, so that walks come far."""
        self._take(where, actor(where, Role.LEADER), name)

    def _take(self, where: int, who: Any, name: str) -> None:
        before, declared = self.fresh(where), deviation_workflow.transitions[name]
        visible = Deviation.objects.visible_to(who).contains(before)
        try:
            with transaction.atomic():
                after = deviation_workflow.perform(
                    name, before, by=who, now=timezone.now(), data=answers(name, before, PLACES[where])
                )
        except REFUSALS:
            assert self.fresh(where).status == before.status
            return
        assert visible
        assert before.status in declared.source
        assert (before.status, after.status) in EDGES
        assert who.municipality_ids == {before.municipality_id}

    @rule(where=Where, other=Where, role=st.sampled_from(LEADING))
    def assess(self, where: int, other: int, role: Role) -> None:
        case, given = self.fresh(where), {"by": actor(other, role), "now": timezone.now()}
        cause = Cause.objects.filter(municipality=case.municipality).first()
        try:
            with transaction.atomic():
                operations.assess(case, type_=case.type, category=case.category, severity=2, **given)
                operations.set_causes(case, Analysis(causes=[cause] if cause else []), **given)
        except REFUSALS:
            return
        assert where == other

    @rule(
        where=Where,
        values=st.dictionaries(
            st.sampled_from(["violence", "personal_data", "pollution"]),
            st.sampled_from(["yes", "no", "unsure"]),
        ),
    )
    def answer_questions(self, where: int, values: dict[str, str]) -> None:
        try:
            with transaction.atomic():
                operations.answer_questions(
                    self.fresh(where), values, by=actor(where, Role.LEADER), now=timezone.now()
                )
        except REFUSALS:
            return

    @rule(where=Where, finishes=st.booleans())
    def act(self, where: int, finishes: bool) -> None:
        try:
            with transaction.atomic():
                action = stories.propose(self.fresh(where), PLACES[where])
                if finishes:
                    stories.do(action, PLACES[where])
        except REFUSALS:
            return

    @rule(where=Where, other=Where, role=st.sampled_from(ROLES))
    def judge_duties(self, where: int, other: int, role: Role) -> None:
        for duty in Duty.objects.filter(deviation_id=self.cases[where], status="open"):
            try:
                with transaction.atomic():
                    duty_workflow.perform(
                        "judge_not_notifiable", duty, by=actor(other, role), now=timezone.now(), data={"reason": "Nei."}
                    )  # fmt: skip
            except REFUSALS:
                continue
            assert where == other

    @rule(where=Where, status=st.sampled_from(list(Status)))
    def write_status_by_sql(self, where: int, status: Status) -> None:
        before = self.fresh(where)
        if (before.status, status.value) in EDGES or before.status == status:
            return
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "update deviations_deviation set status = %s where id = %s", [status.value, before.pk]
            )

    @rule(where=Where, looking=st.sampled_from([0, 1, 2]), role=st.sampled_from(ROLES))
    def look(self, where: int, looking: int, role: Role) -> None:
        """Nobody elsewhere, nobody without part in it, and of a draft nobody but its reporter."""
        case = self.fresh(where)
        sees = Deviation.objects.visible_to(actor(looking, role)).contains(case)
        if looking != where or role in {Role.CHANGE_AGENT, Role.ADMINISTRATOR}:
            assert not sees
        elif role == Role.EMPLOYEE:
            assert sees
        elif case.status == Status.DRAFT:
            assert not sees

    @rule(where=Where)
    def rewrite_history_by_sql(self, where: int) -> None:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("delete from deviations_deviationevent where pgh_obj_id = %s", [self.cases[where]])

    # --- What always holds -----------------------------------------------------------------------
    @invariant()
    def holds(self) -> None:
        if not hasattr(self, "cases"):
            return
        for where in (0, 1):
            case = self.fresh(where)
            self._ends_without_open_duty(case)
            self._history_is_complete(where, case)
            REACHED[case.status] += 1

    @staticmethod
    def _ends_without_open_duty(case: Deviation) -> None:
        if case.status in FINAL:
            assert not case.duties.filter(status="open").exists()
        assert (case.status == Status.CLOSED) == (case.closed_at is not None)
        assert case.status != Status.CLOSED or case.closing_note

    def _history_is_complete(self, where: int, case: Deviation) -> None:
        events = timeline(case)
        assert events[0].after == case.status
        assert len(events) >= self.seen[where], "something is gone from the history"
        self.seen[where] = len(events)
        moves = [(one.before, one.after) for one in events if one.moved and one.before]
        assert set(moves) <= EDGES


@pytest.mark.usefixtures("world")
def test_walk_at_random__never_breaks_the_rules():
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        Deviations,
        settings=settings(
            max_examples=300 if LONG else 20, stateful_step_count=50 if LONG else 25, deadline=None,
            derandomize=not LONG, database=None, suppress_health_check=list(HealthCheck),
            # Shrinking replays whole stories; what failed is printed, and --long is there to look closer.
            phases=list(Phase) if LONG else [Phase.explicit, Phase.generate],
        ),
    )  # fmt: skip
    assert len(REACHED) >= FEWEST_STATES, "the walks come nowhere"
