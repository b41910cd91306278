"""The whole OpenAPI document, made up requests to every operation, as five kinds of caller.

Schemathesis makes the requests from the document, right ones and wrong ones; half of them are pointed at records that
are there.  ``Api`` holds every answer against the document: no fault of ours, no status that is not documented, nothing off schema.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
import requests
import schemathesis
from django.core.cache import cache as django_cache
from django.db import transaction
from django.urls import resolve
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded

from core.api.permissions import scope_of
from core.api.schema import document
from organization.roles import Role
from organization.scopes import SCOPES
from tests.api.clients import Machine, machine
from tests.api.conftest import BASE, Api
from tests.api.test_api_singles import with_money

if TYPE_CHECKING:
    from collections.abc import Iterator

FEW_SCOPES = (
    "units:read",
    "initiatives:read",
    "initiatives:write",
    "measurements:read",
    "measurements:write",
)
MODES = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)
ORIGIN = "http://testserver"


@dataclass(frozen=True)
class Caller:
    """Who calls, with what it may answer beside what the document says."""

    name: str
    api: Any
    scopes: frozenset[str] | None  # None for people, who have roles

    def check(self, view: Any, method: str, path: str, answer: Any, *, aimed: bool) -> None:
        """Assert that who it is counts before what was sent."""
        status, said = answer.status_code, f"{method} {path} as {self.name}: {answer.status_code}"
        if self.name == "nobody":
            assert status == 401, said
        elif (
            self.scopes is not None
            and (scope_of(view, method) or "-") not in self.scopes
            and not view.scopeless
        ):
            assert status == 403, said
        elif self.name == "another municipality" and aimed:
            assert status >= 400, said


@pytest.fixture
def callers(world, settings) -> list[Caller]:
    settings.API_CALLS_PER_MINUTE = 10**9
    django_cache.clear()
    with_money(world.home)
    everything, few = frozenset(SCOPES), frozenset(FEW_SCOPES)
    return [
        Caller("all scopes", machine(world.home, *SCOPES, name="Alt"), everything),
        Caller("few scopes", machine(world.home, *FEW_SCOPES, name="Noe"), few),
        Caller("nobody", Machine("et-token-som-ikke-finnes"), frozenset()),
        Caller("another municipality", machine(world.stranger, *SCOPES, name="Fremmed"), everything),
        Caller("a person", Api(world.home.person(Role.PORTFOLIO_MANAGER)), None),
    ]


@pytest.fixture
def standing(callers) -> dict[str, int]:
    """Return the id of a record of each resource, which ``all scopes`` sees."""
    found = {}
    for path in document()["paths"]:
        start = path.removeprefix(BASE)
        if start.endswith("/{id}/"):
            resource = start.removesuffix("{id}/")
            rows = callers[0].api.get(resource).json()["results"]
            if rows:
                found[resource] = rows[0]["id"]
    assert len(found) > 10
    return found


def cases_of(operation: Any, mode: Any, *, count: int, seed: int | None) -> list[Any]:
    """Return requests made up for an operation, the same each time for the same ``seed``."""
    made: list[Any] = []

    @settings(
        max_examples=count, deadline=None, database=None, derandomize=seed is None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def collect(case: Any) -> None:
        made.append(case)

    try:
        (seeded(seed)(collect) if seed is not None else collect)()
    except schemathesis.errors.SchemathesisError:
        return made  # nothing can be wrong with what takes nothing
    return made[:count]


def aim(case: Any, standing: dict[str, int]) -> bool:
    """Point a request at a record that is there, if it is about one."""
    resource = case.path.removeprefix(BASE).partition("{id}")[0]
    if "{id}" not in case.path or resource not in standing:
        return False
    case.path_parameters["id"] = standing[resource]
    return True


def sent_by(caller: Caller, case: Any) -> tuple[str, str, Any]:
    """Send a request, and take back whatever it did."""
    parts = case.as_transport_kwargs(base_url=ORIGIN)
    prepared = requests.Request(**{name: parts[name] for name in parts if name in _TAKEN}).prepare()
    address = urlsplit(prepared.url)
    path = address.path.removeprefix(BASE)
    left_out = {
        "Authorization",
        "Content-Length",
        "Content-Type",
        "User-Agent",
        "X-Schemathesis-TestCaseId",
        "Cookie",
    }
    headers = {
        f"HTTP_{name.upper().replace('-', '_')}": _text(value)
        for name, value in prepared.headers.items()
        if name not in left_out
    }
    body = prepared.body.encode() if isinstance(prepared.body, str) else prepared.body or b""
    kind = prepared.headers.get("Content-Type", "application/json")
    query = f"?{address.query}" if address.query else ""
    with transaction.atomic():
        answer = caller.api.call(case.method, path + query, body, content_type=_text(kind), **headers)
        transaction.set_rollback(True)
    return case.method, path, answer


_TAKEN = {"method", "url", "params", "data", "json", "headers", "files"}


def _text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def operations() -> Iterator[Any]:
    for found in schemathesis.openapi.from_dict(document()).get_all_operations():
        yield found.ok()


def walk(callers: list[Caller], standing: dict[str, int], *, count: int, seed: int | None = None) -> int:
    sent = 0
    for operation in operations():
        for mode in MODES:
            for number, case in enumerate(cases_of(operation, mode, count=count, seed=seed)):
                aimed = number % 2 == 0 and aim(case, standing)
                for caller in callers:
                    method, path, answer = sent_by(caller, case)
                    if answer.status_code in {404, 405, 406} and not aimed:
                        continue  # an address that is none
                    view = getattr(resolve(BASE + path).func, "cls", None)
                    caller.check(view, method, path, answer, aimed=aimed)
                    sent += 1
    return sent


def test_every_operation__answers_as_documented_to_whoever_calls(callers, standing):
    assert walk(callers, standing, count=1) > len(document()["paths"])


@pytest.mark.long
@pytest.mark.parametrize("seed", range(3))
def test_every_operation__answers_as_documented_to_whoever_calls__long(callers, standing, seed):
    assert walk(callers, standing, count=25, seed=seed) > 1000
