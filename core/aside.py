"""A connection beside the one in use: what is written on it others see at once, whatever becomes of the transaction."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import DEFAULT_DB_ALIAS, connections

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.backends.utils import CursorWrapper


@contextmanager
def aside() -> Iterator[CursorWrapper]:
    """Give a cursor that commits by itself.  It waits for rows that the transaction in use has written: leave those alone."""
    link = connections.create_connection(DEFAULT_DB_ALIAS)
    try:
        with link.cursor() as cursor:
            yield cursor
    finally:
        link.close()
