"""What the words of a catalogue say about its types, built once per version of the catalogue.

A keyword is one word or an expression of several.  All words are stems by PostgreSQL's Norwegian
stemmer, the same as in the search.  What is rare in the catalogue counts most (inverse document
frequency); a word inside a compound, or one with a letter wrong, counts less than the word itself.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.compounds import vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    Stems = Mapping[str, str]
    Found = dict[str, float]

_WORD = re.compile(r"[^\W_]+")
_MOST_WORDS = 120
_LONGEST_WORD = 40
SHORTEST_PART, _PARTED_FROM, _MISSPELT_FROM = 3, 7, 5
# Weights, tuned on tests/data/reports_development.yaml with half of the keywords left out at random.
_IN_NAME, _AS_PART, _MISSPELT, _EXPRESSION = 0.5, 0.6, 0.6, 1.6
_MOST_PARTS = 3
# An expression counts when its words stand within its length and so many words more.
_GAP = 3


@dataclass(frozen=True, slots=True)
class TypeWords:
    """One type of the catalogue as the guide reads it."""

    pk: int
    name: str
    keywords: str


def words_of(text: str) -> list[str]:
    """Return the words of a text in lower case, each in the form the vocabulary prefers; long texts are cut."""
    found = _WORD.findall(text.replace("\x00", " ").lower())[:_MOST_WORDS]
    return [vocabulary().preferred(word[:_LONGEST_WORD]) for word in found]


def with_parts(words: Iterable[str]) -> set[str]:
    """Return the words together with all that may stand inside the long ones: what needs stems."""
    return {piece for word in words for piece in (word, *_pieces(word))}


def _pieces(word: str) -> Iterator[str]:
    """Yield the beginnings and ends of a long word, the longest first, with and without the s that joins."""
    if len(word) < _PARTED_FROM:
        return
    for length in range(len(word) - SHORTEST_PART, SHORTEST_PART - 1, -1):
        beginning = word[:length]
        yield beginning
        if beginning.endswith("s") and length > SHORTEST_PART:
            yield beginning[:-1]
        yield word[-length:]


def _one_letter_less(stem: str) -> Iterator[str]:
    yield stem
    for place in range(len(stem)):
        yield stem[:place] + stem[place + 1 :]


@dataclass(frozen=True)
class Guide:
    """The keywords of one catalogue, ready to be asked."""

    words: dict[str, dict[int, float]]
    expressions: dict[str, list[tuple[tuple[str, ...], dict[int, float]]]]
    known: frozenset[str]
    misspelt: dict[str, set[str]] = field(repr=False)

    @classmethod
    def of(cls, types: Iterable[TypeWords], stems_of: Callable[[set[str]], Stems]) -> Guide:
        """Build the guide; ``stems_of`` answers with the stem of each word, empty for a word that says nothing."""
        entries = [entry for row in types for entry in _entries(row)]
        stems = stems_of({word for _pk, words, _weight in entries for word in words})
        words: dict[str, dict[int, float]] = defaultdict(dict)
        expressions: dict[tuple[str, ...], dict[int, float]] = defaultdict(dict)
        for pk, parts, weight in entries:
            if len(parts) > 1:
                expressions[tuple(stems.get(part) or part for part in parts)][pk] = weight
            elif stem := stems.get(parts[0]):
                words[stem][pk] = max(weight, words[stem].get(pk, 0))
        count = len({pk for pk, _words, _weight in entries})
        return cls._weighed(words, expressions, count)

    @classmethod
    def _weighed(
        cls,
        words: dict[str, dict[int, float]],
        expressions: dict[tuple[str, ...], dict[int, float]],
        count: int,
    ) -> Guide:
        known = frozenset(words) | {stem for stems in expressions for stem in stems}
        by_first = defaultdict(list)
        for stems, types in expressions.items():
            worth = _EXPRESSION * math.sqrt(len(stems) - 1)
            by_first[stems[0]].append((stems, _by_rarity(types, count, worth)))
        misspelt: dict[str, set[str]] = defaultdict(set)
        for stem in known:
            if len(stem) >= _MISSPELT_FROM - 1:
                for less in _one_letter_less(stem):
                    misspelt[less].add(stem)
        weighed = {stem: _by_rarity(types, count, 1) for stem, types in words.items()}
        return cls(weighed, dict(by_first), known, dict(misspelt))

    def best(self, words: list[str], stems: Stems, limit: int) -> list[int]:
        """Return the types that the words speak for, the strongest first."""
        spots: dict[str, list[int]] = defaultdict(list)
        strength: Found = {}
        for place, word in enumerate(words):
            for stem, value in self._read(word, stems).items():
                spots[stem].append(place)
                strength[stem] = max(value, strength.get(stem, 0))
        scores: dict[int, float] = defaultdict(float)
        for stem, value in strength.items():
            for pk, worth in self.words.get(stem, {}).items():
                scores[pk] += worth * value
            for expression, types in self.expressions.get(stem, ()):
                if _stand_together(expression, spots):
                    least = min(strength[part] for part in expression)
                    for pk, worth in types.items():
                        scores[pk] += worth * least
        return sorted(scores, key=lambda pk: (-scores[pk], pk))[:limit]

    def _read(self, word: str, stems: Stems) -> Found:
        """Return the known stems in a word: itself, else what it may be a misspelling of, else those inside it."""
        stem = stems.get(word) or word
        if stem in self.known:
            return {stem: 1}
        near = self._near(stem) if len(stem) >= _MISSPELT_FROM else []
        if near:
            return dict.fromkeys(near, _MISSPELT)
        inside = dict.fromkeys(stems.get(piece) or piece for piece in _pieces(word))
        return dict.fromkeys([part for part in inside if part in self.known][:_MOST_PARTS], _AS_PART)

    def _near(self, stem: str) -> list[str]:
        """Return the known stems with the same first letter that differ from ``stem`` by one letter."""
        near = {known for less in _one_letter_less(stem) for known in self.misspelt.get(less, ())}
        return sorted(known for known in near if known[0] == stem[0])


def _entries(row: TypeWords) -> Iterator[tuple[int, list[str], float]]:
    for entry in row.keywords.split(","):
        if words := words_of(entry):
            yield row.pk, words, 1.0
    for word in words_of(row.name):
        yield row.pk, [word], _IN_NAME


def _by_rarity(types: Mapping[int, float], count: int, worth: float) -> dict[int, float]:
    rarity = math.log(1 + count / len(types))
    return {pk: weight * worth * rarity for pk, weight in types.items()}


def _stand_together(expression: tuple[str, ...], spots: Mapping[str, list[int]]) -> bool:
    """Tell whether all words of an expression stand near one of the places of its first."""
    if not all(part in spots for part in expression):
        return False
    reach = len(expression) + _GAP
    for start in spots[expression[0]]:
        nearest = [min(spots[part], key=lambda place: abs(place - start)) for part in expression]
        if max(nearest) - min(nearest) < reach:
            return True
    return False
