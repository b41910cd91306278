"""Find cases that are like a text: Norwegian stems, compounds apart, and for what is misspelt trigrams."""

from __future__ import annotations

import re
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING, TypeVar

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F, Q

from core.compounds import vocabulary
from core.conditions import is_among_chosen, without_index

if TYPE_CHECKING:
    from core.actors import Actor
    from deviations.queries import DeviationQuerySet

Rows = TypeVar("Rows", bound="DeviationQuerySet")
_MOST_WORDS = 20
_MOST_LIKE, _SHORTEST_LIKE = 5, 4
_RANKED, _NEARLY_ALL = 400, 0.4
"""So many of the newest are ranked: to rank means to read each of them."""


def any_word(text: str) -> SearchQuery | None:
    """Return a query that finds any of the words of ``text``, or ``None`` when it has none."""
    given = re.findall(r"[^\W\d_]{3,}", text.replace("\x00", " ").lower())
    spread = [word for one in given for word in (one, *vocabulary().asked(one))]
    words = list(dict.fromkeys(spread))[:_MOST_WORDS]
    return SearchQuery(" or ".join(words), search_type="websearch", config="norwegian") if words else None


def alike(rows: Rows, text: str, actor: Actor) -> Rows:
    """Keep the newest rows with some of the same words that ``actor`` reads, most alike first.

    What may not be read is not looked for either.  Where nearly all have one of the words, which is so for
    most texts, the newest are compared whatever their words.  Annotations of ``rows`` are not kept.
    """
    from deviations.newest import first_visible_to
    from deviations.queries import sign_of_common

    query = any_word(text)
    if query is None:
        return rows.none()
    newest_first = ("-created_at", "-pk")
    having = rows.with_words_for(actor).filter(search=query).visible_to(actor).order_by(*newest_first)
    among = is_among_chosen(
        "pk", sign_of_common(query, _NEARLY_ALL),
        first_visible_to(actor)(rows, newest_first, _RANKED).values("pk"), having.values("pk")[:_RANKED],
    )  # fmt: skip
    found = rows.model._default_manager.filter(among, without_index(Q(search=query))).with_words_for(actor)
    return found.annotate(likeness=SearchRank(F("search"), query)).order_by("-likeness", "-pk")


def resembling(rows: Rows, text: str) -> Rows:
    """Keep the rows whose description has something like each word of ``text``, letters missing or wrong.

    Through the trigram index; words shorter than four letters are like too much and are not asked for.
    """
    words = [
        word for word in re.findall(r"[^\W_]+", text.replace("\x00", " ")) if len(word) >= _SHORTEST_LIKE
    ]
    condition = reduce(and_, (Q(description__trigram_word_similar=word) for word in words[:_MOST_LIKE]), Q())
    found = rows.filter(condition) if words else rows.none()
    found.have_rare_words = True
    return found
