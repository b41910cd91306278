"""Who is asking: the person and the roles of today, read together."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from organization.actors import person_actor, read_person
from organization.backends import Backend
from organization.roles import Role
from tests.world import end_roles_of

Person = get_user_model()
pytestmark = pytest.mark.django_db


def test_read_person__as_the_table_has_it(world, django_assert_num_queries):
    person = Person.objects.get(pk=world.home.person(Role.LEADER).pk)
    with django_assert_num_queries(1):
        found = read_person(person.pk, timezone.localdate())
    names = [field.attname for field in Person._meta.concrete_fields]
    assert [getattr(found, name) for name in names] == [getattr(person, name) for name in names]
    assert found.get_deferred_fields() == set()
    assert not found._state.adding


def test_read_person__with_the_roles_of_the_day(world):
    person, today = world.home.person(Role.LEADER), timezone.localdate()
    [grant] = read_person(person.pk, today).grants
    assert (grant.role, grant.unit_path, grant.municipality_id) == (
        Role.LEADER, world.home.unit.path, world.home.municipality.pk,
    )  # fmt: skip
    assert person_actor(person).grants == (grant,)
    assert read_person(person.pk, today - timedelta(days=36_500)).grants == ()
    end_roles_of(person, today)
    assert read_person(person.pk, today).grants == ()
    assert person_actor(person).grants == ()


def test_read_person__main_role_first(world):
    person, today = world.home.person(Role.LEADER), timezone.localdate()
    for unit, is_main in ((world.home.sector, False), (world.home.municipality, True)):
        person.roles.create(
            role=Role.EMPLOYEE, unit=unit, valid_from=today, is_main=is_main, changed_at=timezone.now()
        )
    person.roles.filter(role=Role.LEADER).update(is_main=False)
    units = [grant.unit_id for grant in read_person(person.pk, today).grants]
    assert units == [world.home.municipality.pk, world.home.unit.pk, world.home.sector.pk]


def test_find_person_of_session__nobody_where_there_is_none(world):
    person = world.home.person(Role.LEADER)
    assert Backend().get_user(person.pk) == person
    assert Backend().get_user(0) is None
    Person.objects.filter(pk=person.pk).update(is_active=False)
    assert Backend().get_user(person.pk) is None


def test_ask_again__a_role_that_has_ended_counts_no_more(as_role, world):
    client = as_role(Role.LEADER)
    assert client.get("/organisasjon/").wsgi_request.actor.grants
    end_roles_of(world.home.person(Role.LEADER), timezone.localdate())
    assert client.get("/organisasjon/").wsgi_request.actor.grants == ()


def test_ask_again__a_new_password_logs_out_elsewhere(as_role, world):
    client = as_role(Role.LEADER)
    person = world.home.person(Role.LEADER)
    person.set_password("et helt nytt passord")
    person.save()
    assert client.get("/organisasjon/").status_code == 302
