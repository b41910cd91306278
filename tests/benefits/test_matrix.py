"""State × transition × role of benefits, of their service owners' answers and of actions; see tests/matrices.py."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from benefits.change.workflow import change_workflow
from benefits.models import Benefit
from benefits.workflow import benefit_workflow, ownership_workflow
from organization.roles import Role
from tests.benefits import change_stories as change
from tests.benefits import stories
from tests.matrices import assert_snapshot, matrix_of

if TYPE_CHECKING:
    from tests.world import Place

SNAPSHOT = Path(__file__).parent / "matrix.txt"
WORKFLOWS = {"benefit": benefit_workflow, "answer of the service owner": ownership_workflow}


def actors(place: Place) -> dict[str, object]:
    return {role.value: place.actor(role) for role in Role}


def test_allow_transitions__as_the_reviewed_matrix_says(world):
    benefit, people = stories.identified(world.home), actors(world.home)
    parts = {title: matrix_of(workflow, benefit, people) for title, workflow in WORKFLOWS.items()}
    owned = change.action(benefit.initiative, world.home, owner=world.home.person(Role.HR))
    parts["action"] = matrix_of(change_workflow, owned, people)
    assert_snapshot(parts, SNAPSHOT)


def test_allow_transitions__never_to_the_other_municipality(world):
    benefit = stories.identified(world.home)
    leaks = [
        f"{place.code} {name}: {declared.name}"
        for workflow in WORKFLOWS.values()
        for place in (world.neighbor, world.stranger, world.region)
        for name, actor in actors(place).items()
        for declared in workflow.transitions.values()
        if declared.allow(actor, benefit)
    ]
    assert leaks == []


def test_leave_every_state__none_is_a_dead_end():
    left = {state for t in benefit_workflow.transitions.values() for state in t.source}
    assert set(Benefit.Status) - left == set()
