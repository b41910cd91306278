"""What is in a shielded project is read by those who are named in it and those who read what is shielded, by nobody else."""

from __future__ import annotations

import pytest
from django.urls import reverse

from organization.roles import Role
from portfolio.models import Project, ProjectRisk
from tests import stories
from tests.portfolio import plans, reports, rows

PAGES = [
    "status_list", "money_detail", "risk_list", "checklist", "plan", "project_log", "stakeholder_list", "project_timeline",
    "gate_paper_list", "resource_list",
]  # fmt: skip
LISTS = ["board", "table", "roadmap", "risk_top", "lesson_list"]
SECRET = "Kodenavn Bjørn"
COLLEAGUE = Role.VERNEOMBUD  # an employee without a part in it


@pytest.fixture
def place(world):
    return world.home


@pytest.fixture
def shielded(place):
    """A shielded project that tells its secret in each of its parts."""
    project = stories.in_portfolio(place, shield_basis="offl_23", public_title="En anskaffelse").project
    reports.changed(project, name="En anskaffelse")
    reports.risk(project, title=SECRET)
    reports.status(project, summary=SECRET, progress="bad", progress_text=SECRET)
    reports.money(project, budget=123456789)
    plans.milestone(project, place, name=SECRET)
    rows.entry(project, place, title=SECRET, lesson=SECRET)
    return project


def url(name, project):
    return reverse(f"portfolio:{name}", args=[project.pk])


def text(answer):
    return answer.content.decode()


@pytest.fixture
def log_in(client):
    def act(person):
        client.force_login(person)
        return client

    return act


def test_open_project__colleagues_see_the_card_alone(as_role, shielded):
    answer = as_role(COLLEAGUE).get(shielded.get_absolute_url())
    assert answer.status_code == 200
    assert "Innholdet er skjermet" in text(answer)
    assert SECRET not in text(answer)


@pytest.mark.parametrize("name", PAGES)
def test_open_parts__of_a_shielded_project_are_not_for_colleagues(as_role, shielded, name):
    answer = as_role(COLLEAGUE).get(url(name, shielded))
    assert answer.status_code == 403
    assert SECRET not in text(answer)


@pytest.mark.parametrize("name", PAGES)
def test_open_parts__of_another_municipality_are_not_there(as_role, world, shielded, name):
    assert as_role(Role.PORTFOLIO_MANAGER, world.neighbor).get(url(name, shielded)).status_code == 404


@pytest.mark.parametrize("role", [Role.PORTFOLIO_MANAGER, Role.KOMMUNEDIREKTOR, Role.SECRETARIAT])
def test_open_project__who_reads_what_is_shielded_reads_all_of_it(as_role, shielded, role):
    client = as_role(role)
    assert SECRET in text(client.get(shielded.get_absolute_url()))
    assert [client.get(url(name, shielded)).status_code for name in PAGES] == [200] * len(PAGES)


def test_open_project__whoever_is_named_reads_it(place, log_in, shielded):
    member, responsible = (place.person(role) for role in (Role.CHANGE_AGENT, Role.HR))
    for person in (member, responsible):
        assert log_in(person).get(url("risk_list", shielded)).status_code == 403
    rows.member(shielded, place, person=member)
    reports.changed(shielded.risks.get(), owner=responsible)
    for person in (member, responsible):
        assert SECRET in text(log_in(person).get(url("risk_list", shielded)))


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("role", [COLLEAGUE, Role.KOMMUNEDIREKTOR])
def test_list__tells_nothing_of_what_is_shielded(as_role, shielded, name, role):
    answer = as_role(role).get(reverse(f"portfolio:{name}"))
    assert answer.status_code == 200
    if name == "risk_top" and role == Role.KOMMUNEDIREKTOR:
        assert SECRET in text(answer)
    else:
        assert SECRET not in text(answer)
        assert "123 456 789" not in text(answer).replace("\xa0", " ")


@pytest.mark.parametrize(("query", "there"), [("", True), ("tilstand=hjelp", False), ("penger=over", False)])
def test_filter__by_what_is_shielded_finds_nothing(as_role, shielded, query, there):
    reports.changed(shielded.budget_lines.get(), forecast=999999999)
    found = text(as_role(COLLEAGUE).get(f"{reverse('portfolio:table')}?{query}"))
    assert (shielded.get_absolute_url() in found) is there


def test_read_rows__by_nobody_without_an_actor(shielded):
    assert not Project.objects.readable_by(None).exists()
    assert not ProjectRisk.objects.visible_to(None).exists()


def test_list_reports__of_the_api_leaves_out_what_is_shielded(as_role, shielded):
    results = as_role(COLLEAGUE).get("/api/v1/status-reports/").json()["results"]
    assert shielded.pk not in [row["project_id"] for row in results]
    results = as_role(Role.KOMMUNEDIREKTOR).get("/api/v1/status-reports/").json()["results"]
    assert shielded.pk in [row["project_id"] for row in results]
