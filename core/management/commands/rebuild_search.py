"""Write anew what the search finds compounds by, for all rows that have it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import connection, transaction

from core.compounds import vocabulary
from core.textsearch import HiddenWords

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import Model

_BATCH = 2000


class Command(BaseCommand):
    help = "Write the words that compounds hide where they are not as the vocabulary has them; run again at any time."

    def handle(self, *args: Any, **options: Any) -> None:
        for model, field in _columns():
            self.stdout.write(f"{model._meta.label}: {rebuild(model, field)} rows written")


def rebuild(model: type[Model], field: HiddenWords) -> int:
    """Write ``field`` of all rows where it is not what it should be, and return how many that were."""
    written, last = 0, 0
    while rows := _next_rows(model, field, last):
        last = rows[-1][0]
        written += _write(model, field, rows)
    return written


def _next_rows(model: type[Model], field: HiddenWords, last: int) -> list[Any]:
    rows = model._base_manager.filter(pk__gt=last).order_by("pk")
    return list(rows.values_list("pk", field.attname, *field.of)[:_BATCH])


def _write(model: type[Model], field: HiddenWords, rows: list[Any]) -> int:
    """Update in one statement the rows that differ, apart from those that somebody has saved meanwhile."""
    wanted = [(pk, held, vocabulary().hidden_in(texts)) for pk, held, *texts in rows]
    changed = [row for row in wanted if row[1] != row[2]]
    if not changed:
        return 0
    table, column = (connection.ops.quote_name(name) for name in (model._meta.db_table, field.attname))
    statement = f"""
        update {table} row set {column} = given.words
        from unnest(%s::bigint[], %s::text[], %s::text[]) given(id, held, words)
        where row.id = given.id and row.{column} = given.held
    """  # noqa: S608 - names of the model
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [list(part) for part in zip(*changed, strict=True)])
        return int(cursor.rowcount)


def _columns() -> Iterator[tuple[type[Model], HiddenWords]]:
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, HiddenWords):
                yield model, field
