"""Numbers out of querysets, many in one statement."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

_SHAPES = {
    "count": "(select count(*) from ({}) as every)",
    "sum": "(select sum(every.number) from ({}) as every(number))",
    "median": "(select percentile_disc(0.5) within group (order by every.number) from ({}) as every(number))",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One number as SQL."""

    sql: str
    params: tuple[Any, ...] = ()


NONE = Part("null")


def count(rows: QuerySet[Any]) -> Part:
    return _part("count", rows.order_by().values_list("pk")) or Part("0")


def total(rows: QuerySet[Any], column: str) -> Part:
    return _part("sum", rows.order_by().values_list(column)) or NONE


def median(rows: QuerySet[Any], column: str) -> Part:
    """Return the median as it is found among the values themselves."""
    return _part("median", rows.order_by().values_list(column)) or NONE


def _part(shape: str, rows: QuerySet[Any]) -> Part | None:
    try:
        sql, params = rows.query.sql_with_params()
    except EmptyResultSet:
        return None
    return Part(_SHAPES[shape].format(sql), tuple(params))


def ask(parts: Sequence[Part]) -> list[Decimal | None]:
    """Return all the numbers, by one statement."""
    if not parts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {', '.join(part.sql for part in parts)}", [p for part in parts for p in part.params]
        )
        return [None if value is None else Decimal(str(value)) for value in cursor.fetchone()]
