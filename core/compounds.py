"""Take Norwegian compounds apart by a list of words, and know a word in its other forms.

Norwegian writes compounds together, so that neither «medisin» nor «avvik» is a word of
«medisinavvik» to a search.  A compound is taken apart only when all of it is made of words in
the list, joined by nothing, s or e; what the list does not know stays whole.  The lists are
files in the folder of the setting ``VOCABULARY``.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_WORD = re.compile(r"[^\W_]+")
_SHORTEST_WORD, _SHORTEST_COMPOUND, _LONGEST_COMPOUND = 3, 6, 60
_MOST_PARTS = 4
_JOINTS = ("", "s", "e")
_ENDINGS = (
    "",
    "ene",
    "ane",
    "ers",
    "ens",
    "ets",
    "en",
    "et",
    "er",
    "ar",
    "ne",
    "es",
    "e",
    "a",
    "n",
    "r",
    "s",
    "t",
)


class Vocabulary:
    """Words that compounds are made of, general last parts, and other forms of words."""

    def __init__(
        self, words: Iterable[str], heads: Iterable[str] = (), variants: Iterable[list[str]] = ()
    ) -> None:
        self._heads = frozenset(heads)
        self._preferred = {other: first for first, *others in variants for other in others}
        self._words = frozenset(words) | self._heads | self._preferred.keys() | set(self._preferred.values())

    @classmethod
    def read(cls, folder: Path) -> Vocabulary:
        """Return the vocabulary of ``words.txt``, ``heads.txt`` and ``variants.txt`` in ``folder``."""
        words, heads, variants = (
            list(_lines(folder / f"{name}.txt")) for name in ("words", "heads", "variants")
        )
        return cls(chain.from_iterable(words), chain.from_iterable(heads), variants)

    def preferred(self, word: str) -> str:
        """Return ``word`` in the form to use first: «sjukeheimen» is «sykehjem»."""
        known = self._preferred.get(word)
        if known is None:
            known = self._preferred.get(self._base(word) or "", word)
        return known

    def parts(self, word: str) -> tuple[str, ...]:
        """Return the words that a compound is made of, in their base form; nothing for any other word."""
        return _parts(self, word) if _SHORTEST_COMPOUND <= len(word) <= _LONGEST_COMPOUND else ()

    def asked(self, word: str) -> tuple[str, ...]:
        """Return the words to look for instead of ``word``, all of them; nothing when there is no other way."""
        parts = self.parts(word)
        if parts:
            return tuple(part for part in parts if part not in self._heads) or parts
        other = self.preferred(word)
        return (other,) if other != word else ()

    def hidden_in(self, texts: Iterable[str]) -> str:
        """Return what compounds and other forms in ``texts`` hide, each word once, for the search to find them by."""
        found: dict[str, None] = {}
        for text in texts:
            for word in dict.fromkeys(_WORD.findall(text.lower())):
                found |= dict.fromkeys(self.parts(word))
                found |= dict.fromkeys([self.preferred(word)] if self.preferred(word) != word else [])
        return " ".join(found)

    def _base(self, word: str) -> str | None:
        """Return the word of the list that ``word`` is, with or without an ending."""
        for ending in _ENDINGS:
            if not word.endswith(ending):
                continue
            stem = word.removesuffix(ending) if ending else word
            for base in (stem, stem + "e") if ending else (stem,):
                if len(base) >= _SHORTEST_WORD and base in self._words:
                    return base
            if (
                ending
                and stem[-1:] == stem[-2:-1]
                and len(stem) > _SHORTEST_WORD
                and stem[:-1] in self._words
            ):
                return stem[:-1]
        return None

    def _split(self, word: str) -> tuple[str, ...]:
        return () if self._base(word) else min(self._ways(word, _MOST_PARTS), key=len, default=())

    def _ways(self, word: str, at_most: int) -> Iterator[tuple[str, ...]]:
        """Yield the ways to read ``word`` as words of the list, the longest first word first."""
        whole = self._base(word)
        if whole:
            yield (self._preferred.get(whole, whole),)
            return
        if at_most == 1:
            return
        for cut in range(len(word) - _SHORTEST_WORD, _SHORTEST_WORD - 1, -1):
            first = word[:cut]
            if first in self._words:
                for joint in _JOINTS:
                    rest = word[cut:].removeprefix(joint)
                    if word[cut:].startswith(joint) and len(rest) >= _SHORTEST_WORD:
                        for others in self._ways(rest, at_most - 1):
                            yield (self._preferred.get(first, first), *others)


@lru_cache(maxsize=20_000)
def _parts(words: Vocabulary, word: str) -> tuple[str, ...]:
    return words._split(word)


@cache
def vocabulary() -> Vocabulary:
    """Return the vocabulary of the installation."""
    return Vocabulary.read(Path(settings.VOCABULARY))


def _lines(path: Path) -> Iterator[list[str]]:
    """Yield the words of each line; what follows # is not read."""
    for line in path.read_text("utf-8").splitlines():
        if words := line.partition("#")[0].split():
            yield words
