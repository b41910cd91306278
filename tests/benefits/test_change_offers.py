"""What changes in the change work of a regional plan after it was handed on: offered, taken or passed over."""

from __future__ import annotations

import pytest
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from benefits.baton import operations as batons
from benefits.change.offers import open_work_offers, work_news
from benefits.models import ChangeAction, LocalPlan, Stakeholder
from core.errors import Refused
from organization.roles import Role
from tests.benefits import baton_stories as baton
from tests.benefits import change_stories as change
from tests.benefits.change_stories import in_days

pytestmark = pytest.mark.django_db


@pytest.fixture
def handed(world):
    """Return a regional initiative with an action, a stakeholder and a risk, whose municipalities have their plans."""
    regional, at = baton.regional_project(world), world.region
    row = change.action(regional, at, owner=at.person(Role.PROJECT_OWNER), benefit=regional.benefits.get())
    change.stakeholder(regional, at, contact=at.person(Role.PROJECT_OWNER))
    change.risk(regional, at, owner=at.person(Role.PROJECT_OWNER), action=row)
    return baton.given(world, regional)


def offers_of(regional, place):
    return list(open_work_offers(baton.plan_of(regional, place)))


def rewrite(row, **fields):
    type(row).objects.filter(pk=row.pk).update(changed_at=timezone.now(), **fields)


def answer(regional, place, row, *, take, role=Role.KOMMUNEDIREKTOR):
    plan = baton.plan_of(regional, place)
    key = next(one.key for one in open_work_offers(plan) if one.template == row)
    return batons.answer_work(plan, key, take=take, by=place.actor(role), now=timezone.now())


def test_change_template_work__offered_and_taken_without_people(as_role, world, handed):
    place, row = world.home, handed.change_actions.get()
    plan = baton.plan_of(handed, place)
    local = plan.initiative.change_actions.get()
    assert not offers_of(handed, place)
    client = as_role(Role.KOMMUNEDIREKTOR, place)
    page, plan_page = (
        reverse(f"benefits:{name}", args=[plan.initiative_id]) for name in ("template_offers", "plan_detail")
    )
    assert "Malen er endret" not in client.get(plan_page).content.decode()
    rewrite(row, title="Lære opp alle vaktlag og vikarer", due_on=in_days(40))
    assert "Malen er endret" in client.get(plan_page).content.decode()
    text = client.get(page).content.decode()
    for words in ("Lære opp alle vaktlag og vikarer", "Frist", row.title):
        assert words in text
    assert world.region.person(Role.PROJECT_OWNER).name not in text
    assert client.post(page, {"work": f"action-{row.pk}", "answer": "take"}).status_code == 302
    local.refresh_from_db()
    assert (local.title, local.due_on, local.owner) == ("Lære opp alle vaktlag og vikarer", in_days(40), None)
    assert not offers_of(handed, place)
    assert offers_of(handed, world.neighbor)
    assert "Malen er endret" not in client.get(plan_page).content.decode()


def test_change_template_work__new_rows_serve_the_own_benefit(world, handed):
    place, at = world.home, world.region
    new = change.action(
        handed, at, title="Ny rutine", owner=at.person(Role.PROJECT_OWNER), benefit=handed.benefits.get()
    )
    risk = change.risk(
        handed, at, title="Ingen følger rutinen", owner=at.person(Role.PROJECT_OWNER), action=new
    )
    group = change.stakeholder(handed, at, name="Pårørende", contact=None)
    keys = {one.key for one in open_work_offers(baton.plan_of(handed, place))}
    assert keys == {f"action-{new.pk}", f"risk-{risk.pk}", f"stakeholder-{group.pk}"}
    for row in (new, risk, group):
        answer(handed, place, row, take=True)
    plan = baton.plan_of(handed, place)
    local = plan.initiative.change_actions.get(title="Ny rutine")
    assert (local.owner, local.benefit, local.due_on) == (None, plan.links.get().benefit, new.due_on)
    copied = plan.initiative.benefit_risks.get(title="Ingen følger rutinen")
    assert (copied.owner, copied.action) == (None, local)
    assert plan.initiative.stakeholders.get(name="Pårørende").contact is None
    assert not offers_of(handed, place)


def test_change_template_work__passed_over_is_not_offered_until_it_changes_again(world, handed):
    place, row = world.home, handed.stakeholders.get()
    rewrite(row, loses="Nattillegget")
    answer(handed, place, row, take=False)
    assert baton.plan_of(handed, place).initiative.stakeholders.get().loses == "Kjente rutiner"
    assert not offers_of(handed, place)
    rewrite(row, gains="Ro på vakta")
    assert [change.name for change in offers_of(handed, place)[0].changes] == ["gains"]
    with pytest.raises(Http404):
        batons.answer_work(
            baton.plan_of(handed, place),
            "action-0",
            take=True,
            by=place.actor(Role.KOMMUNEDIREKTOR),
            now=timezone.now(),
        )


def test_change_template_work__what_goes_on_there_is_no_news(world, handed):
    row = handed.change_actions.get()
    change.perform("begin_change", row, by=world.region.actor(Role.PROJECT_OWNER), now=timezone.now())
    rewrite(row, owner=None)
    assert not offers_of(handed, world.home)
    assert not LocalPlan.objects.filter(work_news()).exists()
    rewrite(row, how="Et kvarter per vaktlag")
    assert LocalPlan.objects.filter(work_news()).count() == 2


def test_change_template_work__a_deadline_that_has_passed_leaves_the_own(world, handed):
    row = handed.change_actions.get()
    rewrite(row, due_on=in_days(-3), kind="routine")
    answer(handed, world.home, row, take=True)
    local = baton.plan_of(handed, world.home).initiative.change_actions.get()
    assert (local.due_on, local.kind) == (in_days(10), "routine")
    assert not offers_of(handed, world.home)


def test_change_template_work__not_into_what_is_done_or_taken_out(as_role, world, handed):
    place, row = world.home, handed.change_actions.get()
    local = baton.plan_of(handed, place).initiative.change_actions.get()
    ChangeAction.objects.filter(pk=local.pk).update(status="done", concluded_at=timezone.now())
    rewrite(row, title="Noe annet")
    client = as_role(Role.KOMMUNEDIREKTOR, place)
    page = reverse("benefits:template_offers", args=[local.initiative_id])
    refused = client.post(page, {"work": f"action-{row.pk}", "answer": "take"})
    assert refused.status_code == 409
    assert "Åpne det igjen først" in refused.content.decode()
    ChangeAction.objects.filter(pk=local.pk).update(removed_at=timezone.now())
    assert not offers_of(handed, place)
    local.refresh_from_db()
    assert local.title == "Lære opp alle vaktlag"


def test_change_template_work__a_name_that_is_taken_is_refused(world, handed):
    place, row = world.home, handed.stakeholders.get()
    plan = baton.plan_of(handed, place)
    Stakeholder.objects.create(
        initiative=plan.initiative,
        name="Pårørende",
        group="users",
        influence=1,
        attitude=0,
        created_at=timezone.now(),
        changed_at=timezone.now(),
    )
    rewrite(row, name="Pårørende")
    with pytest.raises(Refused, match="står alt i planen"):
        answer(handed, place, row, take=True)
    answer(handed, place, row, take=False)


def test_answer_template_work__by_nobody_else_and_not_after_leaving(as_role, world, handed):
    place, row = world.home, handed.change_actions.get()
    rewrite(row, title="Regionens nye navn")
    plan = baton.plan_of(handed, place)
    page = reverse("benefits:template_offers", args=[plan.initiative_id])
    sent = {"work": f"action-{row.pk}", "answer": "take"}
    assert as_role(Role.EMPLOYEE, place).post(page, sent).status_code == 403
    assert as_role(Role.KOMMUNEDIREKTOR, world.neighbor).post(page, sent).status_code == 404
    client = as_role(Role.KOMMUNEDIREKTOR, place)
    for wrong in ("x", "action-", "action-9" * 9, "risk-0", "\0"):
        assert client.post(page, {"work": wrong, "answer": "take"}).status_code == 404
    batons.leave_regional_plan(plan, by=place.actor(Role.KOMMUNEDIREKTOR), now=timezone.now(), reason="Eget.")
    assert "Regionens nye navn" not in client.get(page).content.decode()
    assert client.post(page, sent).status_code == 404
    assert plan.initiative.change_actions.get().title == "Lære opp alle vaktlag"
