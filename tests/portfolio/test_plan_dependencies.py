"""Projects that wait for each other: never in a ring, never for what is not seen, and told in words."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from core.errors import Refused
from core.workflow import TransitionDenied
from organization.roles import Role
from portfolio import operations as projects
from portfolio.models import Dependency, Milestone, Project
from portfolio.plan import operations
from portfolio.plan.dependencies import way_between
from portfolio.plan.waits import wait_of
from tests import stories
from tests.governance import regional, rules
from tests.portfolio import plans, statuses
from tests.portfolio.conftest import apart
from tests.portfolio.plans import day

MANAGER = Role.PROJECT_MANAGER


@pytest.fixture
def place(world):
    return world.home


def made(place, name="Prosjekt"):
    project = stories.in_portfolio(place).project
    Project.objects.filter(pk=project.pk).update(name=name)
    return Project.objects.get(pk=project.pk)


def shared(world):
    """Return a project of the region that both municipalities take part in."""
    initiative = regional.recommended(world)
    for one in (world.home, world.neighbor):
        initiative = regional.answer(initiative, one, "approved")
    at = world.region
    return projects.start_project(
        initiative, name="Felles fagsystem", owner=at.person(Role.PROJECT_OWNER), manager=at.person(MANAGER),
        by=at.actor(Role.PORTFOLIO_MANAGER), now=timezone.now(),
    )  # fmt: skip


def url(name, *args):
    return reverse(f"portfolio:{name}", args=args)


def told(dependency, place, role=Role.EMPLOYEE):
    return wait_of(Dependency.objects.told_to(place.actor(role)).get(pk=dependency.pk).told)


# --- Rings ---------------------------------------------------------------------------------------------
def test_wait__not_for_itself_and_not_in_a_ring(place):
    first, second, third, fourth = (made(place, name) for name in ("A", "B", "C", "D"))
    with pytest.raises(Refused, match="ikke vente på seg selv"):
        plans.dependency(first, first, place)
    plans.dependency(first, second, place)
    with pytest.raises(Refused, match="i ring"):
        plans.dependency(second, first, place)
    plans.dependency(second, third, place)
    plans.dependency(third, fourth, place)
    with pytest.raises(Refused, match="«A» venter på «B» venter på «C» venter på «D»"):
        plans.dependency(fourth, first, place)
    plans.dependency(first, fourth, place)  # two ways to the same end are no ring
    assert way_between(first.pk, fourth.pk) == [first.pk, fourth.pk]
    assert way_between(fourth.pk, first.pk) == []


def test_wait__a_ring_over_milestones_is_a_ring_too(place):
    first, second = made(place), made(place)
    plans.dependency(first, second, place, milestone=plans.milestone(second, place))
    with pytest.raises(Refused, match="i ring"):
        plans.dependency(second, first, place, milestone=plans.milestone(first, place))


def test_wait__the_parts_of_a_ring_added_at_the_same_moment(together):
    place = together.home
    first, second, third, fourth = (made(place, name) for name in ("A", "B", "C", "D"))
    plans.dependency(second, third, place)
    plans.dependency(fourth, first, place)
    ready = Barrier(2)

    def add(pair):
        ready.wait(10)
        try:
            plans.dependency(*pair, place)
        except Refused as refused:
            return str(refused)
        return "added"

    # A → B → C and C → D → A: two people, no project in common, and together a ring.
    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(apart(add), [(first, second), (third, fourth)]))
    assert answers[1] == "added"
    assert "i ring" in answers[0]
    assert Dependency.objects.count() == 3


# --- What can be named ---------------------------------------------------------------------------------
def test_wait__not_for_a_project_that_is_not_seen(as_role, world, place):
    own, theirs = made(place), made(world.neighbor, "Naboens hemmelige")
    client = as_role(MANAGER)
    page = client.get(url("dependency_create", own.pk), {"prosjekt": theirs.name})
    assert page.status_code == 422
    assert "Fant ingen treff" in page.content.decode()
    for pa in (theirs.pk, "x", "9" * 40, 0):
        page = client.get(url("dependency_create", own.pk), {"pa": pa})
        assert "Hvilket prosjekt venter dere på?" in page.content.decode()
    assert theirs.name not in client.get(url("project_options"), {"q": "Naboens"}).content.decode()
    with pytest.raises(Http404):
        plans.dependency(own, theirs, place)
    assert not Dependency.objects.exists()


def test_wait__through_the_pages(as_role, place):
    own, other = made(place, "Vårt"), made(place, "Nettverket")
    milestone = plans.milestone(other, place, on=day(40), name="Nettet er oppe")
    client = as_role(MANAGER)
    first = client.get(url("dependency_create", own.pk), {"prosjekt": "Nettverket"})
    page = client.get(first.url)
    assert "Nettet er oppe" in page.content.decode()
    data = {"milestone": milestone.pk, "needed_on": day(20).isoformat(), "note": "Låsene trenger nett"}
    assert client.post(first.url, data).url == url("plan", own.pk) + "#avhengigheter"
    text = client.get(url("plan", own.pk)).content.decode()
    for words in ("Nettverket", "Nettet er oppe", "Låsene trenger nett", "20 dager for sent"):
        assert words in text
    assert "Vårt" in client.get(url("plan", other.pk)).content.decode()
    assert "20 dager for sent" in client.get(own.get_absolute_url()).content.decode()
    again = client.post(first.url, {**data, "note": "En gang til"})
    assert again.status_code == 409
    assert "alt på denne milepælen" in again.content.decode()
    row = Dependency.objects.get()
    base = client.get(url("dependency_edit", row.pk)).context["base"]
    changed = {**data, "milestone": "", "base": base}
    assert client.post(url("dependency_edit", row.pk), changed).status_code == 302
    row.refresh_from_db()
    assert (row.milestone, row.note) == (None, "Låsene trenger nett")
    stamp = client.get(url("dependency_remove", row.pk)).context["stamp"]
    assert client.post(url("dependency_remove", row.pk), {"stamp": stamp}).status_code == 302
    assert not Dependency.objects.exists()


def test_wait__only_for_a_milestone_of_that_project(as_role, place):
    own, other, third = made(place), made(place), made(place)
    wrong = plans.milestone(third, place)
    data = {"milestone": wrong.pk, "needed_on": "", "note": ""}
    address = f"{url('dependency_create', own.pk)}?pa={other.pk}"
    assert as_role(MANAGER).post(address, data).status_code == 422
    with pytest.raises(Refused, match="et annet prosjekt"):
        plans.dependency(own, other, place, milestone=wrong)


def test_wait__written_by_those_who_work_on_the_one_that_waits(as_role, place):
    own, other = made(place), made(place)
    row = plans.dependency(own, other, place)
    for address in (
        url("dependency_create", own.pk),
        url("dependency_edit", row.pk),
        url("dependency_remove", row.pk),
    ):
        assert as_role(Role.EMPLOYEE).get(address).status_code == 403
        assert as_role(Role.EMPLOYEE).post(address).status_code == 403
    with pytest.raises(TransitionDenied):
        operations.remove_part(
            row, stamp=operations.stamp_of(row), by=place.actor(Role.EMPLOYEE), now=timezone.now()
        )


def test_remove_milestone__that_others_wait_for_is_refused(as_role, place):
    own, other = made(place, "Vårt"), made(place)
    milestone = plans.milestone(other, place)
    plans.dependency(own, other, place, milestone=milestone)
    data = {"stamp": operations.stamp_of(milestone)}
    refused = as_role(MANAGER).post(url("milestone_remove", milestone.pk), data)
    assert refused.status_code == 409
    assert "«Vårt» venter på milepælen" in refused.content.decode()
    assert Milestone.objects.filter(pk=milestone.pk).exists()


def test_read_wait__a_project_of_others_is_not_named(as_role, world):
    """The region waits for a project at home; the neighbor sees the region's project, and not what it waits for."""
    ours, home = shared(world), made(world.home, "Elvdals egen")
    now = timezone.now()
    row = Dependency.objects.create(project=ours, on=home, needed_on=day(5), created_at=now, changed_at=now)
    assert told(row, world.home).name == "Elvdals egen"
    hidden = told(row, world.neighbor)
    assert (hidden.is_seen, hidden.milestone, hidden.ready_on, hidden.warning) == (False, "", None, "")
    for page in (url("plan", ours.pk), ours.get_absolute_url()):
        text = as_role(Role.EMPLOYEE, world.neighbor).get(page).content.decode()
        assert "Et prosjekt i en annen kommune" in text
        assert "Elvdals egen" not in text
        assert "Elvdals egen" in as_role(Role.EMPLOYEE).get(page).content.decode()
    assert Dependency.objects.visible_to(world.neighbor.actor(Role.EMPLOYEE)).contains(row)
    assert not Dependency.objects.visible_to(world.stranger.actor(Role.EMPLOYEE)).exists()
    waiting = as_role(Role.EMPLOYEE).get(url("plan", home.pk)).content.decode()
    assert "Felles fagsystem" in waiting


def test_ring__tells_no_name_that_is_not_seen(world):
    ours, hidden = shared(world), made(world.neighbor, "Naboens")
    now, own = timezone.now(), made(world.home)
    for waiting, on in ((ours, hidden), (hidden, own)):
        Dependency.objects.create(project=waiting, on=on, created_at=now, changed_at=now)
    with pytest.raises(Refused, match="et prosjekt du ikke ser") as refused:
        plans.dependency(own, ours, world.home)
    assert "Naboens" not in str(refused.value)


# --- In words ------------------------------------------------------------------------------------------
def test_tell_wait__for_the_whole_project(place):
    own, other = made(place), made(place, "Nettverket")
    row = plans.dependency(own, other, place, needed_on=day(10))
    assert "ingen sluttdato" in told(row, place).warning
    Project.objects.filter(pk=other.pk).update(ends_on=day(10))
    assert (told(row, place).warning, told(row, place).is_met) == ("", False)
    statuses.published(Project.objects.get(pk=other.pk), place, forecast_ends_on=day(12))
    assert "2 dager for sent" in told(row, place).warning
    Project.objects.filter(pk=other.pk).update(status="paused")
    Dependency.objects.update(needed_on=day(30))
    assert told(row, place).warning == "«Nettverket» er satt på vent."
    Project.objects.filter(pk=other.pk).update(status="stopped")
    assert "er stoppet" in told(row, place).warning


def test_tell_wait__is_met_when_the_project_is_handed_over(place):
    own, other = made(place), made(place)
    row = plans.dependency(own, other, place, needed_on=day(-10))
    assert told(row, place).warning
    rules.demand(place, gates=[])
    for phase in ("planning", "execution", "closing", "realizing"):
        other = stories.move(other, place, phase)
    assert (told(row, place).is_met, told(row, place).word, told(row, place).warning) == (
        True,
        "På plass",
        "",
    )


def test_tell_wait__for_a_milestone_and_by_the_end_of_the_one_that_waits(place):
    own, other = made(place), made(place)
    Project.objects.filter(pk=own.pk).update(ends_on=day(30))
    milestone = plans.milestone(other, place, on=day(31))
    row = plans.dependency(own, other, place, milestone=milestone)
    assert "1 dag for sent" in told(row, place).warning
    given = {"stamp": operations.stamp_of(milestone), "by": place.actor(MANAGER), "now": timezone.now()}
    operations.reach_milestone(milestone, on=day(0), **given)
    assert (told(row, place).is_met, told(row, place).warning) == (True, "")
