"""State × transition × role of deviations, duties, corrective actions and lifts; see tests/matrices.py."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from deviations.models import Status
from deviations.models.status import FINAL
from deviations.workflow import action_workflow, deviation_workflow, duty_workflow, lift_workflow
from organization.roles import Role
from tests.deviations import stories
from tests.matrices import assert_snapshot, declared_steps, matrix_of

if TYPE_CHECKING:
    from tests.world import Place

SNAPSHOT = Path(__file__).parent / "matrix.txt"
WANTED = """
draft reported | reported received | reported in_progress | reported dismissed | reported transferred
received in_progress | received dismissed | received transferred | in_progress awaiting_reporter
in_progress actions_running | in_progress closed | in_progress dismissed | in_progress transferred
awaiting_reporter in_progress | actions_running evaluating | actions_running in_progress | actions_running closed
evaluating closed | evaluating actions_running | evaluating in_progress | closed in_progress | dismissed in_progress
reported merged | received merged | in_progress merged | awaiting_reporter merged
"""


def actors(place: Place) -> dict[str, object]:
    """The employee has reported, the service owner has the action; everybody else holds one role."""
    names = {Role.EMPLOYEE: "reporter", Role.SERVICE_OWNER: "action_owner"}
    return {names.get(role, role.value): place.actor(role) for role in Role}


def subjects(place: Place):
    case = stories.in_progress(place, code="HMS-VOLD-FYS", answers={"violence": "yes"})
    secret = stories.in_progress(place, code="HMS-PSYK")
    breach = stories.in_progress(place, code="IS-FEILSENDT", answers={"personal_data": "yes"})
    return {
        "deviation": (deviation_workflow, case),
        "confidential deviation": (deviation_workflow, secret),
        "duty": (duty_workflow, case.duties.get(code="AML_5_2")),
        "duty of data protection": (duty_workflow, breach.duties.get(code="GDPR_33")),
        "corrective action": (action_workflow, stories.propose(case, place)),
        "lift": (lift_workflow, stories.raised(case, place)),
    }


def test_allow_transitions__as_the_reviewed_matrix_says(world):
    people = actors(world.home)
    parts = {
        title: matrix_of(workflow, obj, people) for title, (workflow, obj) in subjects(world.home).items()
    }
    assert_snapshot(parts, SNAPSHOT)


def test_allow_transitions__never_to_the_other_municipality(world):
    leaks = [
        f"{place.code} {name}: {declared.name}"
        for workflow, obj in subjects(world.home).values()
        for place in (world.neighbor, world.stranger, world.region)
        for name, actor in actors(place).items()
        for declared in workflow.transitions.values()
        if declared.allow(actor, obj)
    ]
    assert leaks == []


def test_follow_catalogue__every_step_of_the_domain_text_is_declared():
    """deviations.yaml *overganger*, as domain/states narrows closing and adds merging."""
    pairs = {tuple(step.split()) for line in WANTED.strip().splitlines() for step in line.split("|")}
    assert declared_steps(deviation_workflow) == pairs


def test_leave_every_state__or_be_final():
    left = {state for t in deviation_workflow.transitions.values() for state in t.source}
    reopened = {Status.CLOSED, Status.DISMISSED}
    assert set(Status) - left == set(FINAL) - reopened
