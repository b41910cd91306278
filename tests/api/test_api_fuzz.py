"""Odd input by the thousand: whatever is sent, the answer is documented and never a fault of ours.

``Api`` of conftest holds every answer against the OpenAPI document.
"""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.api.kinds import api_name
from deviations.api.filters import DeviationFilters
from deviations.api.writing import NewDeviationForm
from deviations.workflow import deviation_workflow
from governance.api.filters import InitiativeFilters
from governance.api.writing import CHANGE, CREATE
from governance.workflow import initiative_workflow
from organization.roles import Role
from tests import stories
from tests.deviations import stories as deviations

# A seeded sample, so that an ordinary run is the same each time; the long one looks further.
FEW = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
MANY = settings(FEW, max_examples=1000, derandomize=False)

TEXTS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "\x00",
            "' or 1=1--",
            "9" * 400,
            "-1",
            "1e9",
            "2026-01-01",
            "æøå 🙂",
            "<b>",
            "../..",
            "null",
            "%s",
            "{}",
            "\u202e",
        ]
    ),
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    TEXTS,
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXTS, inner, max_size=3)),
    max_leaves=8,
)
FIELDS = sorted({*CREATE.more, *(api_name(name, field) for name, (_form, field) in CREATE.fields().items())})
PARAMETERS = [
    *InitiativeFilters.base_filters,
    *DeviationFilters.base_filters,
    "unit_id",
    "danger",
    "answer",
    "cursor",
    "page_size",
    "ordering",
    "expand",
    "after",
    "subject",
    "resource",
    "type",
]
# Values that are nearly right reach deeper than noise does.
LIKELY = st.one_of(
    VALUES,
    st.sampled_from(
        [
            [],
            "",
            [1],
            1,
            "yes",
            "development",
            "offl_13",
            "12.50",
            "2027-01-01",
            True,
            [{"year": 2026, "amount": "5"}],
        ]
    ),
)
BODIES = st.one_of(
    st.dictionaries(st.sampled_from(FIELDS), LIKELY, max_size=6),
    st.dictionaries(TEXTS, VALUES, max_size=4),
    VALUES,
)
QUERIES = st.lists(st.tuples(st.one_of(st.sampled_from(PARAMETERS), TEXTS), TEXTS), max_size=4)
HEADERS = st.text(st.characters(min_codepoint=1, max_codepoint=255, blacklist_characters="\r\n"), max_size=40)
NAMES = st.sampled_from(sorted(initiative_workflow.transitions))
ANSWERS = st.one_of(
    st.dictionaries(
        st.sampled_from(["reason", "remark", "missing", "deadline", "case_handler_id", "meeting_id", "text", "into", "referred_to", "changes"]),
        LIKELY, max_size=4,
    ),
    BODIES,
)  # fmt: skip
REPORT_FIELDS = sorted(
    {"answers", "photos", *(api_name(name, field) for name, field in NewDeviationForm.base_fields.items())}
)
REPORTS = st.one_of(st.dictionaries(st.sampled_from(REPORT_FIELDS), LIKELY, max_size=5), BODIES)
MOVE_FIELDS = sorted(
    {
        api_name(name, field)
        for declared in deviation_workflow.transitions.values()
        if declared.form
        for name, field in declared.form.base_fields.items()
    }
)
MOVES = st.one_of(st.dictionaries(st.sampled_from(MOVE_FIELDS), LIKELY, max_size=4), BODIES)


def read_lists(caller, path, query):
    assert caller.get(f"{path}?{urlencode(query, errors='replace')}").status_code in {200, 400}


def begin(caller, unit_id, body, key):
    if isinstance(body, dict) and "unit_id" not in body:
        body = {"title": "Et tiltak", "unit_id": unit_id, **body}
    headers = {"HTTP_IDEMPOTENCY_KEY": key} if key else {}
    assert caller.post("/initiatives/", body, **headers).status_code in {201, 400, 422}


def alter(caller, pk, body, match):
    headers = {"HTTP_IF_MATCH": match} if match else {}
    assert caller.patch(f"/initiatives/{pk}/", body, **headers).status_code in {200, 412, 422, 428}


def step(caller, pk, name, body):
    assert caller.post(f"/initiatives/{pk}/transitions/{name}/", body).status_code in {
        200,
        403,
        404,
        409,
        422,
    }


@FEW
@given(
    path=st.sampled_from(
        [
            "/initiatives/",
            "/deviations/",
            "/deviation-types/",
            "/deviations/questions/",
            "/units/",
            "/goals/",
            "/events/",
        ]
    ),
    query=QUERIES,
)
def test_read_lists__with_anything_in_the_address(api, path, query):
    read_lists(api(Role.SECRETARIAT), path, query)


@FEW
@given(body=BODIES, key=HEADERS)
def test_begin_initiative__with_anything_in_the_body(api, world, body, key):
    begin(api(Role.EMPLOYEE), world.home.unit.pk, body, key)


@FEW
@given(body=BODIES, match=st.one_of(st.just("*"), HEADERS))
def test_change_initiative__with_anything_in_the_body(api, world, body, match):
    alter(api(Role.EMPLOYEE), stories.draft(world.home).pk, body, match)


@FEW
@given(name=NAMES, body=ANSWERS)
def test_take_transition__with_anything_in_the_body(api, world, name, body):
    step(api(Role.SECRETARIAT), stories.received(world.home).pk, name, body)


def report(caller, unit_id, body, key):
    if isinstance(body, dict):
        body = {
            "kind": "deviation",
            "description": "Det var glatt.",
            "danger": "none",
            "unit_id": unit_id,
            **body,
        }
    headers = {"HTTP_IDEMPOTENCY_KEY": key} if key else {}
    assert caller.post("/deviations/", body, **headers).status_code in {201, 400, 409, 422}


@FEW
@given(body=REPORTS, key=HEADERS)
def test_file_deviation__with_anything_in_the_body(api, world, body, key):
    report(api(Role.EMPLOYEE), world.home.unit.pk, body, key)


@FEW
@given(name=st.sampled_from(sorted(deviation_workflow.transitions)), body=MOVES)
def test_move_deviation__with_anything_in_the_body(api, world, name, body):
    case = deviations.in_progress(world.home)
    answer = api(Role.LEADER).post(f"/deviations/{case.pk}/transitions/{name}/", body)
    assert answer.status_code in {200, 403, 404, 409, 422}


@FEW
@given(
    body=st.binary(max_size=200),
    kind=st.sampled_from(["application/json", "text/plain", "application/json; charset=latin-1", ""]),
)
def test_write__with_any_bytes(api, body, kind):
    response = api(Role.EMPLOYEE).post("/initiatives/", body, content_type=kind)
    assert response.status_code in {400, 415, 422}


@pytest.mark.long
@MANY
@given(query=QUERIES)
def test_read_lists__with_anything_in_the_address__long(api, query):
    read_lists(api(Role.SECRETARIAT), "/initiatives/", query)


@pytest.mark.long
@MANY
@given(body=BODIES, key=HEADERS)
def test_begin_initiative__with_anything_in_the_body__long(api, world, body, key):
    begin(api(Role.EMPLOYEE), world.home.unit.pk, body, key)


@pytest.mark.long
@MANY
@given(body=BODIES, match=st.just("*"))
def test_change_initiative__with_anything_in_the_body__long(api, world, body, match):
    alter(api(Role.EMPLOYEE), stories.draft(world.home).pk, body, match)


@pytest.mark.long
@MANY
@given(name=NAMES, body=ANSWERS)
def test_take_transition__with_anything_in_the_body__long(api, world, name, body):
    step(api(Role.SECRETARIAT), stories.received(world.home).pk, name, body)


def test_fuzz__knows_the_fields_of_both_bodies():
    changeable = {*CHANGE.more, *(api_name(name, field) for name, (_form, field) in CHANGE.fields().items())}
    assert changeable <= set(FIELDS)
    assert {"title", "unit_id", "goal_ids", "investments", "service_owner_id"} <= changeable
