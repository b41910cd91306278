"""Measurements through the API: one at a time and many at once, by the operations of the page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from benefits.models import Benefit, Kind, Measurement
from benefits.operations import noting
from core.api.bulk import MOST
from core.errors import Refused
from organization.roles import Role
from tests.api.clients import machine
from tests.api.conftest import Api, pointers, slug_of
from tests.benefits import computing, stories

KEY = "7a0f6f0e-7f5e-4a57-9a35-1f2d3c4b5a69"
SCOPES = ("benefits:read", "indicators:read", "measurements:read", "measurements:write")


@pytest.fixture(autouse=True)
def _calls_are_counted_anew(db):
    cache.clear()


@pytest.fixture
def benefit(world):
    return stories.planned(world.home)


@pytest.fixture
def indicator(benefit):
    return benefit.indicators.get()


@pytest.fixture
def owner(api):
    return api(Role.SERVICE_OWNER)


def day(days: int) -> str:
    return (timezone.localdate() - timedelta(days=days)).isoformat()


def row(indicator: Any, days: int, value: str, **more: Any) -> dict[str, Any]:
    return {"indicator_id": indicator.pk, "measured_on": day(days), "value": value, **more}


def send(caller: Any, *rows: Any, **headers: Any) -> Any:
    return caller.post("/measurements/bulk/", {"measurements": list(rows)}, **headers)


def outcomes(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [result["outcome"] for result in answer.json()["results"]]


# --- One -----------------------------------------------------------------------------------------------
def test_register_measurement__at_a_point_of_the_schedule(owner, benefit):
    point = stories.point(benefit)
    address = f"/measurements/{point.pk}/"
    tag = owner.get(address)["ETag"]
    assert slug_of(owner.patch(address, {"value": "40"})) == "precondition"
    done = owner.patch(
        address,
        {"value": "40", "measured_on": point.due_on.isoformat()},
        HTTP_IF_MATCH=tag,
        HTTP_IDEMPOTENCY_KEY=KEY,
    )
    assert (done.status_code, done.json()["value"]) == (200, "40.0000")
    assert Benefit.objects.get(pk=benefit.pk).status == "baseline_measured"
    assert slug_of(owner.patch(address, {"value": "41"}, HTTP_IF_MATCH=tag)) == "stale"
    put_right = owner.patch(address, {"value": "41"}, HTTP_IF_MATCH=done["ETag"])
    assert (put_right.json()["value"], put_right.json()["measured_on"]) == (
        "41.0000",
        point.due_on.isoformat(),
    )


def test_register_measurement__outside_the_schedule(owner, world, benefit, indicator):
    stories.measure(benefit, world.home, 40)
    made = owner.post(
        "/measurements/", row(indicator, 10, "30", comment="Stikkprøve"), HTTP_IDEMPOTENCY_KEY=KEY
    )
    assert made.status_code == 201, made.content
    assert made["Location"].endswith(f"/measurements/{made.json()['id']}/")
    assert (made.json()["kind"], made.json()["comment"]) == ("extra", "Stikkprøve")
    again = owner.post(
        "/measurements/", row(indicator, 10, "30", comment="Stikkprøve"), HTTP_IDEMPOTENCY_KEY=KEY
    )
    assert again["Idempotent-Replayed"] == "true"
    assert indicator.measurements.filter(kind="extra").count() == 1


def test_register_measurement__points_at_what_is_wrong(owner, world, indicator):
    wrong = owner.post(
        "/measurements/", {"indicator_id": indicator.pk, "value": 3, "measured_on": "i går", "x": 1}
    )
    assert set(pointers(wrong)) == {"#/value", "#/measured_on", "#/x"}
    assert pointers(owner.post("/measurements/", {"value": "3"})) == ["#/indicator_id"]
    assert pointers(owner.post("/measurements/", row(indicator, -3, "3"))) == ["#/measured_on"]
    assert pointers(owner.post("/measurements/", row(indicator, 3, "-3"))) == ["#/value", "#/measured_on"]
    assert pointers(owner.post("/measurements/", row(indicator, 3, "9" * 20))) == ["#/value"]
    due = indicator.measurements.order_by("due_on")[1].due_on.isoformat()
    assert pointers(owner.post("/measurements/", {**row(indicator, 0, "3"), "measured_on": due})) == [
        "#/measured_on"
    ]


def test_register_measurement__of_what_is_computed_is_refused(world, owner):
    indicator = computing.computed(world.home)
    assert pointers(owner.post("/measurements/", row(indicator, 3, "3"))) == ["#/value"]


def test_register_measurement__by_others_is_refused(api, world, benefit, indicator):
    body, point = row(indicator, 3, "3"), stories.point(benefit)
    assert slug_of(api(Role.HR).post("/measurements/", body)) in {"not-allowed", "not-found"}
    stranger = Api(world.stranger.person(Role.SERVICE_OWNER))
    assert slug_of(stranger.post("/measurements/", body)) == "not-found"
    assert (
        slug_of(stranger.patch(f"/measurements/{point.pk}/", {"value": "1"}, HTTP_IF_MATCH="*"))
        == "not-found"
    )
    assert Measurement.objects.exclude(value=None).count() == 0


def test_verify_measurement__by_finance_and_not_by_who_measured(api, world, owner, benefit):
    made = stories.measure(benefit, world.home, 40)
    address = f"/measurements/{made.pk}/verify/"
    assert slug_of(owner.post(address)) == "not-allowed"
    finance = api(Role.CHIEF_OF_FINANCE)
    assert finance.post(address).json()["verified_by_id"] == world.home.person(Role.CHIEF_OF_FINANCE).pk
    assert slug_of(finance.post(f"/measurements/{stories.point(benefit, 1).pk}/verify/")) == "not-ready"
    assert pointers(finance.post(address, {"x": 1})) == ["#/x"]
    assert slug_of(Api(world.stranger.person(Role.CHIEF_OF_FINANCE)).post(address)) == "not-found"


# --- Clients -------------------------------------------------------------------------------------------
def test_client__measures_what_it_reads_in_its_own_municipality_alone(world, benefit, indicator):
    given = machine(world.home, *SCOPES, name="Måler")
    assert outcomes(send(given, row(indicator, 100, "40"))) == ["created"]
    made = stories.point(benefit)
    assert made.measured_by.pk not in {world.home.person(Role.SERVICE_OWNER).pk, None}
    assert slug_of(send(machine(world.home, *SCOPES[:3], name="Leser"), row(indicator, 90, "39"))) == "scope"
    outside = send(machine(world.stranger, *SCOPES, name="Fremmed"), row(indicator, 90, "39"))
    assert outcomes(outside) == ["refused"]
    assert outside.json()["results"][0]["problem"]["type"].endswith(":not-found")
    assert slug_of(given.post(f"/measurements/{made.pk}/verify/")) == "scope"


# --- Many ----------------------------------------------------------------------------------------------
def test_bulk__answers_for_each_row_and_saves_those_that_are_right(owner, indicator):
    answer = send(
        owner, row(indicator, 5, "30"), row(indicator, 100, "40"), row(indicator, 4, "-1"), "tull",
        row(indicator, 5, "31"), row(indicator, 3, "29", ukjent=1), {**row(indicator, 2, "1"), "indicator_id": 10**9},
    )  # fmt: skip
    assert outcomes(answer) == ["created", "created", *["refused"] * 5]
    told = answer.json()
    assert (told["created"], told["updated"], told["unchanged"], told["refused"]) == (2, 0, 0, 5)
    problems = [result.get("problem") for result in told["results"]]
    assert [[error["pointer"] for error in problem.get("errors", [])] for problem in problems[2:]] == [
        ["#/measurements/2/value"], ["#/measurements/3"], ["#/measurements/4/measured_on"], ["#/measurements/5/ukjent"], [],
    ]  # fmt: skip
    assert problems[6]["status"] == 404
    assert [str(value) for value in indicator.measurements.exclude(value=None).order_by("measured_on").values_list("value", flat=True)] == [
        "40.0000", "30.0000",
    ]  # fmt: skip
    assert all(result["id"] for result in told["results"][:2])


def test_bulk__the_same_rows_again_change_nothing(owner, indicator):
    rows = [row(indicator, 100, "40"), row(indicator, 5, "30")]
    assert outcomes(send(owner, *rows)) == ["created", "created"]
    before = list(Measurement.objects.order_by("pk").values())
    assert outcomes(send(owner, *rows)) == ["unchanged", "unchanged"]
    assert list(Measurement.objects.order_by("pk").values()) == before
    assert outcomes(send(owner, rows[0], row(indicator, 5, "28"))) == ["unchanged", "updated"]


def test_bulk__with_the_same_key_is_answered_again(owner, indicator):
    rows = [row(indicator, 100, "40")]
    first = send(owner, *rows, HTTP_IDEMPOTENCY_KEY=KEY)
    again = send(owner, *rows, HTTP_IDEMPOTENCY_KEY=KEY)
    assert (again.content, again["Idempotent-Replayed"]) == (first.content, "true")
    assert slug_of(send(owner, row(indicator, 100, "41"), HTTP_IDEMPOTENCY_KEY=KEY)) == "key-reused"


@pytest.mark.parametrize("rows", [None, [], {}, "x", 1, [None] * (MOST + 1)])
def test_bulk__without_rows_or_with_too_many_is_refused_whole(owner, rows):
    answer = owner.post("/measurements/bulk/", {"measurements": rows})
    assert (slug_of(answer), pointers(answer)) == ("invalid", ["#/measurements"])
    assert str(MOST) in answer.json()["errors"][0]["detail"]


def test_bulk__of_ten_megabytes_is_413(owner):
    body = b'{"measurements": [' + b'{"indicator_id": 1},' * 500_000 + b"{}]}"
    assert len(body) > 10_000_000
    assert slug_of(owner.post("/measurements/bulk/", body)) == "too-large"


def test_bulk__what_stumbled_half_way_is_not_taken_for_written(owner, indicator, monkeypatch):
    write = noting.write_value

    def stumble(point, value, day, **more):
        if value == 40:
            point.value, point.measured_on = value, day
            raise Refused("Stopp")
        write(point, value, day, **more)

    monkeypatch.setattr(noting, "write_value", stumble)
    answer = send(owner, row(indicator, 100, "40"), row(indicator, 50, "30"))
    assert outcomes(answer) == ["refused", "created"]
    assert Measurement.objects.get(value=30).kind == Kind.BASELINE


@pytest.mark.parametrize("count", [20, 60])
def test_bulk__costs_a_savepoint_and_a_row_each(owner, indicator, django_assert_max_num_queries, count):
    send(owner, row(indicator, 100, "40"))
    around, savepoint, insert = 20, 2, 1
    rows = [row(indicator, days, str(days)) for days in range(1, count + 1)]
    with django_assert_max_num_queries(around + (savepoint + insert) * count):
        assert set(outcomes(send(owner, *rows))) == {"created"}
    with django_assert_max_num_queries(around + savepoint * count):
        assert set(outcomes(send(owner, *rows))) == {"unchanged"}
    rollback = 1
    with django_assert_max_num_queries(around + (savepoint + rollback) * count):
        early = [row(indicator, 100 + days, str(days)) for days in range(1, count + 1)]
        assert set(outcomes(send(owner, *early))) == {"refused"}
