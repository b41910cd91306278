"""What a link of an action repeats of the action and of the case is always theirs, and hides no case from the owner."""

from __future__ import annotations

import pytest

from deviations.models import ActionLink, CorrectiveAction, Deviation
from deviations.queries import links_of_own_actions
from organization.roles import Role
from tests.deviations import kept, stories


def in_step() -> bool:
    return ActionLink.objects.exists() and not kept.links_out_of_step()


def sees(actor, case) -> bool:
    return Deviation.objects.visible_to(actor).filter(pk=case.pk).exists()


@pytest.fixture
def case(world):
    return stories.in_progress(world.home)


@pytest.fixture
def action(world, case):
    return stories.propose(case, world.home, owner=world.home.person(Role.LEADER))


def test_link__follows_action_and_case(world, case, action):
    assert in_step()
    other = stories.propose(stories.in_progress(world.home, unit=world.home.unit), world.home)
    ActionLink.objects.filter(action=other).update(action=action)
    assert in_step()
    CorrectiveAction.objects.filter(pk=action.pk).update(owner=world.home.person(Role.HR))
    assert in_step()
    Deviation.objects.filter(pk=case.pk).update(unit=world.home.sector)
    assert in_step()
    Deviation.objects.filter(pk=case.pk).update(is_confidential=True)
    assert in_step()


def test_own_action__in_a_case_of_the_own_line_is_not_looked_up(world, case, action):
    leader = world.home.actor(Role.LEADER)
    assert sees(leader, case)
    assert not links_of_own_actions(leader).exists()


@pytest.mark.parametrize("change", ["is_confidential", "unit"])
def test_own_action__shows_a_case_that_left_the_line(world, case, action, change):
    leader, value = (
        world.home.actor(Role.LEADER),
        {"is_confidential": True, "unit": world.home.sector}[change],
    )
    Deviation.objects.filter(pk=case.pk).update(responsible=None, handler=None, **{change: value})
    assert sees(leader, case)
    CorrectiveAction.objects.filter(pk=action.pk).update(owner=world.home.person(Role.HR))
    assert not sees(leader, case)
    assert sees(world.home.actor(Role.HR), case)


def test_own_action__of_a_hidden_case_shows_nothing(world, case, action):
    ActionLink.objects.filter(action=action).update(hides_case=True)
    CorrectiveAction.objects.filter(pk=action.pk).update(owner=world.home.person(Role.HR))
    assert not sees(world.home.actor(Role.HR), case)


def test_own_action__nothing_to_a_neighbor(world, case, action):
    assert not links_of_own_actions(world.neighbor.actor(Role.LEADER)).exists()
    assert not sees(world.neighbor.actor(Role.LEADER), case)
