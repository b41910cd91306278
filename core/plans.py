"""Plans that PostgreSQL keeps for a connection, for statements that take longer to plan than to run.

Such a statement is prepared on the connection the second time it is run there; from then on only its values are sent.
Values are its slots, and all keys of rows, paths of units and digests in it, so that people of one kind share one plan.
The setting ``DATABASE_KEEPS_PLANS`` turns it off, as a pooler that lends connections for single transactions needs.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from itertools import count
from sys import intern
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from django.db import DatabaseError
from psycopg2.extensions import AsIs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.db.models import Field

MOST_TEXT = 600_000
"""Letters of the statements that a connection keeps plans of; a plan takes some hundred bytes of memory for each."""
MOST_ASKED = 200
"""How many statements that were run once are remembered."""
_KEY = re.compile(r"[0-9A-Z]{4,}%?|[0-9a-f]{64}")


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

    def values(self, given: dict[str, Any]) -> list[Any]:
        return [given[one.name] if isinstance(one, Slotted) else one for one in self._put_in]

    def text(self, cursor: Any) -> str:
        """Return the statement after its name: the types of its places, and the text with all other values in it."""
        if not self._text:
            types = f"({self._types})" if self._types else ""
            self._text = intern(f"{types} as {cursor.mogrify(self._sql, self._marked).decode()}")
        return self._text

    def rows(self, connection: Any, given: dict[str, Any]) -> list[tuple[Any, ...]] | None:
        """Return what the statement finds, or nothing where it must be run without a plan that is kept.

        :raises DatabaseError: it failed, and stands in a transaction that is spoilt by it, or the connection is gone.
        """
        with connection.cursor() as cursor:
            raw = cursor.connection
            kept = _kept.setdefault(raw, _Kept())
            text, values = self.text(cursor), self.values(given)
            if not kept.is_asked_again(text):
                return None
            try:
                cursor.execute(kept.call(text, len(values)), values)
                found: list[tuple[Any, ...]] = cursor.fetchall()
            except DatabaseError:
                kept.forget()
                if connection.in_atomic_block or raw.closed:
                    raise
                return None
        return found


def _type(value: Any) -> str | None:
    """Return the type of the place that a value is put into, or nothing where it stands in the text."""
    from django.db import connection

    if isinstance(value, Slotted):
        return value.output_field.db_type(connection)
    if isinstance(value, list):
        types = {_type(one) for one in value}
        return f"{types.pop()}[]" if len(types) == 1 and types != {None} else None
    if isinstance(value, int) and not isinstance(value, bool):
        return "bigint"
    return "text" if isinstance(value, str) and _KEY.fullmatch(value) else None


class _Kept:
    """What one connection has prepared, and under which names; what was asked for last stands last."""

    def __init__(self) -> None:
        self._names: OrderedDict[str, str] = OrderedDict()
        self._asked: OrderedDict[int, None] = OrderedDict()
        self._numbers = count(1)
        self._is_unsure = False

    def is_asked_again(self, text: str) -> bool:
        """Tell whether a statement was run before, of late: what is asked once is not worth a plan that is kept."""
        if text in self._names or hash(text) in self._asked:
            return True
        self._asked[hash(text)] = None
        if len(self._asked) > MOST_ASKED:
            self._asked.popitem(last=False)
        return False

    def call(self, text: str, places: int) -> str:
        """Return the SQL that runs a statement by its plan, and makes the plan first where there is none."""
        known = text in self._names
        before = "" if known else "".join(f"{one}; " for one in self._preparing(text))
        self._names.move_to_end(text)
        given = f"({', '.join(['%s'] * places)})" if places else ""
        return f"{before}execute {self._names[text]}{given}"

    def forget(self) -> None:
        """Begin anew: what is prepared may be gone, or be of use no more."""
        self._names.clear()
        self._is_unsure = True

    def _preparing(self, text: str) -> Iterator[str]:
        if self._is_unsure:
            self._is_unsure = False
            yield "deallocate all"
        while self._names and sum(map(len, self._names)) + len(text) > MOST_TEXT:
            yield f"deallocate {self._names.popitem(last=False)[1]}"
        name = self._names[text] = f"kept_{next(self._numbers)}"
        yield f"prepare {name}{text.replace('%', '%%')}"


_kept: WeakKeyDictionary[Any, _Kept] = WeakKeyDictionary()
