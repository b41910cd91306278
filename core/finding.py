"""Look for what somebody typed in several places at once, each place through its own index.

A condition with OR across tables uses no index: PostgreSQL joins and reads every row.  Each
place therefore gets a statement part of its own, which stops at the length of a page; the
planner follows the order of the list where the word is common, and the index where it is rare.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db.models import Q

if TYPE_CHECKING:
    from typing import Self

    from django.db.models import QuerySet

SHORTEST = 3
"""A trigram index knows parts of words from this length on."""


def is_long_enough(text: str) -> bool:
    """Tell whether ``text`` has a word that can be found inside others."""
    return any(len(word) >= SHORTEST for word in text.split())


def contains(column: str, text: str) -> Q:
    """Return the condition that ``column`` has every word of ``text`` somewhere, inside words too.

    ``column`` needs a trigram index.  A text with short words only is found nowhere.
    """
    if not is_long_enough(text):
        return Q(pk__in=[])
    condition = Q()
    for word in text.split():
        condition &= Q(**{f"{column}__iregex": re.escape(word)})
    return condition


@dataclass(frozen=True, slots=True)
class AnyOf:
    """The rows that fit at least one of ``ways``; takes the place of a queryset in ``core.paging.keyset``."""

    rows: QuerySet[Any]
    ways: tuple[Q, ...]

    def filter(self, *conditions: Q, **named: Any) -> Self:
        return replace(self, rows=self.rows.filter(*conditions, **named))

    def order_by(self, *names: str) -> Self:
        return replace(self, rows=self.rows.order_by(*names))

    @property
    def every(self) -> QuerySet[Any]:
        """All that fit, however many they are, to be counted."""
        first, *others = (self.rows.filter(way).values("pk") for way in self.ways)
        return self.rows.filter(pk__in=first.union(*others, all=True))

    def __getitem__(self, wanted: slice) -> QuerySet[Any]:
        """Return the first rows, in the order given before; ``wanted`` begins at the start."""
        first, *others = (self.rows.filter(way).values("pk")[wanted] for way in self.ways)
        return self.rows.filter(pk__in=first.union(*others, all=True))[wanted]
