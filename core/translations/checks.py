"""What is wrong with a catalog, one line per problem."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from core.translations.catalogs import catalog_path, read_catalog

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from babel.messages.catalog import Catalog, Message

# ``%(name)s`` and ``%d`` are checked by Babel too, but only where it guesses the format.
_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}|</?\w+")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_SHOWN = 60


def problems_of(locale: Path, language: str, source: Catalog) -> list[str]:
    """Return what keeps the catalog of ``language`` from being complete and right.

    Texts that are rightly the same in both languages stand in ``locale/<language>/identical.txt``,
    one on each line.
    """
    catalog = read_catalog(catalog_path(locale, language), language)
    allowed = _allowed(locale / language / "identical.txt")
    problems = [*_difference(catalog, source)]
    for message in catalog:
        if message.id:
            problems += [
                f"{_shown(message)}: {problem}" for problem in _wrong_with(message, catalog, allowed)
            ]
    return problems


def _difference(catalog: Catalog, source: Catalog) -> Iterator[str]:
    marked = {_key(message): message for message in source if message.id}
    known = {_key(message): message for message in catalog if message.id}
    for key in marked.keys() - known.keys():
        yield f"{_shown(marked[key])}: not in the catalog, run extract_messages"
    for key in known.keys() - marked.keys():
        yield f"{_shown(known[key])}: no longer in the source, run extract_messages"
    for message in catalog.obsolete.values():
        yield f"{_shown(message)}: obsolete, take what is of use and delete it"


def _wrong_with(message: Message, catalog: Catalog, allowed: set[str]) -> Iterator[str]:
    originals, translations = _forms(message.id), _forms(message.string)
    if not translations or not all(translations):
        yield "not translated"
        return
    if message.fuzzy:
        yield "fuzzy: somebody must confirm it"
    for error in message.check(catalog):
        yield str(error)
    wanted = set(_PLACEHOLDER.findall(originals[-1]))
    for form in translations:
        found = set(_PLACEHOLDER.findall(form))
        # A singular may leave its number out: «en dag».
        if not found <= wanted or (len(translations) == 1 and found != wanted):
            yield f"other placeholders or tags: {', '.join(sorted(found ^ wanted))}"
    if translations[0] == originals[0] and originals[0] not in allowed and _LETTERS.search(originals[0]):
        yield "the same as in bokmål: translate it, or add it to identical.txt"


def _forms(text: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [text] if isinstance(text, str) else list(text or ())


def _key(message: Message) -> tuple[str, ...]:
    return (message.context or "", *_forms(message.id))


def _shown(message: Message) -> str:
    text = " ".join(_forms(message.id)[0].split())
    return f"«{text if len(text) <= _SHOWN else text[:_SHOWN] + '…'}»"


def _allowed(path: Path) -> set[str]:
    return set(path.read_text("utf-8").splitlines()) if path.is_file() else set()
