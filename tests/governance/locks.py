"""In which order rows are locked: what shows that two at once wait for each other, and never for ever."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import TYPE_CHECKING, Any

from django.db import connection, connections
from django.test.utils import CaptureQueriesContext, override_settings

from core.workflow import TransitionBlocked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_LOCKED = re.compile(r'FROM "(\w+)".* FOR (?:NO KEY )?UPDATE', re.DOTALL)


@contextmanager
def locked_tables() -> Iterator[list[str]]:
    """Give the tables that rows are locked in inside the block, in that order."""
    tables: list[str] = []
    # A plan that is kept is run by its name, which tells no table.
    with override_settings(DATABASE_KEEPS_PLANS=False), CaptureQueriesContext(connection) as queries:
        yield tables
    tables.extend(match[1] for query in queries if (match := _LOCKED.search(query["sql"])))


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Do all at the same time, each on a connection of its own, and return what came of each."""
    ready = Barrier(len(deeds))

    def run(deed: Callable[[], Any]) -> Any:
        ready.wait()
        try:
            return deed()
        except TransitionBlocked as blocked:
            return blocked
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))
