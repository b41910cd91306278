"""The first rows found way by way are those that visibility and order give, for every role and on every page."""

from __future__ import annotations

import pytest

from core.textsearch import search_query
from deviations import queries
from deviations.filters import LIST_ORDERING
from deviations.injury_list import LIST_ORDERING as REGISTER
from deviations.injury_queries import first_of_area
from deviations.models import CorrectiveAction, Deviation, Injury, Status
from deviations.newest import first_visible_to
from organization.roles import Role
from tests.deviations import stories

BACKWARD = ("created_at", "pk")
OF_THE_API = ("-changed_at", "-id")


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


@pytest.mark.parametrize("ordering", [LIST_ORDERING, BACKWARD, OF_THE_API])
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


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_first__with_words_is_the_same_whether_they_are_common_or_rare(world, cases, monkeypatch, share):
    stories.report(world.home, description="Medisinen ble glemt i natt.")
    stories.report(world.neighbor, description="Medisinen ble glemt i dag.")
    monkeypatch.setattr(queries, "_COMMON", share)
    words, shown = search_query("medisin glemt"), 0
    for role in (Role.LEADER, Role.SECTOR_LEADER, Role.KOMMUNEDIREKTOR, Role.VERNEOMBUD, Role.EMPLOYEE):
        actor = world.home.actor(role)
        chosen = cases.having_words(words)
        assert chosen.have_rare_words is bool(share)
        whole = cases.visible_to(actor).filter(search=words).order_by(*LIST_ORDERING)
        assert list(first_visible_to(actor)(chosen, LIST_ORDERING, 50)) == list(whole), role
        assert set(cases.matching("medisin glemt", actor).visible_to(actor)) == set(
            whole.with_words_for(actor)
        ), role
        shown += len(whole)
    assert shown > 2


def test_first_of_area__are_those_of_the_register(world):
    hurt = {"staff_injured": "yes"}
    for place in (world.home, world.neighbor):
        for _number in range(2):
            stories.report(place, code="HMS-FALL", answers=hurt)
    stories.report(
        world.home, code="HMS-FALL", answers=hurt, concerned=(world.home.person(Role.SECTOR_LEADER),)
    )
    shown = {}
    for place in (world.home, world.neighbor):
        for role in (Role.LEADER, Role.SECTOR_LEADER, Role.VERNEOMBUD, Role.HR, Role.AMU, Role.EMPLOYEE):
            try:
                actor = place.actor(role)
            except (LookupError, AssertionError):
                continue
            whole = list(Injury.objects.visible_to(actor).order_by(*REGISTER))
            for count in (1, 50):
                found = first_of_area(actor)(Injury.objects.all(), REGISTER, count)
                assert list(found) == whole[:count], (role, count)
            shown[place is world.home, role] = len(whole)
    assert shown[True, Role.VERNEOMBUD] == 3
    assert shown[True, Role.SECTOR_LEADER] == 2
    assert not shown[True, Role.EMPLOYEE]
