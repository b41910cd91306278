"""What is laid on somebody lands on people who are there: not on those who have no role left in the municipality."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from core.workflow import TransitionBlocked
from deviations import operations
from deviations.operations import OfferInput
from organization.roles import Role
from tests.deviations import stories
from tests.deviations.test_lift import accepted, raised
from tests.world import end_roles_of


@pytest.fixture
def place(world):
    return world.home


def leave(person):
    end_roles_of(person, timezone.localdate())


# --- What is laid on somebody by name ----------------------------------------------------------------
def test_propose_action__only_to_somebody_there(world, place):
    case = stories.in_progress(place)
    with pytest.raises(TransitionBlocked, match="ingen rolle i kommunen"):
        stories.propose(case, place, owner=world.neighbor.person(Role.LEADER))
    assert not case.actions.exists()
    assert stories.propose(case, place, owner=place.person(Role.HR)).owner == place.person(Role.HR)


def test_offer_solution__only_by_somebody_there(world, place):
    lift = raised(place)
    given = {
        "plan": "Vi gjør det.", "unit": place.sector, "due_on": timezone.localdate() + timedelta(days=30),
    }  # fmt: skip
    by = place.actor(Role.SECTOR_LEADER)
    foreign = OfferInput(**given, owner=world.neighbor.person(Role.LEADER))
    with pytest.raises(TransitionBlocked, match="ingen rolle i kommunen"):
        operations.offer_solution(lift, foreign, by=by, now=timezone.now())
    assert not lift.offers.exists()
    own = OfferInput(**given, owner=place.person(Role.HR))
    offer = operations.offer_solution(lift, own, by=by, now=timezone.now())
    leave(place.person(Role.HR))
    with pytest.raises(TransitionBlocked, match="ingen rolle i kommunen"):
        accepted(lift, offer, place)


def test_reroute__only_to_somebody_there(world, place):
    case, by = stories.report(place), place.actor(Role.LEADER)
    foreign = world.neighbor.person(Role.LEADER)
    with pytest.raises(TransitionBlocked, match="ingen rolle i kommunen"):
        operations.reroute(case, foreign, reason="Deres sak", by=by, now=timezone.now())
    above = place.person(Role.SECTOR_LEADER)
    assert (
        operations.reroute(case, above, reason="Gjelder alle", by=by, now=timezone.now()).responsible == above
    )


def test_reuse_action__not_that_of_another_municipality(world, place):
    case = stories.in_progress(place)
    elsewhere = world.neighbor
    foreign = stories.propose(
        stories.in_progress(elsewhere), elsewhere, owner=elsewhere.person(Role.SERVICE_OWNER)
    )
    with pytest.raises(TransitionBlocked, match="en annen kommune"):
        operations.reuse_action(case, foreign, by=place.actor(Role.LEADER), now=timezone.now())
    own = stories.propose(stories.in_progress(place), place)
    assert operations.reuse_action(case, own, by=place.actor(Role.LEADER), now=timezone.now()).action == own
