"""Deviations in the API: who sees what, whose words and names, filing, and the steps."""

from __future__ import annotations

import pytest
from django.utils import timezone

from core.models import AccessLog
from deviations.models import Anonymity, Deviation, DeviationType, Kind, Status
from deviations.operations.handling import follow
from organization.roles import Role
from tests.api.conftest import Api, pointers, slug_of
from tests.deviations import stories

CARD = {
    "id", "number", "title", "status", "kind", "category", "type_id", "type_name", "is_confidential", "version", "unit_id",
    "municipality_id", "responsible_id", "handler_id", "reporter_id", "created_at", "reported_at", "closed_at",
    "status_since", "due_on", "changed_at", "reads_words", "page_url",
}  # fmt: skip
SECRET = "En kollega skled på glatt gulv ved inngangen."
KEY = "7a4c1f0e-2f0a-4a0f-9a54-1f2f9a1c9d11"


def ids(response):
    return {row["id"] for row in response.json()["results"]}


def only(response):
    [row] = response.json()["results"]
    return row


def new(world, **changed):
    return {
        "kind": "deviation", "description": "Døra gikk ikke igjen.", "danger": "none", "unit_id": world.home.unit.pk, **changed,
    }  # fmt: skip


# --- Who sees what -------------------------------------------------------------------------------
def test_list_deviations__shows_the_card_and_none_of_the_text(api, world):
    case = stories.in_progress(world.home, title="Glatt gulv")
    row = only(api(Role.LEADER).get("/deviations/"))
    assert set(row) == CARD
    assert (row["title"], row["reporter_id"]) == ("Glatt gulv", world.home.person(Role.EMPLOYEE).pk)
    assert row["page_url"].endswith(f"/avvik/{case.pk}/")


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        (Role.EMPLOYEE, True), (Role.LEADER, True), (Role.SECTOR_LEADER, True), (Role.KOMMUNEDIREKTOR, True),
        (Role.VERNEOMBUD, True), (Role.CHANGE_AGENT, False), (Role.QUALITY_MANAGER, False), (Role.ADMINISTRATOR, False),
    ],
)  # fmt: skip
def test_see_deviation__as_on_the_pages(api, world, role, sees):
    case = stories.report(world.home)
    caller = api(role)
    assert ids(caller.get("/deviations/")) == ({case.pk} if sees else set())
    for path in ("", "timeline/", "transitions/"):
        assert caller.get(f"/deviations/{case.pk}/{path}").status_code == (200 if sees else 404)


def test_see_deviation__nobody_of_another_municipality(api, world):
    case = stories.report(world.home)
    for place in (world.neighbor, world.stranger, world.region):
        for role in (Role.LEADER, Role.KOMMUNEDIREKTOR, Role.PRIVACY_OFFICER):
            caller = api(role, place)
            assert ids(caller.get("/deviations/")) == set()
            assert caller.get(f"/deviations/{case.pk}/").status_code == 404
            assert caller.post(f"/deviations/{case.pk}/transitions/receive/", {}).status_code == 404


def test_see_confidential_case__by_its_card_only_and_the_reading_is_logged(api, world):
    DeviationType.objects.filter(municipality=world.home.municipality, code="HMS-PSYK").update(
        confidential_roles=[Role.VERNEOMBUD]
    )
    case = stories.in_progress(world.home, code="HMS-PSYK", title="Det om Ola")
    named = api(Role.VERNEOMBUD)
    row = only(named.get("/deviations/"))
    assert (row["title"], row["reporter_id"], row["reads_words"]) == ("", None, False)
    record = named.get(f"/deviations/{case.pk}/").json()
    assert set(record) == CARD
    entries = named.get(f"/deviations/{case.pk}/timeline/").json()["results"]
    assert {(entry["who"], entry["reason"]) for entry in entries} == {("", "")}
    assert AccessLog.objects.filter(object_id=case.pk, person=world.home.person(Role.VERNEOMBUD)).count() == 2
    assert ids(api(Role.SECTOR_LEADER).get("/deviations/")) == set()
    assert api(Role.LEADER).get(f"/deviations/{case.pk}/").json()["description"] == SECRET


def test_see_followed_case__without_its_words(api, world):
    case = stories.report(world.home, title="Glatt gulv")
    follow(case, world.home.person(Role.HR), note="Her også", now=timezone.now())
    caller = api(Role.HR)
    assert only(caller.get("/deviations/"))["title"] == ""
    assert SECRET not in caller.get(f"/deviations/{case.pk}/?expand=available_transitions").content.decode()
    assert ids(caller.get("/deviations/?q=glatt")) == set()


def test_see_case_about_oneself__as_nobody(api, world):
    leader = world.home.person(Role.LEADER)
    case = stories.report(world.home, concerned=(leader,))
    assert ids(api(Role.LEADER).get("/deviations/")) == set()
    assert api(Role.LEADER).get(f"/deviations/{case.pk}/").status_code == 404


@pytest.mark.parametrize("anonymity", [Anonymity.HIDDEN, Anonymity.ANONYMOUS])
def test_see_reporter__never_one_who_asked_not_to_be_named(api, world, anonymity):
    case = stories.awaiting_reporter(world.home, anonymity=anonymity)
    reporter = world.home.person(Role.EMPLOYEE)
    if anonymity == Anonymity.HIDDEN:
        data = {"answer": "Det var is."}
        stories.perform("answer", case, by=world.home.actor(Role.EMPLOYEE), now=timezone.now(), data=data)
    for role in (Role.LEADER, Role.SECTOR_LEADER, Role.VERNEOMBUD):
        caller = api(role)
        assert only(caller.get("/deviations/"))["reporter_id"] is None
        for path in ("", "timeline/", "transitions/", "?expand=available_transitions,unit,handler"):
            text = caller.get(f"/deviations/{case.pk}/{path}").content.decode()
            assert reporter.name not in text
            assert f'"reporter_id":{reporter.pk}' not in text


# --- Filters and pages ---------------------------------------------------------------------------
def test_filter_deviations__by_what_stands_on_the_card(api, world):
    first, second = (
        stories.in_progress(world.home),
        stories.report(world.home, code="TJ-FALL", kind=Kind.NEAR_MISS),
    )
    closed = stories.dismissed(world.home)
    caller, leader = api(Role.LEADER), world.home.person(Role.LEADER).pk
    for query, wanted in (
        ("status=reported", {second}), ("status=reported&status=dismissed", {second, closed}), ("kind=near_miss", {second}),
        ("category=service", {second}), (f"type={first.type_id}", {first, closed}), (f"number={first.number}", {first}),
        (f"unit={world.home.unit.pk}", {first, second, closed}), (f"below={world.home.sector.pk}", {first, second, closed}),
        (f"handler={leader}", {first}), ("open=false", {closed}), ("open=true", {first, second}), ("mine=true", set()),
        ("in_my_hands=true", {first, second, closed}), ("overdue=true", set()), ("confidential=true", set()), ("q=glatt", {first, second, closed}),
        ("updated_after=2100-01-01T00:00:00Z", set()), (f"municipality={world.neighbor.municipality.pk}", set()),
    ):  # fmt: skip
        assert ids(caller.get(f"/deviations/?{query}")) == {case.pk for case in wanted}, query
    for wrong in ("status=tull", "nothing=1", "unit=x", "page_size=1000000", "open=ja"):
        assert caller.get(f"/deviations/?{wrong}").status_code == 400


def test_page_deviations__each_once_and_at_a_constant_cost(api, world, django_assert_max_num_queries):
    cases = {stories.report(world.home).pk for _number in range(7)}
    caller, seen, address = api(Role.LEADER), [], "/deviations/?page_size=3&expand=unit,handler"
    caller.get(address)
    while address:
        with django_assert_max_num_queries(6):
            page = caller.get(address).json()
        seen += [row["id"] for row in page["results"]]
        address = page["next"]
    assert (len(seen), set(seen)) == (7, cases)


# --- Filing --------------------------------------------------------------------------------------
def test_file_deviation__goes_to_the_nearest_leader(api, world):
    response = api(Role.EMPLOYEE).post("/deviations/", new(world, title="Dør", reported_severity=2))
    record = response.json()
    assert response.status_code == 201
    assert response["Location"].endswith(f"/api/v1/deviations/{record['id']}/")
    assert (record["status"], record["responsible_id"]) == ("reported", world.home.person(Role.LEADER).pk)
    assert record["number"].startswith("A")


def test_file_deviation__twice_with_the_same_key_files_once(api, world):
    caller = api(Role.EMPLOYEE)
    first = caller.post("/deviations/", new(world), HTTP_IDEMPOTENCY_KEY=KEY)
    again = caller.post("/deviations/", new(world), HTTP_IDEMPOTENCY_KEY=KEY)
    assert (first.json(), again["Idempotent-Replayed"]) == (again.json(), "true")
    assert Deviation.objects.count() == 1


def test_file_deviation__about_the_leader_goes_one_level_up(api, world):
    record = api(Role.EMPLOYEE).post("/deviations/", new(world, concerns_leader=True)).json()
    assert record["responsible_id"] == world.home.person(Role.SECTOR_LEADER).pk
    assert api(Role.LEADER).get(f"/deviations/{record['id']}/").status_code == 404


@pytest.mark.parametrize(
    ("changed", "at"),
    [
        ({"description": ""}, "#/description"), ({"description": 7}, "#/description"), ({"kind": "tull"}, "#/kind"),
        ({"danger": None}, "#/danger"), ({"unit_id": 999_999}, "#/unit_id"), ({"unit_id": "x"}, "#/unit_id"),
        ({"discovered_at": "2100-01-01T00:00:00Z"}, "#/discovered_at"), ({"discovered_at": "i går"}, "#/discovered_at"),
        ({"reported_severity": 9}, "#/reported_severity"), ({"anonymity": "tull"}, "#/anonymity"),
        ({"title": "Bruker Ola Nordmann"}, "#/title"), ({"description": "Nummeret er 13097248022."}, "#/description"),
        ({"nothing": 1}, "#/nothing"),
    ],
)  # fmt: skip
def test_file_deviation__refuses_what_is_wrong_and_points_at_it(api, world, changed, at):
    response = api(Role.EMPLOYEE).post("/deviations/", new(world, **changed))
    assert slug_of(response) == "invalid"
    assert at in pointers(response)
    assert not Deviation.objects.exists()


def test_file_deviation__naming_somebody_is_the_callers_own_choice(api, world):
    body = new(world, description="Bruker Ola Nordmann falt.", confirmed=True)
    assert api(Role.EMPLOYEE).post("/deviations/", body).status_code == 201


def test_file_deviation__not_elsewhere_and_not_what_is_reported_elsewhere(api, world):
    varsling = stories.type_of(world.home, "HMS-TRAKASS")
    foreign = stories.type_of(world.neighbor, "HMS-FALL")
    caller = api(Role.EMPLOYEE)
    for changed in ({"type_id": varsling.pk}, {"type_id": foreign.pk}, {"unit_id": world.neighbor.unit.pk}):
        assert caller.post("/deviations/", new(world, **changed)).status_code == 422
    assert slug_of(api(Role.ELECTED_REPRESENTATIVE).post("/deviations/", new(world))) == "not-allowed"
    assert not Deviation.objects.exists()


def test_file_deviation__hidden_from_the_leader(api, world):
    record = (
        api(Role.EMPLOYEE).post("/deviations/", new(world, anonymity="hidden", confirmed_few=True)).json()
    )
    assert record["reporter_id"] == world.home.person(Role.EMPLOYEE).pk
    assert only(api(Role.LEADER).get("/deviations/"))["reporter_id"] is None


# --- Steps ---------------------------------------------------------------------------------------
def test_take_step__by_the_workflow_of_the_pages(api, world):
    case, caller = stories.report(world.home), api(Role.LEADER)
    offered = {
        one["name"]: one
        for one in caller.get(f"/deviations/{case.pk}/transitions/").json()["available_transitions"]
    }
    assert {"receive", "start", "dismiss"} <= set(offered)
    tag = caller.get(f"/deviations/{case.pk}/")["ETag"]
    body = {"handler_id": world.home.person(Role.LEADER).pk, "deadline": str(timezone.localdate())}
    address = f"/deviations/{case.pk}/transitions/start/"
    response = caller.post(address, body, HTTP_IF_MATCH=tag)
    assert (response.status_code, response.json()["status"]) == (200, Status.IN_PROGRESS)
    assert slug_of(caller.post(address, body, HTTP_IF_MATCH=tag)) == "stale"
    assert slug_of(caller.post(address, body)) == "not-ready"
    assert api(Role.EMPLOYEE).post(address, body).status_code == 403


def test_take_step__not_past_an_open_duty(api, world):
    case = stories.in_progress(world.home, code="IS-FEILSENDT", answers={"personal_data": "yes"})
    body = {"no_action_reason": "Ikke nødvendig.", "closing_note": "Ingenting."}
    response = api(Role.LEADER).post(f"/deviations/{case.pk}/transitions/close_without_action/", body)
    assert response.status_code == 409
    assert "Meldeplikten" in " ".join(response.json()["reasons"])


def test_read_timeline__newest_first_with_names_and_states(api, world):
    case = stories.in_progress(world.home)
    entries = api(Role.LEADER).get(f"/deviations/{case.pk}/timeline/").json()["results"]
    assert entries[0]["action"] == "start"
    assert entries[0]["who"] == world.home.person(Role.LEADER).name
    assert entries[0]["at"] >= entries[-1]["at"]


def test_read_record__costs_the_same_with_much_on_it(api, world, django_assert_max_num_queries):
    case, caller = stories.actions_running(world.home), api(Role.LEADER)
    address = f"/deviations/{case.pk}/?expand=available_transitions"
    caller.get(address)
    with django_assert_max_num_queries(16) as few:
        caller.get(address)
    for number in range(4):
        stories.propose(case, world.home, title=f"Tiltak {number}")
    with django_assert_max_num_queries(16) as many:
        record = caller.get(address).json()
    assert len(record["corrective_action_ids"]) == 5
    assert len(many) == len(few)


@pytest.mark.parametrize("state", sorted(set(stories.STATES) - {"draft"}))
def test_read_record__keeps_its_budget_in_every_state(api, world, django_assert_max_num_queries, state):
    case, caller = stories.STATES[state](world.home), api(Role.LEADER)
    budgets = {
        "": 3,
        "?expand=unit,municipality,responsible": 3,
        "?expand=available_transitions": 12,
        "transitions/": 12,
    }
    for path, most in budgets.items():
        caller.get(f"/deviations/{case.pk}/{path}")
        with django_assert_max_num_queries(most):
            assert caller.get(f"/deviations/{case.pk}/{path}").status_code == 200


def test_read_transitions__of_a_confidential_case_is_logged_like_every_other_reading(api, world):
    case = stories.in_progress(world.home, code="HMS-PSYK")
    logged = AccessLog.objects.filter(object_id=case.pk)
    before = logged.count()
    assert api(Role.LEADER).get(f"/deviations/{case.pk}/transitions/").status_code == 200
    assert logged.filter(person=world.home.person(Role.LEADER)).count() == before + 1
    assert api(Role.EMPLOYEE).get(f"/deviations/{case.pk}/transitions/").status_code == 200
    assert api(Role.LEADER, world.neighbor).get(f"/deviations/{case.pk}/transitions/").status_code == 404
    assert logged.count() == before + 1
    open_case = stories.in_progress(world.home)
    api(Role.LEADER).get(f"/deviations/{open_case.pk}/transitions/")
    assert not AccessLog.objects.filter(object_id=open_case.pk).exists()


def test_call_api__without_log_in_is_401(world):
    case = stories.report(world.home)
    for path in ("/deviations/", f"/deviations/{case.pk}/"):
        assert Api().get(path).status_code == 401
