"""Requests for people: who asks and who answers, what is granted, and what a grant does to a role."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from threading import Event, Thread

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from core import reminders
from core.errors import Refused
from core.inbox import Inbox
from core.models import Notice
from core.workflow import TransitionBlocked, TransitionDenied
from organization.roles import Role
from portfolio.capacity import operations
from portfolio.capacity.load import loads_of
from portfolio.capacity.reminders import REMINDERS
from portfolio.capacity.telling import due_on
from portfolio.capacity.workflow import resource_workflow
from portfolio.models import Project, RequestStatus, ResourceRequest
from portfolio.workflow import status_workflow
from tests import stories
from tests.matrices import assert_snapshot, matrix_of
from tests.portfolio import people
from tests.portfolio.people import OWNER, SPRING, STAND_IN, SUMMER, YEAR
from tests.world import end_roles_of

SNAPSHOT = Path(__file__).parent / "matrix.txt"
MAX_QUERIES = 12


@pytest.fixture
def place(world):
    return world.home


@pytest.fixture
def project(place):
    return stories.in_portfolio(place).project


@pytest.fixture
def role(place):
    made = people.role(place)
    people.capacity(made, place, 2)
    return made


def url(name, *args):
    return reverse(f"portfolio:{name}", args=args)


def step_url(request, name):
    return url("resource_transition", request.pk, name)


def typed(**fields):
    return {
        "work_years": "1",
        "from_on": SPRING[0].isoformat(),
        "to_on": SPRING[1].isoformat(),
        "purpose": "Integrasjon",
        **fields,
    }


def answer(request, **fields):
    return {
        "granted": str(request.work_years), "granted_from": request.from_on.isoformat(), "granted_to": request.to_on.isoformat(),
        **fields,
    }  # fmt: skip


def titles_of(place, role):
    return [(str(task.verb), task.title) for task in Inbox(place.actor(role)).tasks()]


# --- Who does what -------------------------------------------------------------------------------------
def actors(place):
    return {one.value: place.actor(one) for one in Role}


def test_allow_transitions__as_the_reviewed_matrix_says(place, project, role):
    request = people.asked(project, role, place)
    assert_snapshot({"resource request": matrix_of(resource_workflow, request, actors(place))}, SNAPSHOT)


def test_allow_transitions__never_to_the_other_municipality(world, project, role):
    request = people.asked(project, role, world.home)
    leaks = [
        f"{place.code} {name}: {declared.name}"
        for place in (world.neighbor, world.stranger, world.region)
        for name, actor in actors(place).items()
        for declared in resource_workflow.transitions.values()
        if declared.allow(actor, request)
    ]
    assert leaks == []


def test_answer__not_by_an_owner_who_has_left(place, project, role):
    request = people.asked(project, role, place)
    end_roles_of(place.person(OWNER), timezone.localdate())
    with pytest.raises(Http404):
        people.grant(request, place)


@pytest.mark.parametrize("by", [Role.PROJECT_MANAGER, Role.PROJECT_OWNER, Role.PORTFOLIO_MANAGER])
def test_ask__by_those_who_work_on_the_project(as_role, place, project, role, by):
    answer = as_role(by).post(url("resource_ask", project.pk), typed(role=role.pk, work_years="0,5"))
    request = ResourceRequest.objects.get()
    assert answer.url == request.get_absolute_url()
    assert (request.status, request.work_years, request.asked_by) == (
        "requested",
        Decimal("0.5"),
        place.person(by),
    )
    page = as_role(Role.EMPLOYEE).get(url("resource_list", project.pk)).content.decode()
    assert "0,5 årsverk" in page
    assert url("resource_ask", project.pk) not in page


@pytest.mark.parametrize("by", [Role.EMPLOYEE, OWNER, Role.ADMINISTRATOR])
def test_ask__others_may_not(as_role, place, project, role, by):
    assert as_role(by).post(url("resource_ask", project.pk), typed(role=role.pk)).status_code == 403
    with pytest.raises(TransitionDenied):
        people.asked(project, role, place, by=place.actor(by))


@pytest.mark.parametrize("where", ["neighbor", "stranger"])
def test_open__not_another_municipalitys(as_role, world, project, role, where):
    request = people.asked(project, role, world.home)
    client = as_role(Role.PORTFOLIO_MANAGER, getattr(world, where))
    addresses = [
        url("resource_list", project.pk), url("resource_ask", project.pk), request.get_absolute_url(), step_url(request, "grant_request"),
        role.get_absolute_url(), url("capacity_add", role.pk), url("absence_add", role.pk), url("capacity_role_edit", role.pk),
    ]  # fmt: skip
    assert {client.get(address).status_code for address in addresses} == {404}
    assert client.get(url("capacity")).context["rows"] == []


def test_ask__for_a_role_of_another_municipality_cannot_be_chosen(as_role, world, project):
    other = people.role(world.neighbor)
    refused = as_role(Role.PROJECT_MANAGER).post(url("resource_ask", project.pk), typed(role=other.pk))
    assert refused.status_code in {200, 422}
    with pytest.raises(Refused):
        people.asked(project, other, world.home)
    assert not ResourceRequest.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [{"role": ""}, {"role": "99999999999999999999"}, {"work_years": "0"}, {"work_years": "-1"}, {"work_years": "1000"},
     {"work_years": "mye"}, {"work_years": "0,001"}, {"from_on": ""}, {"from_on": "31.2.2027"}, {"to_on": "1999-01-01"},
     {"from_on": "1999-01-01"}, {"to_on": "2101-01-01"}, {"to_on": f"{YEAR}-02-28"}, {"to_on": f"{YEAR + 5}-03-01"}, {"purpose": ""},
     {"purpose": "x" * 501}, {"purpose": "\x00"}, {"from_on": "2020-01-01", "to_on": "2020-02-01"}],
)  # fmt: skip
def test_ask__bad_input_is_refused_and_kept(as_role, project, role, fields):
    data = typed(**{"role": role.pk, "purpose": "Det jeg skrev", **fields})
    refused = as_role(Role.PROJECT_MANAGER).post(url("resource_ask", project.pk), data)
    assert refused.status_code == 422
    assert "purpose" in fields or "Det jeg skrev" in refused.content.decode()
    assert not ResourceRequest.objects.exists()


def test_ask__sent_twice_is_one(as_role, project, role):
    for _twice in range(2):
        assert as_role(Role.PROJECT_MANAGER).post(url("resource_ask", project.pk), typed(role=role.pk)).status_code == 302  # fmt: skip
    assert ResourceRequest.objects.count() == 1


def test_ask__of_a_stopped_project_is_refused(as_role, place, project, role):
    request = people.asked(project, role, place)
    data = {"reason": "For dyrt", "spent": 0}
    status_workflow.perform(
        "stop", project, by=place.actor(Role.PORTFOLIO_MANAGER), now=timezone.now(), data=data
    )
    assert (
        as_role(Role.PROJECT_MANAGER).post(url("resource_ask", project.pk), typed(role=role.pk)).status_code
        == 409
    )
    with pytest.raises(TransitionBlocked, match="kan leses"):
        people.grant(request, place)
    assert titles_of(place, OWNER) == []


def test_change_request__while_it_waits(as_role, place, project, role):
    request = people.asked(project, role, place)
    data = typed(work_years="0,8", purpose="Noe annet")
    assert as_role(Role.PROJECT_MANAGER).post(step_url(request, "change_request"), data).status_code == 302
    request.refresh_from_db()
    assert (request.work_years, request.purpose, request.status) == (Decimal("0.8"), "Noe annet", "requested")
    people.grant(request, place)
    assert as_role(Role.PROJECT_MANAGER).post(step_url(request, "change_request"), data).status_code == 409


# --- Answers -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("by", [OWNER, STAND_IN, Role.PORTFOLIO_MANAGER])
def test_grant__the_whole(as_role, place, project, role, by):
    request = people.asked(project, role, place)
    person = place.person(Role.EMPLOYEE)
    data = answer(request, person=person.name, remark="Vel bekomme")
    assert as_role(by).post(step_url(request, "grant_request"), data).status_code == 302
    request.refresh_from_db()
    assert (request.status, request.granted, request.granted_from, request.granted_to) == (
        "granted",
        1,
        *SPRING,
    )
    assert (request.person, request.answer, request.answered_by) == (person, "Vel bekomme", place.person(by))
    assert not request.is_granted_less
    told = Notice.objects.get(recipient=place.person(Role.PROJECT_MANAGER), event="resource_answered")
    assert "har fått IKT-rådgiver" in told.title
    assert "1 årsverk" in told.body


def test_grant__less_for_a_shorter_time(as_role, place, project, role):
    request = people.asked(project, role, place)
    data = answer(request, granted="0,5", granted_to=f"{YEAR}-04-30")
    assert as_role(OWNER).post(step_url(request, "grant_request"), data).status_code == 302
    request.refresh_from_db()
    assert request.is_granted_less
    assert (
        "Mindre enn dere ba om"
        in as_role(Role.EMPLOYEE).get(url("resource_list", project.pk)).content.decode()
    )


@pytest.mark.parametrize(
    "fields",
    [{"granted": "1,5"}, {"granted": "0"}, {"granted": ""}, {"granted_from": f"{YEAR}-02-28"}, {"granted_to": f"{YEAR}-06-01"},
     {"granted_from": f"{YEAR}-05-02", "granted_to": f"{YEAR}-05-01"}, {"granted_to": "x"}, {"person": "Ingen som finnes"}],
)  # fmt: skip
def test_grant__more_than_was_asked_for_is_refused_and_kept(as_role, place, project, role, fields):
    request = people.asked(project, role, place)
    refused = as_role(OWNER).post(
        step_url(request, "grant_request"), answer(request, remark="Det jeg skrev", **fields)
    )
    assert refused.status_code == 422
    assert "Det jeg skrev" in refused.content.decode()
    assert ResourceRequest.objects.get().status == "requested"


@pytest.mark.parametrize(
    "fields", [{"granted": 2}, {"granted_from": date(YEAR, 2, 1)}, {"granted_to": date(YEAR, 6, 1)}]
)
def test_grant__the_database_refuses_more_than_was_asked_for(place, project, role, fields):
    request = people.asked(project, role, place)
    with pytest.raises(IntegrityError), transaction.atomic():
        people.grant(request, place, **fields)


def test_refuse__needs_a_reason(as_role, place, project, role):
    request, client = people.asked(project, role, place), as_role(OWNER)
    assert client.post(step_url(request, "refuse_request"), {"reason": " "}).status_code == 422
    assert (
        client.post(step_url(request, "refuse_request"), {"reason": "Ingen ledige før høsten"}).status_code
        == 302
    )
    request.refresh_from_db()
    assert (request.status, request.answer) == ("refused", "Ingen ledige før høsten")
    assert (
        "Ingen ledige før høsten" in as_role(Role.EMPLOYEE).get(request.get_absolute_url()).content.decode()
    )
    told = Notice.objects.get(recipient=place.person(Role.PROJECT_MANAGER), event="resource_answered")
    assert told.body == "Ingen ledige før høsten"


def test_grant__twice_is_refused(as_role, place, project, role):
    request = people.asked(project, role, place)
    data = answer(request)
    assert as_role(OWNER).post(step_url(request, "grant_request"), data).status_code == 302
    assert as_role(STAND_IN).post(step_url(request, "grant_request"), data).status_code == 409


def test_grant__of_a_role_out_of_use_is_refused(place, project, role):
    request = people.asked(project, role, place)
    operations.set_in_use(role, False, by=place.actor(Role.PORTFOLIO_MANAGER), now=timezone.now())
    with pytest.raises(TransitionBlocked, match="ut av bruk"):
        people.grant(request, place)
    with pytest.raises(Refused):
        people.asked(project, role, place, period=SUMMER)


def test_change_grant__with_a_reason(as_role, place, project, role):
    request, client = people.granted(project, role, place), as_role(OWNER)
    data = answer(request, granted="0,5", seen=request.changed_at.isoformat())
    assert client.post(step_url(request, "change_grant"), data).status_code == 422
    assert (
        client.post(
            step_url(request, "change_grant"), {**data, "reason": "Vi har fått en sykmelding"}
        ).status_code
        == 302
    )
    request.refresh_from_db()
    assert (request.granted, request.answer) == (Decimal("0.5"), "Vi har fått en sykmelding")
    assert as_role(Role.PROJECT_MANAGER).get(step_url(request, "change_grant")).status_code == 403


def test_change_grant__two_who_change_it_meet(as_role, place, project, role):
    request, client = people.granted(project, role, place), as_role(OWNER)
    data = answer(request, granted="0,5", reason="Min grunn", seen=request.changed_at.isoformat())
    assert (
        as_role(STAND_IN).post(step_url(request, "change_grant"), {**data, "granted": "0,7"}).status_code
        == 302
    )
    refused = client.post(step_url(request, "change_grant"), data)
    assert refused.status_code == 409
    assert "Noen andre har endret tildelingen" in refused.content.decode()
    assert "Min grunn" in refused.content.decode()
    again = {**data, "seen": refused.context["tried"].form["seen"].value()}
    assert client.post(step_url(request, "change_grant"), again).status_code == 302


@pytest.mark.parametrize("by", [OWNER, Role.PROJECT_MANAGER])
def test_end_grant__by_both_sides(as_role, place, project, role, by):
    request, client = people.granted(project, role, place), as_role(by)
    for day in (f"{YEAR}-02-28", f"{YEAR}-05-31", f"{YEAR}-07-01", "x", ""):
        assert (
            client.post(step_url(request, "end_grant"), {"last_day": day, "reason": "Ferdig"}).status_code
            == 422
        )
    data = {"last_day": f"{YEAR}-04-15", "reason": "Ferdig før tida"}
    assert client.post(step_url(request, "end_grant"), data).status_code == 302
    request.refresh_from_db()
    assert (request.status, request.granted_to) == ("granted", date(YEAR, 4, 15))
    other = OWNER if by != OWNER else Role.PROJECT_MANAGER
    assert Notice.objects.filter(recipient=place.person(other), event="resource_ended").count() == 1


def test_withdraw__before_it_begins_only(place, project, role):
    request = people.granted(project, role, place)
    people.step("withdraw_request", request, place, role=Role.PROJECT_MANAGER)
    request.refresh_from_db()
    assert (request.status, request.granted) == ("withdrawn", None)
    assert Notice.objects.filter(recipient=place.person(OWNER), event="resource_withdrawn").exists()
    today = timezone.localdate()
    period = (today - timedelta(days=3), today + timedelta(days=30))
    people.capacity(role, place, 2, today - timedelta(days=40), date(YEAR - 1, 12, 31))
    begun = people.granted(project, role, place, 1, period)
    for name, by in (("withdraw_request", Role.PROJECT_MANAGER), ("revoke_grant", OWNER)):
        with pytest.raises(TransitionBlocked, match="Avslutt tidligere"):
            people.step(name, begun, place, {"reason": "x"} if name == "revoke_grant" else None, by)


def test_revoke__before_it_begins_with_a_reason(place, project, role):
    request = people.granted(project, role, place)
    people.step("revoke_grant", request, place, {"reason": "Hun har sluttet"})
    request.refresh_from_db()
    assert (request.status, request.granted, request.person, request.answer) == (
        "refused",
        None,
        None,
        "Hun har sluttet",
    )


def test_perform_transition__is_refused_from_every_other_state(place, project, role):
    request = people.asked(project, role, place)
    people.step("refuse_request", request, place, {"reason": "Nei"})
    for declared in resource_workflow.transitions.values():
        with pytest.raises(TransitionBlocked):
            resource_workflow.perform(declared.name, request, by=place.actor(Role.PORTFOLIO_MANAGER), now=timezone.now())  # fmt: skip
    left = {state for t in resource_workflow.transitions.values() for state in t.source}
    assert set(RequestStatus) - left == {"refused", "withdrawn"}


# --- Over 100 % ----------------------------------------------------------------------------------------
def test_grant__over_capacity_needs_a_reason_that_is_kept(as_role, place, project, role):
    people.granted(project, role, place, "1.5", SPRING)
    request, client = (
        people.asked(project, role, place, 1, (date(YEAR, 4, 1), date(YEAR, 8, 31))),
        as_role(OWNER),
    )
    page = client.get(step_url(request, "grant_request"))
    cells = page.context["cells"]
    assert [(cell.load.month.month, cell.is_over) for cell in cells] == [
        (4, True),
        (5, True),
        (6, False),
        (7, False),
        (8, False),
    ]
    assert f"apr. {YEAR}: 125\xa0% (2,5 av 2 årsverk)" in page.context["finding"]
    refused = client.post(step_url(request, "grant_request"), answer(request))
    assert refused.status_code == 422
    assert "Rollen får for mye å gjøre" in refused.content.decode()
    data = answer(request, over_reason="Overtid er avtalt med begge")
    assert client.post(step_url(request, "grant_request"), data).status_code == 302
    request.refresh_from_db()
    assert request.over_reason == "Overtid er avtalt med begge"
    assert (
        "Overtid er avtalt med begge"
        in as_role(Role.EMPLOYEE).get(request.get_absolute_url()).content.decode()
    )


def test_grant__the_operation_refuses_over_capacity_too(place, project, role):
    with pytest.raises(TransitionBlocked, match="250"):
        people.granted(project, role, place, 5)


def test_grant__without_capacity_is_over(place, project):
    bare = people.role(place, "Arkivar")
    with pytest.raises(TransitionBlocked, match="ingen kapasitet"):
        people.granted(project, bare, place, "0.1")
    assert people.granted(project, bare, place, "0.1", over_reason="Kapasiteten føres i morgen").is_granted


def test_grant__within_capacity_keeps_no_reason(place, project, role):
    assert people.granted(project, role, place, over_reason="Bare for sikkerhets skyld").over_reason == ""


def test_change_grant__less_of_what_is_over_needs_no_new_reason(place, project, role):
    request = people.granted(project, role, place, 5, over_reason="Avtalt")
    data = answer(request) | {
        "granted": Decimal(4),
        "granted_from": SPRING[0],
        "granted_to": SPRING[1],
        "reason": "Litt mindre",
    }
    changed = people.step("change_grant", request, place, {**data, "seen": request.changed_at.isoformat()})
    assert (changed.granted, changed.over_reason) == (4, "Avtalt")


def test_grant__two_at_once_see_the_true_sum(together):
    """The second waits for the role, then reckons with what the first has granted."""
    place = together.home
    role = people.role(place)
    people.capacity(role, place, 1)
    project = stories.in_portfolio(place).project
    first, second = (people.asked(project, role, place, "0.6", purpose=name) for name in ("A", "B"))
    held, found = Event(), []

    def other() -> None:
        held.wait(10)
        try:
            people.grant(second, place)
            found.append("granted")
        except TransitionBlocked as blocked:
            found.append(str(blocked))
        finally:
            connection.close()

    thread = Thread(target=other)
    thread.start()
    with transaction.atomic():
        people.grant(first, place)
        held.set()
        thread.join(1.5)
        assert thread.is_alive()
    thread.join(20)
    assert len(found) == 1
    assert "120" in found[0]
    (load,) = loads_of([role.pk], SPRING[0], SPRING[0])[role.pk]
    assert (load.granted, load.is_over) == (Decimal("0.6"), False)


# --- Inbox and reminders ---------------------------------------------------------------------------------
def test_wait__in_the_inbox_of_those_who_answer(place, project, role):
    request = people.asked(project, role, place)
    task = ("Svar på forespørsel om", f"IKT-rådgiver – {project.name}")
    assert titles_of(place, OWNER) == titles_of(place, STAND_IN) == [task]
    assert task not in titles_of(place, Role.PORTFOLIO_MANAGER)
    for who in (OWNER, STAND_IN):
        end_roles_of(place.person(who), timezone.localdate())
    assert task in titles_of(place, Role.PORTFOLIO_MANAGER)
    people.step("refuse_request", request, place, {"reason": "Nei"}, Role.PORTFOLIO_MANAGER)
    assert task not in titles_of(place, Role.PORTFOLIO_MANAGER)


def test_wait__not_in_the_inbox_of_the_neighbor(world, project, role):
    people.asked(project, role, world.home)
    for who in (OWNER, STAND_IN, Role.PORTFOLIO_MANAGER):
        assert not [one for one in titles_of(world.neighbor, who) if "IKT-rådgiver" in one[1]]


def test_tell__a_role_that_is_over_in_the_inbox_of_its_owner(world, place, project):
    today = timezone.localdate()
    role = people.role(place)
    period = (today, today + timedelta(days=20))
    request = people.granted(project, role, place, 1, period, over_reason="Avtalt")
    task = ("Rydd i kapasiteten for", "IKT-rådgiver")
    assert task in titles_of(place, OWNER)
    assert task not in titles_of(place, Role.PORTFOLIO_MANAGER)
    assert task not in titles_of(world.neighbor, OWNER)
    people.capacity(role, place, 1, today.replace(day=1))
    assert task not in titles_of(place, OWNER)
    assert request.is_granted


def remind(day):
    return reminders.run(day=day, now=timezone.now(), only=REMINDERS)


def reminded():
    return set(Notice.objects.filter(event="resource_request").values_list("recipient__username", flat=True))


def test_remind__the_owner_then_the_stand_in_and_the_portfolio_manager(place, project, role):
    due = due_on(people.asked(project, role, place))
    assert remind(timezone.localdate()) == 0
    assert remind(due) == 1
    assert remind(due) == 0
    assert reminded() == {f"{OWNER}.heim"}
    assert remind(due + timedelta(days=7)) == 2
    assert reminded() == {f"{OWNER}.heim", f"{STAND_IN}.heim"}
    remind(due + timedelta(days=20))
    assert f"{Role.PORTFOLIO_MANAGER}.heim" in reminded()


def test_remind__the_stand_in_where_the_owner_has_left(place, project, role):
    due = due_on(people.asked(project, role, place))
    end_roles_of(place.person(OWNER), timezone.localdate())
    remind(due)
    assert reminded() == {f"{STAND_IN}.heim"}
    end_roles_of(place.person(STAND_IN), timezone.localdate())
    remind(due + timedelta(days=7))
    assert f"{Role.PORTFOLIO_MANAGER}.heim" in reminded()


# --- Pages ---------------------------------------------------------------------------------------------
def test_open_project__shows_its_people_and_where_a_role_is_over(as_role, place, project):
    today = timezone.localdate()
    role = people.role(place)
    people.granted(project, role, place, 1, (today, today + timedelta(days=20)), over_reason="Avtalt")
    for address in (project.get_absolute_url(), url("resource_list", project.pk)):
        text = as_role(Role.EMPLOYEE).get(address).content.decode()
        assert "Rollen er over 100 %" in text
        assert "IKT-rådgiver" in text


def test_pages__few_queries_whatever_the_number_of_requests(
    as_role, place, project, role, django_assert_max_num_queries
):
    request = people.granted(project, role, place, "0.1", person=place.person(Role.EMPLOYEE))
    waiting = people.asked(project, role, place, "0.1", SUMMER)
    pages = [
        url("capacity"), role.get_absolute_url(), url("capacity_roles"), url("resource_list", project.pk), request.get_absolute_url(),
        step_url(waiting, "grant_request"), project.get_absolute_url(),
    ]  # fmt: skip
    client, counts = as_role(Role.PORTFOLIO_MANAGER), []
    for page in pages:
        client.get(page)
        with django_assert_max_num_queries(MAX_QUERIES, info=page) as asked:
            client.get(page)
        counts.append(len(asked))
    for number in range(6):
        another = people.role(place, f"Rolle {number}")
        people.capacity(another, place, 3)
        for of in (another, role):
            people.granted(stories.in_portfolio(place).project, of, place, "0.1", purpose=f"Nr. {number}")
            people.asked(project, of, place, "0.1", SUMMER, purpose=f"Nr. {number}")
        people.absence(role, place, "0.1")
    for page, before in zip(pages, counts, strict=True):
        with django_assert_max_num_queries(before, info=page):
            client.get(page)
    assert Project.objects.count() > 6
