"""The plan: who takes a benefit on, what must stand before it is approved, and its versions."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone

from benefits import operations
from benefits.arithmetic import ThreePoint
from benefits.models import Benefit, Kind, Ownership
from benefits.workflow import benefit_workflow, ownership_workflow
from core.errors import Refused
from core.models import Notice
from core.workflow import TransitionBlocked, TransitionDenied
from organization.roles import Role
from tests import stories as initiatives
from tests import world as worlds
from tests.benefits import stories


@pytest.fixture
def place(world):
    return world.home


def owner(place):
    return place.actor(Role.SERVICE_OWNER)


def approve(benefit, place, role=Role.PROJECT_OWNER):
    return operations.approve_plan(benefit.initiative, by=place.actor(role), now=timezone.now())


@pytest.mark.parametrize("state", Benefit.Status.values)
def test_reach_every_state__through_the_workflow(place, state):
    assert stories.STATES[state](place).status == state


def test_approve_plan__says_what_each_benefit_lacks(place):
    benefit = stories.identified(place, form="budget")
    with pytest.raises(TransitionBlocked) as blocked:
        approve(benefit, place)
    words = " ".join(str(reason) for reason in blocked.value.reasons)
    for part in ("Mindre dobbeltarbeid", "ikke svart", "indikator", "budsjett kuttes"):
        assert part in words


def test_approve_plan__keeps_a_version_of_how_it_stood(place):
    benefit = stories.planned(place)
    first = benefit.initiative.plan_approvals.get()
    assert (first.number, first.lines[0]["hours"]) == (1, "400.0")
    second = approve(benefit, place)
    assert second.number == 2


def test_approve_plan__not_by_the_service_owner_alone(place):
    with pytest.raises(TransitionDenied):
        approve(stories.identified(place), place, Role.SERVICE_OWNER)


def test_approve_plan__is_404_for_the_stranger(world):
    benefit = stories.identified(world.home)
    with pytest.raises(Http404):
        operations.approve_plan(
            benefit.initiative, by=world.stranger.actor(Role.PORTFOLIO_MANAGER), now=timezone.now()
        )


def test_accept_ownership__is_the_owners_own(place):
    benefit = stories.identified(place)
    with pytest.raises(TransitionDenied):
        ownership_workflow.perform(
            "accept_ownership", benefit, by=place.actor(Role.LEADER), now=timezone.now()
        )
    assert stories.accept(benefit, place).ownership == Ownership.ACCEPTED


def test_refuse_ownership__tells_the_project_owner_why(place):
    benefit = stories.identified(place)
    data = {"reason": "Anslaget er for høyt."}
    done = ownership_workflow.perform(
        "refuse_ownership", benefit, by=owner(place), now=timezone.now(), data=data
    )
    assert done.ownership_note == data["reason"]
    kind = ContentType.objects.get_for_model(benefit)
    told = Notice.objects.filter(
        recipient=place.person(Role.PROJECT_OWNER), content_type=kind, object_id=benefit.pk
    )
    assert "sier nei" in told.get().title


def test_accept_ownership__not_after_the_role_has_ended(place):
    benefit = stories.identified(place)
    worlds.end_roles_of(place.person(Role.SERVICE_OWNER), timezone.localdate())
    step = ownership_workflow.transitions["accept_ownership"]
    assert any("lederansvar" in str(reason) for reason in step.blockers(benefit))


def test_ask_owner__begins_anew_when_somebody_else_is_chosen(place):
    benefit = stories.accept(stories.identified(place), place)
    moved = ownership_workflow.perform(
        "ask_owner", benefit, by=place.actor(Role.PORTFOLIO_MANAGER), now=timezone.now(), vouched=True,
        data={"service_owner": place.person(Role.LEADER)},
    )  # fmt: skip
    assert (moved.ownership, moved.service_owner) == (Ownership.ASKED, place.person(Role.LEADER))
    assert Notice.objects.filter(recipient=place.person(Role.LEADER), title__contains="ta på deg").exists()


def test_see_benefit__the_service_owner_as_soon_as_it_is_sent_in(world):
    draft = initiatives.draft(world.home, service_owner=None)
    rows = Benefit.objects.visible_to(owner(world.home)).filter(initiative=draft)
    assert not rows.exists()
    initiatives.perform(
        "submit", _with_owner(draft, world), by=world.home.actor(Role.EMPLOYEE), now=timezone.now()
    )
    assert rows.exists()
    assert (
        not Benefit.objects.visible_to(world.home.actor(Role.PROJECT_MANAGER))
        .filter(initiative=draft)
        .exists()
    )


def _with_owner(draft, world):
    draft.service_owner = world.home.person(Role.LEADER)
    draft.save()
    return draft


def test_set_profile__keeps_the_years_given(place):
    benefit = stories.identified(place)
    years = {
        2027: ThreePoint(Decimal(100), Decimal(200), Decimal(400)),
        2028: ThreePoint(*[Decimal(400)] * 3),
    }
    operations.set_profile(benefit, years, by=owner(place), now=timezone.now())
    operations.set_profile(benefit, {2028: years[2028]}, by=owner(place), now=timezone.now())
    row = benefit.estimates.get()
    assert (row.year, row.measure, row.expected) == (2028, "hours", Decimal(400))


def test_set_profile__not_by_a_colleague(place):
    with pytest.raises(TransitionDenied):
        operations.set_profile(
            stories.identified(place), {}, by=place.actor(Role.CHANGE_AGENT), now=timezone.now()
        )


def test_change_plan__not_after_it_is_concluded(place):
    benefit = stories.partly_realized(place)
    with pytest.raises(Refused) as refused:
        operations.set_profile(benefit, {}, by=owner(place), now=timezone.now())
    assert "Følg den opp igjen" in str(refused.value.reasons[0])


def test_add_indicator__makes_its_schedule(place):
    benefit = stories.identified(place)
    indicator = stories.add_indicator(
        benefit, place, every="month", last_on=timezone.localdate() + timedelta(days=60)
    )
    kinds = list(indicator.measurements.order_by("due_on").values_list("kind", flat=True))
    assert kinds[0] == Kind.BASELINE
    assert kinds[-1] == Kind.FINAL
    assert set(kinds[1:-1]) == {Kind.RUNNING}
    assert indicator.is_main


def test_change_indicator__keeps_what_is_measured(place):
    benefit = stories.baseline_measured(place)
    indicator = benefit.indicators.get()
    values = stories.indicator_values(every="once", target=Decimal(5))
    operations.save_indicator(benefit, values, by=owner(place), now=timezone.now(), indicator=indicator)
    rows = list(indicator.measurements.order_by("due_on").values_list("kind", "value"))
    assert rows == [(Kind.BASELINE, Decimal(40)), (Kind.FINAL, None)]


def test_add_indicator__another_main_one_takes_the_place(place):
    benefit = stories.identified(place)
    first = stories.add_indicator(benefit, place)
    second = stories.add_indicator(benefit, place, name="Overtid", is_main=True)
    first.refresh_from_db()
    assert (first.is_main, second.is_main) == (False, True)


@pytest.mark.parametrize(
    "values",
    [{"first_on": timezone.localdate() - timedelta(days=200)}, {"last_on": timezone.localdate() - timedelta(days=99)}, {"quantity": "percent", "target": Decimal(120)}],
)  # fmt: skip
def test_add_indicator__refuses_what_cannot_be(place, values):
    with pytest.raises(ValidationError):
        stories.add_indicator(stories.identified(place), place, **values)


def test_change_indicator__keeps_the_rules_whoever_calls(place):
    indicator = stories.baseline_measured(place).indicators.get()
    for values, field in (
        ({"target": indicator.baseline.value}, "target"),
        ({"direction": "up"}, "target"),
        ({"last_on": indicator.first_on - timedelta(days=1)}, "last_on"),
    ):
        with pytest.raises(ValidationError) as problem:
            operations.save_indicator(
                indicator.benefit, values, by=owner(place), now=timezone.now(), indicator=indicator
            )
        assert field in problem.value.message_dict


def test_conclude_realized__not_before_the_target_is_reached(place):
    benefit = stories.realizing(place)
    stories.measure(benefit, place, 25, 1)
    with pytest.raises(TransitionBlocked, match="50 prosent"):
        benefit_workflow.perform("conclude_realized", benefit, by=owner(place), now=timezone.now())


def test_conclude_realized__of_a_budget_waits_for_the_chief_of_finance(place):
    fields = {"form": "budget", "kind": "avoided_cost", "hours_per_year": None, "kroner_per_year": 100_000}
    benefit = stories.realizing(place, **fields)
    row = stories.measure(benefit, place, 10, 1)
    with pytest.raises(TransitionBlocked, match="Økonomisjefen"):
        benefit_workflow.perform("conclude_realized", benefit, by=owner(place), now=timezone.now())
    operations.verify(row, by=place.actor(Role.CHIEF_OF_FINANCE), now=timezone.now())
    done = benefit_workflow.perform("conclude_realized", benefit, by=owner(place), now=timezone.now())
    assert done.status == Benefit.Status.REALIZED


def test_begin_realizing__not_when_the_baseline_is_the_target(place):
    benefit = stories.baseline_measured(place, indicator={"target": Decimal(40)})
    with pytest.raises(TransitionBlocked, match="likt målet"):
        benefit_workflow.perform("begin_realizing", benefit, by=owner(place), now=timezone.now())
