"""Find every text that is marked for translation: in Python, in templates, in PDF templates."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING, Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract as extract_from
from django.utils.translation import templatize

from core.pdf.texts import messages as typst_messages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

# As ``xgettext`` has them: which argument is the text, its plural, its context.
KEYWORDS: dict[str, Any] = {
    name + lazy: places
    for name, places in {
        "_": None,
        "gettext": None,
        "gettext_noop": None,
        "ngettext": (1, 2),
        "pgettext": ((1, "c"), 2),
        "npgettext": ((1, "c"), 2, 3),
    }.items()
    for lazy in ("", "_lazy")
}
COMMENTS = ["Translators:"]
# Folders of the project in which nothing is shown to the people who use it.
NOT_SHOWN = {
    "bench",
    "devstack",
    "docs",
    "locale",
    "media",
    "migrations",
    "node_modules",
    "requirements",
    "staticfiles",
    "tests",
}

Found = tuple[int, Any, list[str], str | None]  # line, text or (text, plural), comments, context


def extract(root: Path) -> Catalog:
    """Return a catalog without translations of everything that is marked in the project at ``root``."""
    catalog = Catalog(project="Stafett", charset="utf-8")
    for path in sorted(_sources(root)):
        name = path.relative_to(root).as_posix()
        for line, text, comments, context in _READERS[path.suffix](path):
            catalog.add(text, locations=[(name, line)], auto_comments=comments, context=context)
    return catalog


def _sources(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.is_dir():
            if path.name not in NOT_SHOWN and not path.name.startswith("."):
                yield from _sources(path)
        elif path.suffix in _READERS:
            yield path


def _in_python(path: Path) -> Iterator[Found]:
    yield from _in_source(path.read_text("utf-8"))


def _in_template(path: Path) -> Iterator[Found]:
    # What Django leaves is words in lines, and Python would read their indentation.
    source = templatize(path.read_text("utf-8"), origin=str(path))
    yield from _in_source(re.sub(r"^[ \t]+", "", source, flags=re.MULTILINE))


def _in_source(source: str) -> Iterator[Found]:
    yield from extract_from("python", BytesIO(source.encode()), KEYWORDS, COMMENTS, {"encoding": "utf-8"})


def _in_typst(path: Path) -> Iterator[Found]:
    for line, text in typst_messages(path.read_text("utf-8")):
        yield line, text, [], None


_READERS: dict[str, Callable[[Path], Iterator[Found]]] = {
    ".py": _in_python,
    ".html": _in_template,
    ".txt": _in_template,
    ".typ": _in_typst,
}
