"""Services and professional groups."""

from __future__ import annotations

import pytest
from django.utils import timezone

from core.history import timeline
from organization.forms.catalog import ServiceForm
from organization.models import ProfessionalGroup, Service
from organization.roles import Role
from tests.organization.conftest import new_person, text_of, url
from tests.world import end_roles_of


def service(world, **changes) -> dict[str, object]:
    return {"name": "Byggesak", "unit": world.home.unit.pk, "service_owner": "", "description": "", **changes}


def test_list_services__own_with_owner_and_search(employee, world):
    response = employee.get(url("service_list"))
    assert [row.municipality_id for row in response.context["page"].rows] == [world.home.municipality.pk]
    assert world.home.person(Role.SERVICE_OWNER).name in text_of(response)
    assert "Ingen tjenester passer" in text_of(employee.get(url("service_list"), {"q": "finnes ikke"}))
    assert employee.get(url("service_list", query="q=%00")).status_code == 200


def test_create_service__stands_in_the_list_with_history(admin, world):
    owner = world.home.person(Role.SERVICE_OWNER)
    assert admin.post(url("service_create"), service(world, service_owner=owner.name)).status_code == 302
    made = Service.objects.get(name="Byggesak")
    assert (made.municipality, made.service_owner) == (world.home.municipality, owner)
    assert timeline(made, field="name")[0].action == "create_service"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": ""}, "Du må fylle ut «Tjeneste»"),
        ({"name": "Hjemmesykepleie"}, "Kommunen har alt en tjeneste med dette navnet"),
        ({"description": "x" * 2001}, "2000"),
        ({"service_owner": "Tjenesteeier I Granne"}, "Fant ingen treff"),
    ],
)
def test_create_service__says_what_is_wrong(admin, world, changes, says):
    response = admin.post(url("service_create"), service(world, **changes))
    assert response.status_code == 422
    assert says in text_of(response)


def test_create_service__unit_of_another_municipality_is_refused(admin, world):
    assert admin.post(url("service_create"), service(world, unit=world.neighbor.unit.pk)).status_code == 422
    assert not Service.objects.filter(name="Byggesak").exists()


def test_edit_service__owner_who_left_stays_until_changed(admin, world, yesterday):
    row = world.home.unit.services.get()
    end_roles_of(row.service_owner, yesterday)
    page = admin.get(url("service_edit", row.pk))
    shown = page.context["form"]["service_owner"].value()
    sent = service(
        world,
        name="Hjemmesykepleie natt",
        service_owner=f"{row.service_owner.name}",
        seen=row.changed_at.isoformat(),
    )
    assert shown
    assert admin.post(url("service_edit", row.pk), sent).status_code == 302
    row.refresh_from_db()
    assert row.name == "Hjemmesykepleie natt"
    assert row.service_owner is not None


def test_edit_service__two_at_once_are_told(admin, world):
    row = world.home.unit.services.get()
    seen = row.changed_at.isoformat()
    admin.post(url("service_edit", row.pk), service(world, name="Først", seen=seen))
    response = admin.post(url("service_edit", row.pk), service(world, name="Etterpå", seen=seen))
    assert response.status_code == 409
    assert "Tjeneste er nå «Først»" in text_of(response)


def test_create_service__two_at_the_same_moment_get_the_constraints_own_words(world):
    by, now = world.home.actor(Role.ADMINISTRATOR), timezone.now()
    forms = [
        ServiceForm(service(world), instance=Service(municipality=world.home.municipality))
        for _one in range(2)
    ]
    assert all(form.is_valid() for form in forms)
    assert [form.carry_out(by=by, now=now) for form in forms] == [True, False]
    assert forms[1].status == 409
    assert forms[1].non_field_errors() == ["Kommunen har alt en tjeneste med dette navnet."]


@pytest.fixture
def group(world) -> ProfessionalGroup:
    return ProfessionalGroup.objects.create(
        municipality=world.home.municipality, name="IKT-gruppen", purpose="Drift",
        responsible=world.home.person(Role.IKT_LEADER), changed_at=timezone.now(),
    )  # fmt: skip


def test_create_group__with_responsible_of_the_region(admin, world):
    responsible = world.neighbor.person(Role.IKT_LEADER)
    response = admin.post(
        url("group_create"), {"name": "Arkitektene", "responsible": responsible.name, "purpose": ""}
    )
    made = ProfessionalGroup.objects.get(name="Arkitektene")
    assert response.url == url("group_edit", made.pk)
    assert made.responsible == responsible


def test_create_group__nobody_from_outside_the_region(admin, world):
    outsider = world.stranger.person(Role.IKT_LEADER)
    response = admin.post(url("group_create"), {"name": "Arkitektene", "responsible": outsider.name})
    assert response.status_code == 422
    assert not ProfessionalGroup.objects.filter(name="Arkitektene").exists()


def test_add_and_remove_member__across_municipalities_with_history(admin, world, group):
    member = world.neighbor.person(Role.ENTERPRISE_ARCHITECT)
    assert (
        admin.post(url("group_edit", group.pk), {"handling": "add", "member": member.name}).status_code == 302
    )
    assert list(group.members.all()) == [member]
    assert member.name in text_of(admin.get(url("group_list")))
    assert (
        admin.post(url("group_edit", group.pk), {"handling": "remove", "person": member.pk}).status_code
        == 302
    )
    assert not group.members.exists()
    assert [entry.action for entry in timeline(group, field="name")[:2]] == ["remove_member", "add_member"]


def test_remove_member__who_is_none_is_told(admin, world, group):
    response = admin.post(url("group_edit", group.pk), {"handling": "remove", "person": "999999"})
    assert response.status_code == 422


def test_read_group__everyone_in_the_municipality_but_no_other(as_role, world, group):
    assert "IKT-gruppen" in text_of(as_role(Role.EMPLOYEE).get(url("group_list")))
    assert as_role(Role.EMPLOYEE).get(url("group_edit", group.pk)).status_code == 403
    assert "IKT-gruppen" not in text_of(as_role(Role.EMPLOYEE, world.neighbor).get(url("group_list")))
    assert as_role(Role.ADMINISTRATOR, world.neighbor).get(url("group_edit", group.pk)).status_code == 404


def test_list_groups__query_count_does_not_grow(admin, world, group, django_assert_max_num_queries):
    for number in range(12):
        another = ProfessionalGroup.objects.create(
            municipality=world.home.municipality, name=f"Gruppe {number}", responsible=group.responsible,
            changed_at=timezone.now(),
        )  # fmt: skip
        another.members.add(new_person(f"medlem{number}", f"Medlem {number}", unit=world.home.unit))
    with django_assert_max_num_queries(12):
        admin.get(url("group_list"))
