"""The log of a project, its stakeholders, and the lessons of the portfolio: who writes, who reads, and what is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.errors import Refused
from core.workflow import TransitionDenied
from organization.roles import Role
from portfolio.models import ProjectLogEntry, ProjectStakeholder
from portfolio.workflow import status_workflow
from tests import stories
from tests.portfolio.rows import entry, stakeholder

MAX_QUERIES = 12
ROWS = {"log": (entry, ProjectLogEntry), "stakeholder": (stakeholder, ProjectStakeholder)}


@pytest.fixture
def place(world):
    return world.home


@pytest.fixture
def project(place):
    return stories.in_portfolio(place).project


def url(name, *args):
    return reverse(f"portfolio:{name}", args=args)


def list_of(kind):
    return {"log": "project_log", "stakeholder": "stakeholder_list"}[kind]


def typed(place, kind, /, **fields):
    if kind == "stakeholder":
        return {
            "name": "Pårørende", "group": "users", "affected": "high", "influence": "middle", "interest": "Trygghet", "strategy": "",
            "arena": "Brukerutvalget", "measure": "Møte hver måned", **fields,
        }  # fmt: skip
    return {
        "kind": "event", "title": "Leverandøren byttet kontaktperson", "text": "Ny fra mandag", "responsible": "supplier",
        "happened_on": timezone.localdate().isoformat(), "reported_by": place.person(Role.PROJECT_MANAGER).name, "consequence": "",
        "recommendation": "", "decided_by": "", "decided_on": "", "lesson": "", **fields,
    }  # fmt: skip


def stopped(project, place):
    by, data = place.actor(Role.PORTFOLIO_MANAGER), {"reason": "Ingen penger", "spent": 0}
    return status_workflow.perform("stop", project, by=by, now=timezone.now(), data=data)


# --- Who writes and who reads --------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ROWS)
@pytest.mark.parametrize("role", [Role.PROJECT_OWNER, Role.PROJECT_MANAGER, Role.PORTFOLIO_MANAGER])
def test_write__by_those_who_work_on_the_project(as_role, place, project, kind, role):
    client, model = as_role(role), ROWS[kind][1]
    for _twice in range(2):
        assert client.post(url(f"{kind}_create", project.pk), typed(place, kind)).status_code == 302
    row = model.objects.get()
    assert row.project == project
    text = as_role(Role.EMPLOYEE).get(url(list_of(kind), project.pk)).content.decode()
    assert str(row) in text


@pytest.mark.parametrize("kind", ROWS)
@pytest.mark.parametrize("role", [Role.EMPLOYEE, Role.SECRETARIAT, Role.ADMINISTRATOR])
def test_write__others_read_only(as_role, place, project, kind, role):
    make, client = ROWS[kind][0], as_role(role)
    row = make(project, place)
    page = client.get(url(list_of(kind), project.pk)).content.decode()
    assert str(row) in page
    assert url(f"{kind}_create", project.pk) not in page
    for address in (url(f"{kind}_create", project.pk), url(f"{kind}_edit", project.pk, row.pk)):
        assert client.get(address).status_code == 403
        assert client.post(address, typed(place, kind)).status_code == 403
    with pytest.raises(TransitionDenied):
        make(project, place, by=role)


@pytest.mark.parametrize("kind", ROWS)
@pytest.mark.parametrize("where", ["neighbor", "stranger"])
def test_open__not_another_municipalitys(as_role, world, project, kind, where):
    row = ROWS[kind][0](project, world.home)
    client = as_role(Role.PORTFOLIO_MANAGER, getattr(world, where))
    for address in (
        url(list_of(kind), project.pk),
        url(f"{kind}_create", project.pk),
        url(f"{kind}_edit", project.pk, row.pk),
    ):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("kind", ROWS)
def test_edit__of_another_project_is_not_found(as_role, place, project, kind):
    other = ROWS[kind][0](stories.in_portfolio(place).project, place)
    assert as_role(Role.PROJECT_MANAGER).get(url(f"{kind}_edit", project.pk, other.pk)).status_code == 404


@pytest.mark.parametrize("kind", ROWS)
def test_write__not_on_what_has_ended(as_role, place, project, kind):
    make, model = ROWS[kind]
    row = make(project, place)
    stopped(project, place)
    client = as_role(Role.PORTFOLIO_MANAGER)
    assert "Prosjektet er stoppet" in client.get(url(list_of(kind), project.pk)).content.decode()
    for address in (url(f"{kind}_create", project.pk), url(f"{kind}_edit", project.pk, row.pk)):
        assert client.post(address, typed(place, kind)).status_code == 409
    with pytest.raises(Refused, match="kan leses"):
        make(project, place, by=Role.PORTFOLIO_MANAGER)
    assert model.objects.count() == 1


# --- Stakeholders ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "fields",
    [{"name": ""}, {"name": "x" * 201}, {"name": "nul\x00"}, {"group": "naboer"}, {"affected": ""}, {"influence": "enorm"},
     {"interest": "x" * 2001}],
)  # fmt: skip
def test_add_stakeholder__bad_input_is_refused_and_kept(as_role, place, project, fields):
    data = typed(place, "stakeholder", **{"measure": "Det jeg skrev", **fields})
    refused = as_role(Role.PROJECT_MANAGER).post(url("stakeholder_create", project.pk), data)
    assert refused.status_code == 422
    assert "Det jeg skrev" in refused.content.decode()
    assert not ProjectStakeholder.objects.exists()


def test_add_stakeholder__the_same_once(as_role, place, project):
    stakeholder(project, place)
    answer = as_role(Role.PROJECT_MANAGER).post(
        url("stakeholder_create", project.pk), typed(place, "stakeholder", group="staff")
    )
    assert answer.status_code == 409
    assert "står her alt" in answer.content.decode()


def test_list_stakeholders__those_with_most_influence_first(as_role, place, project):
    for name, influence, affected in (
        ("Naboer", "low", "high"),
        ("Ansatte", "high", "low"),
        ("Fagforening", "high", "high"),
    ):
        stakeholder(project, place, name=name, influence=influence, affected=affected)
    rows = as_role(Role.EMPLOYEE).get(url("stakeholder_list", project.pk)).context["rows"]
    assert [row.name for row in rows] == ["Fagforening", "Ansatte", "Naboer"]


def test_remove_stakeholder__asks_first(as_role, place, project):
    row, client = stakeholder(project, place), as_role(Role.PROJECT_MANAGER)
    address = url("stakeholder_remove", project.pk, row.pk)
    assert row.name in client.get(address).content.decode()
    assert client.post(address, {}).status_code == 409
    assert client.post(address, {"seen": row.changed_at.isoformat()}).url == url(
        "stakeholder_list", project.pk
    )
    assert not ProjectStakeholder.objects.exists()


# --- The log ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("fields", "words"),
    [({"title": ""}, "fylle"), ({"title": "x" * 201}, "200"), ({"kind": "rykte"}, ""), ({"happened_on": "0026-01-01"}, ""),
     ({"reported_by": "Ingen som finnes"}, "Fant ingen"), ({"responsible": "naboen"}, ""), ({"lesson": "x" * 2001}, "2000"),
     ({"kind": "decision"}, "hvem som tok"), ({"kind": "decision", "decided_on": "2026-11-01"}, "hvem som tok"),
     ({"decided_on": "2026-11-01"}, "Bare en beslutning")],
)  # fmt: skip
def test_write_log__bad_input_is_refused_and_kept(as_role, place, project, fields, words):
    data = typed(place, "log", **{"text": "Det jeg skrev", **fields})
    refused = as_role(Role.PROJECT_MANAGER).post(url("log_create", project.pk), data)
    assert refused.status_code == 422
    for told in ("Det jeg skrev", words):
        assert told in refused.content.decode()
    assert not ProjectLogEntry.objects.exists()


def test_write_log__a_decision_says_who_and_when(as_role, place, project):
    owner = place.person(Role.PROJECT_OWNER)
    data = typed(place, "log", kind="decision", decided_by=owner.name, decided_on="2026-11-02")
    assert as_role(Role.PROJECT_MANAGER).post(url("log_create", project.pk), data).status_code == 302
    row = ProjectLogEntry.objects.get()
    assert (row.decided_by, row.phase) == (owner, "concept")
    text = as_role(Role.EMPLOYEE).get(row.get_absolute_url()).content.decode()
    for words in (owner.name, "2. november 2026", "Konsept"):
        assert words in text
    with pytest.raises(Refused, match="beslutning"):
        entry(project, place, kind="decision", title="Uten noen")


def test_write_log__begins_with_today_and_whoever_writes(as_role, place, project):
    form = as_role(Role.PROJECT_MANAGER).get(url("log_create", project.pk)).context["form"]
    assert place.person(Role.PROJECT_MANAGER).name in str(form["reported_by"].value())
    assert form["happened_on"].value() == timezone.localdate()


def test_write_log__people_of_another_municipality_cannot_be_chosen(as_role, world, place, project):
    data = typed(place, "log", reported_by=world.stranger.person(Role.EMPLOYEE).name)
    assert as_role(Role.PROJECT_MANAGER).post(url("log_create", project.pk), data).status_code == 422


def test_correct_log__keeps_what_it_said_and_the_phase(as_role, place, project):
    row = entry(project, place, text="Slik sto det")
    stories.move(project, place, "planning")
    client, address = as_role(Role.PROJECT_MANAGER), url("log_edit", project.pk, row.pk)
    base = client.get(address).context["base"]
    data = typed(place, "log", text="Slik er det", responsible="", base=base)
    assert client.post(address, data).status_code == 302
    row.refresh_from_db()
    assert (row.text, row.phase) == ("Slik er det", "concept")
    assert client.post(address, {**data, "text": "Noe annet"}).status_code == 409
    page = as_role(Role.EMPLOYEE).get(row.get_absolute_url()).content.decode()
    assert "Slik sto det" in page


def test_list_log__paged_and_by_kind(as_role, place, project):
    today = timezone.localdate()
    for number in range(32):
        entry(project, place, title=f"Hendelse {number:02}", happened_on=today - timedelta(days=number))
    entry(project, place, kind="change_request", title="Vil ha mer")
    client, page = as_role(Role.EMPLOYEE), url("project_log", project.pk)
    first = client.get(page)
    assert len(first.context["lines"]) == 30
    rest = client.get(page + first.context["page"].next_url)
    assert "Hendelse 31" in rest.content.decode()
    only = client.get(page, {"type": "change_request"})
    assert [row.title for row, _tone in only.context["lines"]] == ["Vil ha mer"]
    assert len(client.get(page, {"type": "tull"}).context["lines"]) == 30
    assert client.get(page, {"type": "decision"}).status_code == 200


# --- Lessons ------------------------------------------------------------------------------------------------
@pytest.fixture
def lessons(place, project):
    entry(project, place, title="Ikke til andre")
    stories.move(project, place, "planning")
    project.refresh_from_db()
    entry(
        project,
        place,
        title="Dørene passet ikke",
        lesson="Mål alle dørene før bestilling",
        kind="off_specification",
    )
    return project


def test_lessons__are_for_everybody_at_home_and_nobody_else(as_role, world, lessons):
    client = as_role(Role.ELECTED_REPRESENTATIVE)
    text = client.get(url("lesson_list")).content.decode()
    assert "Mål alle dørene" in text
    assert "Ikke til andre" not in text
    for where in (world.neighbor, world.stranger):
        assert (
            "Mål alle dørene"
            not in as_role(Role.PORTFOLIO_MANAGER, where).get(url("lesson_list")).content.decode()
        )


@pytest.mark.parametrize(
    ("asked", "found"),
    [({"q": "bestilling"}, True), ({"q": "dørene"}, True), ({"q": "båter"}, False), ({"q": "dø"}, True), ({"fase": "planning"}, True),
     ({"fase": "concept"}, False), ({"type": "off_specification"}, True), ({"type": "decision"}, False), ({"q": "nul\x00"}, None),
     ({"fase": "tull", "kommune": "x", "sektor": "99999999999999999999"}, True)],
)  # fmt: skip
def test_lessons__are_found(as_role, lessons, asked, found):
    answer = as_role(Role.EMPLOYEE).get(url("lesson_list"), asked)
    assert answer.status_code == 200
    if found is not None:
        assert ("Mål alle dørene" in answer.content.decode()) == found


def test_lessons__not_of_what_is_shielded(as_role, place):
    shielded = stories.in_portfolio(place, shield_basis="offl_23", public_title="Anskaffelse").project
    entry(shielded, place, title="Hemmelig", lesson="Hemmelig lærdom")
    assert "Hemmelig lærdom" not in as_role(Role.EMPLOYEE).get(url("lesson_list")).content.decode()


def test_pages__cost_the_same_for_many(as_role, place, project, django_assert_max_num_queries):
    row = entry(project, place, title="Første", lesson="Lærdom")
    for number in range(9):
        entry(project, place, title=f"Nummer {number}", lesson="Lærdom")
        stakeholder(project, place, name=f"Gruppe {number}")
    client = as_role(Role.PROJECT_MANAGER)
    pages = (
        url("project_log", project.pk),
        url("lesson_list"),
        url("stakeholder_list", project.pk),
        row.get_absolute_url(),
        project.get_absolute_url(),
    )
    for address in pages:
        client.get(address)
        with django_assert_max_num_queries(MAX_QUERIES):
            assert client.get(address).status_code == 200
