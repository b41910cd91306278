"""One import at a time in a municipality: a lock of the database, which a process that dies lets go of by itself."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import connection
from django.utils.translation import gettext as _

from core.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

_KEY = "hashtextextended(%s, 0)"


def be_alone(municipality_id: int) -> None:
    """Hold the municipality until the transaction ends.

    :raises Refused: another import or undoing is under way there.
    """
    if not _asked("select pg_try_advisory_xact_lock", municipality_id):
        raise Refused(_("Kommunen har en import i gang. Vent til den er ferdig, og prøv igjen."))


@contextmanager
def alone(municipality_id: int) -> Iterator[bool]:
    """Hold the municipality while this lasts, across transactions; gives false where another process has it."""
    got = _asked("select pg_try_advisory_lock", municipality_id)
    try:
        yield got
    finally:
        if got:
            _asked("select pg_advisory_unlock", municipality_id)


def _asked(function: str, municipality_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"{function}({_KEY})", [f"deviation-import/{municipality_id}"])
        return bool(cursor.fetchone()[0])
