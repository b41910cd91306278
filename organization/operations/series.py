"""Running numbers."""

from __future__ import annotations

from django.db import connection

from organization.models import NumberSeries


def next_number(municipality_id: int, series: str, year: int) -> int:
    """Return the next number of a series; two at once never get the same.

    The row is locked until the transaction ends, so an aborted one leaves no gap.
    """
    table = NumberSeries._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"insert into {table} (municipality_id, series, year, last) values (%s, %s, %s, 1) "  # noqa: S608 - own name
            f"on conflict (municipality_id, series, year) do update set last = {table}.last + 1 returning last",
            [municipality_id, series, year],
        )
        return int(cursor.fetchone()[0])
