"""State × transition × role, generated from the workflow and compared with a reviewed snapshot.

``STAFETT_WRITE_SNAPSHOT=1 ./test tests/governance/test_matrix.py`` writes the snapshot anew;
read the difference before you commit it.
"""

from __future__ import annotations

from pathlib import Path

from django.utils import timezone

from governance.models import Initiative
from governance.workflow import initiative_workflow, meeting_workflow
from organization.roles import Role
from portfolio.workflow import phase_workflow, status_workflow
from tests import stories
from tests.matrices import assert_snapshot, declared_steps, matrix_of
from tests.world import WORLD, Place

SNAPSHOT = Path(__file__).parent / "matrix.txt"
# The employee is the submitter; another employee of the same municipality is the reader.
ROLES = [role for role in Role if role != Role.EMPLOYEE]


def actors(place: Place) -> dict[str, object]:
    return {"submitter": place.actor(Role.EMPLOYEE), **{role.value: place.actor(role) for role in ROLES}}


def test_allow_transitions__as_the_reviewed_matrix_says(world):
    place = world.home
    project = stories.in_portfolio(place).project
    initiative = stories.draft(place)
    meeting = stories.meeting(place)
    stories.on_agenda(place, meeting)
    meeting = stories.in_session(meeting, place)
    people = actors(place)
    parts = {
        "initiative": matrix_of(initiative_workflow, initiative, people),
        "meeting": matrix_of(meeting_workflow, meeting, people),
        "project phase": matrix_of(phase_workflow, project, people),
        "project status": matrix_of(status_workflow, project, people),
    }
    assert_snapshot(parts, SNAPSHOT)


def test_allow_transitions__never_to_the_other_municipality(world):
    place = world.home
    project = stories.in_portfolio(place).project
    initiative, meeting = stories.draft(place), stories.meeting(place)
    subjects = [
        (initiative_workflow, initiative), (meeting_workflow, meeting), (phase_workflow, project),
        (status_workflow, project),
    ]  # fmt: skip
    leaks = [
        f"{place.code} {name}: {declared.name}"
        for place in (world.neighbor, world.stranger, world.region)
        for name, actor in actors(place).items()
        for workflow, obj in subjects
        for declared in workflow.transitions.values()
        if declared.allow(actor, obj)
    ]
    assert leaks == []


def test_allow_transitions__not_to_another_employee(world):
    """A colleague who is neither author nor in the line may do nothing with the case."""
    initiative = stories.awaiting_endorsement(world.home)
    reader = world.home.actor(Role.CHANGE_AGENT)
    assert not [t.name for t in initiative_workflow.transitions.values() if t.allow(reader, initiative)]


def test_leave_every_state__or_be_final():
    """No state is a dead end unless it is meant to be, and every state can be reached."""
    from governance.models.status import FINAL, Status

    left = {state for t in initiative_workflow.transitions.values() for state in t.source}
    reached = {t.target for t in initiative_workflow.transitions.values()} | {Status.DRAFT}
    assert set(Status) - left == set(FINAL)
    assert reached == set(Status)


def test_follow_catalogue__every_step_of_the_domain_text_is_declared():
    """domain/governance 4.3 and the further steps of domain/states."""
    wanted = """
    draft submitted | submitted awaiting_endorsement | awaiting_endorsement received
    awaiting_endorsement not_endorsed | awaiting_endorsement returned | not_endorsed received | not_endorsed draft
    not_endorsed withdrawn | fast_track adopted | fast_track rejected | fast_track returned | received returned
    received under_preparation | received fast_track | returned submitted | under_preparation ready_for_council
    under_preparation returned | under_preparation fast_track | ready_for_council on_agenda | on_agenda postponed
    on_agenda sent_back | on_agenda prioritized | on_agenda recommended | on_agenda rejected | on_agenda on_hold
    postponed on_agenda | sent_back under_preparation | prioritized adopted | recommended adopted
    prioritized rejected | recommended rejected | prioritized sent_back | recommended sent_back | on_hold on_agenda
    on_hold rejected | adopted in_portfolio | in_portfolio paused | in_portfolio stopped | in_portfolio realizing
    paused in_portfolio | paused stopped | realizing closed | on_agenda ready_for_council | received merged
    received referred | draft withdrawn | submitted withdrawn | awaiting_endorsement withdrawn | received withdrawn
    returned withdrawn | under_preparation withdrawn | ready_for_council withdrawn | postponed withdrawn
    sent_back withdrawn | on_hold withdrawn | on_agenda withdrawn
    """
    pairs = {
        tuple(step.split())
        for line in wanted.strip().splitlines()
        for step in line.split("|")
        if step.strip()
    }
    assert declared_steps(initiative_workflow) == pairs


def test_perform_transition__is_refused_from_every_other_state(world):
    """A transition taken from a state it does not leave from is refused, whoever asks."""
    import pytest

    from core.workflow import TransitionBlocked, TransitionDenied

    initiative = stories.awaiting_endorsement(world.home)
    for declared in initiative_workflow.transitions.values():
        if initiative.status in declared.source:
            continue
        with pytest.raises((TransitionBlocked, TransitionDenied)):
            initiative_workflow.perform(
                declared.name, initiative, by=WORLD.home.actor(Role.SECRETARIAT), now=timezone.now(), data={}
            )
    assert Initiative.objects.get(pk=initiative.pk).status == initiative.status
