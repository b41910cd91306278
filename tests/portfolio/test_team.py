"""The people of a project: who leads and takes part, who may change it, and what is said when somebody has left."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.errors import Refused, StaleVersion
from core.inbox import Inbox
from core.models import Notice
from core.workflow import TransitionDenied
from organization.models import RoleAssignment
from organization.roles import Role
from portfolio import operations
from portfolio.models import Project, ProjectMember
from portfolio.team.operations import change_leaders
from portfolio.workflow import status_workflow
from tests import stories
from tests.governance import regional
from tests.portfolio.rows import member
from tests.world import end_roles_of

MAX_QUERIES = 12


@pytest.fixture
def place(world):
    return world.home


@pytest.fixture
def project(place):
    return stories.in_portfolio(place).project


def url(name, *args):
    return reverse(f"portfolio:{name}", args=args)


def typed(place, **fields):
    today = timezone.localdate()
    return {
        "person": place.person(Role.CHANGE_AGENT).name, "role": "change_agent", "begins_on": today.isoformat(), "ends_on": "",
        "note": "Lærer opp sonene", **fields,
    }  # fmt: skip


def leaders(project, **fields):
    return {
        "owner": project.owner.name, "manager": project.manager.name, "reason": "Ny stilling", "version": project.version, **fields,
    }  # fmt: skip


def let_go(person):
    end_roles_of(person, timezone.localdate())


# --- Who takes part ------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", [Role.PROJECT_OWNER, Role.PROJECT_MANAGER, Role.PORTFOLIO_MANAGER])
def test_add_member__by_those_who_work_on_the_project(as_role, place, project, role):
    answer = as_role(role).post(url("member_create", project.pk), typed(place))
    row = ProjectMember.objects.get()
    assert answer.url == url("team", project.pk) + f"#deltaker-{row.pk}"
    assert (row.project, row.person, row.role) == (project, place.person(Role.CHANGE_AGENT), "change_agent")
    client = as_role(Role.EMPLOYEE)
    text = client.get(url("team", project.pk)).content.decode()
    for words in (
        row.person.name,
        "Endringsagent",
        "Lærer opp sonene",
        project.initiative.service_owner.name,
        "Tjenesteeier",
    ):
        assert words in text
    assert row.person.name in client.get(project.get_absolute_url()).content.decode()


@pytest.mark.parametrize("role", [Role.EMPLOYEE, Role.SECRETARIAT, Role.ADMINISTRATOR, Role.CHANGE_AGENT])
def test_add_member__others_read_only(as_role, place, project, role):
    row, client = member(project, place), as_role(role)
    page = client.get(url("team", project.pk)).content.decode()
    assert row.person.name in page
    assert url("member_create", project.pk) not in page
    for name, args in (
        ("member_create", ()),
        ("member_edit", (row.pk,)),
        ("member_remove", (row.pk,)),
        ("leaders_change", ()),
    ):
        address = url(name, project.pk, *args)
        assert client.get(address).status_code == 403
        assert client.post(address, typed(place)).status_code == 403
    with pytest.raises(TransitionDenied):
        member(project, place, by=role, note="en til")


@pytest.mark.parametrize("where", ["neighbor", "stranger"])
def test_open_team__not_another_municipalitys(as_role, world, project, where):
    row = member(project, world.home)
    client = as_role(Role.PORTFOLIO_MANAGER, getattr(world, where))
    for name, args in (
        ("team", ()),
        ("member_create", ()),
        ("member_edit", (row.pk,)),
        ("member_remove", (row.pk,)),
        ("leaders_change", ()),
    ):
        assert client.get(url(name, project.pk, *args)).status_code == 404


def test_edit_member__of_another_project_is_not_found(as_role, place, project):
    other = member(stories.in_portfolio(place).project, place)
    assert as_role(Role.PROJECT_MANAGER).get(url("member_edit", project.pk, other.pk)).status_code == 404


@pytest.mark.parametrize(
    "fields",
    [{"person": ""}, {"person": "Ingen som finnes"}, {"person": "nul\x00"}, {"role": "sjef"}, {"role": ""}, {"begins_on": ""},
     {"begins_on": "0026-01-01"}, {"begins_on": "i går"}, {"ends_on": "9999-12-31"}, {"ends_on": "2020-01-01"}, {"note": "x" * 301}],
)  # fmt: skip
def test_add_member__bad_input_is_refused_and_kept(as_role, place, project, fields):
    data = typed(place, **{"note": "Det jeg skrev", **fields})
    refused = as_role(Role.PROJECT_MANAGER).post(url("member_create", project.pk), data)
    assert refused.status_code == 422
    assert not ProjectMember.objects.exists()


def test_add_member__somebody_of_another_municipality_cannot_be_chosen(as_role, world, place, project):
    data = typed(place, person=world.neighbor.person(Role.EMPLOYEE).name)
    assert as_role(Role.PROJECT_MANAGER).post(url("member_create", project.pk), data).status_code == 422


def test_add_member__the_same_role_twice_is_told(as_role, place, project):
    member(project, place, begins_on=timezone.localdate() - timedelta(days=9))
    answer = as_role(Role.PROJECT_MANAGER).post(url("member_create", project.pk), typed(place))
    assert answer.status_code == 409
    assert "har alt denne rollen" in answer.content.decode()
    assert ProjectMember.objects.count() == 1


def test_add_member__sent_twice_is_one(as_role, place, project):
    client = as_role(Role.PROJECT_MANAGER)
    for _twice in range(2):
        assert client.post(url("member_create", project.pk), typed(place)).status_code == 302
    assert ProjectMember.objects.count() == 1


def test_end_membership__stands_among_those_who_were_there(as_role, place, project):
    yesterday = timezone.localdate() - timedelta(days=1)
    row = member(project, place, begins_on=yesterday)
    client = as_role(Role.PROJECT_MANAGER)
    form = client.get(url("member_edit", project.pk, row.pk)).context
    data = typed(
        place, begins_on=yesterday.isoformat(), ends_on=yesterday.isoformat(), note="", base=form["base"]
    )
    assert client.post(url("member_edit", project.pk, row.pk), data).status_code == 302
    people = client.get(url("team", project.pk)).context["people"]
    assert (people.members, people.former) == ([], [row])
    assert row.person.name not in client.get(project.get_absolute_url()).content.decode()


def test_edit_member__who_has_left_stays_named(as_role, place, project):
    row = member(project, place)
    let_go(row.person)
    client = as_role(Role.PROJECT_MANAGER)
    form = client.get(url("member_edit", project.pk, row.pk)).context
    data = typed(place, note="Ny merknad", base=form["base"])
    assert client.post(url("member_edit", project.pk, row.pk), data).status_code == 302
    row.refresh_from_db()
    assert (row.person, row.note) == (place.person(Role.CHANGE_AGENT), "Ny merknad")


def test_edit_member__two_at_once_choose(as_role, place, project):
    row, client = member(project, place), as_role(Role.PROJECT_MANAGER)
    address = url("member_edit", project.pk, row.pk)
    base = client.get(address).context["base"]
    assert client.post(address, typed(place, note="Først", base=base)).status_code == 302
    answer = client.post(address, typed(place, note="Sist", base=base))
    assert answer.status_code == 409
    assert "Først" in answer.content.decode()


def test_remove_member__asks_first_and_not_what_was_changed_meanwhile(as_role, place, project):
    row, client = member(project, place), as_role(Role.PROJECT_MANAGER)
    address = url("member_remove", project.pk, row.pk)
    assert row.person.name in client.get(address).content.decode()
    assert client.post(address, {"seen": "før"}).status_code == 409
    assert client.post(address, {"seen": row.changed_at.isoformat()}).status_code == 302
    assert not ProjectMember.objects.exists()
    assert ProjectMember.pgh_event_model.objects.filter(pgh_obj_id=row.pk, pgh_label="delete").exists()


def test_write__not_on_what_has_ended(as_role, place, project):
    row = member(project, place)
    by, data = place.actor(Role.PORTFOLIO_MANAGER), {"reason": "Ingen penger", "spent": 0}
    status_workflow.perform("stop", project, by=by, now=timezone.now(), data=data)
    client = as_role(Role.PORTFOLIO_MANAGER)
    assert "Prosjektet er stoppet" in client.get(url("team", project.pk)).content.decode()
    for name, args in (("member_create", ()), ("member_edit", (row.pk,)), ("leaders_change", ())):
        assert client.post(url(name, project.pk, *args), typed(place)).status_code in {409, 422}
    assert (
        client.post(
            url("member_remove", project.pk, row.pk), {"seen": row.changed_at.isoformat()}
        ).status_code
        == 409
    )
    assert ProjectMember.objects.count() == 1


# --- Those who took part in the initiative ---------------------------------------------------------------
def test_start_project__those_who_raised_it_are_proposed(as_role, place):
    adopted = stories.adopted(place)
    helper = place.person(Role.CHANGE_AGENT)
    adopted.co_editors.add(helper, place.person(Role.HR))
    let_go(place.person(Role.HR))
    client, page = as_role(Role.PORTFOLIO_MANAGER), url("project_start", adopted.pk)
    text = client.get(page).content.decode()
    assert (helper.name in text, place.person(Role.HR).name in text) == (True, False)
    data = {
        "name": "Nytt", "kind": "project", "owner": place.person(Role.PROJECT_OWNER).name, "ildsjeler": [helper.pk],
        "manager": place.person(Role.PROJECT_MANAGER).name,
    }  # fmt: skip
    assert client.post(page, data).status_code == 302
    row = ProjectMember.objects.get()
    assert (row.person, row.role) == (helper, "ildsjel")


def test_start_project__nobody_else_becomes_ildsjel(as_role, world, place):
    adopted = stories.adopted(place)
    data = {
        "name": "Nytt", "kind": "project", "owner": place.person(Role.PROJECT_OWNER).name,
        "manager": place.person(Role.PROJECT_MANAGER).name, "ildsjeler": [world.stranger.person(Role.EMPLOYEE).pk],
    }  # fmt: skip
    assert as_role(Role.PORTFOLIO_MANAGER).post(url("project_start", adopted.pk), data).status_code == 422
    assert not Project.objects.exists()


# --- Other leaders ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", [Role.PROJECT_OWNER, Role.PORTFOLIO_MANAGER])
def test_change_leaders__by_owner_and_portfolio_manager(as_role, place, project, role):
    new = place.person(Role.SERVICE_OWNER)
    client = as_role(role)
    assert (
        client.post(
            url("leaders_change", project.pk), leaders(project, reason="", manager=new.name)
        ).status_code
        == 422
    )
    assert client.post(url("leaders_change", project.pk), leaders(project, manager=new.name)).url == url(
        "team", project.pk
    )
    project.refresh_from_db()
    assert project.manager == new
    text = client.get(project.get_absolute_url()).content.decode()
    assert "Ny stilling" in text
    assert [notice.recipient for notice in Notice.objects.filter(title__contains="prosjektleder")] == [new]


def test_change_leaders__the_manager_may_not(as_role, project):
    assert as_role(Role.PROJECT_MANAGER).get(url("leaders_change", project.pk)).status_code == 403


def test_change_leaders__two_at_once_is_told(as_role, place, project):
    first = leaders(project, manager=place.person(Role.SERVICE_OWNER).name)
    second = leaders(project, manager=place.person(Role.HR).name)
    client = as_role(Role.PORTFOLIO_MANAGER)
    assert client.post(url("leaders_change", project.pk), first).status_code == 302
    answer = client.post(url("leaders_change", project.pk), second)
    assert answer.status_code == 409
    assert place.person(Role.SERVICE_OWNER).name in answer.content.decode()
    again = {**second, "version": answer.context["form"]["version"].value()}
    assert client.post(url("leaders_change", project.pk), again).status_code == 302


def test_change_leaders__the_operation_refuses_outsiders(world, place, project):
    values = {
        "owner": project.owner,
        "reason": "x",
        "by": place.actor(Role.PORTFOLIO_MANAGER),
        "now": timezone.now(),
    }
    with pytest.raises(Refused, match="ingen rolle"):
        change_leaders(
            project, manager=world.stranger.person(Role.EMPLOYEE), version=project.version, **values
        )
    with pytest.raises(StaleVersion):
        change_leaders(project, manager=place.person(Role.HR), version=99, **values)


@pytest.mark.parametrize("version", ["", "x", "9" * 30, "-1"])
def test_change_leaders__bad_versions_are_told(as_role, place, project, version):
    data = leaders(project, version=version, manager=place.person(Role.HR).name)
    assert as_role(Role.PORTFOLIO_MANAGER).post(url("leaders_change", project.pk), data).status_code in {
        409,
        422,
    }


# --- Somebody has left -----------------------------------------------------------------------------------------
def tasks(place, role=Role.PORTFOLIO_MANAGER):
    return [task for task in Inbox(place.actor(role)).tasks() if str(task.verb) == "Pek ut en ny for"]


@pytest.mark.parametrize(
    ("who", "words"),
    [((Role.PROJECT_OWNER,), "Prosjekteieren har sluttet"), ((Role.PROJECT_MANAGER,), "Prosjektlederen har sluttet"),
     ((Role.PROJECT_OWNER, Role.PROJECT_MANAGER), "Prosjekteieren og prosjektlederen har sluttet")],
)  # fmt: skip
def test_leader_left__is_said_everywhere_and_waits_for_the_portfolio_manager(
    as_role, world, place, project, who, words
):
    assert tasks(place) == []
    for role in who:
        let_go(place.person(role))
    client = as_role(Role.PORTFOLIO_MANAGER)
    for address in (project.get_absolute_url(), url("team", project.pk), url("board")):
        assert words in client.get(address).content.decode()
    assert "Har sluttet" in client.get(url("table")).content.decode()
    waiting = tasks(place)
    assert [(task.title, str(task.why), task.url) for task in waiting] == [
        (project.name, words, url("leaders_change", project.pk))
    ]
    assert (tasks(world.neighbor), tasks(place, Role.EMPLOYEE)) == ([], [])


def test_leader_left__others_go_on_working(as_role, place, project):
    let_go(place.person(Role.PROJECT_OWNER))
    assert (
        as_role(Role.PROJECT_MANAGER).post(url("member_create", project.pk), typed(place)).status_code == 302
    )


def test_leader_left__an_inactive_person_counts_as_gone(as_role, place, project):
    owner = place.person(Role.PROJECT_OWNER)
    owner.is_active = False
    owner.save()
    assert len(tasks(place)) == 1
    new = place.person(Role.SERVICE_OWNER)
    page = url("leaders_change", project.pk)
    client = as_role(Role.PORTFOLIO_MANAGER)
    assert client.post(page, leaders(project)).status_code == 422
    assert client.post(page, leaders(project, owner=new.name)).status_code == 302
    assert tasks(place) == []


def test_leader_left__a_role_in_another_municipality_does_not_help(world, place, project):
    person = place.person(Role.PROJECT_MANAGER)
    RoleAssignment.objects.filter(person=person).update(unit=world.stranger.unit)
    assert [str(task.why) for task in tasks(place)] == ["Prosjektlederen har sluttet"]


def test_leader_left__nothing_to_do_when_the_project_has_ended(place, project):
    by, data = place.actor(Role.PORTFOLIO_MANAGER), {"reason": "Ingen penger", "spent": 0}
    status_workflow.perform("stop", project, by=by, now=timezone.now(), data=data)
    let_go(place.person(Role.PROJECT_OWNER))
    assert tasks(place) == []


def test_leader_left__of_a_regional_project_may_belong_to_a_municipality_that_takes_part(world):
    initiative = regional.recommended(world)
    for place in (world.home, world.neighbor):
        initiative = regional.answer(initiative, place, "approved")
    region = world.region
    operations.start_project(
        initiative, name="Felles prosjekt", owner=world.home.person(Role.PROJECT_OWNER), by=region.actor(Role.PORTFOLIO_MANAGER),
        manager=region.person(Role.PROJECT_MANAGER), now=timezone.now(),
    )  # fmt: skip
    assert tasks(region) == []
    let_go(world.home.person(Role.PROJECT_OWNER))
    assert [str(task.why) for task in tasks(region)] == ["Prosjekteieren har sluttet"]


# --- What a page costs -------------------------------------------------------------------------------------------
def test_open_team__costs_the_same_for_many(as_role, place, project, django_assert_max_num_queries):
    for role in (
        Role.HR,
        Role.IKT_LEADER,
        Role.LEADER,
        Role.VERNEOMBUD,
        Role.AMU,
        Role.ARCHIVIST,
        Role.CHANGE_AGENT,
    ):
        member(project, place, person=place.person(role), role="member")
    client = as_role(Role.PORTFOLIO_MANAGER)
    client.get(url("team", project.pk))
    for address in (url("team", project.pk), project.get_absolute_url()):
        with django_assert_max_num_queries(MAX_QUERIES):
            text = client.get(address).content.decode()
    assert "Se alle som er med" in text
