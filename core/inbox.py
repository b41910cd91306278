"""Mine oppgaver: everything a person has to do, in one place.

An app declares ``InboxSource`` values and ``INBOX_SOURCES`` lists them.  Each is one
queryset; the count of all is one query (a UNION), so that the badge in the navigation
costs one query whatever the number of sources.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Count, IntegerField, QuerySet, Value
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.utils.functional import _StrOrPromise as StrOrPromise

    from core.actors import Actor

MAX_PER_SOURCE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One thing to do: a verb, what it is about, why it is yours, and when it is due."""

    verb: StrOrPromise
    title: str
    why: StrOrPromise
    url: str
    due: date | None = None
    where: str = ""
    action: StrOrPromise = field(default=_("Åpne"))

    def bucket(self, today: date) -> str:
        if self.due is not None and self.due < today:
            return "overdue"
        if self.due is not None and self.due <= today + timedelta(days=7 - today.isoweekday()):
            return "this_week"
        return "later"


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxSource:
    """``rows`` returns what waits for an actor; ``task`` turns a row into words."""

    key: str
    rows: Callable[[Actor], QuerySet[Any]]
    task: Callable[[Any, Actor], Task]


@cache
def sources() -> tuple[InboxSource, ...]:
    return tuple(import_string(path) for path in settings.INBOX_SOURCES)


def tasks_of(actor: Actor) -> list[Task]:
    """Return what waits for ``actor``, the most urgent first: one query per source."""
    tasks = [source.task(row, actor) for source in sources() for row in source.rows(actor)[:MAX_PER_SOURCE]]
    return sorted(tasks, key=lambda task: (task.due is None, task.due or date.max, str(task.title)))


def count_of(actor: Actor) -> int:
    """Return how many things wait for ``actor``, in one query."""
    counts = [
        source.rows(actor).order_by().annotate(_one=Value(1, IntegerField())).values("_one")
        .annotate(_count=Count("pk")).values_list("_count")
        for source in sources()
    ]  # fmt: skip
    if not counts:
        return 0
    first, *rest = counts
    return sum(row[0] for row in (first.union(*rest, all=True) if rest else first))


BUCKETS: tuple[tuple[str, StrOrPromise], ...] = (
    ("overdue", _("Forfalt")),
    ("this_week", _("Denne uka")),
    ("later", _("Senere")),
)


def grouped(tasks: Iterable[Task], today: date) -> list[tuple[StrOrPromise, list[Task]]]:
    """Return the tasks under Forfalt, Denne uka and Senere, without empty groups."""
    listed = list(tasks)
    groups = [(label, [task for task in listed if task.bucket(today) == key]) for key, label in BUCKETS]
    return [(label, group) for label, group in groups if group]
