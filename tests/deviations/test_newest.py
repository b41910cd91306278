"""The first rows found way by way are those that visibility and order give, for every role and on every page."""

from __future__ import annotations

import pytest

from deviations.filters import LIST_ORDERING
from deviations.models import CorrectiveAction, Deviation, Status
from deviations.newest import first_visible_to
from organization.roles import Role
from tests.deviations import stories

BACKWARD = ("created_at", "pk")


@pytest.fixture
def cases(world):
    home, near = world.home, world.neighbor
    for code in ("HMS-FALL", "IS-FEILSENDT", "TJ-VEI", "HMS-PSYK", "IS-SNOK", "TJ-BARNEVERN"):
        stories.report(home, code=code)
        stories.report(near, code=code)
    stories.report(home, code="TJ-VEI", answers={"personal_data": "yes"})
    stories.report(home, concerned=(home.person(Role.SECTOR_LEADER), home.person(Role.PRIVACY_OFFICER)))
    stories.report(home, anonymity="anonymous")
    stories.report(near, by=near.actor(Role.LEADER))
    action = stories.propose(stories.in_progress(home), home)
    CorrectiveAction.objects.filter(pk=action.pk).update(owner=home.person(Role.HR))
    stories.draft(home)
    stories.operations.follow(
        stories.report(home), home.person(Role.CHANGE_AGENT), note="", now=Deviation.objects.latest("pk").created_at
    )  # fmt: skip
    return Deviation.objects.exclude(status=Status.DRAFT)


@pytest.mark.parametrize("ordering", [LIST_ORDERING, BACKWARD])
def test_first__are_those_of_the_whole_list(world, cases, ordering):
    shown = 0
    for place in (world.home, world.neighbor):
        for role in Role:
            try:
                actor = place.actor(role)
            except (LookupError, AssertionError):
                continue
            whole = list(cases.visible_to(actor).order_by(*ordering))
            for count in (1, 3, 100):
                assert list(first_visible_to(actor)(cases, ordering, count)) == whole[:count], (role, count)
            shown += len(whole)
    assert shown > 50


def test_first__keeps_filters_and_shows_nothing_to_a_stranger(world, cases):
    leader = world.home.actor(Role.LEADER)
    chosen = cases.filter(category="service")
    found = first_visible_to(leader)(chosen, LIST_ORDERING, 50)
    assert set(found) == set(chosen.visible_to(leader))
    assert found
    assert not first_visible_to(world.stranger.actor(Role.LEADER))(cases, LIST_ORDERING, 50)
