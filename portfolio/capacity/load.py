"""How much of each role is there and in use, month by month: one statement for all roles and months.

What covers a part of a month counts for the days it covers, so a half position for half of April is a quarter
of an *årsverk* in April.  Sums are kept as days, in which they are exact, and only divided when they are shown.
What was granted to a project that has ended counts until the day it ended.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import DateField, F, Func, Value

from portfolio.capacity.months import shared_days

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

_COVERED = "least(to_on, month + days - 1) - greatest(from_on, month) + 1"
SUMS = """
months as (
    select month::date as month, (month + interval '1 month')::date - month::date as days
    from generate_series({first}::date::timestamp, {last}::date::timestamp, interval '1 month') as month
),
spans as (
    select role_id, 'capacity' as part, false as is_here, from_on, coalesce(to_on, 'infinity'::date) as to_on, work_years
    from {capacities} where role_id in (select id from roles)
    union all
    select role_id, 'absence', false, from_on, to_on, work_years from {absences} where role_id in (select id from roles)
    union all
    select role_id, 'granted', {here}, granted_from, least(granted_to, {ended_on}), granted
    from {requests} join {projects} on project.id = request.project_id
    where role_id in (select id from roles) and request.status = 'granted'
    union all
    select role_id, 'waiting', {here}, from_on, to_on, work_years
    from {requests} join {projects} on project.id = request.project_id
    where role_id in (select id from roles) and request.status = 'requested' and project.status in ('active', 'paused')
),
sums as (
    select roles.id as role, month, days,
           coalesce(sum(work_years * covered) filter (where part = 'capacity'), 0) as capacity,
           coalesce(sum(work_years * covered) filter (where part = 'absence'), 0) as absence,
           coalesce(sum(work_years * covered) filter (where part = 'granted'), 0) as granted,
           coalesce(sum(work_years * covered) filter (where part = 'waiting'), 0) as waiting,
           coalesce(sum(work_years * covered) filter (where part = 'granted' and is_here), 0) as granted_here,
           coalesce(sum(work_years * covered) filter (where part = 'waiting' and is_here), 0) as waiting_here
    from roles cross join months left join lateral (
        select part, is_here, work_years, least(to_on, month + days - 1) - greatest(from_on, month) + 1 as covered from spans
        where spans.role_id = roles.id and from_on < month + days and to_on >= month and to_on >= from_on
    ) as counted on true
    group by roles.id, month, days
)"""
_ENDED_ON = """case when project.status in ('stopped', 'completed')
    then (project.status_since at time zone 'Europe/Oslo')::date end"""
IS_OVER = "granted > greatest(capacity - absence, 0)"


def sums_of(first: str, last: str, **tables: str) -> str:
    """Return named rows, with ``sums`` last, for a statement that has ``roles`` before them.

    :param first: the place of the first day of a month, and ``last`` that of a day in the last one.
    :param tables: what is read instead of the tables as they stand, each under the name of one row.
    """
    live = {
        "capacities": "portfolio_capacity", "absences": "portfolio_absence", "requests": "portfolio_resourcerequest as request",
        "projects": "portfolio_project as project", "here": "true",
    }  # fmt: skip
    return SUMS.format(first=first, last=last, ended_on=_ENDED_ON, **(live | tables))


_ALL = f"""
with roles as (select unnest(%(roles)s::bigint[]) as id), {sums_of("%(first)s", "%(last)s")}
select role, month, days, capacity, absence, granted, waiting from sums order by role, month
"""  # noqa: S608 (places of our own)


class _FirstMonthOver(Func):
    """The first month in which more of a role is granted than is available, or null."""

    arity = 3
    output_field = DateField()

    def as_sql(
        self, compiler: Any, connection: Any, *_args: Any, **_options: Any
    ) -> tuple[str, tuple[Any, ...]]:
        compiled = [compiler.compile(one) for one in self.get_source_expressions()]
        (role, first, last), params = zip(*compiled, strict=True)
        found = f"select month from sums where {IS_OVER} order by month limit 1"  # noqa: S608 (a condition of our own)
        sql = f"(with roles as (select {role} as id), {sums_of(first, last)} {found})"
        return sql, tuple(chain.from_iterable(params))


@dataclass(frozen=True, slots=True)
class Load:
    """One role in one month.  ``days`` is how long the month is; the sums are *årsverk* times days."""

    role: int
    month: date
    days: int
    capacity_days: Decimal = Decimal(0)
    absence_days: Decimal = Decimal(0)
    granted_days: Decimal = Decimal(0)
    waiting_days: Decimal = Decimal(0)

    @property
    def capacity(self) -> Decimal:
        return self.capacity_days / self.days

    @property
    def absence(self) -> Decimal:
        return self.absence_days / self.days

    @property
    def granted(self) -> Decimal:
        return self.granted_days / self.days

    @property
    def waiting(self) -> Decimal:
        return self.waiting_days / self.days

    @property
    def available_days(self) -> Decimal:
        return max(self.capacity_days - self.absence_days, Decimal(0))

    @property
    def available(self) -> Decimal:
        """What is left when absence is taken from the capacity."""
        return self.available_days / self.days

    @property
    def ratio(self) -> Decimal | None:
        """How much of what is available has been granted, or ``None`` where nothing is available."""
        return self.granted_days / self.available_days if self.available_days else None

    @property
    def is_over(self) -> bool:
        return self.granted_days > self.available_days

    @property
    def over(self) -> Decimal:
        """How much more has been granted than is available."""
        return max(self.granted_days - self.available_days, Decimal(0)) / self.days

    def with_grant(self, span: Span) -> Load:
        """Return the month as it would be with one more grant."""
        return replace(self, granted_days=self.granted_days + span.days_in(self.month))

    def without_grant(self, span: Span) -> Load:
        return replace(self, granted_days=self.granted_days - span.days_in(self.month))


@dataclass(frozen=True, slots=True)
class Span:
    """So many *årsverk* from a day to a day, both included."""

    work_years: Decimal
    from_on: date
    to_on: date

    def days_in(self, month: date) -> Decimal:
        """Return the *årsverk* times the days of the month that the period covers."""
        return self.work_years * shared_days(month, self.from_on, self.to_on)


def loads_of(roles: Iterable[int], first: date, last: date) -> dict[int, list[Load]]:
    """Return each role's months from that of ``first`` to that of ``last``, in one statement."""
    ids = list(roles)
    if not ids:
        return {}
    values: dict[str, Any] = {"roles": ids, "first": first.replace(day=1), "last": last}
    with connection.cursor() as cursor:
        cursor.execute(_ALL, values)
        rows = cursor.fetchall()
    found: dict[int, list[Load]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(Load(*row))
    return found


def first_month_over(role: str, first: date, last: date) -> Func:
    """Return the first month in which more is granted than is available, for the role in a column."""
    return _FirstMonthOver(F(role), Value(first.replace(day=1)), Value(last))


def by_weight(loads: Iterable[Load]) -> list[Load]:
    """Return the months, the one with the largest load first; one with grants and no capacity is larger than any."""
    return sorted(loads, key=lambda load: (-_weight(load), load.month))


def _weight(load: Load) -> Decimal:
    if load.ratio is not None:
        return load.ratio
    return Decimal("Infinity") if load.granted_days else Decimal(-1)


def worst_of(loads: Iterable[Load]) -> Load | None:
    return next(iter(by_weight(loads)), None)
