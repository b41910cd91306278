"""Running numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from organization.models import NumberSeries

if TYPE_CHECKING:
    from collections.abc import Mapping


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


def next_numbers(municipality_id: int, series: str, wanted: Mapping[int, int]) -> dict[int, int]:
    """Take many numbers at once, and return the first of each year: ``wanted`` says how many of which year."""
    table = NumberSeries._meta.db_table
    years = sorted(year for year, count in wanted.items() if count)
    with connection.cursor() as cursor:
        cursor.execute(
            f"insert into {table} (municipality_id, series, year, last) "  # noqa: S608 - own name
            "select %s, %s, year, count from unnest(%s::int[], %s::int[]) as taken(year, count) "
            f"on conflict (municipality_id, series, year) do update set last = {table}.last + excluded.last returning year, last",
            [municipality_id, series, years, [wanted[year] for year in years]],
        )
        return {year: last - wanted[year] + 1 for year, last in cursor.fetchall()}
