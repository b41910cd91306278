"""Drafts through the API: the forms of the pages, versions, and what must be refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from core.history import timeline
from governance.models import Initiative
from governance.workflow import initiative_workflow
from organization.models import Goal, Person
from organization.roles import Role
from tests import stories
from tests.api.conftest import pointers, slug_of

YEAR = timezone.localdate().year


def change(caller, initiative, body, **headers):
    initiative.refresh_from_db()
    headers.setdefault("HTTP_IF_MATCH", f'"{initiative.version}"')
    return caller.patch(f"/initiatives/{initiative.pk}/", body, **headers)


# --- Create --------------------------------------------------------------------------------------
def test_create_initiative__begins_a_draft(api, world):
    response = api(Role.EMPLOYEE).post(
        "/initiatives/", {"title": "Digital vaktplan", "unit_id": world.home.unit.pk}
    )
    assert response.status_code == 201
    initiative = Initiative.objects.get()
    assert response["Location"].endswith(f"/api/v1/initiatives/{initiative.pk}/")
    assert response["ETag"] == '"1"'
    assert (initiative.status, initiative.submitter) == ("draft", world.home.person(Role.EMPLOYEE))
    assert initiative.municipality == world.home.municipality
    assert [entry.action for entry in timeline(initiative)] == ["create"]


def test_create_initiative__with_everything_can_be_submitted_at_once(api, world):
    home = world.home
    body = {
        "title": "Digital vaktplan 🚀 Čáhcesuolu", "unit_id": home.unit.pk, "summary": "Kort.", "need": "Linje 1\r\nLinje 2",
        "target_group": "Ansatte", "category": "development", "goal_ids": [home.goal.pk, world.region.goal.pk],
        "is_statutory": True, "statutory_basis": "Helse- og omsorgstjenesteloven § 3-1", "statutory_deadline": f"{YEAR + 2}-01-01",
        "investments": [{"year": YEAR, "amount": "1250000.50"}, {"year": YEAR + 1, "amount": "0"}],
        "operation_per_year": "10000", "internal_hours": 400, "financing": "own_budget",
        "service_owner_id": home.person(Role.SERVICE_OWNER).pk, "project_owner_id": home.person(Role.PROJECT_OWNER).pk,
        "personal_data": "no", "affects_staff": "unknown", "null_alternative": "Som i dag.",
    }  # fmt: skip
    response = api(Role.EMPLOYEE).post("/initiatives/", body)
    assert response.status_code == 201, response.content
    record = response.json()
    for name, value in body.items():
        if name not in {"need", "investments", "operation_per_year", "goal_ids"}:
            assert record[name] == value, name
    assert record["need"] == "Linje 1\nLinje 2"
    assert set(record["goal_ids"]) == set(body["goal_ids"])
    assert record["operation_per_year"] == "10000.00"
    assert record["investments"] == [
        {"year": YEAR, "amount": "1250000.50"},
        {"year": YEAR + 1, "amount": "0.00"},
    ]


def test_create_initiative__with_an_error_makes_nothing(api, world):
    body = {
        "title": "Digital vaktplan",
        "unit_id": world.home.unit.pk,
        "category": "magic",
        "internal_hours": -1,
    }
    response = api(Role.EMPLOYEE).post("/initiatives/", body)
    assert (slug_of(response), sorted(pointers(response))) == ("invalid", ["#/category", "#/internal_hours"])
    assert not Initiative.objects.exists()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, ["#/title", "#/unit_id"]),
        ({"title": ""}, ["#/title", "#/unit_id"]),
        ({"title": "x" * 201, "unit_id": None}, ["#/title", "#/unit_id"]),
        ({"title": 12, "unit_id": "12"}, ["#/title", "#/unit_id"]),
        ({"title": "x\x00y", "unit_id": 2**63}, ["#/title", "#/unit_id"]),
        ({"title": ["x"], "unit_id": 1.5}, ["#/title", "#/unit_id"]),
        ({"title": {"a": 1}, "unit_id": True}, ["#/title", "#/unit_id"]),
        ({"title": "   ", "unit_id": -1}, ["#/title", "#/unit_id"]),
    ],
)
def test_create_initiative__points_at_each_error(api, world, body, expected):
    response = api(Role.EMPLOYEE).post("/initiatives/", body)
    assert (response.status_code, sorted(pointers(response))) == (422, expected)


@pytest.mark.parametrize("body", [[], "tekst", 12, True, [{"title": "x"}]])
def test_create_initiative__takes_an_object_only(api, world, body):
    response = api(Role.EMPLOYEE).post("/initiatives/", body)
    assert (response.status_code, pointers(response)) == (422, ["#"])


def test_create_initiative__names_what_it_does_not_know(api, world):
    body = {
        "title": "x",
        "unit_id": world.home.unit.pk,
        "status": "adopted",
        "a/b~c": 1,
        "submitter_id": 1,
        "number": "1",
        "unit": 2,
    }
    response = api(Role.EMPLOYEE).post("/initiatives/", body)
    assert sorted(pointers(response)) == ["#/a~1b~0c", "#/number", "#/status", "#/submitter_id", "#/unit"]


def test_create_initiative__for_a_foreign_unit_is_refused(api, world):
    for place in (world.neighbor, world.stranger, world.region):
        response = api(Role.EMPLOYEE).post("/initiatives/", {"title": "x", "unit_id": place.unit.pk})
        assert (response.status_code, pointers(response)) == (422, ["#/unit_id"])
        assert place.unit.name not in response.content.decode()


def test_create_initiative__by_who_may_not_raise_one_is_refused(api, world):
    for role in (Role.ELECTED_REPRESENTATIVE, Role.ADMINISTRATOR):
        assert (
            slug_of(api(role).post("/initiatives/", {"title": "x", "unit_id": world.home.unit.pk}))
            == "not-allowed"
        )


def test_create_initiative__in_the_region_names_its_participants(api, world):
    body = {
        "title": "Felles",
        "unit_id": world.region.unit.pk,
        "participant_ids": [world.home.municipality.pk],
    }
    response = api(Role.EMPLOYEE, world.region).post("/initiatives/", body)
    assert response.status_code == 201, response.content
    assert response.json()["participant_ids"] == [world.home.municipality.pk]
    wrong = {**body, "participant_ids": [world.stranger.municipality.pk]}
    assert pointers(api(Role.EMPLOYEE, world.region).post("/initiatives/", wrong)) == ["#/participant_ids"]


# --- Change --------------------------------------------------------------------------------------
def test_change_initiative__saves_only_what_is_sent(api, world):
    draft = stories.draft(world.home)
    response = change(api(Role.EMPLOYEE), draft, {"need": "Nytt behov.", "internal_hours": 12})
    assert response.status_code == 200
    record = response.json()
    assert (record["need"], record["internal_hours"]) == ("Nytt behov.", 12)
    assert (record["summary"], record["goal_ids"]) == (
        "Vi vil bruke mindre tid på skjema.",
        [world.home.goal.pk],
    )
    assert record["investments"] == [{"year": YEAR, "amount": "50000.00"}]
    assert response["ETag"] == f'"{record["version"]}"' != '"1"'
    assert timeline(draft)[0].action == "edit"


def test_change_initiative__can_empty_a_field(api, world):
    draft = stories.draft(world.home, desired_start=timezone.localdate() + timedelta(days=30))
    body = {
        "need": "", "category": "", "goal_ids": [], "service_owner_id": None, "operation_per_year": None,
        "desired_start": None, "investments": [],
    }  # fmt: skip
    record = change(api(Role.EMPLOYEE), draft, body).json()
    assert {name: record[name] for name in body} == body


def test_change_initiative__replaces_the_whole_list_of_investments(api, world):
    draft = stories.draft(world.home)
    record = change(
        api(Role.EMPLOYEE), draft, {"investments": [{"year": YEAR + 1, "amount": "1234.5"}]}
    ).json()
    assert record["investments"] == [{"year": YEAR + 1, "amount": "1234.50"}]


@pytest.mark.parametrize(
    ("investments", "expected"),
    [
        ("mye", ["#/investments"]),
        ({"year": YEAR, "amount": "1"}, ["#/investments"]),
        ([1], ["#/investments/0"]),
        ([{"year": YEAR}], ["#/investments/0"]),
        ([{"year": YEAR, "amount": "1", "note": "x"}], ["#/investments/0"]),
        ([{"year": 1066, "amount": "1"}], ["#/investments/0/year"]),
        ([{"year": True, "amount": "1"}], ["#/investments/0/year"]),
        ([{"year": YEAR, "amount": "1"}, {"year": YEAR, "amount": "2"}], ["#/investments/1/year"]),
        ([{"year": YEAR, "amount": "-1"}], ["#/investments/0/amount"]),
        ([{"year": YEAR, "amount": 1}], ["#/investments/0/amount"]),
        ([{"year": YEAR, "amount": "1.234"}], ["#/investments/0/amount"]),
        ([{"year": YEAR, "amount": "99999999999999"}], ["#/investments/0/amount"]),
        ([{"year": YEAR, "amount": "1 mill."}], ["#/investments/0/amount"]),
    ],
)
def test_change_initiative__points_into_the_list_of_investments(api, world, investments, expected):
    response = change(api(Role.EMPLOYEE), stories.draft(world.home), {"investments": investments})
    assert (response.status_code, set(pointers(response))) == (422, set(expected))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", ""), ("title", None), ("summary", "x" * 601), ("need", 5), ("need", "a\x00b"), ("category", "x"), ("category", 1),
        ("goal_ids", None), ("goal_ids", [1.5]), ("goal_ids", ["1"]), ("goal_ids", [2**63]), ("goal_ids", [0]),
        ("goal_ids", list(range(1, 600))), ("is_statutory", "true"), ("is_statutory", 1), ("desired_start", "i morgen"),
        ("desired_start", "2026-13-01"), ("desired_start", "9999-12-31"), ("desired_start", "0001-01-01"),
        ("desired_start", 20260101), ("operation_per_year", "NaN"), ("operation_per_year", "1e5"), ("operation_per_year", 1.5),
        ("operation_per_year", "-1"), ("operation_per_year", "1" * 31), ("internal_hours", "12"), ("internal_hours", 10**30),
        ("internal_hours", 1.0), ("internal_hours", True), ("service_owner_id", "Kari"), ("service_owner_id", 10**18),
        ("shield_basis", "offl_99"), ("public_title", "x" * 201), ("personal_data", "maybe"),
    ],
)  # fmt: skip
def test_change_initiative__odd_values_are_refused_where_they_stand(api, world, name, value):
    draft = stories.draft(world.home)
    response = change(api(Role.EMPLOYEE), draft, {name: value})
    assert (response.status_code, pointers(response)) == (422, [f"#/{name}"])
    draft.refresh_from_db()
    assert draft.version == 1


def test_change_initiative__rules_across_fields_hold_with_what_stands(api, world):
    draft = stories.draft(world.home)
    assert pointers(change(api(Role.EMPLOYEE), draft, {"is_statutory": True})) == ["#/statutory_basis"]
    assert pointers(change(api(Role.EMPLOYEE), draft, {"shield_basis": "offl_13"})) == ["#/public_title"]
    assert change(api(Role.EMPLOYEE), draft, {"statutory_basis": "Lov"}).status_code == 200
    assert change(api(Role.EMPLOYEE), draft, {"is_statutory": True}).status_code == 200
    assert pointers(change(api(Role.EMPLOYEE), draft, {"statutory_basis": ""})) == ["#/statutory_basis"]


def test_change_initiative__one_error_saves_nothing(api, world):
    draft = stories.draft(world.home)
    response = change(
        api(Role.EMPLOYEE), draft, {"need": "Nytt", "internal_hours": -1, "null_alternative": "Nytt"}
    )
    assert pointers(response) == ["#/internal_hours"]
    draft.refresh_from_db()
    assert (draft.need, draft.version) == ("I dag skrives alt to ganger.", 1)


def test_change_initiative__rows_of_others_cannot_be_chosen(api, world):
    draft, stranger = stories.draft(world.home), world.stranger
    body = {
        "unit_id": stranger.unit.pk, "goal_ids": [stranger.goal.pk], "service_owner_id": stranger.person(Role.LEADER).pk,
        "project_owner_id": world.neighbor.person(Role.LEADER).pk,
    }  # fmt: skip
    response = change(api(Role.EMPLOYEE), draft, body)
    assert sorted(pointers(response)) == [
        "#/goal_ids",
        "#/project_owner_id",
        "#/service_owner_id",
        "#/unit_id",
    ]
    text = response.content.decode()
    assert Person.objects.get(pk=body["service_owner_id"]).name not in text
    assert Goal.objects.get(pk=stranger.goal.pk).strategy.title not in text


def test_change_initiative__without_version_is_428(api, world):
    response = api(Role.EMPLOYEE).patch(f"/initiatives/{stories.draft(world.home).pk}/", {"need": "x"})
    assert (response.status_code, slug_of(response)) == (428, "precondition")


@pytest.mark.parametrize("tag", ['"0"', '"2"', 'W/"1"', "1", '""', '"x"', "\x7f" * 50])
def test_change_initiative__with_another_version_is_412(api, world, tag):
    draft = stories.draft(world.home)
    response = change(api(Role.EMPLOYEE), draft, {"need": "x"}, HTTP_IF_MATCH=tag)
    assert (response.status_code, slug_of(response)) == (412, "stale")


@pytest.mark.parametrize("tag", ["*", '"1"', '"0", "1"'])
def test_change_initiative__with_the_right_version_is_saved(api, world, tag):
    draft = stories.draft(world.home)
    assert change(api(Role.EMPLOYEE), draft, {"need": "x"}, HTTP_IF_MATCH=tag).status_code == 200


def test_change_initiative__second_of_two_writers_is_told(api, world):
    draft = stories.draft(world.home)
    draft.co_editors.add(world.home.person(Role.CHANGE_AGENT))
    version = f'"{draft.version}"'
    assert change(api(Role.EMPLOYEE), draft, {"need": "Først"}, HTTP_IF_MATCH=version).status_code == 200
    second = change(api(Role.CHANGE_AGENT), draft, {"summary": "Etterpå"}, HTTP_IF_MATCH=version)
    assert (second.status_code, slug_of(second)) == (412, "stale")
    draft.refresh_from_db()
    assert (draft.need, draft.summary) == ("Først", "Vi vil bruke mindre tid på skjema.")


def test_change_initiative__by_others_is_refused(api, world):
    sent = stories.received(world.home)
    assert slug_of(change(api(Role.EMPLOYEE), sent, {"need": "x"})) == "not-allowed"  # no longer a draft
    assert slug_of(change(api(Role.SECRETARIAT), sent, {})) == "not-allowed"
    assert change(api(Role.SECRETARIAT, world.neighbor), sent, {"need": "x"}).status_code == 404
    assert change(api(Role.SECRETARIAT), stories.draft(world.home), {"need": "x"}).status_code == 404


def test_change_initiative__returned_one_can_be_changed(api, world):
    sent = stories.received(world.home)
    initiative_workflow.perform(
        "return_for_completion", sent, by=world.home.actor(Role.SECRETARIAT), now=timezone.now(),
        data={"missing": ["Tall"], "deadline": timezone.localdate()},
    )  # fmt: skip
    response = change(api(Role.EMPLOYEE), sent, {"cost_note": "Her er tallene."})
    assert response.status_code == 200
    assert response.json()["missing"] == [{"text": "Tall", "done": False}]


def test_change_initiative__with_nothing_changes_nothing(api, world):
    draft = stories.draft(world.home)
    assert change(api(Role.EMPLOYEE), draft, {}).json()["version"] == 1
    assert change(api(Role.EMPLOYEE), draft, {"need": draft.need}).json()["version"] == 1
