"""In which order rows are locked: what shows that two at once wait for each other, and never for ever."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOCKED = re.compile(r'FROM "(\w+)".* FOR (?:NO KEY )?UPDATE', re.DOTALL)


@contextmanager
def locked_tables() -> Iterator[list[str]]:
    """Give the tables that rows are locked in inside the block, in that order."""
    tables: list[str] = []
    # A plan that is kept is run by its name, which tells no table.
    with override_settings(DATABASE_KEEPS_PLANS=False), CaptureQueriesContext(connection) as queries:
        yield tables
    tables.extend(match[1] for query in queries if (match := _LOCKED.search(query["sql"])))
