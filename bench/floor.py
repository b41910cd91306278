"""The raw floor: the same SQL by psycopg2 and orjson in a bare WSGI function, under the same server.

``BENCH_FLOOR`` names a JSON file with a list of ``Entry``; ``/3`` answers with the fourth.
"""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict

import orjson
import psycopg2

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class Page(TypedDict):
    """How the rows of one statement become the body of an API list.

    ``statement`` is the number of the statement, ``names`` what the API calls its columns, «» where it does not show
    one; ``reckoned`` is, row by row, what the application reckons from them in Python, and ``rest`` what stands beside
    the rows.
    """

    statement: int
    names: list[str]
    reckoned: list[dict[str, Any]]
    rest: dict[str, Any]


class Entry(TypedDict):
    """The statements that one address runs, in their order."""

    dsn: str
    sql: list[str]
    page: NotRequired[Page]


_local = threading.local()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer one entry; anything that is no number says that the server is up."""
    number = environ["PATH_INFO"].strip("/")
    body = _body(_entries[int(number)]) if number.isdigit() else b"ok"
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


def _body(entry: Entry) -> bytes:
    found = []
    with _connection(entry["dsn"]).cursor() as cursor:
        for statement in entry["sql"]:
            cursor.execute(statement)
            found.append(([column.name for column in cursor.description], cursor.fetchall()))
    return write(as_page(entry["page"], found) if "page" in entry else as_rows(found))


def as_page(page: Page, found: list[tuple[list[str], list[Any]]]) -> dict[str, Any]:
    """Return the page of a list from what its statements found."""
    rows = found[page["statement"]][1]
    results = [
        _shown(page["names"], row) | reckoned for row, reckoned in zip(rows, page["reckoned"], strict=False)
    ]
    return {"results": results, **page["rest"]}


def _shown(names: list[str], row: Any) -> dict[str, Any]:
    shown = dict(zip(names, row, strict=True))
    shown.pop("", None)
    return shown


def as_rows(found: list[tuple[list[str], list[Any]]]) -> dict[str, Any]:
    """Return all rows that the statements of a page found."""
    return {"results": [dict(zip(names, row, strict=True)) for names, rows in found for row in rows]}


def write(data: object) -> bytes:
    return orjson.dumps(data, default=str, option=orjson.OPT_UTC_Z)


def _connection(dsn: str) -> Any:
    known = _local.__dict__.setdefault("connections", {})
    if dsn not in known:
        known[dsn] = psycopg2.connect(dsn, options="-c TimeZone=UTC -c jit=off")
        known[dsn].autocommit = True
    return known[dsn]


_entries: list[Entry] = json.loads(Path(path).read_text()) if (path := os.environ.get("BENCH_FLOOR")) else []
