"""The texts of PDF templates, found where they stand and translated before typst sees them."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation import gettext

if TYPE_CHECKING:
    from collections.abc import Iterator

HOUSE = Path(__file__).resolve().parent / "templates"
_TEXT = re.compile(r"""(?<![\w-])t\(\s*"((?:[^"\\]|\\.)*)\"""")

_COMMENT = re.compile(r"^[ \t]*//.*", re.MULTILINE)


def messages(source: str) -> Iterator[tuple[int, str]]:
    """Yield the line and the text of each ``t("…")`` in the source of a typst template."""
    source = _COMMENT.sub("", source)
    for match in _TEXT.finditer(source):
        text = match[1].replace('\\"', '"').replace("\\\\", "\\")
        yield source.count("\n", 0, match.start()) + 1, text


def translated_texts(template: Path) -> dict[str, str]:
    """Return every text of ``template`` and of the house style in the active language."""
    return {text: gettext(text) for text in _messages_of(template)}


@lru_cache(maxsize=64)
def _messages_of(template: Path) -> tuple[str, ...]:
    sources = [template, *sorted(HOUSE.glob("_*.typ"))]
    found = (text for source in sources for _, text in messages(source.read_text("utf-8")))
    return tuple(dict.fromkeys(found))
