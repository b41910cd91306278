"""Mine oppgaver: everything a person has to do, in one place.

An app declares ``InboxSource`` values and ``INBOX_SOURCES`` lists them.  Each is one
queryset; the count of all is one query (a UNION), so that the badge in the navigation
costs one query whatever the number of sources, and built once per person and day.

Nobody works with more than the most urgent, so nothing here reads or counts more than
``MOST_TASKS``, however much waits.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import IntegerField, Value
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from core.formats import COUNT_LIMIT
from core.statements import Shelf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.db.models import QuerySet
    from django.utils.functional import _StrOrPromise as StrOrPromise

    from core.actors import Actor

MOST_TASKS = COUNT_LIMIT
PAGE_SIZE = 25
LAST_PAGE = MOST_TASKS // PAGE_SIZE
_counts = Shelf(keeps_plans=True)


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
        return "later" if self.due is not None else "undated"


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxSource:
    """``rows`` returns what waits for an actor, the most urgent first; ``task`` turns a row into words.

    Of ``rows`` at most ``MOST_TASKS`` are read.  What an actor can never have, such as that of
    another role, is ``none()``, and costs nothing.
    """

    key: str
    rows: Callable[[Actor], QuerySet[Any]]
    task: Callable[[Any, Actor], Task]


@cache
def sources() -> tuple[InboxSource, ...]:
    return tuple(import_string(path) for path in settings.INBOX_SOURCES)


@dataclass(frozen=True, slots=True)
class TaskPage:
    """Some of what waits, in its order.  Pages are numbered from 1."""

    tasks: list[Task]
    number: int
    has_more: bool
    total: int

    @property
    def is_all(self) -> bool:
        return self.number == 1 and not self.has_more

    @property
    def first(self) -> int:
        return (self.number - 1) * PAGE_SIZE + 1

    @property
    def last(self) -> int:
        return self.first + len(self.tasks) - 1

    @property
    def previous_url(self) -> str:
        return f"?side={self.number - 1}" if self.number > 1 else ""

    @property
    def next_url(self) -> str:
        return f"?side={self.number + 1}" if self.has_more and self.number < LAST_PAGE else ""

    @property
    def is_cut(self) -> bool:
        """Tell whether more waits than is shown on any page, until some of this is done."""
        return self.has_more and self.number == LAST_PAGE


class Inbox:
    """What waits for one actor.

    One query tells how much each source has; then only those that have something are asked for it.
    """

    def __init__(self, actor: Actor) -> None:
        self._actor = actor

    @cached_property
    def total(self) -> int:
        """How many things wait, at most ``MOST_TASKS``."""
        return min(self._waiting.total(), MOST_TASKS)

    @cached_property
    def _waiting(self) -> Counter[int]:
        counted = _counts.get((self._actor.scope, timezone.localdate()), self._all_rows)
        return Counter(place for (place,) in counted.rows())

    def _all_rows(self) -> QuerySet[Any]:
        """Return a row for each thing that waits, with the place of its source."""
        first, *rest = (
            source.rows(self._actor).order_by().annotate(source_place=Value(place, IntegerField()))
            .values_list("source_place")[:MOST_TASKS]
            for place, source in enumerate(sources())
        )  # fmt: skip
        return first.union(*rest, all=True)

    def tasks(self, at_most: int = MOST_TASKS) -> list[Task]:
        """Return the most urgent of what waits; what is equally urgent keeps the order of its source."""
        asked = [source for place, source in enumerate(sources()) if self._waiting[place]]
        tasks = [
            source.task(row, self._actor) for source in asked for row in source.rows(self._actor)[:at_most]
        ]
        tasks.sort(key=lambda task: (task.due is None, task.due or date.max))
        return tasks[:at_most]

    def page(self, number: int) -> TaskPage:
        """Return that page of what waits, or the last there is.

        What stands on the pages before it is read too, since the sources are put in order here.
        """
        asked = min(max(number, 1), LAST_PAGE)
        tasks = self.tasks(asked * PAGE_SIZE + 1)
        found = min(asked, max(1, -(-len(tasks) // PAGE_SIZE)))
        end = found * PAGE_SIZE
        return TaskPage(tasks[end - PAGE_SIZE : end], found, len(tasks) > end, self.total)


BUCKETS: tuple[tuple[str, StrOrPromise], ...] = (
    ("overdue", _("Forfalt")),
    ("this_week", _("Denne uka")),
    ("later", _("Senere")),
    ("undated", _("Uten frist")),
)


def grouped(tasks: Iterable[Task], today: date) -> list[tuple[StrOrPromise, list[Task]]]:
    """Return the tasks under Forfalt, Denne uka, Senere and Uten frist, without empty groups."""
    listed = list(tasks)
    groups = [(label, [task for task in listed if task.bucket(today) == key]) for key, label in BUCKETS]
    return [(label, group) for label, group in groups if group]
