"""Find initiatives by what everybody may know of them."""

from __future__ import annotations

from django.db.models import Q

from core.finding import contains
from core.textsearch import search_query


def on_card(text: str, path: str) -> Q:
    """Return the condition that the initiative at ``path`` has ``text`` in its number or public title.

    Whole words find their inflected forms too, as in the list of initiatives.
    """
    found = Q(**{f"{path}search_card": search_query(text)})
    return found | contains(f"{path}card_title", text) | contains(f"{path}number", text)
