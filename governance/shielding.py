"""What a public title tells of what is shielded."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from governance.models import Initiative

_WORD = re.compile(r"\w{4,}")
_STEM = 5
# What titles of measures are full of, and tells nothing.
_EVERYWHERE = frozenset(
    [
        "anskaffelse",
        "bedre",
        "digital",
        "digitale",
        "digitalt",
        "etter",
        "felles",
        "innføring",
        "kommune",
        "kommunen",
        "kommunens",
        "løsning",
        "mellom",
        "mindre",
        "mot",
        "ny",
        "nye",
        "nytt",
        "over",
        "prosjekt",
        "samarbeid",
        "system",
        "tiltak",
        "under",
        "utvikling",
        "ved",
    ]
)


def repeated_words(initiative: Initiative) -> list[str]:
    """Return the words of the public title of a shielded case that stand in its own title too, also in another form.

    A hint to whoever writes the title: only people know which words are to be hidden.
    """
    if not initiative.is_shielded:
        return []
    own = _telling(initiative.title)
    return [word for word in _telling(initiative.public_title) if any(_alike(word, other) for other in own)]


def _telling(title: str) -> list[str]:
    return list(dict.fromkeys(word for word in _WORD.findall(title.casefold()) if word not in _EVERYWHERE))


def _alike(one: str, other: str) -> bool:
    """Tell whether two words are the same, or begin so alike that the one tells of the other."""
    return one == other or (min(len(one), len(other)) >= _STEM and one[:_STEM] == other[:_STEM])
