"""The OpenAPI document is the one checked in, and it is valid; the page shows all of it."""

from __future__ import annotations

import re
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import get_resolver, resolve

from core.api import schema
from core.api.problems import KINDS
from core.api.schema import document
from organization.roles import Role

CHECKED_IN = Path(settings.BASE_DIR) / "docs" / "openapi.yaml"
REGENERATE = (
    "docs/openapi.yaml is stale. Write it anew: python manage.py spectacular --file docs/openapi.yaml"
)
# Addresses that are no part of the contract: the document itself, its page, and all that is none.
_OUTSIDE = {"root", "schema", "docs", "nothing"}


def generated() -> str:
    out = StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=out)
    return out.getvalue()


def test_openapi_document__is_valid_and_the_one_checked_in(db):
    assert generated().strip() == CHECKED_IN.read_text("utf-8").strip(), REGENERATE


def is_for_people(path, method):
    view = resolve(path.replace("{id}", "1").replace("{key}", str(uuid.uuid4()))).func.cls
    return method.upper() in view.people_only


def names_in(patterns):
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from names_in(pattern.url_patterns)
        else:
            yield pattern.name


def test_openapi_document__holds_every_address(db):
    [api] = [one for one in get_resolver().url_patterns if getattr(one, "namespace", None) == "api"]
    documented = {
        resolve(path.replace("{id}", "1").replace("{key}", str(uuid.uuid4()))).url_name
        for path in document()["paths"]
    }
    assert documented == set(names_in(api.url_patterns)) - _OUTSIDE


def test_openapi_document__every_operation_says_what_it_does_and_what_may_go_wrong(db):
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            assert operation["summary"], (method, path)
            assert operation["description"], (method, path)
            assert "401" in operation["responses"]
            of_record = "{" in path or path.endswith("/attachments/")
            assert ("404" in operation["responses"]) is (of_record or method == "post")
            if method != "get":
                assert {"400", "403", "409", "413", "415", "422"} <= set(operation["responses"])
                [*machines, person] = operation["security"]
                assert person == {"session": [], "csrf": []}
                if is_for_people(path, method):
                    assert machines == [], path
                else:
                    assert [set(machine) for machine in machines] == [{"maskinporten"}, {"client"}], path
                    assert machines[1]["client"][0].endswith(":write")
                assert "Idempotency-Key" in {parameter["name"] for parameter in operation["parameters"]}


def test_openapi_document__every_parameter_is_explained(db):
    for path, methods in document()["paths"].items():
        for operation in methods.values():
            for parameter in operation.get("parameters", []):
                assert parameter["in"] == "path" or parameter.get("description"), (path, parameter["name"])


def test_read_schema__as_yaml_and_json(api):
    caller = api(Role.EMPLOYEE).client
    as_yaml = caller.get("/api/v1/schema/")
    assert as_yaml.content.startswith(b"openapi: 3.0.3")
    as_json = caller.get("/api/v1/schema/", headers={"accept": "application/vnd.oai.openapi+json"})
    assert as_json.json()["paths"].keys() == document()["paths"].keys()


@pytest.fixture
def page(api, django_assert_max_num_queries):
    caller = api(Role.EMPLOYEE).client
    with django_assert_max_num_queries(12):
        response = caller.get("/api/v1/docs/")
    assert response.status_code == 200
    return response.content.decode()


def test_read_documentation__shows_every_operation_component_and_problem(page):
    for path, methods in document()["paths"].items():
        assert f">{path}<" in page
        for operation in methods.values():
            assert f'id="{operation["operationId"]}"' in page
    for name in document()["components"]["schemas"]:
        assert f'id="schema-{name}"' in page
    for kind in KINDS.values():
        assert kind.type in page


def test_read_documentation__every_link_in_it_leads_somewhere(page):
    targets = set(re.findall(r'\bid="([^"]+)"', page))
    assert len(re.findall(r'\bid="([^"]+)"', page)) == len(targets), "an id is used twice"
    links = set(re.findall(r'href="#([^"]+)"', page))
    assert links
    assert links <= targets


def test_read_documentation__needs_no_script_style_or_foreign_host(page):
    assert not re.search(r"\sstyle=", page)
    assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>", page)
    assert not re.search(r'(?:src|href)="(?:https?:)?//(?!designsystemet|uustatus)', page)


def test_root_of_api__leads_to_the_documentation(api):
    response = api(Role.EMPLOYEE).client.get("/api/v1/")
    assert (response.status_code, response["Location"]) == (302, "/api/v1/docs/")


def test_document__is_generated_once_by_twenty_threads_that_ask_at_once(monkeypatch):
    """The generator is not safe for threads, and the first calls of a new process come at the same time."""
    asked: list[int] = []
    at_once = threading.Barrier(20)

    def get_schema(_self, **_kwargs):
        asked.append(threading.get_ident())
        time.sleep(0.02)
        return {"paths": {}}

    def ask(_number):
        at_once.wait(timeout=10)
        return document()

    monkeypatch.setattr(schema.SchemaGenerator, "get_schema", get_schema)
    schema._document.cache_clear()
    try:
        with ThreadPoolExecutor(20) as pool:
            answers = list(pool.map(ask, range(20)))
    finally:
        schema._document.cache_clear()

    assert len(asked) == 1
    assert all(answer is answers[0] for answer in answers)
