"""Roles: giving, ending, what each permits, and the rules that keep administrators honest."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from core.errors import Refused
from organization.actors import person_actor
from organization.models import RoleAssignment
from organization.operations import end_role, give_role
from organization.policies import CASE_ROLES
from organization.roles import PERMISSIONS, Permission, Role
from tests.organization.conftest import new_person, text_of, url
from tests.world import SYSTEM, end_roles_of


def terms(world, **changes) -> dict[str, object]:
    return {"unit": world.home.unit.pk, "valid_from": timezone.localdate().isoformat(), **changes}


def give(client, person, role: Role, data):
    return client.post(url("role_give", person.pk, query=f"rolle={role}"), data)


def test_give_role__gives_access_from_the_day(admin, world, today):
    person = world.home.person(Role.EMPLOYEE)
    tomorrow = today + timedelta(days=1)
    response = give(admin, person, Role.LEADER, terms(world, valid_from=tomorrow.isoformat()))
    assert response.url == url("person_detail", person.pk)
    assert not person_actor(person).has_role(Role.LEADER)
    assert person_actor(person, day=tomorrow).has_role(Role.LEADER)
    page = text_of(admin.get(url("person_detail", person.pk)))
    assert "Rolle gitt" in page
    assert "Begynner" in page


def test_give_role__first_step_asks_which(admin, world):
    person = world.home.person(Role.EMPLOYEE)
    assert "Hvilken rolle?" in text_of(admin.get(url("role_give", person.pk)))
    page = text_of(admin.get(url("role_give", person.pk, query="rolle=council_member")))
    assert "Lese skjermede opplysninger" in page
    assert "Fagfelt" in page
    assert admin.get(url("role_give", person.pk, query="rolle=konge")).status_code == 200
    assert admin.post(url("role_give", person.pk, query="rolle=konge"), terms(world)).status_code == 404


@pytest.mark.parametrize(
    ("role", "fields"),
    [
        (Role.COORDINATOR, {"allocated_percentage"}),
        (Role.COUNCIL_SUBSTITUTE, {"field", "competence"}),
        (Role.SECRETARIAT, {"is_leading"}),
        (Role.LEADER, set()),
    ],
)
def test_give_role__asks_only_what_the_role_has(admin, world, role, fields):
    page = admin.get(url("role_give", world.home.person(Role.HR).pk, query=f"rolle={role}"))
    shown = set(page.context["form"].fields)
    assert shown & {"allocated_percentage", "field", "competence", "is_leading"} == fields


def test_give_role__keeps_the_terms(admin, world):
    person = world.home.person(Role.HR)
    sent = terms(world, allocated_percentage="40", stand_in_for=world.home.person(Role.COORDINATOR).name)
    assert give(admin, person, Role.COORDINATOR, sent).status_code == 302
    row = person.roles.get(role=Role.COORDINATOR)
    assert (row.allocated_percentage, row.stand_in_for) == (40, world.home.person(Role.COORDINATOR))
    page = text_of(admin.get(url("person_detail", person.pk)))
    assert "Avsatt 40 prosent" in page
    assert "Vikar for" in page


@pytest.mark.parametrize(
    ("role", "changes", "says"),
    [
        (Role.LEADER, {"unit": ""}, "Du må velge «Enhet»"),
        (Role.LEADER, {"valid_to": "2020-01-01"}, "Rollen kan ikke slutte før den begynner"),
        (Role.LEADER, {"valid_from": "tull"}, "dag.måned.år"),
        (Role.COORDINATOR, {"allocated_percentage": "101"}, "større enn 100"),
        (Role.COORDINATOR, {"allocated_percentage": "-1"}, "mindre enn 0"),
        (Role.LEADER, {"stand_in_for": "Ingen Slik"}, "Fant ingen treff"),
        (Role.LEADER, {"stand_in_for": "qqq\x00"}, "Fant ingen treff"),
        (Role.HR, {}, "Personen har alt denne rollen her"),
    ],
)
def test_give_role__says_what_is_wrong(admin, world, role, changes, says):
    person = world.home.person(Role.HR)
    sent = terms(world, **({"unit": world.home.municipality.pk} | changes))
    response = give(admin, person, role, sent)
    assert response.status_code == 422
    assert says in text_of(response)
    assert person.roles.count() == 1


def test_give_role__only_on_own_units(admin, world):
    person = world.home.person(Role.HR)
    assert give(admin, person, Role.LEADER, terms(world, unit=world.neighbor.unit.pk)).status_code == 422
    assert give(admin, world.neighbor.person(Role.HR), Role.LEADER, terms(world)).status_code == 404
    assert not RoleAssignment.objects.filter(role=Role.LEADER, person__username__startswith="hr.").exists()


def test_give_role__administrator_gets_none_that_reads_cases(admin, world):
    me = world.home.person(Role.ADMINISTRATOR)
    page = admin.get(url("role_give", me.pk))
    offered = {value for value, _label in page.context["choice"].fields["rolle"].choices}
    assert not offered & CASE_ROLES
    assert offered >= {Role.EMPLOYEE, Role.PROJECT_MANAGER}
    for role in CASE_ROLES:
        assert give(admin, me, role, terms(world)).status_code == 404
    assert give(admin, me, Role.EMPLOYEE, terms(world)).status_code == 302


def test_give_role__main_position_of_another_municipality_stays_there(admin, world, today):
    person = new_person("to.steder", "To Steder", unit=world.neighbor.unit)
    give_role(
        person=person,
        role=Role.EMPLOYEE,
        unit=world.home.unit,
        valid_from=today,
        by=SYSTEM,
        now=timezone.now(),
    )
    assert give(admin, person, Role.LEADER, terms(world, is_main="on")).status_code == 302
    assert not person.roles.get(role=Role.LEADER).is_main
    assert admin.get(url("person_edit", person.pk)).status_code == 403


def test_give_role__new_main_position_takes_over(admin, world):
    person = world.home.person(Role.HR)
    give(admin, person, Role.LEADER, terms(world, is_main="on"))
    assert [row.role for row in person.roles.filter(is_main=True)] == [Role.LEADER]


def test_give_role__region_draws_on_its_municipalities(as_role, world):
    person = world.home.person(Role.HR)
    region = as_role(Role.ADMINISTRATOR, world.region)
    assert region.get(url("person_detail", person.pk)).status_code == 404
    listed = region.get(url("person_list"), {"regionen": "on", "q": person.name})
    assert [row.pk for row in listed.context["page"].rows] == [person.pk]
    sent = terms(world, unit=world.region.municipality.pk)
    assert give(region, person, Role.COUNCIL_MEMBER, sent).status_code == 302
    assert world.region.municipality.pk in person_actor(person).municipality_ids
    assert region.get(url("person_edit", person.pk)).status_code == 403
    outsider = world.stranger.person(Role.HR)
    assert give(region, outsider, Role.COUNCIL_MEMBER, sent).status_code == 404


def test_end_role__loses_access_that_day_and_stands_in_history(admin, world, today):
    person = world.home.person(Role.LEADER)
    row = person.roles.get()
    response = admin.post(url("role_end", row.pk), {"day": today.isoformat(), "reason": "Bytter jobb"})
    assert response.status_code == 302
    assert person_actor(person).grants == ()
    page = text_of(admin.get(url("person_detail", person.pk)))
    assert "Rolle avsluttet" in page
    assert "Bytter jobb" in page
    assert "Tidligere roller" in page


def test_end_role__never_opens_what_was_closed(admin, world, today, yesterday):
    person = world.home.person(Role.SECRETARIAT)
    end_roles_of(person, yesterday)
    row = person.roles.get()
    later = (today + timedelta(days=300)).isoformat()
    response = admin.post(url("role_end", row.pk), {"day": later})
    assert response.status_code == 409
    assert "slutter alt" in text_of(response)
    assert person_actor(person).grants == ()


@pytest.mark.parametrize("typed", ["", "2023-12-31", "tull", "2999-01-01"])
def test_end_role__odd_dates_are_told(admin, world, typed):
    row = world.home.person(Role.LEADER).roles.get()
    response = admin.post(url("role_end", row.pk), {"day": typed})
    assert response.status_code == 422
    row.refresh_from_db()
    assert row.valid_to is None


def test_end_role__sent_twice_is_harmless(admin, world, today):
    row = world.home.person(Role.LEADER).roles.get()
    for _time in range(2):
        assert admin.post(url("role_end", row.pk), {"day": today.isoformat()}).status_code == 302
    row.refresh_from_db()
    assert row.valid_to == today


def test_end_role__municipality_keeps_an_administrator(admin, world, today):
    row = world.home.person(Role.ADMINISTRATOR).roles.get()
    response = admin.post(url("role_end", row.pk), {"day": today.isoformat()})
    assert response.status_code == 409
    assert "uten administrator" in text_of(response)
    new_person("ny.admin", "Ny Admin", unit=world.home.municipality, role=Role.ADMINISTRATOR)
    assert admin.post(url("role_end", row.pk), {"day": today.isoformat()}).status_code == 302
    with pytest.raises(Refused, match="uten administrator"):
        end_role(
            RoleAssignment.objects.get(person__username="ny.admin"), on=today, by=SYSTEM, now=timezone.now()
        )


def test_show_role_table__has_every_role_and_permission(employee):
    page = text_of(employee.get(url("role_table")))
    for role in Role:
        assert str(role.label) in page
    for permission in {p for granted in PERMISSIONS.values() for p in granted} | {
        Permission.DECIDE_FAST_TRACK
    }:
        assert str(permission.label) in page
