"""One initiative: its layers, its timeline, and who is told that it exists."""

from __future__ import annotations

import pytest
from django.utils import timezone

from core.models import AccessLog
from governance.models import Hearing, Participation
from governance.workflow import initiative_workflow
from organization.roles import Role
from tests import stories
from tests.api.conftest import Api, pointers, slug_of
from tests.api.test_api_list import CARD

SECRET = "Overgrepssaken på Solbakken"


def shielded(place, **fields):
    return stories.received(
        place, title=SECRET, shield_basis="offl_13", public_title="Et tiltak i helse", **fields
    )


# --- Layers --------------------------------------------------------------------------------------
def test_get_initiative__who_has_the_card_only_gets_the_card(api, world):
    initiative = stories.received(world.home, need="Sykehjemmet mangler lynlåser.")
    response = api(Role.ARCHIVIST).get(f"/initiatives/{initiative.pk}/")
    assert response.status_code == 200
    assert set(response.json()) == CARD
    assert response.json()["reads_papers"] is False
    assert "lynlås" not in response.content.decode()


def test_get_initiative__who_reads_the_papers_gets_all(api, world):
    initiative = stories.received(world.home, need="Sykehjemmet mangler lynlåser.")
    response = api(Role.SECRETARIAT).get(f"/initiatives/{initiative.pk}/")
    record = response.json()
    assert record["reads_papers"] is True
    assert record["need"] == "Sykehjemmet mangler lynlåser."
    assert record["goal_ids"] == [world.home.goal.pk]
    assert record["operation_per_year"] == "10000.00"
    assert record["investments"] == [{"year": timezone.localdate().year, "amount": "50000.00"}]
    assert response["ETag"] == f'"{record["version"]}"'
    assert response["Cache-Control"] == "private, no-store"


def test_get_initiative__asks_the_database_twice(api, world, django_assert_num_queries):
    initiative = stories.received(world.home)
    caller = api(Role.SECRETARIAT)
    caller.get("/initiatives/")
    with django_assert_num_queries(2):
        caller.get(
            f"/initiatives/{initiative.pk}/?expand=unit,municipality,submitter,case_handler,service_owner"
        )


@pytest.mark.parametrize(
    ("role", "title"),
    [
        (Role.ARCHIVIST, "Et tiltak i helse"),
        (Role.LEADER, "Et tiltak i helse"),  # reads the line's papers, but not what is shielded
        (Role.CHIEF_OF_FINANCE, "Et tiltak i helse"),
        (Role.SECRETARIAT, SECRET),
        (Role.COUNCIL_MEMBER, SECRET),
        (Role.KOMMUNEDIREKTOR, SECRET),
        (Role.EMPLOYEE, SECRET),  # wrote it
    ],
)
def test_get_initiative__shielded_one_is_open_to_the_named_and_logged(api, world, role, title):
    initiative = shielded(world.home)
    response = api(role).get(f"/initiatives/{initiative.pk}/?expand=unit,submitter,service_owner")
    record = response.json()
    assert record["title"] == title
    assert record["reads_papers"] is (title == SECRET)
    assert ("need" in record) is (title == SECRET)
    logged = AccessLog.objects.filter(object_id=initiative.pk, person=world.home.person(role))
    assert logged.exists() is (title == SECRET)
    if title != SECRET:
        assert "Solbakken" not in response.content.decode()
        assert "Solbakken" not in api(role).get(f"/initiatives/{initiative.pk}/timeline/").content.decode()


def test_get_initiative__of_another_municipality_is_not_there(api, world):
    initiative = stories.received(world.home)
    for path in ("", "timeline/", "transitions/"):
        for place in (world.neighbor, world.stranger):
            response = api(Role.SECRETARIAT, place).get(f"/initiatives/{initiative.pk}/{path}")
            assert slug_of(response) == "not-found"
            assert "Initiative" not in response.content.decode()


def test_get_initiative__draft_is_there_for_its_authors_only(api, world):
    draft = stories.draft(world.home)
    assert api(Role.EMPLOYEE).get(f"/initiatives/{draft.pk}/").status_code == 200
    assert api(Role.SECRETARIAT).get(f"/initiatives/{draft.pk}/").status_code == 404
    draft.co_editors.add(world.home.person(Role.CHANGE_AGENT))
    record = api(Role.CHANGE_AGENT).get(f"/initiatives/{draft.pk}/").json()
    assert record["co_editor_ids"] == [world.home.person(Role.CHANGE_AGENT).pk]


def test_get_initiative__participating_municipality_sees_the_regional_one(api, world):
    initiative = stories.received(world.region)
    assert api(Role.EMPLOYEE).get(f"/initiatives/{initiative.pk}/").status_code == 404
    Participation.objects.create(
        initiative=initiative, municipality=world.home.municipality, cost_share=40, changed_at=timezone.now()
    )
    response = api(Role.EMPLOYEE).get(f"/initiatives/{initiative.pk}/")
    assert response.status_code == 200
    assert "cost_share" not in response.content.decode()
    assert api(Role.EMPLOYEE, world.neighbor).get(f"/initiatives/{initiative.pk}/").status_code == 404
    record = api(Role.SECRETARIAT, world.region).get(f"/initiatives/{initiative.pk}/").json()
    assert record["participant_ids"] == [world.home.municipality.pk]


def test_get_initiative__who_is_asked_in_a_hearing_reads_the_papers(api, world):
    initiative = stories.received(world.home)
    person = world.region.person(Role.VERNEOMBUD)
    assert Api(person).get(f"/initiatives/{initiative.pk}/").status_code == 404
    now = timezone.now()
    Hearing.objects.create(
        initiative=initiative,
        role=Role.VERNEOMBUD,
        person=person,
        asked_at=now,
        due_on=now.date(),
        changed_at=now,
    )
    assert Api(person).get(f"/initiatives/{initiative.pk}/").json()["reads_papers"] is True


def test_get_initiative__everyone_reads_what_is_adopted(api, world):
    initiative = stories.in_portfolio(world.home)
    assert (
        api(Role.ELECTED_REPRESENTATIVE).get(f"/initiatives/{initiative.pk}/").json()["reads_papers"] is True
    )


@pytest.mark.parametrize(
    "pk",
    ["0", "999999999", "9223372036854775807", "9223372036854775808", "9" * 300, "9" * 5000, "-1", "x", "%00"],
)
@pytest.mark.parametrize("rest", ["", "timeline/", "transitions/", "transitions/endorse/"])
def test_get_initiative__odd_ids_are_not_there(api, world, pk, rest):
    method = "POST" if rest.endswith("endorse/") else "GET"
    assert slug_of(api(Role.SECRETARIAT).call(method, f"/initiatives/{pk}/{rest}")) == "not-found"


@pytest.mark.parametrize("query", ["expand=nothing", "q=x", "page_size=3"])
def test_get_initiative__unknown_parameter_is_refused(api, world, query):
    initiative = stories.received(world.home)
    response = api(Role.SECRETARIAT).get(f"/initiatives/{initiative.pk}/?{query}")
    assert (response.status_code, pointers(response)) == (400, [query.partition("=")[0]])


def test_get_initiative__can_bring_its_transitions(api, world):
    initiative = stories.received(world.home)
    caller = api(Role.SECRETARIAT)
    record = caller.get(f"/initiatives/{initiative.pk}/?expand=available_transitions").json()
    listed = caller.get(f"/initiatives/{initiative.pk}/transitions/").json()
    assert record["available_transitions"] == listed["available_transitions"]


# --- Timeline ------------------------------------------------------------------------------------
def test_get_timeline__tells_who_did_what_and_why(api, world):
    place, initiative = world.home, stories.awaiting_endorsement(world.home)
    initiative_workflow.perform(
        "decline_endorsement",
        initiative,
        by=place.actor(Role.SECTOR_LEADER),
        now=timezone.now(),
        data={"reason": "For dyrt."},
    )
    entries = api(Role.EMPLOYEE).get(f"/initiatives/{initiative.pk}/timeline/").json()["results"]
    assert [entry["action"] for entry in entries] == [
        "decline_endorsement",
        "send_to_endorsement",
        "submit",
        "create",
    ]
    last = entries[0]
    assert (last["status_before"], last["status_after"]) == ("awaiting_endorsement", "not_endorsed")
    assert (last["actor_name"], last["reason"]) == ("Sektorleder I Heim", "For dyrt.")
    assert (entries[1]["actor_id"], entries[1]["actor_name"]) == (None, "")


def test_get_timeline__with_the_card_only_has_moves_without_reasons(api, world):
    place, initiative = world.home, stories.awaiting_endorsement(world.home)
    initiative_workflow.perform(
        "decline_endorsement",
        initiative,
        by=place.actor(Role.SECTOR_LEADER),
        now=timezone.now(),
        data={"reason": "For dyrt."},
    )
    response = api(Role.ARCHIVIST).get(f"/initiatives/{initiative.pk}/timeline/")
    assert "For dyrt" not in response.content.decode()
    assert all(entry["status_before"] != entry["status_after"] for entry in response.json()["results"])
