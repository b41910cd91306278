"""Look at the pages from the inside, in a process that is connected to one of the databases.

``python -m bench.probe <file> <part of a key> <area>`` writes for each page: its status, the cookie to
ask it with, its statements with their times, how many it needs for short and long pages, and
the plan of the slowest one.
"""

from __future__ import annotations

import html
import json
import os
import re
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from bench.pages import API_LIST, NEXT_PAGE, ROWS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.test import Client

    from bench.pages import Page

TIMES = 3
SHORT, LONG = 20, 100
HOST = "127.0.0.1"
_OK = 200
_NEXT = re.compile(r'href="(\?[^"]*\better=[^"]*)"')
_MARKS = re.compile(r"""'(?:[^']|'')*'|[()]|\bFROM "(?P<table>\w+)\"""")


class Statements:
    """Every statement of one request, as PostgreSQL got it, with its milliseconds."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, float]] = []

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        begun = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            milliseconds = (time.perf_counter() - begun) * 1000
            self.taken.append((context["cursor"].cursor.mogrify(sql, params).decode(), milliseconds))


@contextmanager
def rows_per_page(number: int) -> Iterator[None]:
    """Let the keyset pages of lists be that long for a while."""
    from core import paging

    defaults: Any = paging.keyset.__kwdefaults__
    usual = defaults["size"]
    defaults["size"] = number
    try:
        yield
    finally:
        defaults["size"] = usual


_SIZE = "page_size"
_ASKED_SIZE = re.compile(rf"\b{_SIZE}=\d+")


class Visitor:
    """The people of the pages, logged in once each."""

    def __init__(self) -> None:
        from organization.models import RoleAssignment, Unit

        places = list(Unit.objects.legal_entities().exclude(kind="region").order_by("path"))
        self._roles = RoleAssignment.objects.filter(unit__municipality=places[0]).select_related("person")
        self._known: dict[str, tuple[Any, Client]] = {}

    def knows(self, role: str) -> bool:
        return bool(self._roles.filter(role=role).exists())

    def as_role(self, role: str) -> tuple[Any, Client]:
        """Return the first person with a role in the first municipality, and a client of theirs."""
        from django.test import Client

        from organization.actors import person_actor

        if role not in self._known:
            person = self._roles.filter(role=role).order_by("pk")[0].person
            client = Client(
                raise_request_exception=False, SERVER_NAME=HOST, headers={"x-forwarded-proto": "https"}
            )
            client.force_login(person)
            self._known[role] = person_actor(person), client
        return self._known[role]


def look_at(page: Page, visitor: Visitor) -> dict[str, Any]:
    """Return what can be told about one page from the inside."""
    if not visitor.knows(page.role):
        return {"missing": "nobody holds the role"}
    actor, client = visitor.as_role(page.role)
    path = _path(page, actor)
    if path is None:
        return {"missing": "no such route, or no record to show"}
    answer = client.get(path)
    if page.query == NEXT_PAGE and (following := _NEXT.search(answer.content.decode())):
        path += html.unescape(following[1])
        answer = client.get(path)
    if answer.status_code != _OK:
        return {"missing": f"answers {answer.status_code}"}
    runs = [_statements(client, path) for _ in range(TIMES)]
    sent = [sql for sql, _ms in _in_full(client, path)]
    times = [median(run[at][1] for run in runs if at < len(run)) for at in range(len(sent))]
    statements = [{"sql": sql, "ms": ms} for sql, ms in zip(sent, times, strict=True)]
    return {
        "path": path,
        "cookie": "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items()),
        "statements": statements,
        "names": list(page.names or _names(path)) if page.kind == API_LIST else [],
        "bytes": len(answer.content),
        "processor_ms": _processor_time(client, path),
        "short": _count(client, page, path, SHORT),
        "long": _count(client, page, path, LONG),
        **_slowest(statements),
    }


def _path(page: Page, actor: Any) -> str | None:
    from django.urls import NoReverseMatch, reverse

    from bench.subjects import pick

    found = pick(page.subject, actor) if page.subject else None
    if page.subject and found is None:
        return None
    try:
        path = reverse(page.route, args=[found] if page.subject else None)
    except NoReverseMatch:
        return None
    asked = "" if page.query == NEXT_PAGE else page.query
    if page.kind == API_LIST and _SIZE not in asked:
        asked = "&".join(filter(None, (asked, f"{_SIZE}={ROWS}")))
    return f"{path}?{asked}" if asked else path


def _names(path: str) -> list[str]:
    """Return what an API list calls the columns that its statement fetches."""
    from django.urls import resolve

    from core.api.rows import plan_of

    view: Any = resolve(urlsplit(path).path).func
    return list(plan_of(view.cls.serializer_class).keys)


def _statements(client: Client, path: str) -> list[tuple[str, float]]:
    from django.db import connection

    statements = Statements()
    with connection.execute_wrapper(statements):
        client.get(path)
    return statements.taken


def _in_full(client: Client, path: str) -> list[tuple[str, float]]:
    """Return the statements as they read where no plan is kept, for the floor and for EXPLAIN."""
    from django.test import override_settings

    with override_settings(DATABASE_KEEPS_PLANS=False):
        return _statements(client, path)


def _processor_time(client: Client, path: str) -> float:
    """Return the milliseconds of processor time that one request takes in this process."""
    taken = []
    for _ in range(TIMES):
        begun = time.process_time()
        client.get(path)
        taken.append((time.process_time() - begun) * 1000)
    return min(taken)


def _count(client: Client, page: Page, path: str, size: int) -> int:
    if page.kind == API_LIST:
        path = _ASKED_SIZE.sub(f"{_SIZE}={size}", path)
    with rows_per_page(size):
        client.get(path)
        return len(_statements(client, path))


def _slowest(statements: list[dict[str, Any]]) -> dict[str, Any]:
    reads = [one for one in statements if is_read(one["sql"])]
    if not reads:
        return {"slowest": None, "plan": []}
    slowest = max(reads, key=lambda one: one["ms"])
    return {"slowest": slowest, "plan": plan_of(slowest["sql"])}


def plan_of(statement: str) -> list[str]:
    from bench import sql

    return [line for (line,) in sql.rows(f"explain (analyze, buffers) {statement}")]


def is_read(statement: str) -> bool:
    """Tell whether a statement only reads; none of ours that begins with WITH does more."""
    return statement.lstrip("( \n").upper().startswith(("SELECT", "WITH"))


def main_table(statement: str) -> str:
    """Return the table that a SELECT reads its rows from, whatever subqueries stand before it."""
    depth = 0
    for found in _MARKS.finditer(statement):
        depth += {"(": 1, ")": -1}.get(found[0], 0)
        if depth == 0 and found["table"]:
            return found["table"]
    return ""


def main(target: Path, wanted: str, area: str) -> None:
    import django

    django.setup()
    from bench.pages import PAGES

    visitor = Visitor()
    found = {}
    for page in PAGES:
        if page.area == area and any(part in page.key.lower() for part in wanted.lower().split("|")):
            found[page.key] = look_at(page, visitor)
            print(page.key, found[page.key].get("missing", ""), flush=True)
    target.write_text(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
