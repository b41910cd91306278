"""Plans that PostgreSQL keeps for a connection, for statements that take longer to plan than to run.

Such a statement is prepared on the connection the second time it is run there; from then on only its values are sent.
Values are its slots, and all keys of rows, paths of units and digests in it, so that people of one kind share one plan.
The setting ``DATABASE_KEEPS_PLANS`` turns it off, as a pooler that lends connections for single transactions needs.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from hashlib import blake2b
from itertools import count
from sys import intern
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from django.db import DatabaseError, ProgrammingError
from psycopg2.extensions import AsIs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.db.models import Field

MOST_TEXT = 600_000
"""Letters of the statements that a connection keeps plans of; a plan takes some hundred bytes of memory for each."""
MOST_ASKED = 200
"""How many statements that were run once are remembered."""
_KEY = re.compile(r"[0-9A-Z]{4,}%?|[0-9a-f]{64}")
_LARGEST = 2**31 - 1
_LISTS = {"integer": "integer[]", "bigint": "bigint[]", "unknown": "text[]"}


class Slotted:
    """What is given when a statement is run: a name and a type."""

    name: str
    output_field: Field[Any, Any]


class Plan:
    """A statement as it is prepared: its text with numbered places, and what is put into them."""

    def __init__(self, sql: str, params: Sequence[Any]) -> None:
        types = [_type(one) for one in params]
        numbers = count(1)
        self._sql = sql
        self._marked = [
            AsIs(f"${next(numbers)}") if kind else one for kind, one in zip(types, params, strict=True)
        ]
        self._types = ", ".join(filter(None, types))
        self._put_in = [one for kind, one in zip(types, params, strict=True) if kind]
        self._text = ""
        self._name = ""

    def values(self, given: dict[str, Any]) -> list[Any]:
        return [given[one.name] if isinstance(one, Slotted) else one for one in self._put_in]

    def prepared(self, cursor: Any) -> tuple[str, str]:
        """Return the statement's name, which is told by its text, and that: the types of its places, and all else in it."""
        if not self._name:
            types = f"({self._types})" if self._types else ""
            self._text = intern(f"{types} as {cursor.mogrify(self._sql, self._marked).decode()}")
            self._name = f"kept_{blake2b(self._text.encode(), digest_size=16).hexdigest()}"
        return self._name, self._text

    def rows(self, connection: Any, given: dict[str, Any]) -> list[tuple[Any, ...]] | None:
        """Return what the statement finds, or nothing where it must be run without a plan that is kept.

        :raises DatabaseError: it failed, and stands in a transaction that is spoilt by it, or the connection is gone.
        """
        with connection.cursor() as cursor:
            raw = cursor.connection
            kept = _kept.setdefault(raw, _Kept())
            (name, text), values = self.prepared(cursor), self.values(given)
            if not kept.is_asked_again(name):
                return None
            try:
                cursor.execute(kept.call(name, text, len(values)), values)
                found: list[tuple[Any, ...]] = cursor.fetchall()
            except DatabaseError as error:
                kept.forget(name if isinstance(error, ProgrammingError) else "")
                if connection.in_atomic_block or raw.closed:
                    raise
                return None
        return found


def _type(value: Any) -> str | None:
    """Return the type of the place that a value is put into, or nothing where it stands in the text.

    It is the one that PostgreSQL takes the value for where it is written into the text.
    """
    if isinstance(value, Slotted):
        from django.db import connection

        return value.output_field.db_type(connection)
    if isinstance(value, list):
        types = {_type(one) for one in value}
        return _LISTS.get(types.pop() or "") if len(types) == 1 else None
    if isinstance(value, int) and not isinstance(value, bool):
        return "integer" if abs(value) <= _LARGEST else "bigint"
    return "unknown" if isinstance(value, str) and _KEY.fullmatch(value) else None


class _Kept:
    """The names of what one connection has prepared, with the length of each text; what was asked for last stands last."""

    def __init__(self) -> None:
        self._lengths: OrderedDict[str, int] = OrderedDict()
        self._asked: OrderedDict[str, None] = OrderedDict()
        self._refused: set[str] = set()
        self._is_unsure = False

    def is_asked_again(self, name: str) -> bool:
        """Tell whether a statement was run before, of late: what is asked once is not worth a plan that is kept."""
        if name in self._lengths or name in self._asked:
            return name not in self._refused
        self._asked[name] = None
        if len(self._asked) > MOST_ASKED:
            self._asked.popitem(last=False)
        return False

    def call(self, name: str, text: str, places: int) -> str:
        """Return the SQL that runs a statement by its plan, and makes the plan first where there is none."""
        before = "" if name in self._lengths else "".join(f"{one}; " for one in self._preparing(name, text))
        self._lengths.move_to_end(name)
        given = f"({', '.join(['%s'] * places)})" if places else ""
        return f"{before}execute {name}{given}"

    def forget(self, refused: str) -> None:
        """Begin anew: what is prepared may be gone, or be of use no more.

        :param refused: the name of a statement that cannot be prepared, and is not tried again.
        """
        if refused:
            self._refused.add(refused)
        self._lengths.clear()
        self._is_unsure = True

    def _preparing(self, name: str, text: str) -> Iterator[str]:
        if self._is_unsure:
            self._is_unsure = False
            yield "deallocate all"
        while self._lengths and sum(self._lengths.values()) + len(text) > MOST_TEXT:
            yield f"deallocate {self._lengths.popitem(last=False)[0]}"
        self._lengths[name] = len(text)
        yield f"prepare {name}{text.replace('%', '%%')}"


_kept: WeakKeyDictionary[Any, _Kept] = WeakKeyDictionary()
