"""Find cases that are like a text: Norwegian stems, compounds apart, and for what is misspelt trigrams."""

from __future__ import annotations

import re
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING, TypeVar

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F, Q

from core.compounds import vocabulary

if TYPE_CHECKING:
    from deviations.queries import DeviationQuerySet

Rows = TypeVar("Rows", bound="DeviationQuerySet")
_MOST_WORDS = 20
_MOST_LIKE, _SHORTEST_LIKE = 5, 4
_RANKED = 1000
"""So many of the newest that share a word are ranked: to rank means to read each of them."""


def any_word(text: str) -> SearchQuery | None:
    """Return a query that finds any of the words of ``text``, or ``None`` when it has none."""
    given = re.findall(r"[^\W\d_]{3,}", text.replace("\x00", " ").lower())
    spread = [word for one in given for word in (one, *vocabulary().asked(one))]
    words = list(dict.fromkeys(spread))[:_MOST_WORDS]
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


def resembling(rows: Rows, text: str) -> Rows:
    """Keep the rows whose description has something like each word of ``text``, letters missing or wrong.

    Through the trigram index; words shorter than four letters are like too much and are not asked for.
    """
    words = [
        word for word in re.findall(r"[^\W_]+", text.replace("\x00", " ")) if len(word) >= _SHORTEST_LIKE
    ]
    condition = reduce(and_, (Q(description__trigram_word_similar=word) for word in words[:_MOST_LIKE]), Q())
    return rows.filter(condition) if words else rows.none()
