"""The baton: a plan is handed over and taken, a regional one by each municipality, and nobody sees into another."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from benefits.baton import operations, presentation
from benefits.baton.gates import baton_is_passed
from benefits.baton.reminders import REMINDERS
from benefits.baton.template import open_offers
from benefits.models import Benefit, Handover, LocalPlan, TemplateLink
from benefits.operations import approve_plan, record_effect
from benefits.workflow import benefit_workflow
from core import reminders
from core.inbox import Inbox
from core.models import Notice
from core.workflow import TransitionBlocked, TransitionDenied
from governance.models import Initiative
from organization.roles import Role
from tests.benefits import baton_stories as baton
from tests.benefits import pulses, stories
from tests.world import end_roles_of

MAX_QUERIES = 12


@pytest.fixture
def place(world):
    return world.home


@pytest.fixture
def regional(world):
    return baton.given(world)


def url(name, *args):
    return reverse(f"benefits:{name}", args=args)


def missing(initiative):
    return baton_is_passed.missing([initiative.pk]).get(initiative.pk, "")


def titles(actor):
    return [task.title for task in Inbox(actor).tasks()]


# --- A municipality's own plan ----------------------------------------------------------------------
def test_hand_over__waits_for_the_receiver_until_taken(place):
    benefit = stories.baseline_measured(place)
    assert "ikke overlevert" in missing(benefit.initiative)
    handover = baton.offered(place, benefit.initiative)
    assert "ikke svart" in missing(benefit.initiative)
    owner = place.actor(Role.SERVICE_OWNER)
    assert "Digital vaktplan" in titles(owner)
    assert Notice.objects.filter(event="handover_with_receiver", recipient=owner.person).exists()
    baton.perform("accept_handover", handover, by=owner, now=timezone.now())
    assert missing(benefit.initiative) == ""
    assert titles(owner).count("Digital vaktplan") == 0
    assert Notice.objects.filter(event="handover_answered", recipient=handover.offered_by).exists()


def test_refuse_handover__with_a_reason_and_again(place):
    handover = baton.offered(place)
    owner, now = place.actor(Role.SERVICE_OWNER), timezone.now()
    baton.perform(
        "refuse_handover", handover, by=owner, now=now, data={"reason": "Opplæringen er ikke gitt."}
    )
    assert "tok ikke imot" in missing(handover.initiative)
    assert "Opplæringen" not in missing(handover.initiative)
    again = baton.offered(place, handover.initiative)
    assert again.pk != handover.pk
    with pytest.raises(TransitionBlocked, match="alt overlevert"):
        baton.offered(place, handover.initiative)


def test_accept_handover__not_without_responsibility_in_the_line(place):
    handover = baton.offered(place)
    actor = place.actor(Role.SERVICE_OWNER)
    end_roles_of(actor.person, timezone.localdate())
    with pytest.raises(TransitionBlocked, match="ikke lederansvar"):
        baton.perform("accept_handover", handover, by=actor, now=timezone.now())


def test_accept_handover__takes_on_the_benefits_that_ask(place):
    benefit = stories.identified(place)
    baton.accepted(place, benefit.initiative)
    benefit.refresh_from_db()
    assert benefit.ownership == "accepted"


@pytest.mark.parametrize("role", [Role.EMPLOYEE, Role.KOMMUNEDIREKTOR, Role.PORTFOLIO_MANAGER])
def test_answer_handover__only_who_is_asked(place, role):
    handover = baton.offered(place)
    with pytest.raises(TransitionDenied):
        baton.perform("accept_handover", handover, by=place.actor(role), now=timezone.now())


def test_hand_over__of_a_draft_is_refused(place):
    from tests import stories as initiatives

    draft = initiatives.draft(place, project_owner=place.person(Role.EMPLOYEE))
    by = place.actor(Role.EMPLOYEE)
    receiver = place.person(Role.SERVICE_OWNER)
    with pytest.raises(TransitionBlocked, match="i porteføljen"):
        operations.hand_over(draft, receiver=receiver, by=by, now=timezone.now(), **baton.content())


def test_remind_of_handover__receiver_first_then_the_giver(place):
    handover = baton.offered(place)
    late = handover.due_on + timedelta(days=20)
    reminders.run(day=late, now=timezone.now(), only=REMINDERS)
    told = set(Notice.objects.filter(event__startswith="handover_due").values_list("recipient_id", flat=True))
    assert {handover.receiver_id, handover.offered_by_id} <= told


@pytest.mark.parametrize("where", ["neighbor", "stranger", "region"])
def test_see_handover__not_from_elsewhere(as_role, world, where):
    handover = baton.offered(world.home)
    elsewhere = getattr(world, where)
    for role in (Role.KOMMUNEDIREKTOR, Role.SECRETARIAT, Role.PORTFOLIO_MANAGER):
        assert not Handover.objects.visible_to(elsewhere.actor(role)).exists()
    client = as_role(Role.KOMMUNEDIREKTOR, elsewhere)
    assert client.get(url("handover_detail", handover.pk)).status_code == 404
    assert client.post(url("handover_transition", handover.pk, "accept_handover")).status_code == 404


# --- A regional plan --------------------------------------------------------------------------------
def test_give_local_plans__each_with_its_own_benefits_and_indicators(world, regional):
    template = regional.benefits.get()
    for place, hours in ((world.home, 300), (world.neighbor, 100)):
        plan = baton.plan_of(regional, place)
        local = plan.initiative.benefits.get()
        assert (local.title, local.hours_per_year, local.service_owner) == (template.title, hours, None)
        indicator = local.indicators.get()
        assert (indicator.name, indicator.measurements.count()) == (
            template.indicators.get().name,
            template.indicators.get().measurements.count(),
        )
        assert indicator.baseline is None
    with pytest.raises(TransitionBlocked, match="har planen sin alt"):
        baton.given(world, regional)


def test_take_local_plan__leadership_and_service_owner_of_each(world, regional):
    assert "2 kommuner" in missing(regional)
    assert regional.title in titles(world.home.actor(Role.KOMMUNEDIREKTOR))
    baton.taken(regional, world.home)
    assert "1 kommune " in missing(regional)
    local = baton.plan_of(regional, world.home).initiative
    local.refresh_from_db()
    assert (local.service_owner, local.unit) == (world.home.person(Role.SERVICE_OWNER), world.home.unit)
    assert local.benefits.get().ownership == "accepted"
    baton.taken(regional, world.neighbor)
    assert missing(regional) == ""
    told = Notice.objects.filter(event="local_plan_answered")
    assert set(told.values_list("recipient__username", flat=True)) == {"portfolio_manager.region"}


def test_decline_local_plan__region_reads_why_and_asks_again(as_role, world, regional):
    handover, now = baton.handover_of(regional, world.home), timezone.now()
    data = {"reason": "Vi har ingen å sette på det før jul."}
    baton.perform("decline_handover", handover, by=world.home.actor(Role.KOMMUNEDIREKTOR), now=now, data=data)
    page = as_role(Role.PORTFOLIO_MANAGER, world.region).get(url("local_plans", regional.pk)).content.decode()
    assert "ingen å sette på det" in page
    baton.given(world, regional)
    assert baton.handover_of(regional, world.home).is_with_leadership
    assert Handover.objects.count() == 3


def test_see_local_plan__region_sees_totals_and_nothing_inside(as_role, world, regional):
    baton.taken(regional, world.home)
    plan = baton.plan_of(regional, world.home)
    local = plan.initiative.benefits.get()
    Benefit.objects.filter(pk=local.pk).update(title="Hemmelig navn i Heim", hours_per_year=312)
    for role in (Role.KOMMUNEDIREKTOR, Role.PORTFOLIO_MANAGER, Role.SECRETARIAT):
        client = as_role(role, world.region)
        page = client.get(url("local_plans", regional.pk) + "?regnet=hours").content.decode()
        assert "Heim kommune" in page
        assert "312" in page
        assert "Overtatt av linjen" in page
        assert "Hemmelig navn" not in page
        for name, pk in (
            ("plan_detail", plan.initiative_id), ("benefit_detail", local.pk), ("handover_detail", baton.handover_of(regional, world.home).pk),
            ("indicator_edit", local.indicators.get().pk), ("template_offers", plan.initiative_id), ("regional_leave", plan.initiative_id),
            ("baton_give", plan.initiative_id),
        ):  # fmt: skip
            assert client.get(url(name, pk)).status_code == 404
        actor = world.region.actor(role)
        assert not Benefit.objects.visible_to(actor).filter(initiative=plan.initiative).exists()
        assert not TemplateLink.objects.visible_to(actor).exists()
        assert not Initiative.objects.visible_to(actor).filter(pk=plan.initiative_id).exists()


def test_see_local_plan__a_municipality_sees_its_own_line_only(as_role, world, regional):
    page = as_role(Role.EMPLOYEE, world.neighbor).get(url("local_plans", regional.pk)).content.decode()
    assert "Granne kommune" in page
    assert "Heim kommune" not in page
    plan = baton.plan_of(regional, world.home)
    client = as_role(Role.KOMMUNEDIREKTOR, world.neighbor)
    assert client.get(url("plan_detail", plan.initiative_id)).status_code == 404
    assert client.get(url("handover_detail", baton.handover_of(regional, world.home).pk)).status_code == 404
    assert (
        as_role(Role.KOMMUNEDIREKTOR, world.stranger).get(url("local_plans", regional.pk)).status_code == 404
    )


def test_leave_regional_plan__gone_from_the_region_and_kept_at_home(as_role, world, regional):
    baton.taken(regional, world.home)
    plan = baton.plan_of(regional, world.home)
    page = url("regional_leave", plan.initiative_id)
    assert as_role(Role.EMPLOYEE, world.home).get(page).status_code == 403
    client = as_role(Role.KOMMUNEDIREKTOR, world.home)
    assert client.post(page, {"reason": ""}).status_code == 422
    assert client.post(page, {"reason": "Vi kjøper eget."}).status_code == 302
    assert client.post(page, {"reason": "En gang til"}).status_code == 409
    shown = client.get(url("plan_detail", plan.initiative_id)).content.decode()
    assert "ute av det regionale tiltaket" in shown
    region = as_role(Role.PORTFOLIO_MANAGER, world.region)
    assert "Heim kommune" not in region.get(url("local_plans", regional.pk)).content.decode()
    assert (
        not LocalPlan.objects.visible_to(world.region.actor(Role.KOMMUNEDIREKTOR)).filter(pk=plan.pk).exists()
    )
    assert plan.initiative.benefits.in_plans().exists()
    assert "1 kommune " in missing(regional)


def test_leave_region__a_municipality_that_moves_out_is_seen_no_more(world, regional):
    from organization.models import Unit

    Unit.objects.filter(pk=world.home.municipality.pk).update(region=None)
    seen = LocalPlan.objects.visible_to(world.region.actor(Role.KOMMUNEDIREKTOR))
    assert {row.municipality_id for row in seen} == {world.neighbor.municipality.pk}


def test_count_benefits__not_both_in_the_region_and_at_home(world, regional):
    assert not regional.benefits.in_plans().exists()
    local = Benefit.objects.filter(initiative__local_plan__template=regional).in_plans()
    assert local.count() == 2


# --- The template's changes -------------------------------------------------------------------------
def test_change_template__offered_and_taken(as_role, world, regional):
    baton.taken(regional, world.home)
    plan = baton.plan_of(regional, world.home)
    assert list(open_offers(plan)) == []
    template = regional.benefits.get()
    Benefit.objects.filter(pk=template.pk).update(
        title="Mindre dobbeltarbeid om natta", changed_at=timezone.now()
    )
    template.indicators.update(target=5)
    client, page = as_role(Role.SERVICE_OWNER, world.home), url("template_offers", plan.initiative_id)
    text = client.get(page).content.decode()
    assert "Mindre dobbeltarbeid om natta" in text
    assert "Malen er endret" in client.get(url("plan_detail", plan.initiative_id)).content.decode()
    local = plan.initiative.benefits.get()
    assert local.title == "Mindre dobbeltarbeid"
    assert client.post(page, {"template": template.pk, "answer": "take"}).status_code == 302
    local.refresh_from_db()
    assert (local.title, local.indicators.get().target, local.hours_per_year) == (
        "Mindre dobbeltarbeid om natta",
        5,
        300,
    )
    assert list(open_offers(plan)) == []


def test_change_template__kept_out_is_not_offered_again(world, regional):
    plan, by, now = (
        baton.plan_of(regional, world.home),
        world.home.actor(Role.KOMMUNEDIREKTOR),
        timezone.now(),
    )
    template = regional.benefits.get()
    Benefit.objects.filter(pk=template.pk).update(title="Noe annet")
    new = Benefit.objects.create(
        initiative=regional, title="Ny i malen", kind="quality", form="not_priced", beneficiary="citizens", created_at=now, changed_at=now
    )  # fmt: skip
    assert [offer.is_new for offer in open_offers(plan)] == [False, True]
    for pk in (template.pk, new.pk):
        operations.answer_template(plan, pk, take=False, by=by, now=now)
    assert list(open_offers(plan)) == []
    assert plan.initiative.benefits.get().title == "Mindre dobbeltarbeid"
    with pytest.raises(Http404):
        operations.answer_template(plan, new.pk, take=True, by=by, now=now)


def test_answer_template__not_an_employee_and_not_garbage(as_role, world, regional):
    plan = baton.plan_of(regional, world.home)
    page = url("template_offers", plan.initiative_id)
    assert as_role(Role.EMPLOYEE, world.home).get(page).status_code == 403
    client = as_role(Role.KOMMUNEDIREKTOR, world.home)
    for wrong in ("", "x", "9" * 40, "-1", "\0"):
        assert client.post(page, {"template": wrong, "answer": "take"}).status_code == 404


def change_template(regional, *, indicator=None, **fields):
    template = regional.benefits.get()
    Benefit.objects.filter(pk=template.pk).update(changed_at=timezone.now(), **fields)
    template.indicators.update(**(indicator or {}))
    return template


def test_change_template__figures_are_written_as_people_read_them(world, regional):
    plan = baton.plan_of(regional, world.home)
    change_template(regional, indicator={"target": 100})
    ((change,),) = [offer.changes for offer in open_offers(plan)]
    assert (change.before, change.after) == ("10", "100")


def test_take_from_template__how_often_makes_the_days_anew(world, regional):
    plan = baton.plan_of(regional, world.home)
    template = change_template(regional, indicator={"every": "month"})
    indicator = plan.initiative.benefits.get().indicators.get()
    before = indicator.measurements.count()
    by = world.home.actor(Role.KOMMUNEDIREKTOR)
    operations.answer_template(plan, template.pk, take=True, by=by, now=timezone.now())
    assert indicator.measurements.count() > before
    assert list(open_offers(plan)) == []


def test_take_from_template__not_into_what_is_taken_out_of_the_plan(as_role, world, regional):
    plan = baton.plan_of(regional, world.home)
    benefit_workflow.perform(
        "drop_benefit", plan.initiative.benefits.get(), by=world.home.actor(Role.PORTFOLIO_MANAGER), now=timezone.now(),
        data={"reason": "Vi har gjort det alt."},
    )  # fmt: skip
    template = change_template(regional, title="Nytt navn")
    client, page = as_role(Role.KOMMUNEDIREKTOR, world.home), url("template_offers", plan.initiative_id)
    answer = client.post(page, {"template": template.pk, "answer": "take"})
    assert answer.status_code == 409
    assert "Følg den opp igjen" in answer.content.decode()
    assert plan.initiative.benefits.get().title == "Mindre dobbeltarbeid"
    assert client.post(page, {"template": template.pk, "answer": "keep"}).status_code == 302
    assert list(open_offers(plan)) == []


def test_take_from_template__not_a_target_on_the_wrong_side_of_the_own_baseline(as_role, world, regional):
    plan = baton.plan_of(regional, world.home)
    indicator = plan.initiative.benefits.get().indicators.get()
    indicator.measurements.filter(kind="baseline").update(
        value=15, measured_on=indicator.baseline_on, measured_by=world.home.person(Role.SERVICE_OWNER)
    )
    template = change_template(regional, indicator={"target": 20})
    client, page = as_role(Role.KOMMUNEDIREKTOR, world.home), url("template_offers", plan.initiative_id)
    answer = client.post(page, {"template": template.pk, "answer": "take"})
    assert answer.status_code == 409
    assert "Målet er over nullpunktet" in answer.content.decode()
    indicator.refresh_from_db()
    assert indicator.target == 10


def test_answer_template__not_after_the_municipality_has_gone_out(as_role, world, regional):
    plan = baton.plan_of(regional, world.home)
    template, by = (
        change_template(regional, title="Regionens nye navn"),
        world.home.actor(Role.KOMMUNEDIREKTOR),
    )
    operations.leave_regional_plan(plan, by=by, now=timezone.now(), reason="Vi kjøper eget.")
    client, page = as_role(Role.KOMMUNEDIREKTOR, world.home), url("template_offers", plan.initiative_id)
    assert "Regionens nye navn" not in client.get(page).content.decode()
    assert client.post(page, {"template": template.pk, "answer": "take"}).status_code == 404
    assert plan.initiative.benefits.get().title == "Mindre dobbeltarbeid"


# --- Pages --------------------------------------------------------------------------------------------
def test_give_baton__from_the_page(as_role, world):
    benefit = stories.baseline_measured(world.home)
    client, page = as_role(Role.PROJECT_OWNER, world.home), url("baton_give", benefit.initiative_id)
    assert client.get(page).status_code == 200
    wrong = {"what": "Alt sammen", "receiver": "Ingen Slik", "effective_on": "1.1.2001"}
    answer = client.post(page, wrong)
    assert answer.status_code == 422
    for words in ("Alt sammen", "Fant ingen treff", "Dagen er passert"):
        assert words in answer.content.decode()
    owner = world.home.person(Role.SERVICE_OWNER)
    right = {**wrong, "receiver": owner.name, "effective_on": timezone.localdate().isoformat()}
    assert client.post(page, right).status_code == 302
    assert client.post(page, right).status_code == 409
    assert as_role(Role.EMPLOYEE, world.home).get(page).status_code == 403
    project = reverse("portfolio:project_detail", args=[benefit.initiative.project.pk])
    assert "Venter på tjenesteeieren" in client.get(project).content.decode()


def test_answer_local_plan__names_one_who_leads(as_role, world, regional):
    handover = baton.handover_of(regional, world.home)
    client = as_role(Role.KOMMUNEDIREKTOR, world.home)
    assert "Ta imot for kommunen" in client.get(url("handover_detail", handover.pk)).content.decode()
    page = url("handover_transition", handover.pk, "confirm_handover")
    employee, owner = world.home.person(Role.EMPLOYEE), world.home.person(Role.SERVICE_OWNER)
    sent = {"receiver": employee.name, "unit": world.home.unit.pk, "remark": "Se på Sone vest først."}
    answer = client.post(page, sent)
    assert answer.status_code == 422
    assert "ikke lederansvar" in answer.content.decode()
    assert "Sone vest" in answer.content.decode()
    strange = client.post(page, {**sent, "receiver": owner.name, "unit": world.neighbor.unit.pk})
    assert strange.status_code == 422
    assert client.post(page, {**sent, "receiver": owner.name}).status_code == 302


def test_open_local_plans__constant_queries(as_role, world, regional, django_assert_max_num_queries):
    client = as_role(Role.PORTFOLIO_MANAGER, world.region)
    client.get(url("local_plans", regional.pk))
    with django_assert_max_num_queries(MAX_QUERIES):
        client.get(url("local_plans", regional.pk))
    lines = presentation.side_by_side(
        regional, world.region.actor(Role.PORTFOLIO_MANAGER), measure="hours", today=timezone.localdate()
    )
    assert len(lines) == 2


@pytest.mark.parametrize("name", ["plan_detail", "baton_give"])
def test_open_plan__constant_queries(as_role, world, regional, name, django_assert_max_num_queries):
    client = as_role(Role.PORTFOLIO_MANAGER, world.region)
    client.get(url(name, regional.pk))
    with django_assert_max_num_queries(MAX_QUERIES):
        client.get(url(name, regional.pk))


def test_open_plan__with_all_that_a_plan_can_have(as_role, world, regional, django_assert_max_num_queries):
    place, now = world.home, timezone.now()
    baton.taken(regional, place)
    initiative = baton.plan_of(regional, place).initiative
    owner = place.actor(Role.SERVICE_OWNER)
    told = {
        "title": "Flere ringer om passord",
        "how": "",
        "whom": "citizens",
        "seen_on": timezone.localdate(),
    }
    for sort in ("disbenefit", "benefit"):
        record_effect(initiative, {**told, "sort": sort}, by=owner, now=now)
    benefit = initiative.benefits.get()
    for occasion in ("before_bp3", "at_bp5"):
        pulses.over(pulses.planned(benefit, place, occasion))
    approve_plan(initiative, by=place.actor(Role.KOMMUNEDIREKTOR), now=now)
    approve_plan(initiative, by=place.actor(Role.KOMMUNEDIREKTOR), now=now)
    change_template(regional, title="Nytt navn i malen")
    page, client = url("plan_detail", initiative.pk), as_role(Role.SERVICE_OWNER, place)
    text = client.get(page).content.decode()
    for words in (
        "Flere ringer om passord",
        "Tas endringen i bruk?",
        "Malen er endret",
        "Versjon 2",
        "Overtatt av linjen",
    ):
        assert words in text
    with django_assert_max_num_queries(MAX_QUERIES):
        client.get(page)


# --- Changes without a project ------------------------------------------------------------------------
def test_open_line_change__with_a_plan_that_is_measured(as_role, world):
    place = world.home
    client, page = as_role(Role.LEADER, place), url("line_change")
    owner = place.person(Role.SERVICE_OWNER)
    sent = {
        "title": "Kortere rapport ved vaktskifte",
        "summary": "Vi møtes stående.",
        "unit": place.unit.pk,
        "service_owner": owner.name,
    }
    overview = reverse("benefits:benefit_list")
    assert page in client.get(overview).content.decode()
    assert client.post(page, {**sent, "title": ""}).status_code == 422
    assert client.post(page, {**sent, "unit": world.neighbor.unit.pk}).status_code == 422
    answer = client.post(page, sent)
    made = Initiative.objects.get(title="Kortere rapport ved vaktskifte")
    assert answer.url == url("benefit_add", made.pk)
    assert answer.url in client.get(made.get_absolute_url()).content.decode()
    benefit = {
        "title": "Ti minutter spart per vakt", "beneficiary": "own_organization", "kind": "saved_time", "form": "alternative_use",
        "hours_per_year": "600", "service_owner": owner.name,
    }  # fmt: skip
    assert client.post(answer.url, benefit).status_code == 302
    row = made.benefits.in_plans().get()
    assert row.service_owner == owner
    assert Notice.objects.filter(recipient=owner, event="ownership_asked").exists()
    assert client.post(answer.url, benefit).status_code == 302
    assert made.benefits.count() == 1
    assert not hasattr(made, "project")
    assert client.get(made.get_absolute_url()).status_code == 200


def test_open_line_change__only_by_the_line(as_role, world):
    client = as_role(Role.EMPLOYEE, world.home)
    assert client.get(url("line_change")).status_code == 403
    assert url("line_change") not in client.get(reverse("benefits:benefit_list")).content.decode()
    assert as_role(Role.SECRETARIAT, world.stranger).get(url("line_change")).status_code == 403
    with pytest.raises(TransitionDenied):
        operations.open_line_change(
            title="x", summary="x", unit=world.neighbor.unit, service_owner=world.home.person(Role.LEADER),
            by=world.home.actor(Role.LEADER), now=timezone.now(),
        )  # fmt: skip
