"""Find people and services by what is typed: every word, wherever it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.db.models import Q

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

M = TypeVar("M", bound="Model")
_MOST_WORDS = 10


def people_matching(rows: QuerySet[M], text: str) -> QuerySet[M]:
    """Keep the people who have every word in name or position."""
    return _with_words(rows, text, ("name", "title"))


def services_matching(rows: QuerySet[M], text: str) -> QuerySet[M]:
    """Keep the services that have every word in their own name or that of their unit."""
    return _with_words(rows, text, ("name", "unit__name"))


def _with_words(rows: QuerySet[M], text: str, columns: tuple[str, ...]) -> QuerySet[M]:
    for word in text.split()[:_MOST_WORDS]:
        found = Q()
        for column in columns:
            found |= Q(**{f"{column}__icontains": word})
        rows = rows.filter(found)
    return rows
