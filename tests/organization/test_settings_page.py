"""The page of settings, and Django's administration for those who run the installation."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.admin.sites import site
from django.urls import reverse
from django.utils import timezone

from core.history import timeline
from organization.models import Person, RoleAssignment, Unit
from organization.roles import Role
from tests.organization.conftest import new_person, text_of, url


def test_show_settings__own_links_and_those_plugged_in(admin):
    page = text_of(admin.get(url("settings")))
    assert url("import") in page
    assert reverse("governance:rules_edit") in page


def test_show_settings__sector_administrator_sees_what_can_be_used(client, world):
    client.force_login(
        new_person("sektor.admin", "Sektoradmin", unit=world.home.sector, role=Role.ADMINISTRATOR)
    )
    page = text_of(client.get(url("settings")))
    assert url("person_list") in page
    assert url("import") not in page


@pytest.fixture
def operator(client, world):
    """Return a client logged in as one who runs the installation, without any role."""
    person = Person(
        username="drift", name="Drift", is_staff=True, is_superuser=True, changed_at=timezone.now()
    )
    person.set_unusable_password()
    person.save()
    client.force_login(person)
    return client


MODELS = ["person", "unit", "roleassignment"]


@pytest.mark.parametrize("model", MODELS)
def test_open_django_admin__superusers_only(operator, world, model):
    address = reverse(f"admin:organization_{model}_changelist")
    assert operator.get(address).status_code == 200
    staff = world.home.person(Role.ADMINISTRATOR)
    staff.is_staff = True
    staff.save()
    operator.force_login(staff)
    assert operator.get(address).status_code == 403
    operator.force_login(world.home.person(Role.EMPLOYEE))
    assert operator.get(address).status_code == 302


def test_begin_installation__municipality_person_and_role_with_history(operator):
    municipality = {
        "name": "Nykommune",
        "short_name": "",
        "kind": "municipality",
        "code": "nykom",
        "orgnr": "",
        "parent": "",
    }
    assert operator.post(reverse("admin:organization_unit_add"), municipality).status_code == 302
    unit = Unit.objects.get(code="nykom")
    assert unit.municipality == unit
    person = {"username": "ny.admin", "name": "Ny Admin", "email": "ny@nykom.example", "is_active": "on"}
    assert operator.post(reverse("admin:organization_person_add"), person).status_code == 302
    made = Person.objects.get(username="ny.admin")
    assert not made.has_usable_password()
    role = {"person": made.pk, "role": "administrator", "unit": unit.pk, "valid_from": "2026-01-01"}
    assert operator.post(reverse("admin:organization_roleassignment_add"), role).status_code == 302
    row = RoleAssignment.objects.get(person=made)
    assert row.valid_from == date(2026, 1, 1)
    for record, field in ((unit, "name"), (made, "name"), (row, "role")):
        assert timeline(record, field=field)[-1].actor_id == Person.objects.get(username="drift").pk
    chosen = {"action": "make_password_link", "_selected_action": [made.pk]}
    answer = operator.post(reverse("admin:organization_person_changelist"), chosen, follow=True)
    assert "/konto/" in text_of(answer)
    operator.force_login(made)
    assert "Nykommune" in text_of(operator.get(url("tree")))


def test_begin_installation__a_sector_is_not_made_here(operator, world):
    sent = {"name": "Sektor", "kind": "sector", "code": "s", "parent": world.region.municipality.pk}
    assert operator.post(reverse("admin:organization_unit_add"), sent).status_code == 200
    nested = {
        "name": "Region i region",
        "kind": "region",
        "code": "r",
        "parent": world.region.municipality.pk,
    }
    assert operator.post(reverse("admin:organization_unit_add"), nested).status_code == 200
    assert not Unit.objects.filter(code__in=["s", "r"]).exists()


def test_change_in_django_admin__stamps_and_records(operator, world):
    person = world.home.person(Role.HR)
    before = person.changed_at
    sent = {"username": person.username, "name": "Nytt Navn", "email": person.email, "is_active": "on"}
    address = reverse("admin:organization_person_change", args=[person.pk])
    assert operator.post(address, sent).status_code == 302
    person.refresh_from_db()
    assert person.name == "Nytt Navn"
    assert person.changed_at > before
    assert timeline(person, field="name")[0].action == "operate"


@pytest.mark.parametrize("model", MODELS)
def test_delete_in_django_admin__is_not_possible(operator, rf, model):
    [registered] = [found for kind, found in site._registry.items() if kind._meta.model_name == model]
    request = rf.get("/")
    request.user = Person.objects.get(username="drift")
    assert not registered.has_delete_permission(request)
    assert registered.has_view_permission(request)
