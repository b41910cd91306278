"""Whose inbox a case or a meeting stands in: of those who can take the next step, and of nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from core.inbox import Inbox
from core.workflow import TransitionDenied
from governance import council
from governance.models import Initiative, Meeting
from governance.workflow import meeting_workflow
from organization.roles import Role
from tests import stories
from tests.world import end_roles_of


def waiting(actor) -> set[tuple[str, str]]:
    return {(str(task.verb), task.title) for task in Inbox(actor).tasks()}


def verbs(actor) -> set[str]:
    return {verb for verb, _title in waiting(actor)}


@pytest.fixture
def place(world):
    return world.home


def concluded(place, *, away: Role) -> Meeting:
    """Return a meeting held without the person of that role."""
    at, by, now = stories.meeting(place), place.actor(Role.SECRETARIAT), timezone.now()
    case = stories.on_agenda(place, at)
    at = meeting_workflow.perform("summon", at, by=by, now=now)
    seats = at.attendances.exclude(seat="substitute")
    gone = {seat.pk for seat in seats if seat.person_id == place.person(away).pk}
    council.register_attendance(
        at, present={seat.pk for seat in seats} - gone, absent=gone, substitutes={}, by=by, now=now
    )
    meeting_workflow.perform("open_session", at, by=by, now=now)
    council.decide(case.agenda_items.get(), outcome="postpone", text="Utsettes.", by=by, now=now)
    return meeting_workflow.perform("conclude", Meeting.objects.get(pk=at.pk), by=by, now=now)


@pytest.mark.parametrize(
    ("away", "there"),
    [(Role.COUNCIL_LEADER, Role.COUNCIL_DEPUTY), (Role.COUNCIL_DEPUTY, Role.COUNCIL_LEADER)],
)
def test_minutes__wait_for_who_led_and_not_for_who_was_away(place, away, there):
    meeting = concluded(place, away=away)
    assert "Godkjenn protokollen fra" not in verbs(place.actor(away))
    assert "Godkjenn protokollen fra" in verbs(place.actor(there))
    with pytest.raises(TransitionDenied):
        meeting_workflow.perform("approve_minutes", meeting, by=place.actor(away), now=timezone.now())
    meeting_workflow.perform("approve_minutes", meeting, by=place.actor(there), now=timezone.now())
    assert "Godkjenn protokollen fra" not in verbs(place.actor(there))


def test_minutes__wait_for_who_leads_the_next_meeting(place):
    """Of those who were in the meeting: a leader who was absent is not asked."""
    concluded(place, away=Role.COUNCIL_LEADER)
    later = stories.meeting(place, days=40)
    stories.on_agenda(place, later)
    later = stories.in_session(later, place)
    assert "Godkjenn protokollen fra" not in verbs(place.actor(Role.COUNCIL_LEADER))
    Meeting.objects.filter(pk=later.pk).update(chair=place.person(Role.COUNCIL_MEMBER))
    assert "Godkjenn protokollen fra" in verbs(place.actor(Role.COUNCIL_MEMBER))


def test_minutes__wait_for_nobody_elsewhere(world, place):
    concluded(place, away=Role.COUNCIL_MEMBER)
    assert "Godkjenn protokollen fra" not in verbs(world.stranger.actor(Role.COUNCIL_LEADER))


def test_case_on_hold__waits_for_the_secretariat_from_the_day_it_is_to_be_looked_at(place):
    case = stories.decided(place, "hold")
    secretariat = place.actor(Role.SECRETARIAT)
    assert "Vurder på nytt" not in verbs(secretariat)
    Initiative.objects.filter(pk=case.pk).update(review_on=timezone.localdate())
    secretariat = place.actor(Role.SECRETARIAT)
    assert ("Vurder på nytt", case.title) in waiting(secretariat)
    [task] = [task for task in Inbox(secretariat).tasks() if task.verb == "Vurder på nytt"]
    assert task.due == timezone.localdate()


def test_case_without_sector_leader__waits_for_the_secretariat_alone(world, place):
    end_roles_of(place.person(Role.SECTOR_LEADER), timezone.localdate() - timedelta(days=1))
    case = stories.awaiting_endorsement(place)
    assert case.status == "submitted"
    assert ("Finn sektorleder for", case.title) in waiting(place.actor(Role.SECRETARIAT))
    assert "Finn sektorleder for" not in verbs(place.actor(Role.LEADER))
    assert "Finn sektorleder for" not in verbs(world.stranger.actor(Role.SECRETARIAT))
