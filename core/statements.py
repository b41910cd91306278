"""Statements whose SQL is built once and run many times.

Building the SQL of a queryset often costs more than running it.  ``prepare`` does it once; what
differs from run to run is a ``Slot``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet
from django.db import OperationalError, connection
from django.db.models import Expression

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Mapping

    from django.db.models import Field, QuerySet

    Converters = Mapping[int, tuple[list[Callable[..., Any]], Any]]
    Row = tuple[Any, ...]

MOST_KEPT = 500
"""Statements per process; a long one takes some 10 kB."""


class Slot(Expression):
    """A value that is given when the statement is run, such as the place of a cursor."""

    def __init__(self, name: str, output_field: Field[Any, Any]) -> None:
        super().__init__(output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return "%s", (self,)


@dataclass(frozen=True, slots=True)
class Statement:
    """The SQL of a queryset of tuples.  An empty text stands for one that cannot find anything."""

    sql: str
    params: Row
    converters: Converters

    def rows(self, **given: Any) -> list[Row]:
        """Run the statement with a value for each slot and return what it finds."""
        if not self.sql:
            return []
        params = [given[value.name] if isinstance(value, Slot) else value for value in self.params]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, params)
            found: list[Row] = cursor.fetchall()
        return list(self._converted(found)) if self.converters else found

    def first_rows(self, **given: Any) -> list[Row]:
        """Run the statement as the first of a request, in place of the health check of its connection.

        Where the connection is gone, because the server was restarted since, it runs once more on a new one.
        """
        connection.health_check_done = True  # type: ignore[attr-defined]
        try:
            return self.rows(**given)
        except OperationalError:
            if connection.in_atomic_block:
                raise
            connection.close()
            return self.rows(**given)

    def _converted(self, rows: list[Row]) -> Iterator[Row]:
        for row in map(list, rows):
            for at, (functions, column) in self.converters.items():
                for convert in functions:
                    row[at] = convert(row[at], column, connection)
            yield tuple(row)


def prepare(rows: QuerySet[Any]) -> Statement:
    """Return the statement of a queryset made with ``values_list``."""
    compiler = rows.query.get_compiler(connection=connection)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return Statement("", (), {})
    columns = [column for column, *_names in compiler.select]
    return Statement(sql, tuple(params), compiler.get_converters(columns))


class Shelf:
    """Keeps statements by all that their SQL depends on."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, Statement] = {}

    def get(self, key: Hashable, build: Callable[[], QuerySet[Any]]) -> Statement:
        """Return the statement that is kept under ``key``, or else that of the rows that ``build`` returns.

        What needed the database to be built is not kept: what was read there may change.
        """
        known = self._kept.get(key)
        if known is not None:
            return known
        watch = _Watch()
        with connection.execute_wrapper(watch):
            statement = prepare(build())
        if not watch.has_read:
            self._keep(key, statement)
        return statement

    def _keep(self, key: Hashable, statement: Statement) -> None:
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        self._kept[key] = statement


class _Watch:
    """Notices whether anything is asked of the database."""

    has_read = False

    def __call__(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        self.has_read = True
        return execute(*arguments)
