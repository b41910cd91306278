"""What has happened in a project: every kind together, newest first, paged, and only what the reader may know of."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from organization.actors import person_actor
from organization.roles import Role
from portfolio.models import ProjectRisk
from portfolio.risk.operations import save_risk
from portfolio.timeline.presentation import timeline_of
from portfolio.timeline.rows import Position
from tests import stories
from tests.portfolio import gate_papers as papers
from tests.portfolio import reports, statuses

MAX_QUERIES = 12


@pytest.fixture
def place(world):
    return world.home


@pytest.fixture
def project(place):
    return stories.in_portfolio(place).project


def risk(project, place, row=None, **fields):
    values = {"title": "Forsinket", "probability": 3, "impact": 3, **fields}
    by = place.actor(Role.PROJECT_MANAGER)
    return save_risk(row or ProjectRisk(project=project), values, by=by, now=timezone.now())


def labels(project, place, role=Role.CHANGE_AGENT, **how):
    return [str(line.label) for line in timeline_of(project, place.actor(role), **how).lines]


def url(project, **query):
    return reverse("portfolio:project_timeline", args=[project.pk], query=query or None)


def everything(project, place):
    statuses.published(project, place)
    row = risk(project, place)
    risk(project, place, row, status="handled")
    paper = papers.sent(project, place)
    papers.decided_by_council(paper, place, "approve_on_terms")
    stories.move(project, place, "planning")
    reports.published(place)


def test_tell__of_every_kind(place, project):
    papers.council_decides(place)
    everything(project, place)
    told = labels(project, place)
    for words in (
        "Prosjekt opprettet", "Statusrapport publisert", "Ny risiko: Forsinket", "Forsinket: tiltak gjennomført",
        "Beslutningsgrunnlag for BP2 sendt", "BP2 avgjort: godkjent med vilkår", "Flyttet til Planlegge",
    ):  # fmt: skip
        assert told.count(words) == 1, (words, told)
    assert [one for one in told if one.startswith("Publisert: Porteføljerapport")]
    assert [one for one in told if one.startswith("Svarte på")], told


def test_tell__answers_of_a_day_together(place, project):
    stories.answer_checklist(project, place)
    assert len([one for one in labels(project, place) if one.startswith("Svarte på")]) == 1


def test_tell__not_of_a_draft_nor_of_a_paper_that_is_not_out(place, project):
    papers.council_decides(place)
    statuses.draft(project, place)
    papers.sent(project, place)
    told = labels(project, place)
    assert not [one for one in told if "Statusrapport" in one or "Beslutningsgrunnlag" in one]
    assert "Beslutningsgrunnlag for BP2 sendt" in labels(project, place, Role.COUNCIL_MEMBER)


def test_page__goes_on_where_the_last_one_ended(place, project):
    for number in range(5):
        risk(project, place, title=f"Risiko {number}")
    whole = labels(project, place)
    actor, found, after = place.actor(Role.EMPLOYEE), [], None
    for _ in range(len(whole)):
        page = timeline_of(project, actor, size=2, after=after)
        found += [str(line.label) for line in page.lines]
        if not page.after:
            break
        after = Position.read(page.after)
    assert found == whole


@pytest.mark.parametrize("typed", ["x", "2026-01-01~a", "~", "2026-13-01T00:00:00+00:00~a", "9999-12-31T23:59:59-23:00~\x00"])  # fmt: skip
def test_page__position_that_cannot_be_read_is_the_first(as_role, project, typed):
    answer = as_role(Role.EMPLOYEE).get(url(project, etter=typed))
    assert answer.status_code == 200
    assert "Prosjekt opprettet" in answer.content.decode()


def test_page__before_everything_is_empty(as_role, project):
    text = as_role(Role.EMPLOYEE).get(url(project, etter="1999-01-01T00:00:00+00:00~a")).content.decode()
    assert "Det er ikke mer å vise." in text


def test_open__not_another_municipalitys(as_role, world, project):
    for where in (world.neighbor, world.stranger):
        assert as_role(Role.EMPLOYEE, where).get(url(project)).status_code == 404


def test_pages__few_queries_whatever_has_happened(as_role, place, project, django_assert_max_num_queries):
    client = as_role(Role.PORTFOLIO_MANAGER)
    papers.council_decides(place)
    addresses = [url(project), reverse("portfolio:project_detail", args=[project.pk])]
    counts = []
    for address in addresses:
        client.get(address)
        with django_assert_max_num_queries(MAX_QUERIES) as asked:
            client.get(address)
        counts.append(len(asked))
    everything(project, place)
    for number in range(12):
        risk(project, place, title=f"Risiko {number}")
    for address, count in zip(addresses, counts, strict=True):
        with django_assert_max_num_queries(max(count, MAX_QUERIES)):
            text = client.get(address).content.decode()
    assert "Vis alt som har skjedd" in text


def test_tell__in_the_order_it_happened(place, project):
    risk(project, place)
    later = timezone.now() + timedelta(days=1)
    by = person_actor(place.person(Role.PROJECT_MANAGER))
    save_risk(
        ProjectRisk(project=project), {"title": "Senere", "probability": 1, "impact": 1}, by=by, now=later
    )
    assert labels(project, place)[0] == "Ny risiko: Senere"
