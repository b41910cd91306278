"""Find cases that are like a text: Norwegian stems and, for what is misspelt, trigrams."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F, Q

if TYPE_CHECKING:
    from deviations.queries import DeviationQuerySet

Rows = TypeVar("Rows", bound="DeviationQuerySet")
_MOST_WORDS = 20
_RANKED = 1000
"""So many of the newest that share a word are ranked: to rank means to read each of them."""


def any_word(text: str) -> SearchQuery | None:
    """Return a query that finds any of the words of ``text``, or ``None`` when it has none."""
    words = list(dict.fromkeys(re.findall(r"[^\W\d_]{3,}", text.replace("\x00", " ").lower())))[:_MOST_WORDS]
    return SearchQuery(" or ".join(words), search_type="websearch", config="norwegian") if words else None


def alike(rows: Rows, text: str) -> Rows:
    """Keep the newest rows with some of the same words, most alike first.

    Filter by visibility before: what may not be read is not looked for either.  Annotations of
    ``rows`` are not kept.
    """
    query = any_word(text)
    if query is None:
        return rows.none()
    newest = rows.filter(Q(search=query)).order_by("-created_at", "-pk").values("pk")[:_RANKED]
    found: Rows = rows.model._default_manager.filter(pk__in=newest)
    return found.annotate(likeness=SearchRank(F("search"), query)).order_by("-likeness", "-pk")
