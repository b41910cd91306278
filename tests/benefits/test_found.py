"""What nobody had foreseen, and benefits that come into the plan after the intake."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from benefits import operations
from benefits.models import Benefit, SideEffect
from core.errors import Refused
from core.models import Notice
from core.workflow import TransitionDenied
from organization.forms import person_label
from organization.roles import Role
from tests import stories as initiatives
from tests.benefits import stories
from tests.world import SYSTEM

TOLD = {"sort": "disbenefit", "title": "Flere ringer om passord", "how": "", "whom": "citizens"}


@pytest.fixture
def place(world):
    return world.home


@pytest.fixture
def initiative(place):
    return stories.planned(place).initiative


def values(**other):
    return {**TOLD, "seen_on": timezone.localdate(), **other}


def record(initiative, actor, **other):
    return operations.record_effect(initiative, values(**other), by=actor, now=timezone.now())


def address(name: str, initiative) -> str:
    return reverse(f"benefits:{name}", args=[initiative.pk])


def test_record_effect__by_who_works_on_the_plan_and_nobody_else(world, initiative):
    place = world.home
    for role in (Role.SERVICE_OWNER, Role.PROJECT_OWNER, Role.SECRETARIAT, Role.PORTFOLIO_MANAGER):
        assert record(initiative, place.actor(role), title=f"Sett av {role}").recorded_by == place.person(
            role
        )
    with pytest.raises(TransitionDenied):
        record(initiative, place.actor(Role.CHANGE_AGENT))
    for other in (world.neighbor, world.stranger):
        with pytest.raises((Http404, TransitionDenied)):
            record(initiative, other.actor(Role.SERVICE_OWNER))


def test_record_effect__twice_sent_is_one(place, initiative):
    owner = place.actor(Role.SERVICE_OWNER)
    assert record(initiative, owner) == record(initiative, owner)
    assert SideEffect.objects.count() == 1


def test_record_effect__not_while_the_form_is_open(place):
    draft = initiatives.draft(place)
    with pytest.raises(Refused, match="skjemaet"):
        record(draft, SYSTEM)


def test_see_effects__as_the_plan(world, initiative):
    record(initiative, world.home.actor(Role.SERVICE_OWNER))
    assert SideEffect.objects.visible_to(world.home.actor(Role.SERVICE_OWNER)).exists()
    assert not SideEffect.objects.visible_to(world.neighbor.actor(Role.KOMMUNEDIREKTOR)).exists()
    assert not SideEffect.objects.visible_to(None).exists()


def test_record_effect__on_the_page(place, initiative, as_role):
    client = as_role(Role.SERVICE_OWNER)
    data = {**TOLD, "seen_on": timezone.localdate().strftime("%d.%m.%Y")}
    assert client.post(address("effect_create", initiative), data).status_code == 302
    page = client.get(address("plan_detail", initiative)).content.decode()
    assert "Flere ringer om passord" in page
    assert "Uventet ulempe" in page
    assert "Ta inn i planen" not in page


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("title", "", "title"),
        ("sort", "gull", "gull"),
        ("seen_on", "i går", "dato"),
        ("title", "x" * 300, "200"),
        ("title", "a\0b", ""),
    ],
)
def test_record_effect__tells_what_is_wrong(initiative, as_role, field, value, said):
    data = {**TOLD, "seen_on": timezone.localdate().strftime("%d.%m.%Y"), field: value}
    answer = as_role(Role.SERVICE_OWNER).post(address("effect_create", initiative), data)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert said in answer.content.decode()


def test_record_effect__not_ahead_of_time(place, initiative, as_role):
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(Refused, match="fram i tid"):
        record(initiative, place.actor(Role.SERVICE_OWNER), seen_on=tomorrow)
    answer = as_role(Role.SERVICE_OWNER).post(
        address("effect_create", initiative), {**TOLD, "seen_on": tomorrow.strftime("%d.%m.%Y")}
    )
    assert answer.status_code == 422
    assert "fram i tid" in answer.content.decode()


def test_add_later__from_what_was_seen_to_the_plan(place, initiative, as_role):
    effect = record(
        initiative, place.actor(Role.SERVICE_OWNER), sort="benefit", title="Vaktmesteren kjører mindre"
    )
    client = as_role(Role.PROJECT_OWNER)
    url = f"{address('benefit_add', initiative)}?fra={effect.pk}"
    assert "Vaktmesteren kjører mindre" in client.get(url).content.decode()
    owner = place.person(Role.SERVICE_OWNER)
    data = {
        "title": "Vaktmesteren kjører mindre", "beneficiary": "own_organization", "kind": "saved_time", "form": "alternative_use",
        "hours_per_year": "120", "service_owner": person_label(owner),
    }  # fmt: skip
    answer = client.post(url, data)
    assert answer.status_code == 302, answer.context["form"].errors
    benefit = Benefit.objects.get(title="Vaktmesteren kjører mindre")
    effect.refresh_from_db()
    assert (effect.benefit, benefit.initiative) == (benefit, initiative)
    assert (benefit.status, benefit.ownership, benefit.service_owner) == ("identified", "asked", owner)
    assert Notice.objects.filter(recipient=owner, title__contains="Vaktmesteren kjører mindre").exists()
    page = client.get(address("plan_detail", initiative)).content.decode()
    assert "Tatt inn i planen" in page


def test_add_later__not_by_a_colleague(initiative, as_role):
    assert as_role(Role.CHANGE_AGENT).get(address("benefit_add", initiative)).status_code == 403


def described(place, **other):
    return {
        "title": "Færre turer til byen", "beneficiary": "own_organization", "kind": "saved_time", "form": "alternative_use",
        "hours_per_year": "60", "service_owner": person_label(place.person(Role.SERVICE_OWNER)), **other,
    }  # fmt: skip


def test_add_later__the_same_page_at_the_address_it_had(place, initiative, as_role):
    before = f"/gevinster/plan/{initiative.pk}/gevinst/"
    client = as_role(Role.PROJECT_OWNER)
    assert "Legg til en gevinst" in client.get(before).content.decode()
    for address_of_page in (before, address("benefit_add", initiative)):
        assert client.post(address_of_page, described(place)).status_code == 302
    assert initiative.benefits.filter(title="Færre turer til byen").count() == 1
    assert as_role(Role.CHANGE_AGENT).get(before).status_code == 403


def test_add_later__not_while_the_form_is_open(place, as_role):
    draft = initiatives.draft(place, project_owner=place.person(Role.EMPLOYEE))
    answer = as_role(Role.EMPLOYEE).post(address("benefit_add", draft), described(place))
    assert answer.status_code == 409
    assert "Gevinstene beskrives i skjemaet" in answer.content.decode()


def test_add_later__not_to_what_was_never_adopted(place, as_role):
    rejected = initiatives.decided(place, "reject", project_owner=place.person(Role.PROJECT_OWNER))
    client = as_role(Role.PROJECT_OWNER)
    answer = client.post(address("benefit_add", rejected), described(place))
    assert answer.status_code == 409
    assert "uten å bli vedtatt" in answer.content.decode()
    shown = client.get(address("plan_detail", rejected)).content.decode()
    assert address("benefit_add", rejected) not in shown


def test_add_later__not_from_elsewhere(world, initiative, as_role):
    for other in (world.neighbor, world.stranger):
        for role in (Role.KOMMUNEDIREKTOR, Role.SERVICE_OWNER, Role.PORTFOLIO_MANAGER):
            assert as_role(role, other).get(address("benefit_add", initiative)).status_code == 404
