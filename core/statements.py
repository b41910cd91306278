"""Statements whose SQL is built once and run many times.

Building the SQL of a queryset often costs more than running it.  ``prepare`` does it once; what
differs from run to run is a ``Slot``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, OperationalError, connection
from django.db.models import Expression

from core.plans import Plan, Slotted

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence

    from django.db.models import Field, Model, QuerySet

    Converters = Mapping[int, tuple[list[Callable[..., Any]], Any]]
    Row = tuple[Any, ...]

M = TypeVar("M", bound="Model")
MOST_KEPT = 500
"""Statements per process; a long one takes some 10 kB."""


class Slot(Slotted, Expression):
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
    plan: Plan | None = field(default=None, compare=False)

    def rows(self, **given: Any) -> list[Row]:
        """Run the statement with a value for each slot and return what it finds."""
        if not self.sql:
            return []
        found = self._planned_rows(given)
        if found is None:
            found = self._plain_rows(given)
        return list(self._converted(found)) if self.converters else found

    def _planned_rows(self, given: dict[str, Any]) -> list[Row] | None:
        return self.plan.rows(connection, given) if self.plan and settings.DATABASE_KEEPS_PLANS else None

    def _plain_rows(self, given: dict[str, Any]) -> list[Row]:
        params = [given[value.name] if isinstance(value, Slot) else value for value in self.params]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, params)
            found: list[Row] = cursor.fetchall()
        return found

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


def prepare(rows: QuerySet[Any], *, keeps_plan: bool = True) -> Statement:
    """Return the statement of a queryset made with ``values_list``.

    :param keeps_plan: whether connections keep its plan (``core.plans``), for what is asked often and in few forms.
    """
    compiler = rows.query.get_compiler(connection=connection)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return Statement("", (), {})
    columns = [column for column, *_names in compiler.select]
    plan = Plan(sql, params) if keeps_plan else None
    return Statement(sql, tuple(params), compiler.get_converters(columns), plan)


class Shelf:
    """Keeps statements by all that their SQL depends on, and where it says so connections keep their plans."""

    def __init__(self, *, keeps_plans: bool = False) -> None:
        self._kept: dict[Hashable, Statement] = {}
        self._keeps_plans = keeps_plans

    def get(self, key: Hashable, build: Callable[[], QuerySet[Any]]) -> Statement:
        """Return the statement that is kept under ``key``, or else that of the rows that ``build`` returns.

        What needed the database to be built is not kept: what was read there may change.
        """
        known = self._kept.get(key)
        if known is not None:
            return known
        watch = _Watch()
        with connection.execute_wrapper(watch):
            statement = prepare(build(), keeps_plan=self._keeps_plans)
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


@dataclass(frozen=True, slots=True)
class Records(Generic[M]):
    """Records with what they belong to, by a statement that is built once: a queryset with ``select_related``."""

    statement: Statement
    parts: tuple[tuple[str, type[Model], slice], ...]

    def load(self, **given: Any) -> list[M]:
        """Run the statement with a value for each slot and return the records it finds."""
        return [self._record(row) for row in self.statement.rows(**given)]

    def _record(self, row: Row) -> M:
        (_name, model, own), *others = self.parts
        record: Any = model.from_db(DEFAULT_DB_ALIAS, _columns(model), row[own])
        for name, other, place in others:
            values = row[place]
            found = (
                other.from_db(DEFAULT_DB_ALIAS, _columns(other), values)
                if any(v is not None for v in values)
                else None
            )
            setattr(record, name, found)
        return record


def prepare_records(rows: QuerySet[M], *related: str) -> Records[M]:
    """Return the statement that loads ``rows``, each with the records that its fields ``related`` point at."""
    models: list[tuple[str, type[Model]]] = [("", rows.model)]
    models += [(name, rows.model._meta.get_field(name).related_model) for name in related]  # type: ignore[misc]
    parts: list[tuple[str, type[Model], slice]] = []
    names: list[str] = []
    for name, model in models:
        columns = [f"{name}__{column}" if name else column for column in _columns(model)]
        parts.append((name, model, slice(len(names), len(names) + len(columns))))
        names += columns
    return Records(prepare(rows.values_list(*names)), tuple(parts))


@cache
def _columns(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def insert_new(rows: Sequence[M], *, by: str) -> list[M]:
    """Insert those of ``rows`` that break no unique key, in one statement, and return them.

    :param by: the field that tells one row from another.  The keys of the rows are not set.
    """
    if not rows:
        return []
    options = rows[0]._meta
    fields = [field for field in options.concrete_fields if not field.primary_key]
    values = [
        field.get_db_prep_save(getattr(row, field.attname), connection) for row in rows for field in fields
    ]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    line = f"({', '.join(['%s'] * len(fields))})"
    told = options.get_field(by)
    sql = (
        f'insert into "{options.db_table}" ({columns}) values {", ".join([line] * len(rows))}'  # noqa: S608 - own names
        f' on conflict do nothing returning "{told.column}"'  # type: ignore[union-attr]
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        written = {found for (found,) in cursor.fetchall()}
    return [row for row in rows if getattr(row, by) in written]
