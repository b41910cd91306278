"""Suggest a type from what somebody wrote: words shared with its name and keywords, the rare ones counting most."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.db import connection

from deviations.models import DeviationType

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_WORDS = 120
_SHORTEST_PART = 4
_PARTED_FROM = 7
# A word counts by how few types share it (inverse document frequency); in the name it counts half again.
_SCORES = """
with given as (select unnest(tsvector_to_array(to_tsvector('norwegian', %(text)s))) as lexeme),
     hits as (
        select type.id, type.position, word.lexeme, 'A' = any(word.weights) as in_name
        from deviations_deviationtype type cross join lateral unnest(type.search) word(lexeme, positions, weights)
        where type.municipality_id = %(municipality)s and type.is_active and word.lexeme in (select lexeme from given)
     ),
     worth as (select lexeme, ln(1 + 100.0 / count(distinct id)) as value from hits group by lexeme)
select id from hits join worth using (lexeme)
group by id, position
order by sum(value * case when in_name then 1.5 else 1 end) desc, position, id
limit %(limit)s
"""


def suggest_types(municipality_id: int, text: str, limit: int = 3) -> list[DeviationType]:
    """Return the types that fit ``text`` best, at most ``limit``, in two queries; none when no word is known."""
    words = " ".join(_with_parts(text))
    if not words:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_SCORES, {"text": words, "municipality": municipality_id, "limit": limit})
        ids = [row[0] for row in cursor.fetchall()]
    found = DeviationType.objects.in_bulk(ids)
    return [found[pk] for pk in ids]


def _with_parts(text: str) -> Iterator[str]:
    """Yield each word, and the beginnings and ends of long ones, since compounds hide the words we know."""
    for word in re.findall(r"[^\W\d_]{2,}", text.replace("\x00", " ").lower())[:_MOST_WORDS]:
        yield word
        if len(word) >= _PARTED_FROM:
            for cut in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
                yield word[:cut]
                yield word[cut:]
