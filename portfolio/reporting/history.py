"""Rows as they stood at a moment, read from the event tables.

What happened *when* is ``changed_at``.  Only a deletion has no time of its own there: the event copies the row
that is gone, and is therefore counted from when it was registered.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.history import Tracked

_PART = "select '{name}', coalesce(json_agg(one_row), '[]')::text from ({rows}) as one_row"
_STOOD = """
    select {columns}, pgh_obj_id from (
        select distinct on (pgh_obj_id) {columns}, pgh_obj_id, pgh_label from {table}
        where {where} and changed_at <= %(moment)s and (pgh_label <> 'delete' or pgh_created_at <= %(moment)s)
        order by pgh_obj_id, (pgh_label = 'delete') desc, changed_at desc, pgh_id desc
    ) as latest where pgh_label <> 'delete'
"""
_STANDS = (
    "select {columns}, pgh_obj_id from (select *, id as pgh_obj_id from {table}) as present where {where}"
)


def standing(model: type[Tracked], columns: str, *, where: str, is_now: bool) -> str:
    """Return a statement for the rows of ``model`` as they stood at ``%(moment)s``.

    :param where: a condition on columns that never change for a row.
    :param is_now: whether to read the rows as they are, since nothing has happened after now.
    """
    if is_now:
        return _STANDS.format(table=model._meta.db_table, columns=columns, where=where)
    return _STOOD.format(table=model.pgh_event_model._meta.db_table, columns=columns, where=where)


def read(before: str, parts: Mapping[str, str], values: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of several statements in one, in values that JSON can hold; amounts are texts.

    :param before: what all of them begin with.
    """
    each = " union all ".join(_PART.format(name=name, rows=rows) for name, rows in parts.items())
    with connection.cursor() as cursor:
        cursor.execute(f"{before} {each}", values)
        return {name: json.loads(rows, parse_float=str) for name, rows in cursor.fetchall()}
