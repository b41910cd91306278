"""What should have a message, told by the apps that file: the one place that knows it.

``ARCHIVE_HISTORY`` names the sources (``config/archive.py``) in the order that their messages lie in a folder.  The daily
reconciliation counts what a source tells of that has no message, and an export makes the messages.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import CharField, Exists, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils.module_loading import import_string

from archive.models import ArchiveMessage
from core.retention import REDACTED

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from datetime import datetime

    from django.db.models import Model, QuerySet

    from archive.filing import Draft

_COUNTED = "select %s, count(*) from ({}) as found"
Memo = dict[Any, Any]
"""What the drafts of one subject have read already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What is filed under ``kind`` of the records of a municipality.

    ``happened`` takes a municipality's id and returns a row for each time it happened, annotated with ``subject_pk``
    (what is locked while messages are made: whatever files about it in the meantime locks it too), ``about_pk``
    (what the message is about), ``happened_at``, and ``message_key`` where the key has no number.
    ``draft`` makes what is to be filed of such a row, as it was then.
    """

    kind: str
    subject: type[Model]
    about: type[Model]
    happened: Callable[[int], QuerySet[Any]]
    draft: Callable[[Any, Memo], Draft | None]
    has_fixed_key: bool = False


@dataclass(frozen=True, slots=True)
class Period:
    """From one moment until another, which is not in it; open where there is none."""

    since: datetime | None = None
    until: datetime | None = None

    def within(self, column: str) -> Q:
        found = Q()
        if self.since is not None:
            found &= Q(**{f"{column}__gte": self.since})
        if self.until is not None:
            found &= Q(**{f"{column}__lt": self.until})
        return found


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose history is asked for, of which kinds (all where none is named), and when it happened."""

    municipality_id: int
    kinds: Collection[str] = ()
    period: Period = field(default_factory=Period)

    def sources(self, subject: type[Model] | None = None) -> list[Source]:
        wanted = [one for one in sources() if not self.kinds or one.kind in self.kinds]
        return [one for one in wanted if subject in {None, one.subject}]


@cache
def sources() -> tuple[Source, ...]:
    return tuple(one for path in settings.ARCHIVE_HISTORY for one in import_string(path))


def subjects() -> list[type[Model]]:
    """Return what is walked through, one kind of record after the other."""
    return [model for model, _same in groupby(sources(), key=lambda one: one.subject)]


def missing(source: Source, scope: Scope) -> QuerySet[Any]:
    """Return what happened and has no message, or one that was written before there was anything to send in it."""
    rows = source.happened(scope.municipality_id).filter(scope.period.within("happened_at"))
    filed = ArchiveMessage.objects.exclude(unfilled())
    if source.has_fixed_key:
        return rows.exclude(Exists(filed.filter(key=OuterRef("message_key"))))
    same = filed.filter(
        content_type=ContentType.objects.get_for_model(source.about), object_id=OuterRef("about_pk"), kind=source.kind,
        municipality_id=scope.municipality_id, created_at=OuterRef("happened_at"),
    )  # fmt: skip
    return rows.exclude(Exists(same))


def unfilled() -> Q:
    """Return the condition of messages without content that nobody has filed and nobody has had forgotten."""
    return Q(content={}, status__in=("ready", "failed")) & ~Q(title=REDACTED)


def count_missing(scope: Scope) -> dict[str, int]:
    """Return how much has no message, by kind, in one statement."""
    counts: dict[str, int] = {}
    parts, given = [], []
    for source in scope.sources():
        try:
            sql, params = missing(source, scope).values("subject_pk").query.sql_with_params()
        except EmptyResultSet:
            continue
        parts.append(_COUNTED.format(sql))
        given += [source.kind, *params]
    if not parts:
        return counts
    with connection.cursor() as cursor:
        cursor.execute(" union all ".join(parts), given)
        for kind, number in cursor.fetchall():
            if number:
                counts[kind] = counts.get(kind, 0) + number
    return counts


def key_of(*parts: Any) -> Concat:
    """Return a key in SQL: texts as they are, and the columns that expressions name."""
    written = [Value(one) if isinstance(one, str) else Cast(one, CharField()) for one in parts]
    return Concat(*written, output_field=CharField())


def next_subjects(scope: Scope, model: type[Model], *, after: int, at_most: int) -> list[int]:
    """Return the next records that lack messages, in order."""
    found: set[int] = set()
    for source in scope.sources(model):
        rows = missing(source, scope).filter(subject_pk__gt=after).order_by("subject_pk")
        found.update(rows.values_list("subject_pk", flat=True).distinct()[:at_most])
    return sorted(found)[:at_most]


def drafts_of(scope: Scope, model: type[Model], pk: int) -> Iterable[tuple[datetime, Draft]]:
    """Yield what is missing of one record, in the order that it happened."""
    memo: Memo = {}
    found = [
        (row.happened_at, number, row, source)
        for number, source in enumerate(scope.sources(model))
        for row in missing(source, scope).filter(subject_pk=pk)
    ]
    for at, _number, row, source in sorted(found, key=lambda one: (one[0], one[1], one[2].pk)):
        draft = source.draft(row, memo)
        if draft is not None:
            yield at, draft
