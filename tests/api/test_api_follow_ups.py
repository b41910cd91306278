"""The follow-up of decisions through the API: read, carried on and moved by the rules of the pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from core.models import AccessLog
from governance.models import FollowUp
from governance.workflow import follow_up_workflow
from organization.roles import Role
from tests.api.clients import machine
from tests.api.conftest import pointers, slug_of
from tests.governance.follow_ups import DONE, decided, perform, row_of, shielded

KEY = "8f9d1d2c-5b1e-4f7e-9a35-1f2d3c4b5a70"
MAX_QUERIES = 6


@pytest.fixture(autouse=True)
def _calls_are_counted_anew(db):
    cache.clear()


@pytest.fixture
def place(world):
    return world.home


@pytest.fixture
def decision(place):
    return decided(place)


def take(caller, decision, name, body=None, **headers):
    return caller.post(f"/follow-ups/{decision.pk}/transitions/{name}/", body, **headers)


def one(decision) -> str:
    return f"/follow-ups/{decision.pk}/"


# --- Who sees what ---------------------------------------------------------------------------------------
def test_list_follow_ups__holds_what_the_caller_may_know_of(api, world, place):
    open_, hidden = decided(place), shielded(place)
    theirs = decided(world.neighbor)

    def listed(caller, query=""):
        return {row["id"] for row in caller.get(f"/follow-ups/{query}").json()["results"]}

    assert listed(api(Role.SECRETARIAT)) == listed(api(Role.HR)) == {open_.pk, hidden.pk}
    assert listed(api(Role.PORTFOLIO_MANAGER)) == {open_.pk}
    assert listed(api(Role.SECRETARIAT, world.neighbor)) == {theirs.pk}
    assert listed(machine(place, "decisions:read", name="Vanlig")) <= {open_.pk}
    for decision in (open_, hidden):
        for caller in (api(Role.SECRETARIAT, world.neighbor), api(Role.SECRETARIAT, world.stranger)):
            assert caller.get(one(decision)).status_code == 404
            assert caller.get(f"{one(decision)}transitions/").status_code == 404
            assert take(caller, decision, "begin_follow_up").status_code == 404
            assert caller.patch(one(decision), {"due_on": "2030-01-01"}).status_code == 404
    assert api(Role.PORTFOLIO_MANAGER).get(one(hidden)).status_code == 404
    assert api(Role.SECRETARIAT).get("/follow-ups/999999999/").status_code == 404


def test_list_follow_ups__filters(api, place):
    late, done = decided(place, days=-3), decided(place, responsible=Role.ARCHIVIST)
    perform("finish_follow_up", done, place.actor(Role.ARCHIVIST), **DONE)
    caller = api(Role.SECRETARIAT)
    for query, found in (
        ("?status=open", {late.pk}),
        ("?status=open&status=done", {late.pk, done.pk}),
        ("?overdue=true", {late.pk}),
        ("?overdue=false", {done.pk}),
        (f"?responsible={place.person(Role.ARCHIVIST).pk}", {done.pk}),
        (f"?meeting={late.agenda_item.meeting_id}", {late.pk}),
        (f"?initiative={done.initiative_id}&municipality={place.municipality.pk}", {done.pk}),
    ):
        assert {row["id"] for row in caller.get(f"/follow-ups/{query}").json()["results"]} == found, query
    for wrong in ("?status=late", "?responsible=x", "?overdue=kanskje", "?ukjent=1", "?meeting=-1"):
        assert caller.get(f"/follow-ups/{wrong}").status_code == 400, wrong


def test_list_follow_ups__pages_and_costs_the_same(api, place, django_assert_max_num_queries):
    made = {decided(place, title=f"Sak {number}").pk for number in range(5)}
    caller = api(Role.SECRETARIAT)
    found, address = set(), "/follow-ups/?page_size=2&expand=responsible"
    while address:
        with django_assert_max_num_queries(MAX_QUERIES):
            page = caller.get(address).json()
        found |= {row["id"] for row in page["results"]}
        assert {row["responsible"]["name"] for row in page["results"]} == {str(place.person(Role.HR))}
        address = page["next"]
    assert found == made
    with django_assert_max_num_queries(12):
        caller.get(f"/follow-ups/{made.pop()}/?expand=available_transitions")


def test_get_follow_up__of_a_shielded_case_is_logged(api, place):
    decision = shielded(place)
    assert api(Role.SECRETARIAT).get(one(decision)).status_code == 200
    assert AccessLog.objects.filter(what="api: follow-up", object_id=decision.initiative_id).count() == 1


# --- Steps -----------------------------------------------------------------------------------------------
def test_list_transitions__are_what_the_workflow_offers(api, place, decision):
    for role in (Role.HR, Role.SECRETARIAT, Role.COUNCIL_MEMBER):
        told = api(role).get(f"{one(decision)}transitions/").json()
        offers = follow_up_workflow.offers(row_of(decision), place.actor(role))
        assert [offer["name"] for offer in told["available_transitions"]] == [
            offer.transition.name for offer in offers
        ]


def test_follow_up__is_begun_finished_and_reopened(api, decision):
    caller = api(Role.HR)
    begun = take(caller, decision, "begin_follow_up")
    assert (begun.status_code, begun.json()["status"]) == (200, "under_way")
    assert pointers(take(caller, decision, "finish_follow_up", {})) == ["#/remark"]
    wrong = take(caller, decision, "finish_follow_up", {"remark": "x", "evidence_url": "javascript:alert(1)"})
    assert (wrong.status_code, set(pointers(wrong))) == (422, {"#/evidence_url"})
    done = take(caller, decision, "finish_follow_up", DONE).json()
    assert (done["status"], done["evidence"], done["evidence_url"]) == ("done", DONE["remark"], DONE["evidence_url"])  # fmt: skip
    again = take(caller, decision, "finish_follow_up", DONE)
    assert (again.status_code, slug_of(again)) == (409, "not-ready")
    passed = take(caller, decision, "reopen_follow_up", {"reason": "Trukket.", "due_on": "2020-01-01"})
    assert (passed.status_code, pointers(passed)) == (422, ["#/due_on"])
    day = (timezone.localdate() + timedelta(days=9)).isoformat()
    opened = take(caller, decision, "reopen_follow_up", {"reason": "Trukket.", "due_on": day}).json()
    assert (opened["status"], opened["due_on"], opened["evidence"], opened["closed_at"]) == (
        "open",
        day,
        "",
        None,
    )


def test_follow_up__is_dropped_by_the_secretariat_alone(api, decision):
    reason = {"reason": "Leverandøren er konkurs."}
    assert take(api(Role.HR), decision, "lapse_follow_up", reason).status_code == 403
    assert take(api(Role.COUNCIL_MEMBER), decision, "begin_follow_up").status_code == 403
    secretary = api(Role.SECRETARIAT)
    assert pointers(take(secretary, decision, "lapse_follow_up", {"reason": " ", "grunn": "x"})) == ["#/grunn", "#/reason"]  # fmt: skip
    assert take(secretary, decision, "lapse_follow_up", reason).json()["status"] == "lapsed"


def test_step__of_another_version_is_refused_and_a_repeat_does_nothing_again(api, decision):
    caller = api(Role.HR)
    tag = caller.get(one(decision))["ETag"]
    assert take(caller, decision, "begin_follow_up", HTTP_IF_MATCH='"1"').status_code == 412
    first = take(caller, decision, "begin_follow_up", HTTP_IF_MATCH=tag, HTTP_IDEMPOTENCY_KEY=KEY)
    again = take(caller, decision, "begin_follow_up", HTTP_IF_MATCH=tag, HTTP_IDEMPOTENCY_KEY=KEY)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again["Idempotent-Replayed"] == "true"
    assert first["ETag"] != tag
    events = FollowUp.pgh_event_model.objects.filter(pgh_obj_id=decision.pk, status="under_way")
    assert events.count() == 1


# --- Whom and when ---------------------------------------------------------------------------------------
def test_change_follow_up__keeps_what_is_not_sent(api, place, decision):
    caller = api(Role.SECRETARIAT)
    assert caller.patch(one(decision), {"due_on": "2030-01-01", "reason": "x"}).status_code == 428
    tag = {"HTTP_IF_MATCH": caller.get(one(decision))["ETag"]}
    moved = caller.patch(one(decision), {"due_on": "2030-01-01", "reason": "Leverandøren er sen."}, **tag)
    assert (moved.status_code, moved.json()["due_on"]) == (200, "2030-01-01")
    assert moved.json()["responsible_id"] == place.person(Role.HR).pk
    assert caller.patch(one(decision), {"due_on": "2031-01-01", "reason": "x"}, **tag).status_code == 412
    tag = {"HTTP_IF_MATCH": moved["ETag"]}
    other = place.person(Role.ARCHIVIST).pk
    given = caller.patch(
        one(decision), {"responsible_id": other, "reason": "HR er i permisjon."}, **tag
    ).json()
    assert (given["responsible_id"], given["due_on"]) == (other, "2030-01-01")


@pytest.mark.parametrize(
    ("body", "at"),
    [
        ({"due_on": "2020-01-01", "reason": "x"}, "#/due_on"),
        ({"due_on": "32.13.2026", "reason": "x"}, "#/due_on"),
        ({"due_on": 7, "reason": "x"}, "#/due_on"),
        ({"due_on": "2030-01-01"}, "#/reason"),
        ({"due_on": "2030-01-01", "reason": "x" * 2001}, "#/reason"),
        ({"responsible_id": -1, "reason": "x"}, "#/responsible_id"),
        ({"responsible_id": 999999999, "reason": "x"}, "#/responsible_id"),
        ({"responsible_id": None, "due_on": None, "reason": "x"}, "#"),
        ({"reason": "x"}, "#"),
        ({"status": "done", "due_on": "2030-01-01", "reason": "x"}, "#/status"),
        (["due_on"], "#"),
    ],
)
def test_change_follow_up__names_what_is_wrong(api, decision, body, at):
    caller = api(Role.SECRETARIAT)
    answer = caller.patch(one(decision), body, HTTP_IF_MATCH="*")
    assert (answer.status_code, pointers(answer)[0]) == (422, at)


def test_change_follow_up__is_the_secretariats_for_people_and_not_of_a_finished_one(
    api, world, place, decision
):
    body, headers = {"due_on": "2030-01-01", "reason": "x"}, {"HTTP_IF_MATCH": "*"}
    assert api(Role.HR).patch(one(decision), body, **headers).status_code == 403
    theirs = world.neighbor.person(Role.HR).pk
    wrong = api(Role.SECRETARIAT).patch(one(decision), {"responsible_id": theirs, "reason": "x"}, **headers)
    assert pointers(wrong) == ["#/responsible_id"]
    client = machine(place, "decisions:read", "papers:read", name="Klient")
    assert client.get(one(decision)).status_code == 200
    for refused in (client.patch(one(decision), body, **headers), take(client, decision, "begin_follow_up")):
        assert (refused.status_code, slug_of(refused)) == (403, "scope")
    perform("finish_follow_up", decision, place.actor(Role.HR), **DONE)
    finished = api(Role.SECRETARIAT).patch(one(decision), body, **headers)
    assert (finished.status_code, slug_of(finished)) == (409, "not-ready")
    assert "Gjenåpne" in finished.json()["reasons"][0]
