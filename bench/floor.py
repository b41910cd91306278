"""The raw floor: the same SQL by psycopg2 and orjson in a bare WSGI function, under the same server.

``BENCH_FLOOR`` names a JSON file with a list of ``{"dsn": …, "sql": […]}``; ``/3`` answers
with the rows of the fourth.
"""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import psycopg2

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_entries: list[dict[str, Any]] = json.loads(Path(os.environ["BENCH_FLOOR"]).read_text())
_local = threading.local()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer one entry; anything that is no number says that the server is up."""
    number = environ["PATH_INFO"].strip("/")
    body = _rows(_entries[int(number)]) if number.isdigit() else b"ok"
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


def _rows(entry: dict[str, Any]) -> bytes:
    found: list[dict[str, Any]] = []
    with _connection(entry["dsn"]).cursor() as cursor:
        for statement in entry["sql"]:
            cursor.execute(statement)
            names = [column.name for column in cursor.description]
            found += [dict(zip(names, row, strict=True)) for row in cursor]
    return orjson.dumps({"results": found}, default=str)


def _connection(dsn: str) -> Any:
    known = _local.__dict__.setdefault("connections", {})
    if dsn not in known:
        known[dsn] = psycopg2.connect(dsn)
        known[dsn].autocommit = True
    return known[dsn]
