"""Every refusal is a problem that says what to do, and no input is a fault of ours."""

from __future__ import annotations

import io

import pytest
from django.core.exceptions import RequestDataTooBig
from django.test import Client

from core.api.parsers import OrjsonParser
from core.api.problems import KINDS
from governance.api import views
from organization.roles import Role
from tests import stories
from tests.api.conftest import Api, pointers, slug_of

LISTS = ["/initiatives/", "/units/", "/goals/"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        *(("GET", path) for path in LISTS),
        ("POST", "/initiatives/"),
        ("GET", "/initiatives/1/"),
        ("PATCH", "/initiatives/1/"),
        ("GET", "/initiatives/1/timeline/"),
        ("GET", "/initiatives/1/transitions/"),
        ("POST", "/initiatives/1/transitions/submit/"),
        ("GET", "/nothing/"),
    ],
)
def test_call_api__without_log_in_is_401_and_no_redirect(db, method, path):
    response = Api().call(method, path, {})
    assert (response.status_code, slug_of(response)) == (401, "login")
    assert response["WWW-Authenticate"].startswith("Bearer ")


@pytest.mark.parametrize("path", ["/api/v1/schema/", "/api/v1/docs/", "/api/v1/"])
def test_read_documentation__needs_log_in(db, path):
    assert Client().get(path).status_code in {302, 401}


def test_call_api__of_somebody_who_may_not_log_in_is_401(api, world):
    person = world.home.person(Role.EMPLOYEE)
    caller = Api(person)
    person.is_active = False
    person.save()
    assert caller.get("/initiatives/").status_code == 401


def test_write__without_csrf_token_is_403(api, world):
    caller = api(Role.EMPLOYEE, enforce_csrf_checks=True)
    body = {"title": "x", "unit_id": world.home.unit.pk}
    assert slug_of(caller.post("/initiatives/", body)) == "csrf"
    assert slug_of(caller.post("/initiatives/", body, HTTP_X_CSRFTOKEN="galt")) == "csrf"
    token = "a" * 32
    caller.client.cookies["csrftoken"] = token
    assert caller.post("/initiatives/", body, HTTP_X_CSRFTOKEN=token).status_code == 201
    assert caller.get("/initiatives/").status_code == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"])
def test_call_list__with_another_method_is_405(api, method):
    response = api(Role.EMPLOYEE).call(method, "/initiatives/")
    assert (response.status_code, slug_of(response)) == (405, "method")
    assert "GET" in response["Allow"]


def test_read_head__gives_no_body(api, world):
    stories.received(world.home)
    response = api(Role.EMPLOYEE).client.head("/api/v1/initiatives/")
    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.parametrize(
    "path",
    ["/nothing/", "/initiatives", "/initiatives/1", "/initiatives/1/nothing/", "/../admin/", "/%00", "/ø"],
)
def test_call_address__that_is_none_is_404(api, path):
    for method in ("GET", "POST", "DELETE"):
        response = api(Role.EMPLOYEE).call(method, path)
        assert slug_of(response) == "not-found"


def test_call_list__for_another_format_is_406(api):
    assert slug_of(api(Role.EMPLOYEE).get("/initiatives/", HTTP_ACCEPT="text/html")) == "not-acceptable"
    for accepted in ("application/json", "*/*", "text/html,application/xhtml+xml,*/*;q=0.8"):
        assert api(Role.EMPLOYEE).get("/initiatives/", HTTP_ACCEPT=accepted).status_code == 200


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "x",
        "application/json/x",
    ],
)
def test_write__in_another_format_is_415(api, kind):
    response = api(Role.EMPLOYEE).post("/initiatives/", b"title=x", content_type=kind)
    assert (response.status_code, slug_of(response)) == (415, "media-type")


@pytest.mark.parametrize(
    "body",
    [
        b"{", b"", b"{'title': 'x'}", b'{"title": NaN}', b'{"title": "\\ud800"}', b"\xff\xfe{\x00}\x00", b"\xef\xbb\xbf{}",
        b"[" * 100_000, b'{"a":' * 5000, b'{"title": "\xc3("}', b"nul", b"{} {}", b'{"title": 1e999999}',
    ],
)  # fmt: skip
def test_write__malformed_json_is_400(api, world, body):
    response = api(Role.EMPLOYEE).post("/initiatives/", body)
    if body == b"":  # nothing counts as an empty object
        assert slug_of(response) == "invalid"
    else:
        assert (response.status_code, slug_of(response)) == (400, "malformed")


def test_write__body_of_ten_megabytes_is_413(api):
    body = b'{"title": "' + b"x" * 10_000_000 + b'"}'
    response = api(Role.EMPLOYEE).post("/initiatives/", body)
    assert (response.status_code, slug_of(response)) == (413, "too-large")


@pytest.mark.parametrize(("more", "is_read"), [(0, True), (1, False)])
def test_parse__stream_that_nobody_has_measured_is_held_to_the_limit(settings, more, is_read):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000
    stream = io.BytesIO(b'"' + b"x" * (10_000 - 2 + more) + b'"')
    if is_read:
        assert len(OrjsonParser().parse(stream)) == 9_998
    else:
        with pytest.raises(RequestDataTooBig):
            OrjsonParser().parse(stream)


@pytest.mark.parametrize(
    "content_type", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
def test_write__big_form_is_refused_before_it_is_read(api, content_type):
    caller = api(Role.EMPLOYEE, enforce_csrf_checks=True)
    caller.client.cookies["csrftoken"] = "a" * 32
    response = caller.post("/initiatives/", b"a=" + b"x" * 10_000_000, content_type=content_type)
    assert slug_of(response) == "media-type"


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    "query",
    [
        "cursor=", "cursor=x", "cursor=%00", "cursor=" + "A" * 5000, "cursor=WzFd", "cursor=e30=", "cursor=bnVsbA==",
        "cursor=WyItY2hhbmdlZF9hdCIsICJub3ciLCAxXQ==", "cursor=WyItY2hhbmdlZF9hdCIsICIyMDI2LTAxLTAxIiwgMV0=",
        "cursor=%C3%B8", "ordering=", "ordering=id", "ordering=password", "ordering=-changed_at;drop table x",
        "updated_after=i%20dag", "updated_after=%00", "updated_after=2026-13-01T00:00:00Z",
        "updated_after=0001-01-01T00:00:00%2B14:00", "updated_after=9999-12-31T23:59:59-14:00",
        "municipality=0", "municipality=-1", "municipality=99999999999999999999", "municipality=1;select", "municipality=1.5",
        "municipality=%D9%A3x", "municipality=" + "9" * 5000, "nothing=1", "__class__=x", "id__gt=1", "format=api",
    ],
)  # fmt: skip
def test_read_list__odd_parameters_are_refused_by_name(api, path, query):
    response = api(Role.EMPLOYEE).get(f"{path}?{query}")
    assert (response.status_code, slug_of(response)) == (400, "parameter")
    assert pointers(response) == [query.partition("=")[0]]


@pytest.mark.parametrize(
    "query",
    [
        "q=' or 1=1 --", "q=%27)%3B+drop+table+governance_initiative%3B--", "q=\\", "q=%25_%25", "q=!!!+%26+|+:*+<->",
        'q="', "q=🚀", "q=Čáhcesuolu", "q=", "q=%20", "q=-", "q=or", "municipality=", "updated_after=", "expand=",
        "municipality=9223372036854775807", "updated_after=2026-01-01",
    ],
)  # fmt: skip
def test_read_list__sql_and_odd_letters_are_only_text(api, world, query):
    stories.received(world.home)
    assert api(Role.EMPLOYEE).get(f"/initiatives/?{query}").status_code == 200


@pytest.mark.parametrize(
    "query",
    ["q=%00", "q=" + "x" * 201, "status=magic", "stage=x", "mine=kanskje", "overdue=1", "number=" + "1" * 21],
)
def test_read_list__filters_of_initiatives_are_strict(api, query):
    assert pointers(api(Role.EMPLOYEE).get(f"/initiatives/?{query}")) == [query.partition("=")[0]]


def test_fault_of_ours__is_a_problem_and_is_logged(api, world, monkeypatch, caplog):
    def broken(*_args):
        raise RuntimeError("en hemmelig detalj")

    monkeypatch.setattr(views.InitiativeList, "get", broken)
    caller = api(Role.EMPLOYEE, raise_request_exception=False)
    response = caller.client.get("/api/v1/initiatives/")
    assert (response.status_code, slug_of(response)) == (500, "failure")
    assert "hemmelig" not in response.content.decode()
    assert any(record.exc_info for record in caplog.records)
    caller.client.raise_request_exception = True
    with pytest.raises(RuntimeError):  # tests see it
        caller.client.get("/api/v1/initiatives/")


def test_every_kind_of_problem__is_told_in_words():
    for kind in KINDS.values():
        assert str(kind.title)
        assert str(kind.advice).endswith(".")
        assert kind.type == f"urn:problem-type:stafett:{kind.slug}"
