"""Which page answers what to whom: two municipalities that are not to see each other's people."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from organization.actors import person_actor
from organization.models import RoleAssignment
from organization.operations import give_role
from organization.roles import Role
from tests.organization.conftest import new_person, text_of, url
from tests.world import SYSTEM, end_roles_of

OPEN = ["tree", "person_list", "person_options", "role_table", "service_list", "group_list", "strategy_list"]
FOR_ADMINISTRATORS = [
    "unit_create", "person_create", "service_create", "group_create", "strategy_create", "settings", "import",
]  # fmt: skip


def objects_of(place) -> dict[str, int]:
    """Return the id that each page about one thing takes, of one place."""
    person = place.person(Role.LEADER)
    return {
        "unit_detail": place.unit.pk,
        "unit_edit": place.unit.pk,
        "exposure_add": place.unit.pk,
        "person_detail": person.pk,
        "person_edit": person.pk,
        "person_leave": person.pk,
        "role_give": person.pk,
        "role_end": person.roles.get().pk,
        "service_edit": place.unit.services.get().pk,
        "strategy_detail": place.goal.strategy_id,
        "goal_create": place.goal.strategy_id,
        "goal_edit": place.goal.pk,
    }


OF_ONE = [
    "unit_detail", "unit_edit", "exposure_add", "person_detail", "person_edit", "person_leave", "role_give",
    "role_end", "service_edit", "strategy_detail", "goal_create", "goal_edit",
]  # fmt: skip
READ_BY_ALL = {"unit_detail", "person_detail", "strategy_detail"}


@pytest.mark.parametrize("name", OPEN + FOR_ADMINISTRATORS)
def test_read_page__anonymous_is_sent_to_log_in(client, world, name):
    response = client.get(url(name))
    assert response.status_code == 302
    assert "/konto/" in response.url


@pytest.mark.parametrize("name", OPEN)
@pytest.mark.parametrize("role", [Role.EMPLOYEE, Role.ELECTED_REPRESENTATIVE, Role.ADMINISTRATOR])
def test_read_open_page__everyone_may(as_role, name, role):
    assert as_role(role).get(url(name)).status_code == 200


@pytest.mark.parametrize("name", FOR_ADMINISTRATORS)
def test_read_page_of_administrators__others_get_403(as_role, name):
    assert as_role(Role.ADMINISTRATOR).get(url(name)).status_code == 200
    for role in (Role.EMPLOYEE, Role.SECTOR_LEADER, Role.SECRETARIAT, Role.KOMMUNEDIREKTOR):
        assert as_role(role).get(url(name)).status_code == 403


@pytest.mark.parametrize("name", OF_ONE)
def test_read_page_of_one__own_municipality(as_role, world, name):
    address = url(name, objects_of(world.home)[name])
    administrator = as_role(Role.ADMINISTRATOR).get(address)
    assert administrator.status_code == (302 if name == "goal_create" else 200)  # adopted: told on its page
    assert as_role(Role.EMPLOYEE).get(address).status_code == (200 if name in READ_BY_ALL else 403)


@pytest.mark.parametrize("name", OF_ONE)
@pytest.mark.parametrize("method", ["get", "post"])
def test_read_page_of_one__another_municipality_is_not_found(admin, world, name, method):
    address = url(name, objects_of(world.neighbor)[name])
    only_read = method == "post" and name in {"unit_detail", "person_detail"}
    response = getattr(admin, method)(address, {"name": "x", "handling": "facts"})
    assert response.status_code == (405 if only_read else 404)
    assert not RoleAssignment.objects.filter(
        person__roles__unit=world.neighbor.unit, valid_to__isnull=False
    ).exists()


@pytest.mark.parametrize("name", OF_ONE)
def test_read_page_of_one__ids_that_do_not_exist(admin, name):
    assert admin.get(url(name, 10**18)).status_code == 404
    assert admin.get(url(name, 10**30)).status_code == 404


def test_read_tree__role_that_ended_yesterday_gives_no_access(employee, world, yesterday):
    assert "Hjemmetjenesten heim" in text_of(employee.get(url("tree")))
    end_roles_of(world.home.person(Role.EMPLOYEE), yesterday)
    assert "Hjemmetjenesten heim" not in text_of(employee.get(url("tree")))
    assert employee.get(url("unit_detail", world.home.unit.pk)).status_code == 404
    assert employee.get(url("person_detail", world.home.person(Role.LEADER).pk)).status_code == 404


def test_leave_today__loses_access_today_and_keeps_history(client, world, today):
    leaver = world.home.person(Role.SECRETARIAT)
    client.force_login(world.home.person(Role.ADMINISTRATOR))
    response = client.post(url("person_leave", leaver.pk), {"day": today.isoformat(), "reason": "Ny jobb"})
    assert response.status_code == 302
    assert person_actor(leaver).grants == ()
    assert leaver.roles.get().valid_to == today
    page = text_of(client.get(url("person_detail", leaver.pk)))
    assert "Registrert som sluttet" in page
    assert "Ny jobb" in page
    client.force_login(leaver)
    assert client.get(url("unit_detail", world.home.unit.pk)).status_code == 404


def test_leave_later__keeps_access_until_that_day(admin, world, today):
    leaver = world.home.person(Role.LEADER)
    admin.post(url("person_leave", leaver.pk), {"day": (today + timedelta(days=3)).isoformat()})
    assert person_actor(leaver).grants
    assert person_actor(leaver, day=today + timedelta(days=3)).grants == ()


def test_leave__ends_only_roles_of_own_municipality(admin, world, today):
    person = world.home.person(Role.LEADER)
    elsewhere = give_role(
        person=person,
        role=Role.EMPLOYEE,
        unit=world.neighbor.unit,
        valid_from=today,
        by=SYSTEM,
        now=timezone.now(),
    )
    admin.post(url("person_leave", person.pk), {"day": today.isoformat()})
    elsewhere.refresh_from_db()
    assert elsewhere.valid_to is None
    assert {grant.municipality_id for grant in person_actor(person).grants} == {
        world.neighbor.municipality.pk
    }


def test_edit_person__of_two_municipalities_only_where_main_role_is(as_role, world, today):
    person = new_person("to.steder", "To Steder", unit=world.neighbor.unit)
    shared = give_role(
        person=person,
        role=Role.EMPLOYEE,
        unit=world.home.unit,
        valid_from=today,
        by=SYSTEM,
        now=timezone.now(),
    )
    home = as_role(Role.ADMINISTRATOR)
    assert home.get(url("person_detail", person.pk)).status_code == 200
    assert home.get(url("person_edit", person.pk)).status_code == 403
    assert home.post(url("person_edit", person.pk), {"handling": "link"}).status_code == 403
    assert home.post(url("role_end", shared.pk), {"day": today.isoformat()}).status_code == 302
    neighbor = as_role(Role.ADMINISTRATOR, world.neighbor)
    assert neighbor.get(url("person_edit", person.pk)).status_code == 200
    assert neighbor.post(url("role_end", shared.pk), {"day": today.isoformat()}).status_code == 404


def test_edit_person__who_runs_the_installation_is_out_of_reach(admin, world):
    person = world.home.person(Role.IKT_LEADER)
    person.is_superuser = True
    person.save()
    assert admin.get(url("person_edit", person.pk)).status_code == 403


def test_administrate__of_one_sector_reaches_no_further(client, world):
    person = new_person("sektor.admin", "Sektoradmin", unit=world.home.sector, role=Role.ADMINISTRATOR)
    client.force_login(person)
    assert client.get(url("unit_edit", world.home.unit.pk)).status_code == 200
    assert client.get(url("unit_edit", world.home.municipality.pk)).status_code == 403
    assert client.get(url("person_edit", world.home.person(Role.HR).pk)).status_code == 403
    assert client.get(url("import")).status_code == 403
    choices = client.get(url("person_create")).context["form"].fields["unit"].queryset
    assert set(choices) == {world.home.sector, world.home.unit}


def test_act_for__only_own_municipalities(client, world, today):
    person = new_person("to.hatter", "To Hatter", unit=world.home.municipality, role=Role.ADMINISTRATOR)
    give_role(
        person=person, role=Role.ADMINISTRATOR, unit=world.neighbor.municipality, valid_from=today, by=SYSTEM,
        now=timezone.now(),
    )  # fmt: skip
    client.force_login(person)
    assert "Import til Heim kommune" in text_of(client.get(url("import")))
    chosen = {"municipality": str(world.neighbor.municipality.pk), "next": url("import")}
    response = client.post(url("act_for"), chosen)
    assert response.status_code == 302
    assert response.url == url("import")
    assert "Import til Granne kommune" in text_of(client.get(url("import")))


@pytest.mark.parametrize("value", ["", "x", "0", "-1", "9" * 40, "\x00"])
def test_act_for__another_municipality_is_not_found(employee, world, value):
    assert employee.post(url("act_for"), {"municipality": value}).status_code == 404
    foreign = str(world.neighbor.municipality.pk)
    assert employee.post(url("act_for"), {"municipality": foreign}).status_code == 404
    assert employee.get(url("act_for")).status_code == 405


def test_act_for__never_leads_to_another_site(employee, world):
    chosen = {"municipality": str(world.home.municipality.pk), "next": "https://evil.example/"}
    assert employee.post(url("act_for"), chosen).url == "/"


@pytest.mark.parametrize(
    "name", ["tree", "person_list", "service_list", "group_list", "strategy_list", "role_table"]
)
def test_read_list__query_count_does_not_grow(admin, world, name, django_assert_max_num_queries):
    for number in range(25):
        new_person(f"mange{number}", f"Person {number:02}", unit=world.home.unit)
    with django_assert_max_num_queries(12):
        admin.get(url(name))


@pytest.mark.parametrize("name", ["unit_detail", "person_detail", "strategy_detail"])
def test_read_page_of_one__few_queries(admin, world, name, django_assert_max_num_queries):
    for number in range(25):
        new_person(f"mange{number}", f"Person {number:02}", unit=world.home.unit)
    with django_assert_max_num_queries(12):
        admin.get(url(name, objects_of(world.home)[name]))
