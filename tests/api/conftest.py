"""A caller of the API that checks every answer against the OpenAPI document."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft202012Validator

from core.api.schema import document

BASE = "/api/v1"
# Answers that any address may give and no operation lists.
_UNLISTED = {405, 406}


class Api:
    """Calls the API as one person; ``as_role`` of tests/conftest is the same for pages."""

    def __init__(self, person: Any = None, **options: Any) -> None:
        self.client = Client(**options)
        if person is not None:
            self.client.force_login(person)

    def get(self, path: str, **kwargs: Any) -> Any:
        return self.call("GET", path, **kwargs)

    def post(self, path: str, body: Any = None, **kwargs: Any) -> Any:
        return self.call("POST", path, body, **kwargs)

    def patch(self, path: str, body: Any = None, **kwargs: Any) -> Any:
        return self.call("PATCH", path, body, **kwargs)

    def call(self, method: str, path: str, body: Any = None, **kwargs: Any) -> Any:
        """Send JSON, or bytes as they are, and hold the answer against the document."""
        kwargs.setdefault("content_type", "application/json")
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        address = path if path.startswith("http") else BASE + path
        response = self.client.generic(method, address, data, **kwargs)
        check(method, path.removeprefix("http://testserver" + BASE).partition("?")[0], response)
        return response


def check(method: str, path: str, response: Any) -> None:
    """Assert that the operation documents this status, and that the body is what it says."""
    is_problem = response.status_code >= 400
    assert response.status_code != 500
    assert response["Content-Type"] == ("application/problem+json" if is_problem else "application/json")
    operation = _operation(method, path)
    if operation is None:
        assert response.status_code in {401, 403, 404, *_UNLISTED}
        return
    if response.status_code in _UNLISTED:
        return
    assert str(response.status_code) in operation["responses"], (
        f"{method} {path}: {response.status_code} is not documented"
    )
    documented = operation["responses"][str(response.status_code)]
    if "$ref" in documented:
        documented = document()["components"]["responses"][documented["$ref"].rpartition("/")[2]]
    content = documented["content"][response["Content-Type"]]["schema"]
    wrong = validated(content, response.json())
    assert not wrong, f"{method} {path} answers something else than documented: {wrong}"


def validated(schema: Any, value: Any) -> list[str]:
    """Return how a value differs from a schema of the document."""
    validator = Draft202012Validator({**_strict(schema), "components": _strict_components()})
    return [f"{list(error.absolute_path)}: {error.message}" for error in validator.iter_errors(value)]


@cache
def _strict_components() -> Any:
    return _strict(document()["components"])


def _operation(method: str, path: str) -> dict[str, Any] | None:
    for template, methods in document()["paths"].items():
        pattern = re.sub(r"\{id\}", r"\\d+", template.removeprefix(BASE))
        if re.fullmatch(pattern, path):
            found: dict[str, Any] | None = methods.get(method.lower())
            return found
    return None


def _strict(schema: Any) -> Any:
    """Return OpenAPI 3.0 as JSON Schema, where an object has no other members than those documented."""
    if isinstance(schema, list):
        return [_strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    strict = {
        key: _strict(value) for key, value in schema.items() if key not in {"nullable", "example", "format"}
    }
    if isinstance(schema.get("properties"), dict) and strict.get("type") == "object":
        strict.setdefault("additionalProperties", False)
    return {"anyOf": [strict, {"type": "null"}]} if schema.get("nullable") is True else strict


@pytest.fixture
def api(world):
    """Return a function that gives a caller: ``api(Role.LEADER)`` at home, ``api(Role.LEADER, world.neighbor)``."""
    return lambda role, place=None, **options: Api((place or world.home).person(role), **options)


def slug_of(response: Any) -> str:
    """Return the kind of problem an answer is."""
    assert response["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == response.status_code
    return problem["type"].removeprefix("urn:problem-type:stafett:")


def pointers(response: Any) -> list[str]:
    """Return what the errors of an answer point at."""
    return [error.get("pointer", error.get("parameter")) for error in response.json()["errors"]]
