"""BP6: a plan of the line is closed when its benefits are judged, and somebody is asked to."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from benefits import operations as benefit_operations
from benefits import pdf
from benefits.baton.operations import open_line_change
from benefits.baton.workflow import handover_workflow
from benefits.closing import inbox, operations, reminders
from benefits.closing.gates import benefits_are_judged
from benefits.closing.queries import conclusion_of, ready_to_close
from benefits.models import Benefit, Measurement
from benefits.workflow import benefit_workflow
from core import reminders as engine
from core.models import Notice
from core.pdf import render
from core.workflow import TransitionBlocked, TransitionDenied
from governance.models import GovernanceRules, Initiative, Status
from organization.roles import Role
from tests.benefits import baton_stories as batons
from tests.benefits import stories

pytestmark = pytest.mark.django_db
SAID = "Rapporten tar ti minutter. Nattevaktene vil ha den skriftlig."


@pytest.fixture
def place(world):
    return world.home


def line_plan(place, **values) -> Initiative:
    """Return a change in the line whose benefit is taken out and measured, the last time too."""
    owner = place.person(Role.SERVICE_OWNER)
    initiative = open_line_change(
        title="Kortere rapport ved vaktskifte", summary="Vi møtes stående.", unit=place.unit, service_owner=owner,
        by=place.actor(Role.LEADER), now=timezone.now(),
    )  # fmt: skip
    benefit = Benefit.objects.create(
        initiative=initiative, title="Ti minutter spart per vakt", kind="saved_time", form="alternative_use",
        beneficiary="own_organization", hours_per_year=600, service_owner=owner, created_at=timezone.now(), changed_at=timezone.now(),
    )  # fmt: skip
    stories.accept(benefit, place)
    today = timezone.localdate()
    days = {"first_on": today - timedelta(days=40), "last_on": today - timedelta(days=5), **values}
    stories.add_indicator(Benefit.objects.get(pk=benefit.pk), place, **days)
    benefit_operations.approve_plan(initiative, by=place.actor(Role.KOMMUNEDIREKTOR), now=timezone.now())
    stories.measure(Benefit.objects.get(pk=benefit.pk), place, 40)
    benefit_workflow.perform(
        "begin_realizing",
        Benefit.objects.get(pk=benefit.pk),
        by=place.actor(Role.SERVICE_OWNER),
        now=timezone.now(),
    )
    return initiative


def measured(place, value=10) -> Initiative:
    initiative = line_plan(place)
    benefit = initiative.benefits.get()
    for at in range(1, Measurement.objects.filter(indicator__benefit=benefit).count()):
        stories.measure(benefit, place, value, at)
    return initiative


def judged(place, step="conclude_realized") -> Initiative:
    initiative = measured(place)
    data = {"lesson": "Opplæringen tok lengre tid enn vi trodde."}
    benefit_workflow.perform(step, initiative.benefits.get(), by=place.actor(Role.SERVICE_OWNER), now=timezone.now(), data=data)  # fmt: skip
    return initiative


def page(initiative):
    return reverse("benefits:plan_close", args=[initiative.pk])


def close(initiative, place, role=Role.SERVICE_OWNER):
    return operations.close_plan(initiative, conclusion=SAID, by=place.actor(role), now=timezone.now())


def tasks(place, role=Role.SERVICE_OWNER):
    actor = place.actor(role)
    return [inbox.plans_to_close.task(row, actor).title for row in inbox.plans_to_close.rows(actor)]


def test_close_plan__with_conclusion_report_and_history(as_role, place, monkeypatch):
    initiative = judged(place)
    client, plan = as_role(Role.SERVICE_OWNER), reverse("benefits:plan_detail", args=[initiative.pk])
    assert page(initiative) in client.get(plan).content.decode()
    shown = client.get(page(initiative)).content.decode()
    assert "Ti minutter spart per vakt" in shown
    assert "Realisert" in shown
    assert client.post(page(initiative), {"conclusion": " "}).status_code == 422
    assert client.post(page(initiative), {"conclusion": SAID}).url == plan
    initiative = Initiative.objects.get(pk=initiative.pk)
    assert initiative.status == Status.CLOSED
    assert conclusion_of(initiative) == SAID
    assert SAID in client.get(f"{initiative.get_absolute_url()}?vis=historikk").content.decode()
    assert page(initiative) not in client.get(plan).content.decode()
    printed: list[dict] = []
    monkeypatch.setattr(
        pdf, "render", lambda *args, **kwargs: printed.append(args[1]) or render(*args, **kwargs)
    )
    report = client.get(reverse("benefits:benefit_report", args=[initiative.pk]))
    assert report.content.startswith(b"%PDF")
    assert (printed[0]["conclusion"], printed[0]["handover"]) == (SAID, "Linjen gjorde endringen selv")
    assert client.post(page(initiative), {"conclusion": SAID}).status_code == 409


def test_close_plan__says_what_is_missing_and_keeps_what_was_typed(as_role, place):
    initiative = measured(place)
    client = as_role(Role.SERVICE_OWNER)
    assert "1 gevinst er ikke vurdert" in client.get(page(initiative)).content.decode()
    answer = client.post(page(initiative), {"conclusion": SAID})
    assert answer.status_code == 409
    assert SAID in answer.content.decode()
    with pytest.raises(TransitionBlocked):
        close(initiative, place)


def test_close_plan__asks_for_what_was_learned(place):
    initiative = judged(place, "conclude_not_realized")
    Benefit.objects.update(lesson="")
    assert "nådde ikke målet" in benefits_are_judged.missing([initiative.pk])[initiative.pk]
    with pytest.raises(TransitionBlocked):
        close(initiative, place)
    Benefit.objects.update(lesson="Nattevaktene måtte være med fra første dag.")
    assert close(initiative, place).status == Status.CLOSED


def test_close_plan__where_the_municipality_does_not_demand_it(place):
    initiative = measured(place)
    GovernanceRules.objects.update_or_create(
        municipality=place.municipality, defaults={"gates": [], "changed_at": timezone.now()}
    )
    assert close(initiative, place).status == Status.CLOSED


@pytest.mark.parametrize("role", [Role.LEADER, Role.PORTFOLIO_MANAGER, Role.KOMMUNEDIREKTOR])
def test_close_plan__by_those_who_sign_it(place, role):
    assert close(judged(place), place, role).status == Status.CLOSED


def test_close_plan__by_nobody_else(as_role, world, place):
    initiative = judged(place)
    with pytest.raises(TransitionDenied):
        close(initiative, place, Role.SECRETARIAT)
    assert as_role(Role.CHIEF_OF_FINANCE).get(page(initiative)).status_code == 403
    for role in (Role.SERVICE_OWNER, Role.KOMMUNEDIREKTOR):
        assert as_role(role, world.neighbor).get(page(initiative)).status_code == 404
        with pytest.raises(Http404):
            close(initiative, world.neighbor, role)


def test_close_plan__of_a_project_is_the_projects(as_role, place):
    initiative = stories.realized(place).initiative
    assert not ready_to_close().exists()
    answer = as_role(Role.PORTFOLIO_MANAGER).post(page(initiative), {"conclusion": SAID})
    assert answer.status_code == 409
    assert "lukkes med prosjektet" in answer.content.decode()


def test_close_plan__not_while_a_hand_over_waits(world, place):
    regional = batons.given(world)
    local = batons.plan_of(regional, place).initiative
    GovernanceRules.objects.update(gates=[])
    handover = batons.confirmed(regional, place)
    with pytest.raises(TransitionBlocked, match="ikke besvart"):
        close(local, place, Role.KOMMUNEDIREKTOR)
    handover_workflow.perform(
        "accept_handover", handover, by=place.actor(Role.SERVICE_OWNER), now=timezone.now()
    )
    local.benefits.update(status="dropped")
    assert close(local, place).status == Status.CLOSED


def test_inbox__asks_who_takes_out_when_nothing_is_left_to_measure(world, place):
    initiative = line_plan(place)
    assert not tasks(place)
    benefit = initiative.benefits.get()
    for at in range(1, Measurement.objects.filter(indicator__benefit=benefit).count()):
        stories.measure(benefit, place, 10, at)
    assert tasks(place) == ["Kortere rapport ved vaktskifte"]
    assert not tasks(place, Role.LEADER)
    assert not tasks(world.neighbor)
    benefit_workflow.perform(
        "conclude_realized", benefit, by=place.actor(Role.SERVICE_OWNER), now=timezone.now()
    )
    assert tasks(place)
    close(initiative, place)
    assert not tasks(place)


def test_remind__the_owner_once_and_then_the_leader(place):
    initiative = judged(place)
    told = Notice.objects.filter(event__startswith="plan_closing")
    now = timezone.now()

    def run(days):
        engine.run(day=timezone.localdate() + timedelta(days=days), now=now, only=reminders.REMINDERS)

    run(0)
    assert not told.exists()
    run(7)
    run(8)
    assert list(told.values_list("recipient_id", flat=True)) == [place.person(Role.SERVICE_OWNER).pk]
    run(40)
    assert place.person(Role.LEADER).pk in told.values_list("recipient_id", flat=True)
    count = told.count()
    close(initiative, place)
    run(80)
    assert told.count() == count
