"""The list of initiatives: who sees what, filters, pages, and what it costs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from governance.models import Initiative, Status
from organization.roles import Role
from tests import stories
from tests.api.conftest import Api, pointers, slug_of

CARD = {
    "id", "number", "title", "status", "stage", "version", "unit_id", "municipality_id", "submitter_id",
    "case_handler_id", "service_owner_id", "created_at", "submitted_at", "status_since", "due_on", "changed_at",
    "reads_papers", "page_url",
}  # fmt: skip


def ids(response):
    return {row["id"] for row in response.json()["results"]}


def many(place, count, **fields):
    """Put rows straight into the table: cheap, and enough for a list."""
    now = timezone.now()
    taken = Initiative.objects.count()
    rows = [
        Initiative(
            municipality=place.municipality, unit=place.unit, title=f"Tiltak {taken + n}", number=f"2020-{taken + n:04d}",
            status=Status.RECEIVED, status_since=now, created_at=now, submitted_at=now,
            changed_at=now - timedelta(minutes=(taken + n) // 3), submitter=place.person(Role.EMPLOYEE), **fields,
        )
        for n in range(count)
    ]  # fmt: skip
    return Initiative.objects.bulk_create(rows)


# --- Who sees what -------------------------------------------------------------------------------
def test_list_initiatives__shows_the_card_and_nothing_else(api, world):
    initiative = stories.received(world.home)
    [row] = api(Role.SECRETARIAT).get("/initiatives/").json()["results"]
    assert set(row) == CARD
    assert row["title"] == "Digital vaktplan"
    assert (row["status"], row["stage"]) == ("received", "secretariat")
    assert row["page_url"].endswith(f"/tiltak/{initiative.pk}/")


@pytest.mark.parametrize(
    ("role", "reads"),
    [
        (Role.EMPLOYEE, True),  # wrote it
        (Role.LEADER, True),
        (Role.SECTOR_LEADER, True),
        (Role.SECRETARIAT, True),
        (Role.COUNCIL_MEMBER, True),
        (Role.CHIEF_OF_FINANCE, True),
        (Role.SERVICE_OWNER, True),  # named on it
        (Role.CHANGE_AGENT, False),
        (Role.ARCHIVIST, False),
        (Role.ELECTED_REPRESENTATIVE, False),
        (Role.ADMINISTRATOR, False),
    ],
)
def test_list_initiatives__tells_who_reads_the_papers(api, world, role, reads):
    initiative = stories.received(world.home)
    [row] = api(role).get("/initiatives/").json()["results"]
    assert (row["id"], row["reads_papers"]) == (initiative.pk, reads)


@pytest.mark.parametrize("role", [Role.EMPLOYEE, Role.SECRETARIAT, Role.KOMMUNEDIREKTOR, Role.ADMINISTRATOR])
def test_list_initiatives__never_shows_another_municipality(api, world, role):
    here, there = stories.received(world.home), stories.received(world.neighbor, title="Naboens tiltak")
    assert ids(api(role).get("/initiatives/")) == {here.pk}
    assert ids(api(role, world.neighbor).get("/initiatives/")) == {there.pk}
    assert ids(api(role, world.stranger).get("/initiatives/")) == set()


def test_list_initiatives__keeps_drafts_with_their_authors(api, world):
    draft = stories.draft(world.home)
    assert ids(api(Role.EMPLOYEE).get("/initiatives/")) == {draft.pk}
    assert ids(api(Role.SECRETARIAT).get("/initiatives/")) == set()


def test_list_initiatives__of_somebody_without_roles_is_empty(world):
    from tests.world import end_roles_of

    stories.received(world.home)
    person = world.home.person(Role.CHANGE_AGENT)
    end_roles_of(person, timezone.localdate())
    assert Api(person).get("/initiatives/").json() == {"results": [], "next": None}


def test_list_initiatives__never_shows_a_shielded_title(api, world):
    stories.received(
        world.home,
        title="Overgrepssaken på Solbakken",
        shield_basis="offl_13",
        public_title="Et tiltak i helse",
    )
    for role in Role:
        response = api(role).get("/initiatives/")
        assert "Solbakken" not in response.content.decode()
    [row] = api(Role.ARCHIVIST).get("/initiatives/").json()["results"]
    assert (row["title"], row["reads_papers"]) == ("Et tiltak i helse", False)
    assert api(Role.LEADER).get("/initiatives/").json()["results"][0]["reads_papers"] is False
    assert api(Role.SECRETARIAT).get("/initiatives/").json()["results"][0]["reads_papers"] is True


def test_search_initiatives__finds_content_for_those_who_read_it_only(api, world):
    stories.received(world.home, need="Sykehjemmet mangler lynlåser.")
    assert len(ids(api(Role.SECRETARIAT).get("/initiatives/?q=lynlås"))) == 1
    assert ids(api(Role.ARCHIVIST).get("/initiatives/?q=lynlås")) == set()
    assert len(ids(api(Role.ARCHIVIST).get("/initiatives/?q=vaktplan"))) == 1


# --- Filters -------------------------------------------------------------------------------------
def test_filter_initiatives__by_state_stage_and_unit(api, world):
    waiting, received = stories.awaiting_endorsement(world.home), stories.received(world.home)
    caller = api(Role.SECRETARIAT)
    assert ids(caller.get("/initiatives/?status=received")) == {received.pk}
    assert ids(caller.get("/initiatives/?status=received&status=awaiting_endorsement")) == {
        waiting.pk,
        received.pk,
    }
    assert ids(caller.get("/initiatives/?stage=endorsement")) == {waiting.pk}
    assert ids(caller.get("/initiatives/?stage=ended")) == set()
    assert ids(caller.get(f"/initiatives/?unit={world.home.unit.pk}")) == {waiting.pk, received.pk}
    assert ids(caller.get(f"/initiatives/?unit={world.home.sector.pk}")) == set()
    assert ids(caller.get(f"/initiatives/?below={world.home.sector.pk}")) == {waiting.pk, received.pk}
    assert ids(caller.get(f"/initiatives/?below={world.neighbor.sector.pk}")) == set()
    assert ids(caller.get(f"/initiatives/?municipality={world.neighbor.municipality.pk}")) == set()
    assert ids(caller.get(f"/initiatives/?number={received.number}")) == {received.pk}


def test_filter_initiatives__by_what_concerns_me(api, world):
    received, other = stories.received(world.home), stories.awaiting_endorsement(world.home)
    assert ids(api(Role.SECRETARIAT).get("/initiatives/?in_my_hands=true")) == {received.pk}
    assert ids(api(Role.SECRETARIAT).get("/initiatives/?in_my_hands=false")) == {other.pk}
    assert ids(api(Role.SECTOR_LEADER).get("/initiatives/?in_my_hands=true")) == {other.pk}
    assert ids(api(Role.EMPLOYEE).get("/initiatives/?mine=true")) == {received.pk, other.pk}
    assert ids(api(Role.SECRETARIAT).get("/initiatives/?mine=true")) == set()
    assert ids(api(Role.SECRETARIAT).get("/initiatives/?open=false")) == set()
    assert ids(api(Role.SECRETARIAT).get("/initiatives/?overdue=true")) == set()


def test_filter_initiatives__updated_after_gives_what_is_new(api, world):
    first = stories.received(world.home)
    caller = api(Role.SECRETARIAT)
    [row] = caller.get("/initiatives/").json()["results"]
    assert ids(caller.get(f"/initiatives/?updated_after={row['changed_at']}")) == set()
    second = stories.received(world.home)
    assert ids(caller.get(f"/initiatives/?updated_after={row['changed_at']}")) == {second.pk}
    assert ids(caller.get("/initiatives/?updated_before=2200-01-01T00:00:00Z")) == {first.pk, second.pk}


def test_filter_initiatives__the_papers_cannot_be_filtered_by(api, world):
    response = api(Role.ARCHIVIST).get("/initiatives/?financing=own_budget&category=development")
    assert response.status_code == 400
    assert pointers(response) == ["category", "financing"]


# --- Pages ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("ordering", ["-changed_at", "changed_at"])
def test_read_pages__give_each_row_once_in_order(api, world, ordering):
    made = many(world.home, 23)
    caller, address, seen = api(Role.SECRETARIAT), f"/initiatives/?page_size=5&ordering={ordering}", []
    while address:
        page = caller.get(address).json()
        seen += [(row["changed_at"], row["id"]) for row in page["results"]]
        address = page["next"]
    assert len(seen) == len({pk for _at, pk in seen}) == len(made)
    assert seen == sorted(seen, reverse=ordering.startswith("-"))


def test_read_pages__keep_the_filters_and_are_stable_while_rows_arrive(api, world):
    many(world.home, 6)
    caller = api(Role.SECRETARIAT)
    first = caller.get("/initiatives/?page_size=4&status=received").json()
    assert "status=received" in first["next"]
    stories.received(world.home, title="Kom imens")
    second = caller.get(first["next"]).json()
    assert len(second["results"]) == 2
    assert second["next"] is None
    assert "Kom imens" not in {row["title"] for row in second["results"]}


def test_read_page__cursor_of_another_ordering_is_refused(api, world):
    many(world.home, 3)
    caller = api(Role.SECRETARIAT)
    following = caller.get("/initiatives/?page_size=1").json()["next"]
    response = caller.get(following + "&ordering=changed_at")
    assert (slug_of(response), pointers(response)) == ("parameter", ["cursor"])


@pytest.mark.parametrize("size", ["0", "-1", "201", "1000000", "9" * 400, "abc", "", "1.5", "\u0663", "%00"])
def test_read_page__size_out_of_bounds_is_refused(api, world, size):
    response = api(Role.SECRETARIAT).get(f"/initiatives/?page_size={size}")
    assert (response.status_code, pointers(response)) == (400, ["page_size"])


# --- Expansion -----------------------------------------------------------------------------------
def test_expand_initiatives__adds_names_beside_ids(api, world):
    stories.received(world.home)
    [row] = (
        api(Role.ARCHIVIST)
        .get("/initiatives/?expand=unit,municipality,submitter,case_handler,service_owner")
        .json()["results"]
    )
    assert row["unit"] == {
        "id": world.home.unit.pk, "name": "Hjemmetjenesten heim", "kind": "unit", "code": "heim-enhet",
    }  # fmt: skip
    assert row["municipality"]["name"] == "Heim kommune"
    assert set(row["submitter"]) == {"id", "name", "title"}
    assert row["case_handler"] is None
    assert row["service_owner"]["id"] == row["service_owner_id"]


@pytest.mark.parametrize("wanted", ["goals", "unit,password", "submitter__password", "unit__municipality"])
def test_expand_initiatives__with_something_else_is_refused(api, world, wanted):
    response = api(Role.SECRETARIAT).get(f"/initiatives/?expand={wanted}")
    assert (response.status_code, pointers(response)) == (400, ["expand"])


# --- What it costs -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "query",
    ["", "&expand=unit,municipality,submitter,case_handler,service_owner", "&q=tiltak&status=received"],
)
def test_list_initiatives__asks_the_database_twice_whatever_the_number_of_rows(
    api, world, django_assert_num_queries, query
):
    caller = api(Role.SECTOR_LEADER)
    many(world.home, 20)
    caller.get("/initiatives/")
    with django_assert_num_queries(2):  # the person with roles, the rows; the session is in the cache
        assert len(caller.get(f"/initiatives/?page_size=100{query}").json()["results"]) == 20
    many(world.home, 80)
    with django_assert_num_queries(2):
        assert len(caller.get(f"/initiatives/?page_size=100{query}").json()["results"]) == 100


@pytest.mark.parametrize("path", ["/units/?expand=municipality", "/goals/?expand=unit,owner"])
def test_list_organization__asks_the_database_twice(api, world, django_assert_num_queries, path):
    caller = api(Role.EMPLOYEE)
    caller.get(path)
    with django_assert_num_queries(2):
        assert caller.get(path).json()["results"]


# --- Units and goals -----------------------------------------------------------------------------
def test_list_units__shows_the_own_municipality_as_a_tree(api, world):
    rows = {row["id"]: row for row in api(Role.EMPLOYEE).get("/units/").json()["results"]}
    home = world.home
    assert set(rows) == {home.municipality.pk, home.sector.pk, home.unit.pk}
    assert rows[home.unit.pk]["parent_id"] == home.sector.pk
    assert rows[home.municipality.pk]["region_id"] == world.region.municipality.pk
    top = {row["id"]: row for row in api(Role.EMPLOYEE, world.stranger).get("/units/").json()["results"]}
    assert top[world.stranger.municipality.pk]["parent_id"] is None


def test_filter_units__by_level_line_and_name(api, world):
    caller, home = api(Role.EMPLOYEE), world.home
    assert ids(caller.get("/units/?kind=sector")) == {home.sector.pk}
    assert ids(caller.get(f"/units/?below={home.sector.pk}")) == {home.sector.pk, home.unit.pk}
    assert ids(caller.get(f"/units/?below={world.neighbor.sector.pk}")) == set()
    assert ids(caller.get("/units/?q=mestring")) == {home.sector.pk}
    assert ids(caller.get("/units/?open=true&code=heim-enhet")) == {home.unit.pk}
    assert ids(caller.get("/units/?open=false")) == set()


def test_list_goals__are_those_of_home_and_region(api, world):
    caller = api(Role.EMPLOYEE)
    assert ids(caller.get("/goals/")) == {world.home.goal.pk, world.region.goal.pk}
    assert ids(caller.get(f"/goals/?municipality={world.region.municipality.pk}")) == {world.region.goal.pk}
    assert ids(caller.get("/goals/?in_force=true&q=brukerne")) == {world.home.goal.pk, world.region.goal.pk}
    assert ids(caller.get("/goals/?in_force=false")) == set()
    assert ids(api(Role.EMPLOYEE, world.stranger).get("/goals/")) == {world.stranger.goal.pk}
