"""Programmes, and projects that are a part of another: who makes them, what they add up to, and who sees what."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from core.errors import Refused, StaleVersion
from core.workflow import TransitionDenied
from organization.operations import Edit
from organization.roles import Role
from portfolio.models import Programme, Project
from portfolio.programme import operations
from portfolio.programme.sums import sums_of_one
from portfolio.workflow import status_workflow
from tests import stories
from tests.portfolio import programmes, reports
from tests.portfolio.conftest import apart
from tests.portfolio.programmes import place_project

MANAGER = Role.PORTFOLIO_MANAGER
MAX_QUERIES = 12


@pytest.fixture
def place(world):
    return world.home


@pytest.fixture
def project(place):
    return programmes.project(place)


@pytest.fixture
def programme(place):
    return programmes.programme(place)


def url(name, *args):
    return reverse(f"portfolio:{name}", args=args)


def text(answer):
    return answer.content.decode()


def typed(place, **fields):
    return {
        "name": "Trygg hjemme", "purpose": "Flere skal bo hjemme lenger.", "owner": place.person(Role.PROJECT_OWNER).name,
        "manager": place.person(Role.PROJECT_MANAGER).name, "starts_on": "2026-01-01", "ends_on": "", **fields,
    }  # fmt: skip


def close(programme, place, role=MANAGER):
    return operations.close_programme(
        programme, outcome="Målet er nådd.", by=place.actor(role), now=timezone.now()
    )


def stop(project, place):
    data = {"reason": "Ingen vil ha det", "spent": 0}
    return status_workflow.perform("stop", project, by=place.actor(MANAGER), now=timezone.now(), data=data)


# --- Making and ending ----------------------------------------------------------------------------
def test_make__through_the_pages(as_role, place):
    client = as_role(MANAGER)
    assert "Nytt program" in text(client.get(url("programme_list")))
    made = client.post(url("programme_create"), typed(place), follow=True)
    assert "Flere skal bo hjemme lenger." in text(made)
    assert "Ingen prosjekter i programmet" in text(made)
    assert Programme.objects.get().municipality == place.municipality


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"name": ""}, "Navn på programmet"),
        ({"owner": "Ingen slik"}, "Fant ingen treff"),
        ({"ends_on": "2025-01-01"}, "ikke slutte før det begynner"),
        ({"purpose": "x" * 4001}, "4000"),
        ({"starts_on": "31.02.2026"}, "dato"),
    ],
)
def test_make__keeps_what_was_typed_when_something_is_wrong(as_role, place, wrong, told):
    answer = as_role(MANAGER).post(url("programme_create"), typed(place, **wrong))
    assert answer.status_code == 422
    assert told in text(answer)
    assert wrong.get("name", "Trygg hjemme") in text(answer)
    assert not Programme.objects.exists()


def test_make__twice_with_the_same_name(as_role, place, programme):
    answer = as_role(MANAGER).post(url("programme_create"), typed(place))
    assert answer.status_code == 422
    assert "alt et program med det navnet" in text(answer)


def test_edit__two_at_once_the_second_is_told(as_role, place, programme):
    client = as_role(MANAGER)
    seen = client.get(url("programme_edit", programme.pk)).context["form"]["seen"].value()
    first = client.post(url("programme_edit", programme.pk), typed(place, purpose="Første", seen=seen))
    second = client.post(url("programme_edit", programme.pk), typed(place, purpose="Andre", seen=seen))
    assert (first.status_code, second.status_code) == (302, 409)
    assert "Andre" in text(second)
    assert Programme.objects.get().purpose == "Første"


@pytest.mark.parametrize(
    ("role", "leads", "closes"),
    [
        (MANAGER, 200, 200), (Role.PROJECT_OWNER, 200, 200), (Role.PROJECT_MANAGER, 200, 403), (Role.EMPLOYEE, 403, 403),
        (Role.KOMMUNEDIREKTOR, 403, 403),
    ],
)  # fmt: skip
def test_lead__owner_manager_and_portfolio_manager(as_role, programme, role, leads, closes):
    client = as_role(role)
    assert client.get(programme.get_absolute_url()).status_code == 200
    assert client.get(url("programme_edit", programme.pk)).status_code == leads
    assert client.get(url("programme_close", programme.pk)).status_code == closes


def test_close__not_while_a_project_runs(as_role, place, project, programme):
    place_project(project, place, programme=programme)
    answer = as_role(MANAGER).post(url("programme_close", programme.pk), {"outcome": "Målet er nådd."})
    assert answer.status_code == 409
    assert "1 prosjekt i programmet er i gang" in text(answer)
    assert "Målet er nådd." in text(answer)
    stop(project, place)
    assert (
        as_role(MANAGER).post(url("programme_close", programme.pk), {"outcome": "Målet er nådd."}).status_code
        == 302
    )
    page = text(as_role(Role.EMPLOYEE).get(programme.get_absolute_url()))
    assert "Målet er nådd." in page
    assert "Avsluttet" in page
    assert "Trygg hjemme" not in text(as_role(Role.EMPLOYEE).get(url("programme_list")))
    assert "Trygg hjemme" in text(as_role(Role.EMPLOYEE).get(url("programme_list"), {"vis": "avsluttede"}))


def test_close__twice_is_once_and_it_can_be_opened_again(as_role, place, programme):
    first = close(programme, place)
    assert close(programme, place).closed_at == first.closed_at
    with pytest.raises(Refused, match="avsluttet"):
        operations.save_programme(
            operations_edit(programme), by=place.actor(MANAGER), now=timezone.now()
        )  # fmt: skip
    assert as_role(MANAGER).post(url("programme_reopen", programme.pk)).status_code == 302
    assert Programme.objects.get().is_open


def operations_edit(programme):
    return Edit(programme, ("name",), programme.changed_at.isoformat())


@pytest.mark.parametrize("role", [Role.PROJECT_MANAGER, Role.EMPLOYEE])
def test_close__not_by_others(place, programme, role):
    with pytest.raises(TransitionDenied):
        close(programme, place, role)


def test_close__while_another_puts_a_project_in(together):
    """Whoever comes last is told: either the programme is closed and empty, or open with the project in it."""
    place = together.home
    project, programme = programmes.project(place), programmes.programme(place)
    ready = Barrier(2)

    def put():
        ready.wait(10)
        try:
            place_project(project, place, programme=programme)
        except Refused:
            return "refused"
        return "put"

    def end():
        ready.wait(10)
        try:
            close(programme, place)
        except Refused:
            return "refused"
        return "closed"

    with ThreadPoolExecutor(2) as pool:
        answers = [pool.submit(apart(put)), pool.submit(apart(end))]
        told = {one.result(60) for one in answers}
    assert told in ({"put", "refused"}, {"refused", "closed"})
    programme.refresh_from_db()
    assert programme.is_open == (Project.objects.get(pk=project.pk).programme_id is not None)


# --- Where a project belongs ----------------------------------------------------------------------
def test_place__in_a_programme_and_below_another_through_the_page(as_role, place, project, programme):
    parent = programmes.project(place, "Hele løsningen")
    client = as_role(MANAGER)
    assert "Prosjektet står for seg selv." in text(client.get(project.get_absolute_url()))
    assert "Hele løsningen" in text(client.get(url("parent_options", project.pk), {"parent": "Hele"}))
    values = {"programme": programme.pk, "parent": "Hele løsningen", "version": project.version}
    page = text(client.post(url("project_place", project.pk), values, follow=True))
    assert "Trygg hjemme" in page
    assert "Hele løsningen" in page
    assert "Tilknytning endret" in page
    above = text(client.get(parent.get_absolute_url()))
    assert "Delprosjekter" in above
    assert project.name in above
    assert project.name in text(client.get(programme.get_absolute_url()))
    assert project.name in text(client.get(url("table"), {"program": programme.pk}))
    assert project.name not in text(
        client.get(url("table"), {"program": programmes.programme(place, "Et annet").pk})
    )


def test_place__keeps_nothing_of_a_second_who_was_late(as_role, place, project, programme):
    client = as_role(MANAGER)
    late = {"programme": "", "parent": "", "version": project.version}
    place_project(project, place, programme=programme)
    answer = client.post(url("project_place", project.pk), late)
    assert answer.status_code == 409
    assert "Trygg hjemme" in text(answer)
    with pytest.raises(StaleVersion):
        place_project(project, place, version=1)


@pytest.mark.parametrize("version", ["", "x", "9" * 40, "-1"])
def test_place__with_a_version_that_cannot_be_read(as_role, project, version):
    answer = as_role(MANAGER).post(
        url("project_place", project.pk), {"programme": "", "parent": "", "version": version}
    )
    assert answer.status_code in {409, 422}


def test_place__only_by_the_portfolio_manager(as_role, place, project, programme):
    for role in (Role.PROJECT_OWNER, Role.PROJECT_MANAGER, Role.EMPLOYEE):
        assert as_role(role).get(url("project_place", project.pk)).status_code == 403
        with pytest.raises(TransitionDenied):
            place_project(project, place, programme=programme, by=role)


def test_place__one_level_only(place, project):
    top, below = programmes.project(place, "Toppen"), programmes.project(place, "Under")
    place_project(below, place, parent=top)
    with pytest.raises(Refused, match="selv en del av et annet prosjekt"):
        place_project(project, place, parent=below)
    with pytest.raises(Refused, match="egne delprosjekter"):
        place_project(top, place, parent=project)
    with pytest.raises(Refused, match="en del av seg selv"):
        place_project(project, place, parent=project)


@pytest.mark.parametrize("case", ["itself", "below one that is below", "one that has others below"])
def test_place__one_level_only_in_the_database_too(place, project, case):
    top, below = programmes.project(place, "Toppen"), programmes.project(place, "Under")
    place_project(below, place, parent=top)
    pair = {"itself": (project, project), "below one that is below": (project, below), "one that has others below": (top, project)}[case]  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Project.objects.filter(pk=pair[0].pk).update(parent=pair[1])


def test_place__two_projects_below_each_other_at_the_same_moment(together):
    place = together.home
    one, other = programmes.project(place, "Ett"), programmes.project(place, "Et annet")
    ready = Barrier(2)

    def put(pair):
        ready.wait(10)
        try:
            place_project(pair[0], place, parent=pair[1])
        except Refused as refused:
            return str(refused)
        return "placed"

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(apart(put), [(one, other), (other, one)]))
    assert sorted(answer == "placed" for answer in answers) == [False, True]
    assert Project.objects.exclude(parent=None).count() == 1


def test_place__not_where_it_does_not_belong(world, place, project):
    theirs, foreign = (
        programmes.project(world.neighbor, "Naboens"),
        programmes.programme(world.neighbor, "Naboens program"),
    )
    with pytest.raises(Http404):
        place_project(project, place, parent=theirs)
    with pytest.raises(Http404):
        place_project(project, place, programme=foreign)
    ended = programmes.project(place, "Ferdig")
    stop(ended, place)
    with pytest.raises(Refused, match="avsluttet"):
        place_project(project, place, parent=ended)
    closed = close(programmes.programme(place, "Et gammelt"), place)
    with pytest.raises(Refused, match="avsluttet"):
        place_project(project, place, programme=closed)
    with pytest.raises(Refused, match="ikke endres"):
        place_project(ended, place, parent=project)


def test_place__what_stands_can_stay_when_the_parent_has_ended(place, project, programme):
    parent = programmes.project(place, "Toppen")
    place_project(project, place, parent=parent)
    stop(parent, place)
    assert place_project(project, place, programme=programme).parent == parent


# --- Who sees what --------------------------------------------------------------------------------
def test_see__a_programme_of_a_municipality_is_its_own(as_role, world, programme):
    for stranger in (world.neighbor, world.stranger, world.region):
        assert as_role(MANAGER, stranger).get(programme.get_absolute_url()).status_code == 404
        assert "Trygg hjemme" not in text(as_role(MANAGER, stranger).get(url("programme_list")))
        for name in ("programme_edit", "programme_close"):
            assert as_role(MANAGER, stranger).get(url(name, programme.pk)).status_code == 404
        assert as_role(MANAGER, stranger).post(url("programme_reopen", programme.pk)).status_code == 404


def test_see__a_regions_programme_is_for_its_municipalities(as_role, world, project):
    shared = programmes.programme(world.region, "Digitale Elvelandet")
    assert as_role(Role.EMPLOYEE).get(shared.get_absolute_url()).status_code == 200
    assert as_role(Role.EMPLOYEE, world.stranger).get(shared.get_absolute_url()).status_code == 404
    assert as_role(MANAGER).get(url("programme_edit", shared.pk)).status_code == 403
    place_project(project, world.home, programme=shared)
    assert project.name in text(as_role(Role.EMPLOYEE).get(shared.get_absolute_url()))


def test_sums__a_region_reads_the_total_of_what_it_does_not_see(as_role, world, project):
    shared = programmes.programme(world.region, "Digitale Elvelandet")
    hidden = programmes.project(world.neighbor, "Naboens hemmelige")
    for row, place, amount in ((project, world.home, 100_000), (hidden, world.neighbor, 30_000)):
        place_project(row, place, programme=shared)
        reports.money(row, budget=amount, forecast=amount)
    region = sums_of_one("programme", shared.pk, world.region.actor(MANAGER))
    assert (region.number, region.unseen, region.budget) == (2, 2, 130_000)
    home = sums_of_one("programme", shared.pk, world.home.actor(MANAGER))
    assert (home.number, home.unseen, home.budget) == (1, 0, 100_000)
    page = text(as_role(MANAGER, world.region).get(shared.get_absolute_url()))
    assert "130" in page
    assert "gjelder også 2 prosjekter" in page
    for name in ("Naboens hemmelige", project.name):
        assert name not in page
    assert "Naboens hemmelige" not in text(as_role(MANAGER).get(shared.get_absolute_url()))


def test_sums__children_of_a_regional_project(as_role, world, project):
    parent = programmes.regional_project(world)
    hidden = programmes.project(world.neighbor, "Naboens hemmelige")
    for row, place, amount in ((project, world.home, 100_000), (hidden, world.neighbor, 30_000)):
        place_project(row, place, parent=parent)
        reports.money(row, budget=amount, forecast=amount)
    region = text(as_role(Role.EMPLOYEE, world.region).get(parent.get_absolute_url()))
    assert "2 delprosjekter er kommunenes egne" in region
    assert "130 000" in region.replace("\xa0", " ")
    home = text(as_role(Role.EMPLOYEE).get(parent.get_absolute_url()))
    assert project.name in home
    assert "delprosjekter er kommunenes egne" not in home
    for page in (region, home):
        assert "Naboens hemmelige" not in page


def test_sums__what_is_shielded_is_counted_and_not_summed(place, project, programme):
    secret = stories.in_portfolio(place, shield_basis="offl_23", public_title="En anskaffelse").project
    for row in (project, secret):
        place_project(row, place, programme=programme)
        reports.money(row, budget=500, forecast=500)
    told = sums_of_one("programme", programme.pk, place.actor(Role.EMPLOYEE))
    assert (told.number, told.budget, told.forecast) == (2, 500, 500)


def test_open_pages__cost_the_same_for_many(
    as_role, world, place, project, programme, django_assert_max_num_queries
):
    client = as_role(MANAGER)
    parent = programmes.project(place, "Toppen")
    pages = [url("programme_list"), programme.get_absolute_url(), parent.get_absolute_url(), url("table")]
    counts = []
    for number in range(2):
        for title in range(3):
            row = programmes.project(place, f"Del {number} {title}")
            place_project(row, place, programme=programme, parent=parent)
            programmes.programme(place, f"Program {number} {title}")
        counts.append([])
        for page in pages:
            with django_assert_max_num_queries(MAX_QUERIES, info=page) as seen:
                assert client.get(page).status_code == 200
            counts[-1].append(len(seen))
    assert counts[0] == counts[1]
