"""Who pays what of a regional initiative: settled in the preparation, asked of each municipality after the council."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from core.history import timeline
from core.workflow import TransitionBlocked, TransitionDenied
from governance import cost_shares, council
from organization.roles import Role
from tests import stories


def url_of(case):
    return reverse("governance:initiative_cost_shares", args=[case.pk])


@pytest.fixture
def region(world):
    return world.region


@pytest.fixture
def case(world, region):
    participants = [world.home.municipality, world.neighbor.municipality]
    return stories.under_preparation(
        region, participants=participants, financing="budget_application", title="Felles kvalitetssystem"
    )


def filled(world, home, neighbor):
    return {
        f"share_{world.home.municipality.pk}": home,
        f"share_{world.neighbor.municipality.pk}": neighbor,
    }


def set_shares(case, world, home, neighbor, by):
    shares = {world.home.municipality.pk: Decimal(home), world.neighbor.municipality.pk: Decimal(neighbor)}
    cost_shares.set_cost_shares(case, shares=shares, by=by, now=timezone.now())


def test_share_cost__page_proposes_equal_shares_and_saves(world, region, as_role, case):
    client = as_role(Role.COORDINATOR, region)
    page = client.get(url_of(case)).content.decode()
    assert page.count('value="50') == 2
    assert client.post(url_of(case), filled(world, "62,5", "37,5")).status_code == 302
    assert dict(cost_shares.shares_of(case)) == {
        world.home.municipality.pk: Decimal("62.50"), world.neighbor.municipality.pk: Decimal("37.50"),
    }  # fmt: skip
    assert timeline(case)[0].action == "share_cost"
    assert "Fordel kostnaden" in client.get(case.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    "shares", [("60", "30"), ("-10", "110"), ("x", "100"), ("", ""), ("33,333", "66,667")]
)
def test_share_cost__that_is_not_the_whole_is_refused(world, region, as_role, case, shares):
    answer = as_role(Role.COORDINATOR, region).post(url_of(case), filled(world, *shares))
    assert answer.status_code == 422
    assert not case.participations.exclude(cost_share=None).exists()


def test_share_cost__municipal_decisions_use_it(world, region, case):
    set_shares(case, world, 70, 30, region.actor(Role.COORDINATOR))
    stories.write_paper(case, region)
    case.hearings.update(
        position="no_remarks", answered_at=timezone.now(), answered_by=region.person(Role.CHIEF_OF_FINANCE)
    )
    at, by = stories.meeting(region), region.actor(Role.SECRETARIAT)
    stories.perform("mark_ready", case, by=by, now=timezone.now())
    stories.perform("put_on_agenda", case, by=by, now=timezone.now(), data={"meeting": at})
    stories.in_session(at, region)
    with pytest.raises(TransitionBlocked, match="kan ikke endres nå"):
        set_shares(case, world, 50, 50, by)
    council.decide(at.items.get(), outcome="recommend", text="Innstilles.", by=by, now=timezone.now())
    shares = case.municipal_decisions.order_by("pk").values_list("cost_share", flat=True)
    assert list(shares) == [Decimal(70), Decimal(30)]


def test_share_cost__by_who_does_not_prepare_is_denied(world, as_role, case):
    with pytest.raises(TransitionDenied):
        set_shares(case, world, 50, 50, world.home.actor(Role.COORDINATOR))
    assert as_role(Role.COORDINATOR).get(url_of(case)).status_code == 403


def test_share_cost__of_an_own_initiative_has_nobody_to_share_with(world, as_role):
    case = stories.under_preparation(world.home)
    client = as_role(Role.COORDINATOR)
    assert "Ingen å dele med" in client.get(url_of(case)).content.decode()
    assert client.post(url_of(case), {}).status_code == 422
    assert "Fordel kostnaden" not in client.get(case.get_absolute_url()).content.decode()
