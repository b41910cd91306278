"""Change work: what is written, by whom and how it is refused; the inbox, the reminders, and what goes with a plan."""

from __future__ import annotations

import pytest
from django.http import Http404
from django.utils import timezone

from benefits import operations as plans
from benefits.change import operations, presentation
from benefits.change.reminders import REMINDERS
from benefits.change.versions import compare_work, work_lines
from benefits.change.workflow import change_workflow
from benefits.models import BenefitRisk, ChangeAction, ChangeAgent, ChangeStatus, PlanApproval, Stakeholder
from benefits.operations import mapping
from core import reminders
from core.errors import Refused
from core.inbox import Inbox
from core.models import Notice
from core.workflow import TransitionBlocked, TransitionDenied
from organization.models import RoleAssignment
from organization.roles import Role
from tests import stories as initiatives
from tests.benefits import baton_stories as baton
from tests.benefits import change_stories as change
from tests.benefits import stories
from tests.benefits.change_stories import by, in_days

SECRET = "Hemmelig ord"


@pytest.fixture
def place(world):
    return world.home


@pytest.fixture
def benefit(place):
    return stories.planned(place)


@pytest.fixture
def initiative(benefit):
    return benefit.initiative


def titles(actor):
    return [task.title for task in Inbox(actor).tasks()]


# --- Writing -------------------------------------------------------------------------------------------
MAKE = {
    "action": change.action,
    "agent": change.agent,
    "stakeholder": change.stakeholder,
    "risk": change.risk,
}


@pytest.mark.parametrize("make", MAKE.values(), ids=MAKE)
def test_save_part__by_who_works_on_the_plan_and_nobody_else(world, place, initiative, make):
    row = make(initiative, place)
    assert type(row).objects.visible_to(place.actor(Role.EMPLOYEE)).contains(row)
    assert not type(row).objects.visible_to(world.neighbor.actor(Role.KOMMUNEDIREKTOR)).contains(row)
    for role in (Role.HR, Role.LEADER):
        with pytest.raises(TransitionDenied):
            operations.remove_part(row, **by(place, role))
    for other in (world.neighbor, world.stranger):
        with pytest.raises(Http404):
            operations.remove_part(row, **by(other, Role.PORTFOLIO_MANAGER))


@pytest.mark.parametrize("make", MAKE.values(), ids=MAKE)
def test_save_part__twice_sent_is_one(place, initiative, make):
    assert make(initiative, place) == make(initiative, place)


@pytest.mark.parametrize("make", MAKE.values(), ids=MAKE)
def test_remove_part__stays_with_its_history_and_comes_back(place, initiative, make):
    row = make(initiative, place)
    operations.remove_part(row, **by(place))
    assert not type(row).objects.standing().contains(row)
    work = presentation.work_of(initiative, timezone.localdate())
    assert work.removed == [row]
    operations.restore_part(row, **by(place))
    assert type(row).objects.standing().contains(row)
    assert type(row).pgh_event_model.objects.filter(pgh_obj_id=row.pk).count() == 3


@pytest.mark.parametrize("make", MAKE.values(), ids=MAKE)
def test_save_part__not_when_the_initiative_is_over(place, make):
    over = initiatives.decided(place, "reject")
    with pytest.raises(Refused, match="avsluttet"):
        operations.save_part(Stakeholder(initiative=over), {"name": "Alle"}, **by(place, Role.SECRETARIAT))
    row = make(stories.planned(place).initiative, place)
    change.stop(row.initiative, place)
    with pytest.raises(Refused, match="avsluttet"):
        operations.remove_part(row, **by(place, Role.PORTFOLIO_MANAGER))


def test_restore_part__not_where_another_took_its_place(place, initiative):
    row = change.stakeholder(initiative, place)
    operations.remove_part(row, **by(place))
    change.stakeholder(initiative, place)
    with pytest.raises(Refused, match="står alt"):
        operations.restore_part(row, **by(place))


def test_save_action__tells_the_owner_once(place, initiative):
    row = change.action(initiative, place)
    told = Notice.objects.filter(recipient=place.person(Role.EMPLOYEE), title__contains="Lære opp")
    assert told.count() == 1
    operations.save_part(row, {"how": "To timer"}, **by(place))
    assert told.count() == 1
    operations.save_part(row, {"owner": place.person(Role.HR)}, **by(place))
    assert Notice.objects.filter(recipient=place.person(Role.HR), title__contains="Lære opp").exists()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"due_on": -1}, "er gått"), ({"due_on": 366 * 25}, "20 år"), ({"title": "x" * 201}, "200"), ({"kind": "moro"}, "moro"),
        ({"risk_profile": "enorm"}, "enorm"),
    ],
)  # fmt: skip
def test_save_action__refuses_what_cannot_be_right(place, initiative, values, said):
    sent = {k: in_days(v) if k == "due_on" else v for k, v in values.items()}
    with pytest.raises(Refused, match=said):
        change.action(initiative, place, **sent)
    assert not ChangeAction.objects.exists()


def test_save_action__an_owner_who_left_or_is_elsewhere_is_refused(world, place, initiative):
    change.let_go(place, Role.HR)
    for person in (place.person(Role.HR), world.neighbor.person(Role.LEADER)):
        with pytest.raises(Refused, match="arbeider ikke her lenger"):
            change.action(initiative, place, owner=person)


def test_save_action__what_it_serves_is_of_the_same_plan(world, place, initiative):
    strange = stories.planned(world.neighbor)
    with pytest.raises(Refused, match="hører ikke til"):
        change.action(initiative, place, benefit=strange)


def test_save_action__the_same_sent_twice_is_one__and_another_of_the_same_name_is_not(place, initiative):
    first = change.action(initiative, place)
    assert change.action(initiative, place) == first
    other = change.action(initiative, place, owner=place.person(Role.HR))
    assert other != first
    assert other.owner == place.person(Role.HR)


def test_save_action__serves_a_benefit_and_a_box_until_they_go(place, benefit, initiative):
    node = mapping.save_node(
        initiative, mapping.NodeInput(stage="enabler", title="Låser", prerequisites=""), **by(place)
    )
    row = change.action(initiative, place, benefit=benefit, node=node)
    mapping.remove_node(node, **by(place))
    row.refresh_from_db()
    assert (row.benefit, row.node) == (benefit, None)


def test_save_risk__dates_stand_in_order(place, initiative):
    with pytest.raises(Refused, match="etter den siste"):
        change.risk(initiative, place, review_on=in_days(0))
    with pytest.raises(Refused, match="fram i tid"):
        change.risk(initiative, place, reviewed_on=in_days(1))
    row = change.risk(initiative, place)
    with pytest.raises(Refused, match="etter den siste"):
        operations.save_part(row, {"review_on": in_days(-3)}, **by(place))


@pytest.mark.parametrize("steps", [{"likelihood": 6}, {"consequence": 0}])
def test_save_risk__stays_within_the_matrix(place, initiative, steps):
    with pytest.raises(Refused, match="1 til 5"):
        change.risk(initiative, place, **steps)


def test_save_risk__the_owner_writes_in_the_own_one_only(place, initiative):
    row = change.risk(initiative, place)
    operations.save_part(row, {"likelihood": 1}, **by(place, Role.EMPLOYEE))
    with pytest.raises(TransitionDenied):
        operations.save_part(row, {"owner": place.person(Role.HR)}, **by(place, Role.EMPLOYEE))
    other = change.risk(initiative, place, title="Noe annet", owner=place.person(Role.HR))
    with pytest.raises(TransitionDenied):
        operations.save_part(other, {"likelihood": 1}, **by(place, Role.EMPLOYEE))
    with pytest.raises(TransitionDenied):
        operations.remove_part(row, **by(place, Role.EMPLOYEE))


def test_add_agent__has_the_role_and_says_when_it_has_ended(place, initiative):
    row = change.agent(initiative, place)
    page = presentation.shown(
        initiative, presentation.work_of(initiative, in_days(0)), [], today=timezone.localdate()
    )
    assert not page["agents"][0]["is_over"]
    RoleAssignment.objects.filter(pk=row.role_id).update(valid_to=in_days(0))
    work = presentation.work_of(initiative, in_days(0))
    assert presentation.shown(initiative, work, [], today=in_days(0))["agents"][0]["is_over"]


def test_add_agent__not_with_another_role_nor_from_elsewhere(world, place, initiative):
    wrong = [
        RoleAssignment.objects.get(person=place.person(Role.HR), role=Role.HR),
        RoleAssignment.objects.get(person=world.neighbor.person(Role.CHANGE_AGENT), role=Role.CHANGE_AGENT),
    ]
    for role in wrong:
        with pytest.raises(Refused, match="rollen endringsagent"):
            change.agent(initiative, place, role=role)
    assert not ChangeAgent.objects.exists()


# --- Steps ----------------------------------------------------------------------------------------------
def test_conclude_action__by_its_owner_and_undone(place, initiative):
    row = change.action(initiative, place)
    done = change.perform("finish_change", row, **by(place, Role.EMPLOYEE), data={"outcome": "38 av 40 kom"})
    assert (done.status, done.outcome) == (ChangeStatus.DONE, "38 av 40 kom")
    assert done.concluded_at is not None
    again = change.perform("reopen_change", done, **by(place, Role.EMPLOYEE))
    assert (again.status, again.concluded_at) == (ChangeStatus.UNDER_WAY, None)
    with pytest.raises(TransitionDenied):
        change.perform("finish_change", again, **by(place, Role.HR))


def test_give_up_action__tells_those_who_answer_for_the_plan(place, initiative):
    row = change.action(initiative, place)
    change.perform(
        "give_up_change", row, **by(place, Role.EMPLOYEE), data={"outcome": "Leverandøren gjør det"}
    )
    assert Notice.objects.filter(
        recipient=place.person(Role.PROJECT_OWNER), title__contains="blir ikke gjennomført"
    ).exists()


def test_conclude_action__not_when_taken_out(place, initiative):
    row = operations.remove_part(change.action(initiative, place), **by(place))
    with pytest.raises(TransitionBlocked, match="tatt ut"):
        change.perform("begin_change", row, **by(place, Role.EMPLOYEE))


def test_allow_steps__never_in_another_municipality(world, initiative, place):
    row = change.action(initiative, place)
    leaks = [
        (elsewhere.code, role, declared.name)
        for elsewhere in (world.neighbor, world.stranger, world.region)
        for role in Role
        for declared in change_workflow.transitions.values()
        if declared.allow(elsewhere.actor(role), row)
    ]
    assert leaks == []
    left = {state for declared in change_workflow.transitions.values() for state in declared.source}
    assert set(ChangeStatus) == left


# --- Inbox and reminders ------------------------------------------------------------------------------------
def test_inbox__has_the_action_until_it_is_done(world, place, initiative):
    row = change.action(initiative, place)
    owner = place.actor(Role.EMPLOYEE)
    assert row.title in titles(owner)
    assert row.title not in titles(world.neighbor.actor(Role.EMPLOYEE))
    change.perform("finish_change", row, **by(place, Role.EMPLOYEE))
    assert row.title not in titles(owner)


def test_inbox__leaves_out_what_is_taken_out_or_over(place, initiative):
    row = change.action(initiative, place)
    other = change.action(initiative, place, title="Ny rutine for nøkler")
    operations.remove_part(row, **by(place))
    assert row.title not in titles(place.actor(Role.EMPLOYEE))
    assert other.title in titles(place.actor(Role.EMPLOYEE))
    change.stop(initiative, place)
    assert other.title not in titles(place.actor(Role.EMPLOYEE))


def test_inbox__asks_for_a_new_owner_when_one_has_left(place, initiative):
    row = change.action(initiative, place)
    planner = place.actor(Role.PROJECT_OWNER)
    assert row.title not in titles(planner)
    change.let_go(place, Role.EMPLOYEE)
    (task,) = [task for task in Inbox(planner).tasks() if task.title == row.title]
    assert "arbeider ikke her lenger" in str(task.why)
    operations.save_part(row, {"owner": place.person(Role.HR)}, **by(place))
    assert row.title not in titles(planner)


def test_inbox__has_the_risk_when_it_is_to_be_judged_again(place, initiative):
    row = change.risk(initiative, place, review_on=in_days(5))
    assert row.title in titles(place.actor(Role.EMPLOYEE))
    later = change.risk(initiative, place, title="Seinere", review_on=in_days(40))
    assert later.title not in titles(place.actor(Role.EMPLOYEE))
    operations.save_part(row, {"state": "gone"}, **by(place))
    assert row.title not in titles(place.actor(Role.EMPLOYEE))


def reminded(key, day):
    (reminder,) = [one for one in REMINDERS if one.key == key]
    return reminders.run(day=day, now=timezone.now(), only=[reminder])


def test_remind__when_due_and_late_and_never_twice(place, initiative):
    row = change.action(initiative, place)
    assert reminded("change_action_due", in_days(1)) == 0
    assert reminded("change_action_due", in_days(10)) == 1
    assert reminded("change_action_due", in_days(10)) == 0
    late = Notice.objects.filter(title__contains="over fristen")
    assert reminded("change_action_due", in_days(20)) == 1
    assert late.get().recipient == place.person(Role.EMPLOYEE)
    assert reminded("change_action_due", in_days(45)) > 1
    assert {notice.recipient for notice in late.all()} >= {
        place.person(Role.PROJECT_OWNER), place.person(Role.LEADER),
    }  # fmt: skip
    change.perform("finish_change", row, **by(place, Role.EMPLOYEE))
    assert reminded("change_action_due", in_days(60)) == 0


def test_remind__those_who_answer_for_the_plan_when_the_owner_has_left(place, initiative):
    change.action(initiative, place)
    change.let_go(place, Role.EMPLOYEE)
    assert reminded("change_action_due", in_days(10)) >= 1
    told = Notice.objects.filter(title__contains="trenger en ny ansvarlig")
    assert place.person(Role.PROJECT_OWNER) in {notice.recipient for notice in told}
    assert place.person(Role.EMPLOYEE) not in {notice.recipient for notice in told}


def test_remind__of_a_risk_to_be_judged_again(place, initiative):
    change.risk(initiative, place)
    assert reminded("benefit_risk_review", in_days(29)) == 0
    assert reminded("benefit_risk_review", in_days(30)) == 1


# --- Risk in the municipality's own matrix -----------------------------------------------------------------
def test_judge_risk__by_the_limits_of_the_municipality(world, place, initiative):
    from deviations.models import DeviationRules

    row = change.risk(initiative, place, likelihood=3, consequence=3)
    work = presentation.work_of(initiative, in_days(0))

    def level():
        page = presentation.shown(initiative, work, [], today=in_days(0))
        return page["risks"][0]["level"]

    assert level().name == "Middels"
    rules = DeviationRules.of_id(place.municipality.pk)
    rules.red_from = 9
    rules.changed_at = timezone.now()
    rules.save()
    assert level().is_high
    rules.matrix, rules.yellow_from, rules.red_from = 3, 3, 6
    rules.save()
    assert level().is_high
    BenefitRisk.objects.filter(pk=row.pk).update(likelihood=5)
    work = presentation.work_of(initiative, in_days(0))
    assert level() is None
    page = presentation.shown(initiative, work, [], today=in_days(0))
    assert any("annen skala" in lack for lack in page["lacks"])


def test_draw_risks__each_lies_in_its_cell(place, initiative):
    change.risk(initiative, place, likelihood=5, consequence=1)
    page = presentation.shown(initiative, presentation.work_of(initiative, in_days(0)), [], today=in_days(0))
    ((title, chance, result, _level),) = page["matrix"].rows
    assert (title, chance, result) == ("Vikarene har ikke fått opplæring", "Svært sannsynlig", "Ubetydelig")


def test_say_what_lacks__and_stop_no_approval(place, benefit, initiative):
    lacks = presentation.lacks_for(initiative, [benefit], in_days(0))
    assert len(lacks) == 3
    plans.approve_plan(initiative, by=place.actor(Role.PROJECT_OWNER), now=timezone.now())
    other = initiative.benefits.exclude(pk=benefit.pk)
    change.action(initiative, place, benefit=benefit)
    change.stakeholder(initiative, place, involvement="")
    change.risk(initiative, place, measure="", likelihood=5, consequence=5)
    told = " ".join(presentation.lacks_for(initiative, [benefit, *other], in_days(0)))
    assert "stor innflytelse og er skeptisk" in told
    assert "høy risiko uten noe" in told
    change.let_go(place, Role.EMPLOYEE)
    assert (
        " ".join(presentation.lacks_for(initiative, [benefit], in_days(0))).count("Velg en ny ansvarlig") == 2
    )


# --- Versions, local plans and forgetting --------------------------------------------------------------------
def test_keep_version__with_the_change_work_and_what_differs(place, initiative):
    row, group = change.action(initiative, place), change.stakeholder(initiative, place)
    risk = change.risk(initiative, place)
    approved = plans.approve_plan(initiative, by=place.actor(Role.PROJECT_OWNER), now=timezone.now())
    assert {line["part"] for line in approved.work} == {"action", "stakeholder", "risk"}
    operations.save_part(row, {"due_on": in_days(20)}, **by(place))
    operations.save_part(group, {"attitude": 1}, **by(place))
    operations.remove_part(risk, **by(place))
    new = change.action(initiative, place, title="Fjerne nøkkelskapet")
    found = {one.title: one for one in compare_work(approved.work, work_lines(initiative))}
    assert found["Tiltak: Lære opp alle vaktlag"].differences[0].label == "Frist"
    (attitude,) = found["Interessent: Nattevaktene"].differences
    assert (attitude.old, attitude.new) == ("Skeptisk", "Positiv")
    assert found[f"Risiko: {risk.title}"].state == "went"
    assert found[f"Tiltak: {new.title}"].state == "came"


def test_compare_work__a_version_that_did_not_keep_it_differs_in_nothing(place, initiative):
    change.action(initiative, place)
    assert compare_work(None, work_lines(initiative)) == []


def test_keep_version__the_doing_of_the_work_changes_no_plan(place, initiative):
    row = change.action(initiative, place)
    approved = plans.approve_plan(initiative, by=place.actor(Role.PROJECT_OWNER), now=timezone.now())
    change.perform("finish_change", row, **by(place, Role.EMPLOYEE))
    assert compare_work(approved.work, work_lines(initiative)) == []
    assert PlanApproval.objects.filter(initiative=initiative).count() == 2


def test_hand_on__work_goes_to_the_municipality_without_people(world):
    regional = baton.regional_project(world)
    at, benefit = world.region, regional.benefits.get()
    row = change.action(regional, at, owner=world.home.person(Role.LEADER), benefit=benefit)
    passed = change.action(regional, at, title="Kurs i fjor", owner=world.neighbor.person(Role.LEADER))
    ChangeAction.objects.filter(pk=passed.pk).update(due_on=in_days(-40))
    change.stakeholder(regional, at, contact=world.neighbor.person(Role.LEADER))
    change.risk(regional, at, owner=world.home.person(Role.LEADER), action=row)
    operations.remove_part(
        change.action(regional, at, title="Tatt ut", owner=at.person(Role.PROJECT_OWNER)), **by(at)
    )
    baton.given(world, regional)
    plan = baton.plan_of(regional, world.home)
    local = ChangeAction.objects.get(initiative=plan.initiative, title=row.title)
    assert (local.owner, local.due_on, local.benefit) == (None, row.due_on, plan.links.get().benefit)
    assert ChangeAction.objects.get(initiative=plan.initiative, title=passed.title).due_on is None
    assert ChangeAction.objects.filter(initiative=plan.initiative).count() == 2
    assert Stakeholder.objects.get(initiative=plan.initiative).contact is None
    copied = BenefitRisk.objects.get(initiative=plan.initiative)
    assert (copied.owner, copied.action) == (None, local)
    assert not ChangeAction.objects.visible_to(world.neighbor.actor(Role.KOMMUNEDIREKTOR)).contains(local)
    assert not ChangeAction.objects.visible_to(at.actor(Role.PORTFOLIO_MANAGER)).contains(local)


def test_leave_region__owners_of_that_municipality_are_asked_to_be_replaced(world):
    regional = baton.regional_project(world)
    row = change.action(regional, world.region, owner=world.home.person(Role.LEADER))
    staffed = ChangeAction.objects.with_staff(in_days(0))
    assert staffed.get(pk=row.pk).is_staffed
    regional.participations.filter(municipality=world.home.municipality).update(left_at=timezone.now())
    assert not staffed.get(pk=row.pk).is_staffed


def test_see_action__its_owner_sees_it_where_the_plan_is_for_others(world, place):
    initiative = initiatives.received(place)
    row = change.action_as(initiative, place, Role.SECRETARIAT, owner=place.person(Role.HR))
    assert not initiative.benefits.all().visible_to(place.actor(Role.HR)).exists()
    assert ChangeAction.objects.visible_to(place.actor(Role.HR)).contains(row)
    assert not ChangeAction.objects.visible_to(place.actor(Role.CHANGE_AGENT)).contains(row)


def test_forget_words__leaves_none_in_history_or_notices(place, initiative):
    from core.retention import forget
    from tests.world import SYSTEM

    row = change.action(initiative, place, title=SECRET)
    forget(row, columns=["title"], legal_basis="lov", by=SYSTEM, now=timezone.now())
    assert ChangeAction.objects.get(pk=row.pk).title == "[fjernet]"
    assert not ChangeAction.pgh_event_model.objects.filter(title=SECRET).exists()
    assert not Notice.objects.filter(title__contains=SECRET).exists()
