"""Suggest types from what somebody writes, while it is written: two queries, and no type's text is read again."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import orjson
from django.db import connection

from deviations.guide import Guide, TypeWords, with_parts, words_of
from deviations.models import DeviationType

if TYPE_CHECKING:
    from collections.abc import Mapping

_CATALOGUES_KEPT = 64
_STEMS = """
select coalesce(jsonb_object_agg(word, coalesce((ts_lexize('norwegian_stem', word))[1], '')), '{}'::jsonb)
from unnest(%s::text[]) word
"""
# The stamp is what changes when a type is added, edited, taken out of use or removed.
_STAMP_AND_STEMS = f"""
select concat_ws(' ', count(*), sum(version), count(*) filter (where is_active), max(changed_at)), ({_STEMS})::text
from deviations_deviationtype where municipality_id = %s
"""  # noqa: S608 - made of constants


def suggest_types(municipality_id: int, text: str, limit: int = 3) -> list[DeviationType]:
    """Return the types that fit ``text`` best, at most ``limit``; none when no word is known."""
    words = words_of(text)
    if not words:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_STAMP_AND_STEMS, [list(with_parts(words)), municipality_id])
        stamp, stems = cursor.fetchone()
    ids = _guide(municipality_id, stamp).best(words, _decoded(stems), limit)
    found = DeviationType.objects.in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


@lru_cache(maxsize=_CATALOGUES_KEPT)
def _guide(municipality_id: int, _stamp: str) -> Guide:
    """Return what the municipality's words say; one is kept per version of a catalogue."""
    rows = DeviationType.objects.filter(municipality_id=municipality_id).active().order_by("position", "pk")
    return Guide.of([TypeWords(*row) for row in rows.values_list("pk", "name", "keywords")], _stems)


def _stems(words: set[str]) -> Mapping[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(f"select ({_STEMS})::text", [list(words)])
        return _decoded(cursor.fetchone()[0])


def _decoded(stems: str) -> Mapping[str, str]:
    decoded: dict[str, str] = orjson.loads(stems)
    return decoded
