"""Groups where people log in give roles here, take them again, and never more than the administrator has listed."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from organization.issuers import LogInProvider
from organization.log_in import Vouched
from organization.models import GroupRole, RoleAssignment, Unit
from organization.operations import create, end_role, follow_groups, give_role, remove_group_role
from organization.policies import CASE_ROLES
from organization.roles import Role
from tests.organization.test_log_in_by_provider import (
    ORGNRS,
    claims_of,
    leader,
    log_in,
    process,
    provider,
    refused,
    tuned,
    who,
)  # fmt: skip
from tests.world import SYSTEM

__all__ = ["process", "provider"]  # fixtures
PAGE = reverse("organization:group_role_list")


def rule(place, group, role, unit=None, key="heim"):
    row = GroupRole(
        municipality=place.municipality, provider=key, group=group, role=role, unit=unit or place.unit
    )
    return create(row, action="add_group_role", by=SYSTEM, now=timezone.now())


def roles_of(person):
    held = RoleAssignment.objects.in_force(timezone.localdate()).filter(person=person)
    return {(row.role, row.unit_id) for row in held}


def again(client, process, person, groups, **changes):
    client.logout()
    return log_in(client, process, claims_of(person, groups=groups, **changes))


# --- At log-in ------------------------------------------------------------------------------------------
def test_log_in__gives_the_roles_of_the_groups_and_takes_them_when_the_groups_change(
    world, client, provider, process
):
    person, unit = leader(world), world.home.unit.pk
    rule(world.home, "prosjekt", Role.PROJECT_MANAGER)
    rule(world.home, "arkiv", Role.ARCHIVIST, world.home.municipality)
    by_hand = roles_of(person)
    log_in(client, process, claims_of(person, groups=["prosjekt", "ukjent"]))
    assert roles_of(person) == by_hand | {(Role.PROJECT_MANAGER, unit)}
    again(client, process, person, ["arkiv"])
    assert roles_of(person) == by_hand | {(Role.ARCHIVIST, world.home.municipality.pk)}
    # The actor of this very request has the roles of today, and the page of the archive opens.
    assert client.get("/arkiv/").status_code == 200
    again(client, process, person, [])
    assert roles_of(person) == by_hand
    assert client.get("/arkiv/").status_code == 403
    again(client, process, person, ["prosjekt"])
    assert roles_of(person) == by_hand | {(Role.PROJECT_MANAGER, unit)}


@pytest.mark.parametrize("groups", [None, "annet", {}, 7, [7, None, ["prosjekt"]], ["prosjekt\x00"], True])
def test_log_in__a_claim_that_names_no_known_group_takes_the_roles(world, client, provider, process, groups):
    person = leader(world)
    rule(world.home, "prosjekt", Role.PROJECT_MANAGER)
    log_in(client, process, claims_of(person, groups=["prosjekt"]))
    assert (Role.PROJECT_MANAGER, world.home.unit.pk) in roles_of(person)
    assert again(client, process, person, groups).status_code == 302
    assert (Role.PROJECT_MANAGER, world.home.unit.pk) not in roles_of(person)


def test_log_in__by_another_claim_where_the_provider_says_so(world, client, provider, process, settings):
    tuned(settings, groups_claim="roles")
    rule(world.home, "prosjekt", Role.PROJECT_MANAGER)
    log_in(client, process, claims_of(leader(world), roles="prosjekt"))
    assert (Role.PROJECT_MANAGER, world.home.unit.pk) in roles_of(leader(world))


def test_log_in__roles_given_by_hand_stay(world, client, provider, process):
    person = leader(world)
    rule(world.home, "ledere", Role.LEADER)
    before = RoleAssignment.objects.filter(person=person).count()
    log_in(client, process, claims_of(person, groups=["ledere"]))  # has it already
    assert RoleAssignment.objects.filter(person=person).count() == before
    again(client, process, person, [])
    assert (Role.LEADER, world.home.unit.pk) in roles_of(person)


def test_log_in__stands_in_the_history_as_what_it_is(world, client, provider, process, as_role):
    rule(world.home, "prosjekt", Role.PROJECT_MANAGER)
    log_in(client, process, claims_of(leader(world), groups=["prosjekt"]))
    page = as_role(Role.ADMINISTRATOR).get(f"/organisasjon/personer/{leader(world).pk}/").content.decode()
    assert "Etter gruppene ved innlogging" in page
    assert "Heim kommune" in page


def test_log_in__a_list_of_another_municipality_or_provider_gives_nothing(world, client, provider, process):
    person = leader(world)
    by_hand = roles_of(person)
    rule(world.neighbor, "prosjekt", Role.PROJECT_MANAGER)  # the neighbor's list names our provider
    rule(world.home, "prosjekt", Role.PROJECT_MANAGER, key="granne")
    assert log_in(client, process, claims_of(person, groups=["prosjekt"])).status_code == 302
    assert roles_of(person) == by_hand


def test_log_in__groups_bring_back_nobody_who_has_left(world, client, provider, process):
    person = leader(world)
    rule(world.home, "prosjekt", Role.PROJECT_MANAGER)
    log_in(client, process, claims_of(person, groups=["prosjekt"]))
    RoleAssignment.objects.filter(person=person).update(valid_to=timezone.localdate())
    refused(client_out(client), log_in(client, process, claims_of(person, groups=["prosjekt"])))
    assert roles_of(person) == set()


def client_out(client):
    client.logout()
    return client


def test_log_in__of_who_had_roles_by_groups_alone_and_is_in_none_is_refused(world, client, provider, process):
    person = leader(world)
    rule(world.home, "prosjekt", Role.PROJECT_MANAGER)
    log_in(client, process, claims_of(person, groups=["prosjekt"]))
    RoleAssignment.objects.filter(person=person, from_provider="").update(valid_to=timezone.localdate())
    assert again(client, process, person, ["prosjekt"]).status_code == 302
    refused(client_out(client), log_in(client, process, claims_of(person, groups=[])))
    assert roles_of(person) == set()
    assert who(client) is None


# --- What no group gives ------------------------------------------------------------------------------------
def vouched(settings, *groups):
    return Vouched(settings.LOG_IN_PROVIDERS["heim"], "", frozenset(groups))


def test_follow_groups__gives_who_administers_no_role_that_reads_cases(world, provider):
    admin = world.home.person(Role.ADMINISTRATOR)
    for role in sorted(CASE_ROLES):
        rule(world.home, "alle", role, world.home.municipality)
    rule(world.home, "alle", Role.CHANGE_AGENT)
    before = roles_of(admin)
    follow_groups(admin, vouched(provider, "alle"), now=timezone.now())
    assert roles_of(admin) == before | {(Role.CHANGE_AGENT, world.home.unit.pk)}
    other = world.home.person(Role.EMPLOYEE)
    follow_groups(other, vouched(provider, "alle"), now=timezone.now())
    assert {role for role, _unit in roles_of(other)} >= CASE_ROLES


def test_group_role__never_gives_administrator(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        rule(world.home, "alle", Role.ADMINISTRATOR)


def test_follow_groups__gives_nothing_on_a_unit_that_is_closed(world, provider):
    person = leader(world)
    rule(world.home, "prosjekt", Role.PROJECT_MANAGER)
    Unit.objects.filter(pk=world.home.unit.pk).update(closed_on=timezone.localdate())
    before = roles_of(person)
    follow_groups(person, vouched(provider, "prosjekt"), now=timezone.now())
    assert roles_of(person) == before


def test_follow_groups__leaves_what_another_provider_gave(world, provider):
    person, today = leader(world), timezone.localdate()
    row = give_role(
        person=person, role=Role.ARCHIVIST, unit=world.home.unit, valid_from=today - timedelta(days=9), by=SYSTEM,
        now=timezone.now(), from_provider="granne",
    )  # fmt: skip
    follow_groups(person, vouched(provider), now=timezone.now())
    assert (row.role, row.unit_id) in roles_of(person)
    end_role(row, on=today, by=SYSTEM, now=timezone.now())


def test_remove_group_role__ends_the_role_at_once_unless_another_group_gives_it(world, provider):
    person, place = leader(world), (Role.PROJECT_MANAGER, world.home.unit.pk)
    first, second = (rule(world.home, name, Role.PROJECT_MANAGER) for name in ("a", "b"))
    by_hand = world.home.person(Role.PROJECT_MANAGER)
    follow_groups(person, vouched(provider, "a", "b"), now=timezone.now())
    remove_group_role(first, by=SYSTEM, now=timezone.now())
    assert place in roles_of(person)
    remove_group_role(second, by=SYSTEM, now=timezone.now())
    assert place not in roles_of(person)
    assert place in roles_of(by_hand)


# --- The page -------------------------------------------------------------------------------------------
@pytest.fixture
def listed(settings, world):
    for code, orgnr in ORGNRS.items():
        Unit.objects.filter(code=code).update(orgnr=orgnr)
    heim = LogInProvider(
        key="heim", name="Heim kommune", server="http://127.0.0.1:9", client_id="a", client_secret="b",
        municipalities=(ORGNRS["heim"],),
    )  # fmt: skip
    granne = dataclasses.replace(
        heim, key="granne", name="Granne kommune", municipalities=(ORGNRS["granne"],)
    )
    settings.LOG_IN_PROVIDERS = {"heim": heim, "granne": granne}
    return settings


def filled(world, **changes):
    given = {
        "handling": "add",
        "provider": "heim",
        "group": "0f-3",
        "role": Role.LEADER,
        "unit": world.home.unit.pk,
    }
    return given | changes


def test_keep_list__adds_and_removes(admin, world, listed):
    assert "Granne kommune" not in admin.get(PAGE).content.decode()
    assert admin.post(PAGE, filled(world)).status_code == 302
    row = GroupRole.objects.get()
    assert (row.municipality, row.provider, row.group, row.role) == (
        world.home.municipality,
        "heim",
        "0f-3",
        Role.LEADER,
    )
    assert "0f-3" in admin.get(PAGE).content.decode()
    assert admin.post(PAGE, {"handling": "remove", "row": row.pk}).status_code == 302
    assert not GroupRole.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"provider": "granne"}, {"provider": ""}, {"group": ""}, {"group": "x" * 201}, {"group": "a\x00"},
        {"role": Role.ADMINISTRATOR}, {"role": "konge"}, {"unit": ""}, {"unit": "x"}, {"unit": 10**30},
    ],
)  # fmt: skip
def test_keep_list__says_what_is_wrong(admin, world, listed, changes):
    assert admin.post(PAGE, filled(world, **changes)).status_code == 422
    assert not GroupRole.objects.exists()


def test_keep_list__twice_the_same_is_refused(admin, world, listed):
    admin.post(PAGE, filled(world))
    assert admin.post(PAGE, filled(world)).status_code == 422
    assert GroupRole.objects.count() == 1


def test_keep_list__of_another_municipality_is_neither_shown_nor_touched(admin, world, listed):
    theirs = rule(world.neighbor, "naboens", Role.LEADER, key="granne")
    assert "naboens" not in admin.get(PAGE).content.decode()
    assert admin.post(PAGE, {"handling": "remove", "row": theirs.pk}).status_code == 422
    assert admin.post(PAGE, filled(world, unit=world.neighbor.unit.pk)).status_code == 422
    assert list(GroupRole.objects.all()) == [theirs]


def test_keep_list__says_where_there_is_no_log_in_to_follow(admin, world, settings):
    assert "har ingen slik innlogging" in admin.get(PAGE).content.decode()
    assert admin.post(PAGE, filled(world)).status_code == 422
    assert admin.post(PAGE, {"handling": "noe"}).status_code == 404
