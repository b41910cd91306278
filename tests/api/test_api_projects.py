"""Projects through the API: begun, moved and followed by the rules of the pages; clients never move them."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from organization.roles import Role
from organization.scopes import SCOPES
from portfolio.models import Project
from portfolio.workflow import phase_workflow, status_workflow
from tests import stories
from tests.api.clients import machine
from tests.api.conftest import Api, pointers, slug_of
from tests.benefits import stories as benefits
from tests.deviations import stories as deviations

KEY = "2a0f6f0e-7f5e-4a57-9a35-1f2d3c4b5a69"


@pytest.fixture(autouse=True)
def _calls_are_counted_anew(db):
    cache.clear()


@pytest.fixture
def project(world):
    return stories.in_portfolio(world.home).project


def take(caller, project, name, body=None, **headers):
    return caller.post(f"/projects/{project.pk}/transitions/{name}/", body, **headers)


def offered(caller, address):
    return {
        offer["name"]: offer for offer in caller.get(f"{address}transitions/").json()["available_transitions"]
    }


# --- What is offered -----------------------------------------------------------------------------------
def test_list_transitions__are_what_both_workflows_offer(api, world, project):
    for role in (Role.PORTFOLIO_MANAGER, Role.PROJECT_OWNER, Role.PROJECT_MANAGER, Role.EMPLOYEE):
        found = offered(api(role), f"/projects/{project.pk}/")
        expected = {
            offer.transition.name: [str(reason) for reason in offer.reasons]
            for workflow in (phase_workflow, status_workflow)
            for offer in workflow.offers(Project.objects.get(pk=project.pk), world.home.actor(role))
        }
        assert {name: offer["reasons"] for name, offer in found.items()} == expected
    moved = {
        offer["field"] for offer in offered(api(Role.PORTFOLIO_MANAGER), f"/projects/{project.pk}/").values()
    }
    assert moved == {"phase", "status"}


def test_get_project__brings_its_transitions_and_a_version(api, project):
    answer = api(Role.PORTFOLIO_MANAGER).get(f"/projects/{project.pk}/?expand=available_transitions,owner")
    assert answer.status_code == 200
    assert answer["ETag"] == f'"{project.version}"'
    told = answer.json()
    assert {offer["name"] for offer in told["available_transitions"]} >= {"pause", "stop"}
    assert told["owner"]["id"] == project.owner_id


# --- What is performed ---------------------------------------------------------------------------------
def test_pause_project__asks_what_the_page_asks(api, project):
    caller = api(Role.PORTFOLIO_MANAGER)
    assert pointers(take(caller, project, "pause", {})) == ["#/reason"]
    paused = take(caller, project, "pause", {"reason": "Leverandøren er syk.", "until": "2027-03-01"})
    assert (paused.status_code, paused.json()["status"], paused.json()["paused_until"]) == (
        200,
        "paused",
        "2027-03-01",
    )
    again = take(caller, project, "pause", {"reason": "x"})
    assert (again.status_code, slug_of(again)) == (409, "not-ready")
    assert caller.get(f"/initiatives/{project.initiative_id}/").json()["status"] == "paused"


def test_move_project__says_what_is_missing(api, project):
    phase = next(
        name
        for name in offered(api(Role.PROJECT_OWNER), f"/projects/{project.pk}/")
        if name.startswith("to_")
    )
    refused = take(api(Role.PROJECT_OWNER), project, phase)
    assert slug_of(refused) == "not-ready"
    assert refused.json()["reasons"]


def test_pause_project__once_for_each_key_and_only_the_version_that_was_seen(api, project):
    caller, body = api(Role.PORTFOLIO_MANAGER), {"reason": "Venter på penger."}
    late = take(caller, project, "pause", body, HTTP_IF_MATCH=f'"{project.version + 5}"')
    assert (late.status_code, slug_of(late)) == (412, "stale")
    first = take(
        caller, project, "pause", body, HTTP_IF_MATCH=f'"{project.version}"', HTTP_IDEMPOTENCY_KEY=KEY
    )
    again = take(
        caller, project, "pause", body, HTTP_IF_MATCH=f'"{project.version}"', HTTP_IDEMPOTENCY_KEY=KEY
    )
    assert (first.status_code, again.status_code, again["Idempotent-Replayed"]) == (200, 200, "true")
    other = take(caller, project, "pause", {"reason": "Noe annet"}, HTTP_IDEMPOTENCY_KEY=KEY)
    assert slug_of(other) == "key-reused"


@pytest.mark.parametrize("role", [Role.EMPLOYEE, Role.PROJECT_MANAGER, Role.SECRETARIAT])
def test_pause_project__by_others_is_refused(api, project, role):
    assert slug_of(take(api(role), project, "pause", {"reason": "x"})) == "not-allowed"


def test_project__of_another_municipality_is_not_there(world, project):
    outside = Api(world.stranger.person(Role.PORTFOLIO_MANAGER))
    address = f"/projects/{project.pk}/"
    assert outside.get(address).status_code == 404
    assert outside.get(f"{address}transitions/").status_code == 404
    assert take(outside, project, "pause", {"reason": "x"}).status_code == 404
    assert outside.patch(address, {"kind": "operations", "reason": "x"}, HTTP_IF_MATCH="*").status_code == 404


def test_move_project__no_client_does_whatever_its_scopes(world, project):
    caller = machine(world.home, *SCOPES)
    assert caller.get(f"/projects/{project.pk}/transitions/").json()["available_transitions"] == []
    assert slug_of(take(caller, project, "pause", {"reason": "x"})) == "scope"
    assert slug_of(caller.post("/projects/", {})) == "scope"


def test_shielded_project__is_moved_by_those_who_read_it(api, world, project):
    type(project.initiative).objects.filter(pk=project.initiative_id).update(
        shield_basis="offl_13", public_title="Sak"
    )
    assert api(Role.HR).get(f"/projects/{project.pk}/transitions/").status_code == 403
    assert api(Role.PORTFOLIO_MANAGER).get(f"/projects/{project.pk}/transitions/").status_code == 200


# --- Begun and changed ---------------------------------------------------------------------------------
def begin(world, initiative, **more):
    place = world.home
    return {
        "initiative_id": initiative.pk, "name": "Vaktplan", "kind": "project",
        "owner_id": place.person(Role.PROJECT_OWNER).pk, "manager_id": place.person(Role.PROJECT_MANAGER).pk, **more,
    }  # fmt: skip


def test_begin_project__from_an_adopted_initiative(api, world):
    initiative = stories.adopted(world.home)
    benefits_of = initiative.benefits.get()
    assert benefits_of.service_owner_id
    caller = api(Role.PORTFOLIO_MANAGER)
    made = caller.post("/projects/", begin(world, initiative), HTTP_IDEMPOTENCY_KEY=KEY)
    assert made.status_code == 201, made.content
    assert made["Location"].endswith(f"/api/v1/projects/{made.json()['id']}/")
    assert (made.json()["phase"], made.json()["initiative_id"]) == ("concept", initiative.pk)
    assert (
        caller.post("/projects/", begin(world, initiative), HTTP_IDEMPOTENCY_KEY=KEY)["Idempotent-Replayed"]
        == "true"
    )
    assert Project.objects.filter(initiative=initiative).count() == 1
    assert slug_of(caller.post("/projects/", begin(world, initiative))) == "not-ready"


def test_begin_project__by_others_or_with_errors_makes_nothing(api, world):
    initiative = stories.adopted(world.home)
    manager = api(Role.PORTFOLIO_MANAGER)
    assert slug_of(api(Role.SECRETARIAT).post("/projects/", begin(world, initiative))) == "not-allowed"
    wrong = manager.post(
        "/projects/", begin(world, initiative, kind="x", owner_id=0, ends_on="i morgen", ukjent=1)
    )
    assert set(pointers(wrong)) == {"#/kind", "#/owner_id", "#/ends_on", "#/ukjent"}
    assert pointers(manager.post("/projects/", begin(world, initiative, initiative_id="1"))) == [
        "#/initiative_id"
    ]
    theirs = stories.adopted(world.stranger)
    assert manager.post("/projects/", begin(world, theirs)).status_code == 404
    foreign = begin(world, initiative, owner_id=world.stranger.person(Role.PROJECT_OWNER).pk)
    assert pointers(manager.post("/projects/", foreign)) == ["#/owner_id"]
    assert not Project.objects.exists()


def test_change_kind__with_the_version_that_was_seen(api, project):
    caller, address = api(Role.PORTFOLIO_MANAGER), f"/projects/{project.pk}/"
    body = {"kind": "line_change", "reason": "Linjen gjør det selv."}
    assert slug_of(caller.patch(address, body)) == "precondition"
    assert slug_of(caller.patch(address, body, HTTP_IF_MATCH='"999"')) == "stale"
    changed = caller.patch(address, body, HTTP_IF_MATCH=caller.get(address)["ETag"])
    assert (changed.status_code, changed.json()["kind"]) == (200, "line_change")
    assert changed.json()["version"] > project.version
    assert slug_of(api(Role.PROJECT_MANAGER).patch(address, body, HTTP_IF_MATCH="*")) == "not-allowed"


# --- Benefits and corrective actions -------------------------------------------------------------------
def test_benefit__is_answered_and_taken_out_by_its_service_owner(api, world):
    benefit = benefits.identified(world.home)
    caller, address = api(Role.SERVICE_OWNER), f"/benefits/{benefit.pk}/"
    assert offered(caller, address)["accept_ownership"]["field"] == "ownership"
    tag = caller.get(address)["ETag"]
    taken = caller.post(f"{address}transitions/accept_ownership/", HTTP_IF_MATCH=tag)
    assert (taken.status_code, taken.json()["ownership"]) == (200, "accepted")
    assert taken["ETag"] != tag
    assert (
        slug_of(caller.post(f"{address}transitions/refuse_ownership/", {"reason": "x"}, HTTP_IF_MATCH=tag))
        == "stale"
    )
    assert (
        slug_of(api(Role.EMPLOYEE).post(f"{address}transitions/drop_benefit/", {"reason": "x"}))
        == "not-allowed"
    )
    begun = caller.post(f"{address}transitions/begin_realizing/")
    assert slug_of(begun) == "not-ready"
    outside = Api(world.stranger.person(Role.SERVICE_OWNER))
    assert outside.get(address).status_code == 404
    assert outside.post(f"{address}transitions/accept_ownership/").status_code == 404


def test_corrective_action__is_carried_out_by_its_owner(api, world):
    action = deviations.propose(deviations.in_progress(world.home), world.home)
    owner, address = Api(action.owner), f"/corrective-actions/{action.pk}/"
    assert "accept" in offered(owner, address)
    assert "await_evaluation" not in offered(owner, address)
    assert owner.post(f"{address}transitions/accept/").json()["status"] == "accepted"
    assert pointers(owner.post(f"{address}transitions/finish/", {})) == ["#/outcome"]
    done = owner.post(f"{address}transitions/finish/", {"outcome": "Døra er utvidet."})
    assert done.status_code == 200
    assert done.json()["status"] in {"done", "awaiting_evaluation"}
    assert Api(world.stranger.person(Role.LEADER)).get(address).status_code == 404
