"""Sum up the counts of months, so that each is read from few rows."""

from __future__ import annotations

from django.db import connection

_SUM_UP = """
with gone as (
    delete from deviations_monthlycount
    where (municipality_id, month) in (select municipality_id, month from deviations_monthlycount where not is_sum)
    returning municipality_id, month, part, key, count, grave
)
insert into deviations_monthlycount (municipality_id, month, part, key, count, grave, is_sum)
select municipality_id, month, part, key, sum(count), sum(grave), true from gone
group by 1, 2, 3, 4 having sum(count) <> 0 or sum(grave) <> 0
"""


def sum_up_counts() -> int:
    """Put one row in place of many for every month that has changed, and return how many rows were written.

    One statement: whoever counts meanwhile reads either what was there or its sum, and what is added meanwhile
    stands beside it until the next time.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SUM_UP)
        return cursor.rowcount
