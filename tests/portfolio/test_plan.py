"""The plan of a project: milestones, deliverables, when it begins and ends, and who may write and read it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core import reminders
from core.errors import Refused, StaleVersion
from core.inbox import Inbox
from core.models import Notice
from core.workdays import add_working_days
from core.workflow import TransitionDenied
from organization.roles import Role
from portfolio.models import Deliverable, Health, Milestone, Project
from portfolio.plan import operations
from portfolio.plan.presentation import milestone_line, moves_of
from portfolio.plan.reminders import REMINDERS
from portfolio.status.basis import basis_of
from portfolio.workflow import status_workflow
from tests import stories
from tests.governance import rules
from tests.portfolio import plans
from tests.portfolio.plans import day

MAX_QUERIES = 12
MANAGER = Role.PROJECT_MANAGER


@pytest.fixture
def place(world):
    return world.home


@pytest.fixture
def project(place):
    return stories.in_portfolio(place).project


def url(name, *args):
    return reverse(f"portfolio:{name}", args=args)


def typed(**fields):
    return {
        "name": "Avtalen er signert",
        "planned_on": day(30).isoformat(),
        "responsible": "",
        "note": "",
        **fields,
    }


def move(row, place, to, *, role=MANAGER, reason="Leverandøren er sen"):
    given = {"stamp": operations.stamp_of(row), "by": place.actor(role), "now": timezone.now()}
    return operations.move_milestone(row, to=to, reason=reason, **given)


def reach(row, place, on=None, *, role=MANAGER):
    given = {"stamp": operations.stamp_of(row), "by": place.actor(role), "now": timezone.now()}
    return operations.reach_milestone(row, on=on or day(0), **given)


def approve(row, place, role=Role.PROJECT_OWNER):
    given = {"stamp": operations.stamp_of(row), "by": place.actor(role), "now": timezone.now()}
    return operations.approve_deliverable(row, **given)


def stop(project, place):
    by, data = place.actor(Role.PORTFOLIO_MANAGER), {"reason": "For dyrt", "spent": 0}
    status_workflow.perform("stop", project, by=by, now=timezone.now(), data=data)


# --- Who writes and who reads --------------------------------------------------------------------------
@pytest.mark.parametrize("role", [Role.PROJECT_OWNER, MANAGER, Role.PORTFOLIO_MANAGER])
def test_add_milestone__by_those_who_work_on_the_project(as_role, place, project, role):
    answer = as_role(role).post(url("milestone_create", project.pk), typed())
    assert answer.url == url("plan", project.pk) + "#milepeler"
    row = Milestone.objects.get()
    assert (row.project, row.planned_on, row.expected_on) == (project, day(30), day(30))
    assert "Avtalen er signert" in as_role(Role.EMPLOYEE).get(url("plan", project.pk)).content.decode()


@pytest.mark.parametrize("role", [Role.EMPLOYEE, Role.SECRETARIAT, Role.ADMINISTRATOR, Role.KOMMUNEDIREKTOR])
def test_change_plan__others_read_only(as_role, place, project, role):
    rows = {"milestone": plans.milestone(project, place), "deliverable": plans.deliverable(project, place)}
    client = as_role(role)
    page = client.get(url("plan", project.pk)).content.decode()
    assert "Avtalen er signert" in page
    assert url("milestone_create", project.pk) not in page
    for kind, row in rows.items():
        assert client.get(url(f"{kind}_detail", row.pk)).status_code == 200
        for address in (
            url(f"{kind}_create", project.pk), url(f"{kind}_edit", row.pk), url(f"{kind}_remove", row.pk),
        ):  # fmt: skip
            assert client.get(address).status_code == 403
        assert client.post(url(f"{kind}_detail", row.pk), {"do": "reach"}).status_code == 403
    assert client.post(url("plan_period", project.pk), {}).status_code == 403
    with pytest.raises(TransitionDenied):
        move(rows["milestone"], place, day(40), role=role)


@pytest.mark.parametrize("where", ["neighbor", "stranger"])
def test_open_plan__not_another_municipalitys(as_role, world, project, where):
    milestone, deliverable = plans.milestone(project, world.home), plans.deliverable(project, world.home)
    client = as_role(Role.PORTFOLIO_MANAGER, getattr(world, where))
    for address in (
        url("plan", project.pk), url("plan_period", project.pk), url("milestone_create", project.pk),
        *(url(f"milestone_{name}", milestone.pk) for name in ("detail", "edit", "remove")),
        *(url(f"deliverable_{name}", deliverable.pk) for name in ("detail", "edit", "remove")),
    ):  # fmt: skip
        assert client.get(address).status_code == 404
    outside = getattr(world, where).actor(Role.PORTFOLIO_MANAGER)
    for model in (Milestone, Deliverable):
        assert not model.objects.visible_to(outside).exists()
        assert model.objects.visible_to(world.home.actor(Role.EMPLOYEE)).exists()


@pytest.mark.parametrize(
    "fields",
    [{"name": ""}, {"name": "x" * 201}, {"name": "\x00"}, {"planned_on": ""}, {"planned_on": "i morgen"},
     {"planned_on": "0026-01-01"}, {"planned_on": "9999-12-31"}, {"planned_on": "2026-02-30"}, {"responsible": "Ingen som finnes"},
     {"note": "x" * 2001}],
)  # fmt: skip
def test_add_milestone__bad_input_is_refused_and_kept(as_role, project, fields):
    refused = as_role(MANAGER).post(
        url("milestone_create", project.pk), typed(**{"note": "Det jeg skrev", **fields})
    )
    assert refused.status_code == 422
    assert "Det jeg skrev" in refused.content.decode() or "note" in fields
    assert not Milestone.objects.exists()


def test_add_milestone__sent_twice_is_one(as_role, project):
    for _twice in range(2):
        assert as_role(MANAGER).post(url("milestone_create", project.pk), typed()).status_code == 302
    assert Milestone.objects.count() == 1


def test_name_responsible__not_somebody_from_elsewhere(as_role, world, project):
    data = typed(responsible=world.stranger.person(Role.EMPLOYEE).name)
    assert as_role(MANAGER).post(url("milestone_create", project.pk), data).status_code == 422


# --- Moved and reached ---------------------------------------------------------------------------------
def test_move_milestone__keeps_the_plan_and_why(as_role, place, project):
    row = plans.milestone(project, place, on=day(30))
    data = {
        "do": "move",
        "stamp": operations.stamp_of(row),
        "to": day(44).isoformat(),
        "reason": "Klage på anskaffelsen",
    }
    assert as_role(MANAGER).post(row.get_absolute_url(), data).status_code == 302
    row.refresh_from_db()
    assert (row.planned_on, row.expected_on) == (day(30), day(44))
    text = as_role(Role.EMPLOYEE).get(row.get_absolute_url()).content.decode()
    for words in ("14 dager senere enn planlagt", "Klage på anskaffelsen", "Flyttet milepælen"):
        assert words in text
    assert [told.reason for told in moves_of(row)] == ["Klage på anskaffelsen", ""]


@pytest.mark.parametrize("reason", ["", "   "])
def test_move_milestone__needs_a_reason(as_role, place, project, reason):
    row = plans.milestone(project, place)
    data = {"do": "move", "stamp": operations.stamp_of(row), "to": day(44).isoformat(), "reason": reason}
    refused = as_role(MANAGER).post(row.get_absolute_url(), data)
    assert refused.status_code == 422
    assert day(44).isoformat() in refused.content.decode()
    with pytest.raises(Refused, match="hvorfor milepælen flyttes"):
        move(row, place, day(44), reason=reason)


def test_move_milestone__not_by_the_form_that_edits_it(place, project):
    row = plans.milestone(project, place)
    with pytest.raises(Refused, match="Flytt milepælen i stedet"):
        operations.save_part(row, {"planned_on": day(90)}, by=place.actor(MANAGER), now=timezone.now())


def test_move_milestone__by_whoever_is_responsible(as_role, place, project):
    row = plans.milestone(project, place, responsible=place.person(Role.EMPLOYEE))
    assert move(row, place, day(50), role=Role.EMPLOYEE).expected_on == day(50)
    with pytest.raises(TransitionDenied):
        move(row, place, day(60), role=Role.CHANGE_AGENT)
    assert as_role(Role.EMPLOYEE).get(url("milestone_edit", row.pk)).status_code == 403


def test_move_milestone__two_who_move_it_at_once(as_role, place, project):
    row = plans.milestone(project, place)
    before = operations.stamp_of(row)
    moved = move(row, place, day(40))
    data = {"do": "move", "stamp": before, "to": day(60).isoformat(), "reason": "Noe annet"}
    refused = as_role(Role.PROJECT_OWNER).post(row.get_absolute_url(), data)
    assert refused.status_code == 409
    text = refused.content.decode()
    assert "Noen andre har endret dette imens" in text
    assert "Noe annet" in text
    assert operations.stamp_of(moved) in text
    with pytest.raises(Refused, match="står alt på"):
        move(moved, place, day(40))


def test_reach_milestone__and_take_it_back_with_a_reason(as_role, place, project):
    row, client = plans.milestone(project, place, on=day(-10)), as_role(MANAGER)
    assert "10 dager over datoen" in client.get(url("plan", project.pk)).content.decode()
    tomorrow = {"do": "reach", "stamp": operations.stamp_of(row), "on": day(1).isoformat()}
    assert client.post(row.get_absolute_url(), tomorrow).status_code == 422
    with pytest.raises(Refused, match="fram i tid"):
        reach(row, place, day(1))
    assert client.post(row.get_absolute_url(), {**tomorrow, "on": day(-3).isoformat()}).status_code == 302
    row.refresh_from_db()
    assert (row.reached_on, milestone_line(row, day(0)).against_plan) == (
        day(-3),
        "7 dager senere enn planlagt",
    )
    with pytest.raises(Refused, match="alt merket som nådd"):
        reach(row, place)
    with pytest.raises(Refused, match="kan ikke flyttes"):
        move(row, place, day(5))
    given = {"stamp": operations.stamp_of(row), "by": place.actor(MANAGER), "now": timezone.now()}
    with pytest.raises(Refused, match="hvorfor"):
        operations.reopen_milestone(row, reason=" ", **given)
    operations.reopen_milestone(row, reason="Signert av feil person", **given)
    row.refresh_from_db()
    assert row.reached_on is None
    assert "Signert av feil person" in client.get(row.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("planned", "expected", "reached", "word", "against"),
    [
        (0, 0, None, "Ventet", ""),
        (-1, -1, None, "1 dag over datoen", ""),
        (-20, -2, None, "2 dager over datoen", "18 dager senere enn planlagt"),
        (10, 5, None, "Ventet", "5 dager før planen"),
        (-5, -5, -6, "Nådd", "1 dag før planen"),
    ],
)
def test_tell_milestone__in_words(planned, expected, reached, word, against):
    row = Milestone(
        planned_on=day(planned),
        expected_on=day(expected),
        reached_on=None if reached is None else day(reached),
    )
    line = milestone_line(row, day(0))
    assert line.word.startswith(word)
    assert line.against_plan == against


# --- Removed, and of projects that are over --------------------------------------------------------------
def test_remove_milestone__asks_first_and_keeps_its_history(as_role, place, project):
    row, client = plans.milestone(project, place), as_role(MANAGER)
    page = client.get(url("milestone_remove", row.pk))
    assert Milestone.objects.exists()
    assert client.post(url("milestone_remove", row.pk), {"stamp": "i går"}).status_code == 409
    assert client.post(url("milestone_remove", row.pk), {"stamp": page.context["stamp"]}).status_code == 302
    assert not Milestone.objects.exists()
    assert Milestone.pgh_event_model.objects.filter(pgh_obj_id=row.pk, pgh_label="delete").exists()


def test_change_plan__of_a_stopped_project_is_refused(as_role, place, project):
    milestone, deliverable = plans.milestone(project, place), plans.deliverable(project, place)
    stop(project, place)
    client = as_role(MANAGER)
    text = client.get(url("plan", project.pk)).content.decode()
    assert "kan leses, men ikke endres" in text
    assert url("milestone_create", project.pk) not in text
    for address, data in (
        (url("milestone_create", project.pk), typed()),
        (url("milestone_edit", milestone.pk), typed()),
        (url("milestone_remove", milestone.pk), {"stamp": operations.stamp_of(milestone)}),
        (url("plan_period", project.pk), {"ends_on": day(3).isoformat()}),
        (url("dependency_create", project.pk) + f"?pa={project.pk}", {}),
    ):
        assert client.get(address).status_code == 200
        assert client.post(address, data).status_code == 409
    assert "Merk som nådd" not in client.get(milestone.get_absolute_url()).content.decode()
    for act in (lambda: move(milestone, place, day(90)), lambda: approve(deliverable, place)):
        with pytest.raises(Refused, match="kan leses"):
            act()


def test_edit_milestone__two_who_change_the_same_choose(as_role, place, project):
    row, client = plans.milestone(project, place), as_role(MANAGER)
    page = client.get(url("milestone_edit", row.pk))
    by = place.actor(Role.PROJECT_OWNER)
    operations.save_part(row, {"name": "Avtalen er inngått"}, by=by, now=timezone.now())
    data = {"name": "Kontrakten er klar", "responsible": "", "note": "Ny", "base": page.context["base"]}
    refused = client.post(url("milestone_edit", row.pk), data)
    assert refused.status_code == 409
    assert "Kontrakten er klar" in refused.content.decode()
    assert "Avtalen er inngått" in refused.content.decode()
    data["name"] = "Avtalen er signert"
    assert client.post(url("milestone_edit", row.pk), data).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.note) == ("Avtalen er inngått", "Ny")


# --- Deliverables ------------------------------------------------------------------------------------------
def test_approve_deliverable__by_whom_it_is_named_owner_or_portfolio_manager(as_role, place, project):
    for role in (Role.EMPLOYEE, Role.PROJECT_OWNER, Role.PORTFOLIO_MANAGER):
        row = plans.deliverable(project, place, name=f"Til {role}", approver=place.person(Role.EMPLOYEE))
        data = {"do": "approve", "stamp": operations.stamp_of(row)}
        assert as_role(MANAGER).post(row.get_absolute_url(), data).status_code == 403
        assert as_role(role).post(row.get_absolute_url(), data).status_code == 302
        row.refresh_from_db()
        assert (row.approved_on, row.approved_by) == (day(0), place.person(role))
        with pytest.raises(Refused, match="alt godkjent"):
            approve(row, place)
    page = as_role(Role.CHANGE_AGENT).get(url("plan", project.pk))
    assert [line.word for line in page.context["deliverables"]] == ["Godkjent"] * 3


def test_withdraw_approval__with_a_reason_and_only_then_is_it_changed(as_role, place, project):
    row = approve(plans.deliverable(project, place), place)
    client = as_role(Role.PROJECT_OWNER)
    data = {"name": "Noe annet", "ends_on": day(30).isoformat(), "status": "minor"}
    assert client.post(url("deliverable_edit", row.pk), data).status_code == 409
    assert (
        client.post(url("deliverable_remove", row.pk), {"stamp": operations.stamp_of(row)}).status_code == 409
    )
    withdrawn = {"do": "withdraw", "stamp": operations.stamp_of(row), "reason": ""}
    assert client.post(row.get_absolute_url(), withdrawn).status_code == 422
    withdrawn["reason"] = "To vaktlag mangler"
    assert client.post(row.get_absolute_url(), withdrawn).status_code == 302
    row.refresh_from_db()
    assert (row.approved_on, row.approved_by) == (None, None)
    assert "To vaktlag mangler" in client.get(row.get_absolute_url()).content.decode()
    assert client.post(url("deliverable_edit", row.pk), data).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.status) == ("Noe annet", "minor")


def test_approve_deliverable__not_what_was_changed_meanwhile(place, project):
    row = plans.deliverable(project, place)
    stale = Deliverable.objects.get(pk=row.pk)
    operations.save_part(
        row, {"acceptance_criteria": "Ingenting"}, by=place.actor(MANAGER), now=timezone.now() + timedelta(1)
    )
    with pytest.raises(StaleVersion):
        approve(stale, place)


def test_add_deliverable__cannot_be_ready_before_it_begins(as_role, place, project):
    data = {
        "name": "Rapport",
        "starts_on": day(9).isoformat(),
        "ends_on": day(8).isoformat(),
        "status": "on_plan",
    }
    refused = as_role(MANAGER).post(url("deliverable_create", project.pk), data)
    assert refused.status_code == 422
    assert "ferdig før den begynner" in refused.content.decode()
    with pytest.raises(Refused):
        plans.deliverable(project, place, starts_on=day(9), ends_on=day(8))


def test_checklist__tells_what_is_not_approved_before_bp4(as_role, place, project):
    plans.deliverable(project, place, name="Driftsavtalen")
    address = url("checklist", project.pk)
    assert "Driftsavtalen" not in as_role(MANAGER).get(address).content.decode()
    rules.demand(place, gates=[])
    for phase in ("planning", "execution"):
        project = stories.move(project, place, phase)
    assert "Driftsavtalen" in as_role(MANAGER).get(address).content.decode()


# --- When it begins and ends -------------------------------------------------------------------------------
def test_set_period__moving_the_end_needs_a_reason(as_role, place, project):
    Project.objects.filter(pk=project.pk).update(starts_on=None, ends_on=None)
    client, address = as_role(MANAGER), url("plan_period", project.pk)

    def post(**fields):
        return client.post(address, {"stamp": client.get(address).context["stamp"], "reason": "", **fields})

    begun = {"starts_on": day(-5).isoformat(), "ends_on": day(90).isoformat()}
    assert post(starts_on=day(9).isoformat(), ends_on=day(8).isoformat()).status_code == 422
    assert post(**begun).status_code == 302
    later = {**begun, "ends_on": day(120).isoformat()}
    assert "hvorfor slutten flyttes" in post(**later).content.decode()
    assert post(**later, reason="Flere leiligheter").status_code == 302
    project.refresh_from_db()
    assert (project.starts_on, project.ends_on) == (day(-5), day(120))
    assert "Flere leiligheter" in client.get(project.get_absolute_url()).content.decode()
    stale = client.post(address, {**begun, "stamp": "i går", "reason": "Nei"})
    assert stale.status_code == 409
    assert "Nei" in stale.content.decode()


# --- Inbox, reminders and the status report ------------------------------------------------------------------
def waiting(actor):
    return [
        task.title
        for task in Inbox(actor).tasks()
        if str(task.verb) in {"Nå eller flytt milepælen", "Godkjenn leveransen"}
    ]


def test_inbox__of_whoever_is_responsible_else_of_the_manager(place, world, project):
    employee = place.person(Role.EMPLOYEE)
    plans.milestone(project, place, on=day(10), name="Min", responsible=employee)
    plans.milestone(project, place, on=day(60), name="Senere", responsible=employee)
    plans.milestone(project, place, on=day(-2), name="Ingens")
    assert waiting(place.actor(Role.EMPLOYEE)) == ["Min"]
    assert waiting(place.actor(MANAGER)) == ["Ingens"]
    for actor in (place.actor(Role.PROJECT_OWNER), world.neighbor.actor(MANAGER)):
        assert waiting(actor) == []
    type(employee).objects.filter(pk=employee.pk).update(is_active=False)
    assert set(waiting(place.actor(MANAGER))) == {"Ingens", "Min", "Senere"} - {"Senere"}
    for row in Milestone.objects.all():
        reach(row, place)
    assert waiting(place.actor(MANAGER)) == []


def test_inbox__of_whoever_is_named_to_approve_when_it_should_be_ready(place, project):
    plans.deliverable(project, place, name="Nå", ends_on=day(0), approver=place.person(Role.LEADER))
    plans.deliverable(project, place, name="Siden", ends_on=day(1), approver=place.person(Role.LEADER))
    assert waiting(place.actor(Role.LEADER)) == ["Nå"]
    approve(Deliverable.objects.get(name="Nå"), place)
    assert waiting(place.actor(Role.LEADER)) == []


def test_inbox__nothing_of_a_paused_project(place, project):
    plans.milestone(project, place, on=day(-2))
    Project.objects.filter(pk=project.pk).update(status="paused")
    assert waiting(place.actor(MANAGER)) == []


def test_reminder__climbs_the_line_and_follows_when_it_is_moved(place, project):
    row = plans.milestone(project, place, on=day(30), responsible=place.person(Role.EMPLOYEE))

    def remind(on):
        return reminders.run(day=on, now=timezone.now(), only=REMINDERS)

    def people():
        rows = Notice.objects.filter(event__startswith="milestone_due").order_by("pk")
        return [one.recipient.username.partition(".")[0] for one in rows]

    assert remind(day(20)) == 0
    assert remind(add_working_days(day(30), -3)) == 1
    assert remind(add_working_days(day(30), -3)) == 0
    row = move(row, place, day(60))
    assert remind(day(32)) == 0
    assert remind(add_working_days(day(60), 1)) == 1
    assert people() == ["employee"] * 2
    assert remind(add_working_days(day(60), 15)) == 3
    reach(row, place)
    assert remind(add_working_days(day(60), 30)) == 0


def test_propose_progress__watches_where_milestones_are_late(place, project):
    Project.objects.filter(pk=project.pk).update(starts_on=day(-1), ends_on=day(300))
    project.refresh_from_db()

    def proposed():
        return basis_of(project, by=place.actor(MANAGER), today=day(0)).areas["progress"]

    assert proposed().value == Health.GOOD
    row = plans.milestone(project, place, on=day(-4), name="Forankret")
    assert (proposed().value, "«Forankret» er over datoen" in proposed().why) == (Health.WATCH, True)
    plans.milestone(project, place, on=day(-2), name="Bestilt")
    assert "2 milepæler er over datoen, lengst «Forankret»" in proposed().why
    for one in Milestone.objects.all():
        reach(one, place)
    assert proposed().value == Health.GOOD
    assert row.pk


# --- Pages ---------------------------------------------------------------------------------------------------
def test_open_project__tells_of_the_next_milestone_and_the_late_ones(as_role, place, project):
    client = as_role(Role.EMPLOYEE)
    assert "Åpne planen" in client.get(project.get_absolute_url()).content.decode()
    plans.milestone(project, place, on=day(9), name="Den neste")
    plans.milestone(project, place, on=day(19), name="Den etter")
    plans.milestone(project, place, on=day(-9), name="Den forrige")
    text = client.get(project.get_absolute_url()).content.decode()
    assert "Den neste" in text
    assert "Den etter" not in text
    assert "1 milepæl over datoen" in text


def test_open_plan__none_yet_says_so(as_role, project):
    text = as_role(Role.EMPLOYEE).get(url("plan", project.pk)).content.decode()
    for words in ("Ingen milepæler ennå", "Ingen leveranser ennå", "Venter ikke på noe"):
        assert words in text


def test_pages__few_queries_whatever_the_size_of_the_plan(
    as_role, place, project, django_assert_max_num_queries
):
    client = as_role(MANAGER)
    row, other = plans.milestone(project, place), stories.in_portfolio(place).project
    plans.deliverable(project, place)
    plans.dependency(project, other, place)
    pages = [
        url("plan", project.pk), project.get_absolute_url(), row.get_absolute_url(), url("milestone_edit", row.pk),
        Deliverable.objects.get().get_absolute_url(), url("checklist", project.pk),
    ]  # fmt: skip
    counts = []
    for page in pages:
        client.get(page)
        with django_assert_max_num_queries(MAX_QUERIES, info=page) as asked:
            client.get(page)
        counts.append(len(asked))
    for number in range(6):
        plans.milestone(
            project, place, on=day(number - 3), name=f"M{number}", responsible=place.person(Role.LEADER)
        )
        plans.deliverable(project, place, name=f"L{number}", approver=place.person(Role.LEADER))
        plans.dependency(project, other, place, milestone=plans.milestone(other, place, name=f"X{number}"))
    for page, before in zip(pages, counts, strict=True):
        with django_assert_max_num_queries(before, info=page):
            client.get(page)
