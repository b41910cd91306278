"""Risks and opportunities: who writes them, what is refused, and the worst of the portfolio."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from core.errors import Refused
from core.workflow import TransitionDenied
from organization.models import RoleAssignment
from organization.roles import Role
from portfolio import operations
from portfolio.models import Project, ProjectRisk
from portfolio.risk.operations import save_risk
from portfolio.workflow import status_workflow
from tests import stories
from tests.governance import regional

MAX_QUERIES = 12


@pytest.fixture
def place(world):
    return world.home


@pytest.fixture
def project(place):
    return stories.in_portfolio(place).project


def url(name, *args):
    return reverse(f"portfolio:{name}", args=args)


def values(**fields):
    return {
        "kind": "risk", "title": "Leverandøren blir forsinket", "description": "", "probability": 4, "impact": 5,
        "measure": "Ukentlige møter", "owner": None, "due_on": None, "probability_after": 2, "impact_after": 3, "status": "open",
        **fields,
    }  # fmt: skip


def add(project, place, *, role=Role.PROJECT_MANAGER, **fields):
    row = ProjectRisk(project=project)
    return save_risk(row, values(**fields), by=place.actor(role), now=timezone.now())


def typed(**fields):
    data = {name: "" if value is None else value for name, value in values().items()}
    return {**data, **fields}


# --- Who writes and who reads --------------------------------------------------------------------------
@pytest.mark.parametrize("role", [Role.PROJECT_OWNER, Role.PROJECT_MANAGER, Role.PORTFOLIO_MANAGER])
def test_add_risk__by_those_who_work_on_the_project(as_role, place, project, role):
    owner = place.person(Role.EMPLOYEE)
    data = typed(owner=owner.name, due_on=(timezone.localdate() + timedelta(days=9)).isoformat())
    answer = as_role(role).post(url("risk_create", project.pk), data)
    row = ProjectRisk.objects.get()
    assert answer.url == url("risk_list", project.pk) + f"#risiko-{row.pk}"
    assert (row.project, row.score, row.owner, row.probability_after) == (project, 20, owner, 2)
    text = as_role(Role.EMPLOYEE).get(url("risk_list", project.pk)).content.decode()
    for words in ("Leverandøren blir forsinket", owner.name, "Etter tiltak: middels (6)", "Ukentlige møter"):
        assert words in text


@pytest.mark.parametrize("role", [Role.EMPLOYEE, Role.SECRETARIAT, Role.ADMINISTRATOR, Role.KOMMUNEDIREKTOR])
def test_add_risk__others_read_only(as_role, place, project, role):
    row, client = add(project, place), as_role(role)
    page = client.get(url("risk_list", project.pk))
    assert row.title in page.content.decode()
    assert url("risk_create", project.pk) not in page.content.decode()
    for address in (url("risk_create", project.pk), url("risk_edit", project.pk, row.pk)):
        assert client.get(address).status_code == 403
        assert client.post(address, typed()).status_code == 403
    with pytest.raises(TransitionDenied):
        add(project, place, role=role)


@pytest.mark.parametrize("where", ["neighbor", "stranger"])
def test_open_risks__not_another_municipalitys(as_role, world, project, where):
    row = add(project, world.home)
    client = as_role(Role.PORTFOLIO_MANAGER, getattr(world, where))
    for address in (
        url("risk_list", project.pk),
        url("risk_create", project.pk),
        url("risk_edit", project.pk, row.pk),
    ):
        assert client.get(address).status_code == 404
    assert row.title not in client.get(url("risk_top")).content.decode()


def test_edit_risk__of_another_project_is_not_found(as_role, place, project):
    other = add(stories.in_portfolio(place).project, place)
    assert as_role(Role.PROJECT_MANAGER).get(url("risk_edit", project.pk, other.pk)).status_code == 404


def test_add_risk__owner_of_another_municipality_cannot_be_chosen(as_role, world, project):
    data = typed(owner=world.stranger.person(Role.EMPLOYEE).name)
    assert as_role(Role.PROJECT_MANAGER).post(url("risk_create", project.pk), data).status_code == 422


# --- What is written -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "fields",
    [{"title": ""}, {"title": "x" * 201}, {"title": "\x00"}, {"probability": "0"}, {"probability": "6"}, {"impact": "mange"},
     {"impact": ""}, {"probability_after": "", "impact_after": "3"}, {"probability_after": "2", "impact_after": ""},
     {"due_on": "i morgen"}, {"due_on": "0026-01-01"}, {"due_on": "9999-12-31"}, {"kind": "fare"}, {"status": "x"},
     {"owner": "Ingen som finnes"}, {"measure": "x" * 2001}],
)  # fmt: skip
def test_add_risk__bad_input_is_refused_and_kept(as_role, project, fields):
    data = typed(description="Det jeg skrev", **fields)
    refused = as_role(Role.PROJECT_MANAGER).post(url("risk_create", project.pk), data)
    assert refused.status_code == 422
    assert "Det jeg skrev" in refused.content.decode()
    assert not ProjectRisk.objects.exists()


def test_add_risk__sent_twice_is_one(as_role, project):
    client = as_role(Role.PROJECT_MANAGER)
    for _twice in range(2):
        assert client.post(url("risk_create", project.pk), typed()).status_code == 302
    assert ProjectRisk.objects.count() == 1


def test_add_risk__the_operation_refuses_half_of_what_is_after(place, project):
    with pytest.raises(Refused, match="både sannsynlighet og konsekvens"):
        add(project, place, impact_after=None)
    with pytest.raises((Refused, ValidationError)):
        add(project, place, probability=7)


def test_edit_risk__only_what_was_changed(as_role, place, project):
    row, client = add(project, place), as_role(Role.PROJECT_MANAGER)
    page = client.get(url("risk_edit", project.pk, row.pk))
    save_risk(row, {"measure": "Ny avtale"}, by=place.actor(Role.PROJECT_OWNER), now=timezone.now())
    data = typed(title="Leverandøren går konkurs", base=page.context["base"])
    assert client.post(url("risk_edit", project.pk, row.pk), data).status_code == 302
    row.refresh_from_db()
    assert (row.title, row.measure) == ("Leverandøren går konkurs", "Ny avtale")


def test_edit_risk__two_who_change_the_same_choose(as_role, place, project):
    row, client = add(project, place), as_role(Role.PROJECT_MANAGER)
    page = client.get(url("risk_edit", project.pk, row.pk))
    save_risk(row, {"title": "Ny avtale"}, by=place.actor(Role.PROJECT_OWNER), now=timezone.now())
    data = typed(title="Leverandøren går konkurs", base=page.context["base"])
    refused = client.post(url("risk_edit", project.pk, row.pk), data)
    assert refused.status_code == 409
    assert "Leverandøren går konkurs" in refused.content.decode()
    assert "Ny avtale" in refused.content.decode()


def test_edit_risk__owner_who_has_left_stays_until_another_is_chosen(as_role, place, project):
    owner = place.person(Role.EMPLOYEE)
    row, client = add(project, place, owner=owner), as_role(Role.PROJECT_MANAGER)
    RoleAssignment.objects.filter(person=owner).update(valid_to=timezone.localdate() - timedelta(days=1))
    page = client.get(url("risk_edit", project.pk, row.pk))
    assert owner.name in page.content.decode()
    data = typed(title="Nytt navn", owner=owner.name, base=page.context["base"])
    assert client.post(url("risk_edit", project.pk, row.pk), data).status_code == 302
    row.refresh_from_db()
    assert (row.title, row.owner) == ("Nytt navn", owner)


def test_edit_risk__of_a_stopped_project_is_refused(as_role, place, project):
    row = add(project, place)
    by, data = place.actor(Role.PORTFOLIO_MANAGER), {"reason": "For dyrt", "spent": 0}
    status_workflow.perform("stop", project, by=by, now=timezone.now(), data=data)
    client = as_role(Role.PROJECT_MANAGER)
    assert client.post(url("risk_edit", project.pk, row.pk), typed()).status_code == 409
    assert "kan leses, men ikke endres" in client.get(url("risk_list", project.pk)).content.decode()
    with pytest.raises(Refused):
        add(project, place, title="En til")


# --- How they are shown ------------------------------------------------------------------------------------
def test_open_risks__the_largest_first_and_in_both_matrices(as_role, place, project):
    small = add(project, place, title="Liten", probability=1, impact=2, probability_after=None, impact_after=None)  # fmt: skip
    gone = add(project, place, title="Borte", probability=5, impact=5, status="gone")
    large = add(project, place, title="Stor", due_on=timezone.localdate() - timedelta(days=1))
    chance = add(project, place, title="Flaks", kind="opportunity", probability=3, impact=3)
    page = as_role(Role.EMPLOYEE).get(url("risk_list", project.pk))
    assert [line.row for line in page.context["lines"]] == [large, chance, small, gone]
    titles = [chart.title for chart in page.context["charts"]]
    assert titles == ["Risiko nå", "Risiko etter tiltak"]
    now, after = page.context["charts"]
    assert [row[0] for row in now.rows] == ["Stor", "Liten"]
    assert [(row[0], row[3]) for row in after.rows] == [("Stor", "Middels")]
    assert "Over fristen" in page.content.decode()


def test_open_risks__none_yet_says_so(as_role, project):
    assert "Ingenting er skrevet ned" in as_role(Role.EMPLOYEE).get(url("risk_list", project.pk)).content.decode()  # fmt: skip
    assert "Ingen åpne risikoer" in as_role(Role.EMPLOYEE).get(url("risk_top")).content.decode()


# --- The worst of the portfolio ----------------------------------------------------------------------------
def titles_of(client, **query):
    return [line.row.title for line in client.get(url("risk_top"), query).context["lines"]]


def test_open_worst__of_running_projects_only(as_role, place, project):
    add(project, place, title="Middels", probability=3, impact=3)
    add(project, place, title="Verst", probability=5, impact=5)
    add(project, place, title="Borte", probability=5, impact=5, status="gone")
    add(project, place, title="Flaks", probability=5, impact=5, kind="opportunity")
    stopped = stories.in_portfolio(place).project
    add(stopped, place, title="Stoppet")
    Project.objects.filter(pk=stopped.pk).update(status="completed")
    client = as_role(Role.EMPLOYEE)
    assert titles_of(client) == ["Verst", "Middels"]
    assert titles_of(client, type="opportunity") == ["Flaks"]
    assert titles_of(client, type="<b>", sektor="9" * 40, kommune="x") == ["Verst", "Middels"]


def test_open_worst__by_sector_and_municipality(as_role, world, place, project):
    add(project, place, title="I sektoren")
    on_top = stories.in_portfolio(place).project
    Project.objects.filter(pk=on_top.pk).update(unit=place.municipality)
    add(on_top, place, title="På toppen")
    initiative = regional.recommended(world)
    for one in (world.home, world.neighbor):
        initiative = regional.answer(initiative, one, "approved")
    at = world.region
    shared = operations.start_project(
        initiative, name="Felles", owner=at.person(Role.PROJECT_OWNER), manager=at.person(Role.PROJECT_MANAGER),
        by=at.actor(Role.PORTFOLIO_MANAGER), now=timezone.now(),
    )  # fmt: skip
    add(shared, at, title="Felles risiko")
    client = as_role(Role.EMPLOYEE)
    assert set(titles_of(client)) == {"I sektoren", "På toppen", "Felles risiko"}
    assert titles_of(client, sektor=place.sector.pk) == ["I sektoren"]
    assert titles_of(client, kommune=at.municipality.pk) == ["Felles risiko"]
    assert titles_of(as_role(Role.EMPLOYEE, world.neighbor)) == ["Felles risiko"]
    assert titles_of(as_role(Role.EMPLOYEE, world.stranger)) == []


def test_open_worst__pages_by_key(as_role, place, project):
    now = timezone.now()
    for number in range(34):
        ProjectRisk.objects.create(
            project=project, title=f"Risiko {number:02d}", probability=3, impact=1 + number % 5, created_at=now, changed_at=now
        )  # fmt: skip
    client = as_role(Role.EMPLOYEE)
    first = client.get(url("risk_top")).context["page"]
    second = client.get(url("risk_top") + first.next_url).context["page"]
    rows = [*first.rows, *second.rows]
    assert len({row.pk for row in rows}) == 34
    assert [(row.score, -row.pk) for row in rows] == sorted(((row.score, -row.pk) for row in rows), reverse=True)  # fmt: skip


def test_pages__few_queries_whatever_the_number_of_risks(
    as_role, place, project, django_assert_max_num_queries
):
    client, pages = as_role(Role.PROJECT_MANAGER), [url("risk_list", project.pk), url("risk_top")]
    add(project, place, owner=place.person(Role.EMPLOYEE))
    counts = []
    for page in pages:
        client.get(page)
        with django_assert_max_num_queries(MAX_QUERIES, info=page) as asked:
            client.get(page)
        counts.append(len(asked))
    for number in range(8):
        add(project, place, title=f"Risiko {number}", owner=place.person(Role.LEADER))
    add(stories.in_portfolio(place).project, place)
    for page, before in zip(pages, counts, strict=True):
        with django_assert_max_num_queries(before, info=page):
            client.get(page)
