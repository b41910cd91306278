"""Transitions through the API: offered and performed as on the pages, by the same workflow."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.history import timeline
from core.models import Notice
from governance import policies
from governance.workflow import initiative_workflow
from organization.roles import Role
from tests import stories
from tests.api.conftest import pointers, slug_of

DAY = (timezone.localdate() + timedelta(days=30)).isoformat()
# One initiative per state that people can bring it to.
STORIES = {
    "draft": stories.draft,
    "awaiting_endorsement": stories.awaiting_endorsement,
    "received": stories.received,
    "under_preparation": stories.under_preparation,
    "ready_for_council": stories.ready_for_council,
    "on_agenda": stories.on_agenda,
    "on_hold": lambda place: stories.decided(place, "hold"),
    "recommended": lambda place: stories.decided(place, "recommend", financing="budget_application"),
    "in_portfolio": stories.in_portfolio,
}


def take(caller, initiative, name, body=None, **headers):
    return caller.post(f"/initiatives/{initiative.pk}/transitions/{name}/", body, **headers)


def offered(caller, initiative):
    listed = caller.get(f"/initiatives/{initiative.pk}/transitions/").json()["available_transitions"]
    return {offer["name"]: offer for offer in listed}


# --- What is offered -------------------------------------------------------------------------------
@pytest.mark.parametrize("state", STORIES)
def test_list_transitions__are_what_the_workflow_offers(api, world, state):
    initiative = STORIES[state](world.home)
    initiative.refresh_from_db()
    for role in (
        Role.EMPLOYEE,
        Role.SECTOR_LEADER,
        Role.SECRETARIAT,
        Role.KOMMUNEDIREKTOR,
        Role.COUNCIL_LEADER,
        Role.ARCHIVIST,
    ):
        actor = world.home.actor(role)
        if not type(initiative).objects.visible_to(actor).contains(initiative):
            continue
        expected = {
            offer.transition.name: [str(reason) for reason in offer.reasons]
            for offer in initiative_workflow.offers(initiative, actor)
        }
        found = offered(api(role), initiative)
        assert {name: offer["reasons"] for name, offer in found.items()} == expected
        assert not any(initiative_workflow.transitions[name].internal for name in found)


def test_list_transitions__says_what_is_missing(api, world):
    draft = stories.draft(world.home, null_alternative="", need="")
    submit = offered(api(Role.EMPLOYEE), draft)["submit"]
    assert submit["is_ready"] is False
    assert any("nullalternativ" in reason for reason in submit["reasons"])
    assert submit["body"]["properties"] == {}


def test_list_transitions__describes_what_to_send_with_the_choices_of_today(api, world):
    home, initiative = world.home, stories.received(world.home)
    body = offered(api(Role.SECRETARIAT), initiative)["start_preparation"]["body"]
    assert body["required"] == ["case_handler_id", "deadline"]
    choices = {choice["const"] for choice in body["properties"]["case_handler_id"]["oneOf"]}
    assert choices == {home.person(Role.SECRETARIAT).pk, home.person(Role.COORDINATOR).pk}


def test_transition_addresses__are_those_that_people_take_and_no_internal_one(api, world):
    from core.api.schema import document

    start = "/api/v1/initiatives/{id}/transitions/"
    documented = {
        path.removeprefix(start).strip("/") for path in document()["paths"] if path.startswith(start)
    } - {""}
    expected = {
        name
        for name, declared in initiative_workflow.transitions.items()
        if not declared.internal and declared.allow is not policies.nobody
    }
    assert documented == expected
    initiative = stories.on_agenda(world.home)
    for name in set(initiative_workflow.transitions) - expected:
        for role in (Role.SECRETARIAT, Role.COUNCIL_LEADER, Role.KOMMUNEDIREKTOR, Role.PORTFOLIO_MANAGER):
            assert slug_of(take(api(role), initiative, name, {})) == "not-found"


# --- What is performed -----------------------------------------------------------------------------
def test_take_initiative_to_preparation__through_the_api_alone(api, world):
    home = world.home
    draft = stories.draft(home)
    sent = take(api(Role.EMPLOYEE), draft, "submit")
    assert (sent.status_code, sent.json()["status"]) == (200, "awaiting_endorsement")
    assert sent.json()["number"].endswith("-001")
    endorsed = take(api(Role.SECTOR_LEADER), draft, "endorse", {"remark": "Viktig for tjenesten."})
    assert endorsed.json()["status"] == "received"
    body = {"case_handler_id": home.person(Role.COORDINATOR).pk, "deadline": DAY}
    started = take(api(Role.SECRETARIAT), draft, "start_preparation", body)
    record = started.json()
    assert (record["status"], record["due_on"]) == ("under_preparation", DAY)
    assert record["case_handler_id"] == home.person(Role.COORDINATOR).pk
    assert started["ETag"] == f'"{record["version"]}"'
    entries = timeline(draft)
    assert [entry.action for entry in entries] == [
        "start_preparation",
        "endorse",
        "send_to_endorsement",
        "submit",
        "create",
    ]
    assert (entries[1].actor_id, entries[1].reason) == (
        home.person(Role.SECTOR_LEADER).pk,
        "Viktig for tjenesten.",
    )
    assert Notice.objects.filter(recipient=home.person(Role.COORDINATOR)).exists()


def test_take_transition__leaves_the_same_traces_as_the_page(api, world, client):
    by_page, by_api = stories.awaiting_endorsement(world.home), stories.awaiting_endorsement(world.home)
    client.force_login(world.home.person(Role.SECTOR_LEADER))
    address = reverse("governance:initiative_transition", args=[by_page.pk, "decline_endorsement"])
    assert client.post(address, {"reason": "For dyrt."}).status_code == 302
    assert (
        take(api(Role.SECTOR_LEADER), by_api, "decline_endorsement", {"reason": "For dyrt."}).status_code
        == 200
    )
    traces = [
        [
            (entry.action, entry.before, entry.after, entry.actor_id, entry.reason)
            for entry in timeline(initiative)
        ]
        for initiative in (by_page, by_api)
    ]
    assert traces[0] == traces[1]
    for initiative in (by_page, by_api):
        initiative.refresh_from_db()
    assert (by_page.status, by_page.version) == (by_api.status, by_api.version)
    told = Notice.objects.filter(recipient=world.home.person(Role.EMPLOYEE)).values_list("event", "object_id")
    assert len(set(told)) == 2


def test_take_transition__puts_a_case_on_the_agenda_of_a_meeting_at_home(api, world):
    initiative, at, elsewhere = (
        stories.ready_for_council(world.home),
        stories.meeting(world.home),
        stories.meeting(world.neighbor),
    )
    refused = take(api(Role.SECRETARIAT), initiative, "put_on_agenda", {"meeting_id": elsewhere.pk})
    assert pointers(refused) == ["#/meeting_id"]
    assert (
        take(api(Role.SECRETARIAT), initiative, "put_on_agenda", {"meeting_id": at.pk}).json()["status"]
        == "on_agenda"
    )
    assert initiative.agenda_items.get().meeting == at


# --- What is refused -------------------------------------------------------------------------------
def test_take_transition__without_the_role_is_403(api, world):
    initiative = stories.awaiting_endorsement(world.home)
    for role in (Role.EMPLOYEE, Role.LEADER, Role.SECRETARIAT, Role.ADMINISTRATOR):
        assert slug_of(take(api(role), initiative, "endorse", {})) == "not-allowed"


def test_take_transition__of_another_municipality_is_404(api, world):
    initiative = stories.awaiting_endorsement(world.home)
    for place in (world.neighbor, world.stranger):
        assert slug_of(take(api(Role.SECTOR_LEADER, place), initiative, "endorse", {})) == "not-found"


def test_take_transition__from_another_state_is_409_with_where_it_stands(api, world):
    initiative = stories.awaiting_endorsement(world.home)
    response = take(api(Role.SECRETARIAT), initiative, "start_preparation", {})
    assert (response.status_code, slug_of(response)) == (409, "not-ready")
    assert "Til forankring hos sektorleder" in response.json()["reasons"][0]


def test_take_transition__that_is_not_ready_is_409_with_every_reason(api, world):
    initiative = stories.under_preparation(world.home, affects_staff="yes")
    initiative.hearings.all().delete()
    response = take(api(Role.SECRETARIAT), initiative, "mark_ready")
    assert slug_of(response) == "not-ready"
    assert response.json()["reasons"] == [
        str(r)
        for r in initiative_workflow.offer(
            "mark_ready", initiative, world.home.actor(Role.SECRETARIAT)
        ).reasons
    ]
    assert len(response.json()["reasons"]) > 1
    initiative.refresh_from_db()
    assert initiative.status == "under_preparation"


def test_take_transition__with_a_wrong_answer_is_422_and_points(api, world):
    initiative = stories.received(world.home)
    caller = api(Role.SECRETARIAT)
    empty = take(caller, initiative, "start_preparation")
    assert (empty.status_code, sorted(pointers(empty))) == (422, ["#/case_handler_id", "#/deadline"])
    wrong = {"case_handler_id": world.neighbor.person(Role.SECRETARIAT).pk, "deadline": "2001-01-01"}
    assert sorted(pointers(take(caller, initiative, "start_preparation", wrong))) == [
        "#/case_handler_id",
        "#/deadline",
    ]
    assert pointers(take(caller, initiative, "refer", {"referred_to": "IKT", "reason": "x", "to": "y"})) == [
        "#/to"
    ]
    assert pointers(take(caller, initiative, "withdraw", {"reason": "   "})) == ["#/reason"]
    assert pointers(take(caller, initiative, "withdraw", {"reason": "x" * 4001})) == ["#/reason"]
    assert pointers(take(caller, initiative, "merge", {"into": "2026-\x00", "reason": "x"})) == ["#/into"]
    initiative.refresh_from_db()
    assert (initiative.status, len(timeline(initiative))) == ("received", 4)


def test_take_transition__that_asks_nothing_takes_nothing(api, world):
    draft = stories.draft(world.home)
    assert pointers(take(api(Role.EMPLOYEE), draft, "submit", {"reason": "x"})) == ["#/reason"]
    assert take(api(Role.EMPLOYEE), draft, "submit", {}).status_code == 200


def test_take_transition__for_an_older_version_is_412(api, world):
    initiative = stories.awaiting_endorsement(world.home)
    stale = take(api(Role.SECTOR_LEADER), initiative, "endorse", {}, HTTP_IF_MATCH='"1"')
    assert slug_of(stale) == "stale"
    initiative.refresh_from_db()
    assert initiative.status == "awaiting_endorsement"
    assert (
        take(
            api(Role.SECTOR_LEADER), initiative, "endorse", {}, HTTP_IF_MATCH=f'"{initiative.version}"'
        ).status_code
        == 200
    )


def test_take_transition__twice_is_409_the_second_time(api, world):
    initiative = stories.awaiting_endorsement(world.home)
    assert take(api(Role.SECTOR_LEADER), initiative, "endorse", {}).status_code == 200
    assert slug_of(take(api(Role.SECTOR_LEADER), initiative, "endorse", {})) == "not-ready"


def test_take_transition__by_somebody_whose_role_ended_is_refused(api, world):
    from tests.world import end_roles_of

    initiative, leader = stories.awaiting_endorsement(world.home), world.home.person(Role.SECTOR_LEADER)
    caller = api(Role.SECTOR_LEADER)
    end_roles_of(leader, timezone.localdate())
    assert slug_of(take(caller, initiative, "endorse", {})) == "not-found"


def test_take_transition__escapes_nothing_and_keeps_what_was_written(api, world):
    initiative = stories.received(world.home)
    reason = '<script>alert(1)</script> =HYPERLINK("x") Ášši 🙂 \' or 1=1 --'
    assert take(api(Role.SECRETARIAT), initiative, "withdraw", {"reason": reason}).status_code == 200
    assert (
        api(Role.SECRETARIAT).get(f"/initiatives/{initiative.pk}/timeline/").json()["results"][0]["reason"]
        == reason
    )
