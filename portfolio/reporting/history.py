"""Rows as they stood at a moment, read from the event tables.

What happened *when* is ``changed_at``.  Only a deletion has no time of its own there: the event copies the row
that is gone, and is therefore counted from when it was registered.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.history import Tracked

_STANDING = """
    select * from (
        select distinct on (pgh_obj_id) {columns}, pgh_obj_id, pgh_label from {table}
        where {where} and changed_at <= %(moment)s and (pgh_label <> 'delete' or pgh_created_at <= %(moment)s)
        order by pgh_obj_id, (pgh_label = 'delete') desc, changed_at desc, pgh_id desc
    ) as latest where pgh_label <> 'delete'
"""


def standing(model: type[Tracked], columns: str, *, where: str) -> str:
    """Return a statement for the rows of ``model`` as they stood at ``%(moment)s``.

    :param where: a condition on columns that never change for a row.
    """
    return _STANDING.format(table=model.pgh_event_model._meta.db_table, columns=columns, where=where)


def read(sql: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the rows of a statement, in values that JSON can hold."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, map(_plain, row), strict=True)) for row in cursor.fetchall()]


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date | datetime) else value
