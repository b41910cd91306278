"""Build rows inside the database: one INSERT … SELECT per table, the same rows for the same seed.

Chance is a hash of the row's number and a word (``draw``), so that it depends neither on the
order of the rows nor on the plan, and a row is the same in a small and in a large database.
"""

from __future__ import annotations

from contextlib import contextmanager
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import GeneratedField

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from django.db.models import Field, Model

_BITS = 2**53 - 1  # what a double holds exactly


def run(sql: str) -> int:
    """Run a statement and return how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.rowcount)


def rows(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def literal(value: object) -> str:
    """Return a value as SQL text."""
    with connection.cursor() as cursor:
        return str(cursor.cursor.mogrify("%s", [value]).decode())


def draw(word: str, number: str = "g") -> str:
    """Return a number from 0 up to 1 for each row; ``word`` tells one draw from another."""
    return f"((hashtextextended({literal(word)}, {number}) & {_BITS}) / {_BITS + 1}.0::float8)"


def choose(weights: Mapping[str, float], drawn: str) -> str:
    """Return one of the keys for each row, as often as its weight says."""
    total = sum(weights.values())
    starts = [0.0, *accumulate(weight / total for weight in weights.values())][:-1]
    return f"({literal(list(weights))}::text[])[width_bucket({drawn}, {literal(starts)}::float8[])]"


def pick(array: str, drawn: str, *, skew: float = 1) -> str:
    """Return one element of an array for each row; with ``skew`` above 1 the first ones more often."""
    return f"({array})[1 + floor(power({drawn}, {skew}) * cardinality({array}))::int]"


def word_of(words: Sequence[str], drawn: str) -> str:
    return pick(f"{literal(list(words))}::text[]", drawn)


def uuid_of(text: str) -> str:
    """Return a key that is the same for the same text."""
    return f"md5({text})::uuid"


def column_of(field: Field[Any, Any]) -> str:
    """Return the column of a field that has one."""
    assert field.column is not None
    return field.column


def columns_of(model: type[Model]) -> dict[str, Field[Any, Any]]:
    """Return the columns that can be written."""
    fields = model._meta.local_concrete_fields
    return {column_of(field): field for field in fields if not isinstance(field, GeneratedField)}


def insert(model: type[Model], source: str, /, **columns: str) -> int:
    """Write a row of ``model`` for each row of ``source`` (what stands after FROM).

    Columns that are not given get the default of their field or of the database, so that a new
    field with a default asks nothing of the generators.

    :raises ValueError: if the model has no such column.
    """
    fields = columns_of(model)
    if unknown := set(columns) - set(fields):
        raise ValueError(f"{model._meta.label} has no {sorted(unknown)}")
    values = {
        column: columns.get(column) or _default(field)
        for column, field in fields.items()
        if column in columns or not (field.primary_key or field.has_db_default())
    }
    return _insert(model._meta.db_table, values, source)


def insert_links(through: type[Model], source: str, *, first: str, second: str) -> int:
    """Write the rows of a many-to-many relation."""
    left, right = (column_of(field) for field in through._meta.local_concrete_fields if field.is_relation)
    return _insert(through._meta.db_table, {left: first, right: second}, source)


def _insert(table: str, values: Mapping[str, str], source: str) -> int:
    names = ", ".join(f'"{name}"' for name in values)
    return run(f'insert into "{table}" ({names}) select {", ".join(values.values())} from {source}')


def _default(field: Field[Any, Any]) -> str:
    return literal(field.get_db_prep_save(field.get_default(), connection))


def after_last(model: type[Model]) -> int:
    """Return the highest key in use, so that the new rows can be numbered from there."""
    return int(rows(f"select coalesce(max({_key(model)}), 0) from {model._meta.db_table}")[0][0])


def follow_sequence(*models: type[Model]) -> None:
    """Let the sequence of keys go on after the rows that brought their own."""
    for model in models:
        table, key = model._meta.db_table, _key(model)
        run(
            f"select setval(pg_get_serial_sequence('{table}', '{key}'), "
            f"greatest(max({key}), pg_sequence_last_value(pg_get_serial_sequence('{table}', '{key}')::regclass), 1)) from {table}"
        )


def _key(model: type[Model]) -> str:
    assert model._meta.pk is not None
    return column_of(model._meta.pk)


@contextmanager
def without_triggers() -> Iterator[None]:
    """Leave out triggers inside a transaction: the generators write the history themselves.

    Checks and unique keys hold all the same.  Foreign keys are not checked; the tests do that.
    After an error the end of the transaction puts the triggers back.
    """
    run("set local session_replication_role = replica")
    yield
    run("set local session_replication_role = origin")


@contextmanager
def without_search_indexes(model: type[Model]) -> Iterator[None]:
    """Leave out the GIN indexes of a table inside a transaction: built at the end they take a fraction of the time."""
    table = literal(model._meta.db_table)
    found = rows(
        f"select indexname, indexdef from pg_indexes where tablename = {table} and indexdef like '%USING gin%'"
    )
    for name, _definition in found:
        run(f'drop index "{name}"')
    yield
    for _name, definition in found:
        run(definition)
