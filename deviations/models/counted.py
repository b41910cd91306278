"""How many plain cases a municipality had each month, kept beside the cases by their own triggers.

A case that comes, changes or goes adds rows with what it adds or takes away, in the transaction of the change, so that
their sum is always what counting the cases would give.  Nobody waits for anybody: rows are only added, and a job sums
them up (``deviations.operations.counts``).  Confidential cases and drafts are never in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from deviations.models.status import OPEN, SEVERE, Status
from organization.models import Unit

if TYPE_CHECKING:
    from collections.abc import Callable

_HOUR, _DAY = 3600, 86400
_COUNTED = (
    "municipality_id", "created_at", "status", "is_confidential", "category", "type_id", "severity", "reported_severity",
    "reported_at", "answered_at", "closed_at",
)  # fmt: skip


class Part(models.TextChoices):
    """What a row is a count of: all cases, those of one category, and so on; the key says which."""

    ALL = "all", _("Alle")
    CATEGORY = "category", _("Kategori")
    TYPE = "type", _("Type")
    SEVERITY = "severity", _("Alvorlighet")
    ANSWER = "answer", _("Tid til første svar")
    CLOSING = "closing", _("Tid til lukking")


class MonthlyCount(models.Model):
    """What changes of cases add to the count of one part of a month.  Only the sum of the rows means anything."""

    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    month = models.DateField()
    part = models.CharField(max_length=10, choices=Part.choices)
    key = models.CharField(max_length=30, blank=True)
    count = models.IntegerField()
    grave = models.IntegerField()
    is_sum = models.BooleanField(default=False, db_default=False)

    class Meta:
        verbose_name = _("månedstall")
        verbose_name_plural = _("månedstall")
        indexes = [
            models.Index(
                fields=["municipality", "month"],
                include=["part", "key", "count", "grave"],
                name="count_of_month",
            ),
            models.Index(
                fields=["municipality", "month"], name="count_not_summed", condition=models.Q(is_sum=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.part} {self.key}: {self.count}"


def seconds(since: str, until: str) -> str:
    """Return how long something took as SQL."""
    return f"date_part('epoch', {until} - {since})"


def in_steps(taken: str) -> str:
    """Return seconds as SQL in the steps that they are told in: whole hours, from two days whole days."""
    by = f"case when {taken} < {2 * _DAY - _HOUR // 2} then {_HOUR} else {_DAY} end"
    return f"round({taken} / {by}) * {by}"


def _told(since: str, until: str) -> str:
    return in_steps(seconds(since, until))


def to_answer(row: str, length: Callable[[str, str], str] = seconds) -> str:
    """Return the time to the first answer as SQL: infinite while the reporter waits, null where no answer is owed."""
    return f"""case when {row}.answered_at is not null then {length(f"{row}.reported_at", f"{row}.answered_at")}
        when {row}.status not in ('{Status.MERGED}', '{Status.CLOSED}') then 'infinity'::float8 end"""


def to_close(row: str, length: Callable[[str, str], str] = seconds) -> str:
    """Return the time to closing as SQL: infinite while the case is open, null where it ended otherwise."""
    still_open = ", ".join(f"'{state}'" for state in sorted(OPEN))
    return f"""case when {row}.status = '{Status.CLOSED}' then {length(f"{row}.reported_at", f"{row}.closed_at")}
        when {row}.status in ({still_open}) then 'infinity'::float8 end"""


def parts_of(row: str, sign: int) -> str:
    """Return what one case adds (1) or takes away (-1) as SQL: a table of month, part, key, count and grave."""
    severe = ", ".join(str(int(severity)) for severity in sorted(SEVERE))
    judged = f"coalesce({row}.severity, {row}.reported_severity, 0)"
    return f"""
        select date_trunc('month', {row}.created_at at time zone '{settings.TIME_ZONE}')::date as month, part, key,
            {sign} as count, case when {judged} in ({severe}) then {sign} else 0 end as grave
        from (values ('{Part.ALL}', ''), ('{Part.CATEGORY}', {row}.category), ('{Part.TYPE}', coalesce({row}.type_id::text, '')),
            ('{Part.SEVERITY}', {judged}::text), ('{Part.ANSWER}', ({to_answer(row, _told)})::text),
            ('{Part.CLOSING}', ({to_close(row, _told)})::text)) as parts (part, key)
        where key is not null
    """  # noqa: S608 - own names


def plain(row: str) -> str:
    """Return whether a case is counted at all, as SQL."""
    return f"not {row}.is_confidential and {row}.status <> '{Status.DRAFT}'"


def _facts(row: str) -> str:
    return f"row({', '.join(f'{row}.{name}' for name in _COUNTED)})"


def _write(*changes: tuple[str, int]) -> str:
    rows = " union all ".join(
        f"select {row}.municipality_id, part.* from ({parts_of(row, sign)}) as part where {plain(row)}"  # noqa: S608 - own names
        for row, sign in changes
    )
    return f"""
    insert into deviations_monthlycount (municipality_id, month, part, key, count, grave)
    select municipality_id, month, part, key, sum(count), sum(grave) from ({rows}) as changed
    group by 1, 2, 3, 4 having sum(count) <> 0 or sum(grave) <> 0;
    return null;
    """  # noqa: S608 - own names


FILL = f"""
    insert into deviations_monthlycount (municipality_id, month, part, key, count, grave, is_sum)
    select d.municipality_id, month, part, key, sum(count), sum(grave), true
    from deviations_deviation d, lateral ({parts_of("d", 1)}) as part where {plain("d")} group by 1, 2, 3, 4
"""  # noqa: S608 - own names
"""Counts all cases that there are, into an empty table."""

TRIGGERS = [
    pgtrigger.Trigger(
        name="count_new", when=pgtrigger.After, operation=pgtrigger.Insert, func=_write(("new", 1)),
        condition=pgtrigger.Condition(plain("new")),
    ),
    pgtrigger.Trigger(
        name="count_change", when=pgtrigger.After, operation=pgtrigger.UpdateOf(*_COUNTED),
        condition=pgtrigger.Condition(f"{_facts('old')} is distinct from {_facts('new')}"),
        func=_write(("old", -1), ("new", 1)),
    ),
    pgtrigger.Trigger(
        name="count_gone", when=pgtrigger.After, operation=pgtrigger.Delete, func=_write(("old", -1)),
        condition=pgtrigger.Condition(plain("old")),
    ),
]  # fmt: skip
"""On the table of cases."""
