"""What is laid on somebody lands on people who are there: not on those who have no role left in the municipality."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from core.workflow import TransitionBlocked
from deviations import operations, receivers
from deviations.models import RoutingRule
from deviations.operations import OfferInput
from deviations.routing import Roster, route
from organization.models import RoleAssignment
from organization.roles import Role
from tests.deviations import stories
from tests.deviations.test_lift import accepted, raised
from tests.world import end_roles_of


@pytest.fixture
def place(world):
    return world.home


def name_in_rule(place, person, **matter):
    given = matter or {"type": stories.type_of(place, stories.FALL)}
    return RoutingRule.objects.create(
        municipality=place.municipality, unit=place.sector, person=person, changed_at=timezone.now(), **given
    )


def leave(person):
    end_roles_of(person, timezone.localdate())


def move_to(person, place):
    """Let the person leave, and work in another municipality."""
    leave(person)
    RoleAssignment.objects.create(
        person=person, unit=place.unit, role=Role.EMPLOYEE, valid_from=timezone.localdate(), changed_at=timezone.now()
    )  # fmt: skip


# --- Rules that name a person ------------------------------------------------------------------------
def test_route__to_whom_the_rule_names(place):
    name_in_rule(place, place.person(Role.HR))
    case = stories.report(place)
    assert case.responsible == place.person(Role.HR)
    assert case.routings.get().why == "Kommunens regel for «Fall eller snubling (ansatt)»"


def test_route__past_whom_the_rule_names_when_no_role_is_left(world, place):
    named = place.person(Role.HR)
    name_in_rule(place, named)
    move_to(named, world.neighbor)
    case = stories.report(place)
    assert case.responsible == place.person(Role.LEADER)
    why = case.routings.get().why
    assert why.startswith("Leder for")
    assert "nevner en som ikke arbeider i kommunen lenger" in why
    assert named.name not in why
    today = timezone.localdate()
    assert route(case, day=today, roster=Roster.of(place.municipality, today)) == route(case, day=today)


def test_route__to_the_next_rule_when_the_first_names_nobody_there(place):
    named = place.person(Role.HR)
    name_in_rule(place, named)
    name_in_rule(place, place.person(Role.SECTOR_LEADER), category="hms")
    leave(named)
    case = stories.report(place)
    assert case.responsible == place.person(Role.SECTOR_LEADER)
    assert "nevner en som ikke arbeider" in case.routings.get().why


def test_route__says_nothing_of_a_rule_that_only_stepped_aside_for_the_reporter(place):
    name_in_rule(place, place.person(Role.HR))
    case = stories.report(place, by=place.actor(Role.HR))
    assert case.responsible == place.person(Role.LEADER)
    assert "arbeider" not in case.routings.get().why


def test_list_rules__warns_of_a_person_without_a_role(world, place, as_role):
    named, today = place.person(Role.HR), timezone.localdate()
    name_in_rule(place, named)
    (line,) = receivers.rule_lines(place.municipality, day=today)
    assert not line.warning
    move_to(named, world.neighbor)
    (line,) = receivers.rule_lines(place.municipality, day=today)
    assert "ingen rolle i kommunen" in line.warning
    page = as_role(Role.QUALITY_MANAGER).get("/avvik/katalog/mottakere/").content.decode()
    assert line.warning in page


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
