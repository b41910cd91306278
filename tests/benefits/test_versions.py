"""Versions of a plan: what differs, in words and figures, and what was changed after approval."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from benefits import operations
from benefits.models import Benefit
from benefits.versions import compare
from organization.roles import Role
from tests.benefits import stories

MAX_QUERIES = 12


@pytest.fixture
def place(world):
    return world.home


def page(client, benefit, query=""):
    return client.get(reverse("benefits:plan_versions", args=[benefit.initiative_id]) + query)


def plan(client, benefit):
    return client.get(reverse("benefits:plan_detail", args=[benefit.initiative_id])).content.decode()


def approve(benefit, place):
    return operations.approve_plan(benefit.initiative, by=place.actor(Role.PROJECT_OWNER), now=timezone.now())


def test_compare__figures_have_a_difference_with_its_sign():
    old = {
        "benefit": 1,
        "title": "Tid",
        "owner": "Kari",
        "hours": "400.0",
        "kroner": "10.00",
        "years": {"2027": "5"},
    }
    new = {**old, "owner": "Ola", "hours": "350.0", "kroner": None, "years": {"2027": "5", "2028": "7"}}
    (one,) = compare([old], [new])
    told = {str(part.label): (part.old, part.new, part.change) for part in one.differences}
    assert told["Tjenesteeier"] == ("Kari", "Ola", "")
    assert told["Timer per år"] == ("400", "350", "−50")
    assert told["Kroner per år"][1:] == ("–", "")
    assert told["Anslag for 2028"] == ("–", "7", "")
    assert "Anslag for 2027" not in told


def test_compare__what_came_and_what_went_and_a_field_the_old_version_did_not_know():
    old = [{"benefit": 1, "title": "A", "hours": "4.0"}, {"benefit": 2, "title": "B"}]
    new = [{"benefit": 2, "title": "B", "cut": "100.00"}, {"benefit": 3, "title": "C", "kroner": "5.00"}]
    states = {one.title: one.state for one in compare(old, new)}
    assert states == {"A": "went", "B": "same", "C": "came"}


def test_plan__says_that_it_was_changed_until_it_is_approved_again(as_role, place):
    benefit = stories.planned(place)
    client = as_role(Role.PROJECT_OWNER)
    assert "Godkjent, versjon 1" in plan(client, benefit)
    Benefit.objects.filter(pk=benefit.pk).update(hours_per_year=Decimal(350))
    text = plan(client, benefit)
    assert "Endret etter godkjenning" in text
    assert "timer per år endret" in text
    approve(benefit, place)
    text = plan(client, benefit)
    assert "Endret etter godkjenning" not in text
    assert "Godkjent, versjon 2" in text


def test_plan__that_nobody_approved_says_so(as_role, place):
    assert "Ikke godkjent ennå" in plan(as_role(Role.PROJECT_OWNER), stories.identified(place))


def test_plan__that_was_only_measured_is_not_changed(as_role, place):
    benefit = stories.realizing(place)
    assert "Endret etter godkjenning" not in plan(as_role(Role.PROJECT_OWNER), benefit)


def test_compare_versions__side_by_side(as_role, place):
    benefit = stories.planned(place)
    Benefit.objects.filter(pk=benefit.pk).update(hours_per_year=Decimal(350))
    approve(benefit, place)
    Benefit.objects.filter(pk=benefit.pk).update(hours_per_year=Decimal(360))
    client = as_role(Role.EMPLOYEE)
    latest = page(client, benefit).content.decode()
    assert "+10" in latest
    older = page(client, benefit, "?fra=1&til=2").content.decode()
    assert "−50" in older
    assert "+10" not in older


@pytest.mark.parametrize("query", ["?fra=99&til=x", "?fra=%00", "?til=" + "9" * 400, "?fra=-1"])
def test_compare_versions__what_cannot_be_read_is_as_if_not_there(as_role, place, query):
    benefit = stories.planned(place)
    assert page(as_role(Role.EMPLOYEE), benefit, query).status_code == 200


def test_compare_versions__of_a_plan_that_nobody_approved(as_role, place):
    benefit = stories.identified(place)
    assert "Ingen forskjell" in page(as_role(Role.PROJECT_OWNER), benefit).content.decode()


def test_compare_versions__not_in_another_municipality(as_role, world):
    benefit = stories.planned(world.home)
    assert page(as_role(Role.PORTFOLIO_MANAGER, world.neighbor), benefit).status_code == 404


def test_compare_versions__few_queries(as_role, place, django_assert_max_num_queries):
    client, benefit = as_role(Role.PROJECT_OWNER), stories.planned(place)
    page(client, benefit)
    with django_assert_max_num_queries(MAX_QUERIES):
        page(client, benefit)


@pytest.mark.parametrize("name", ["plan_detail", "plan_versions"])
def test_see_versions__who_sees_one_benefit_is_told_of_that_one(as_role, place, name):
    benefit = stories.planned(place)
    other = Benefit.objects.create(
        initiative=benefit.initiative, title="Skjermet gevinst", kind="quality", form="not_priced", beneficiary="citizens",
        status="planned",
        created_at=timezone.now(), changed_at=timezone.now(),
    )  # fmt: skip
    approve(benefit, place)
    type(benefit.initiative).objects.filter(pk=benefit.initiative_id).update(
        shield_basis="offl_13", public_title="Sak med skjermet innhold"
    )
    Benefit.objects.filter(pk=benefit.pk).update(hours_per_year=Decimal(350))
    query = "?fra=1&til=2" if name == "plan_versions" else ""
    url = reverse(f"benefits:{name}", args=[benefit.initiative_id]) + query
    own = as_role(Role.SERVICE_OWNER).get(url).content.decode()
    assert benefit.title in own
    assert "Skjermet gevinst" not in own
    assert other.title in as_role(Role.EMPLOYEE).get(url).content.decode()
