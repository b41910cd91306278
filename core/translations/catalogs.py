"""Catalogs on disk: where they are, bringing them up to date, and the form that Django reads."""

from __future__ import annotations

import datetime as dt
import re
from io import BytesIO
from typing import TYPE_CHECKING

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

if TYPE_CHECKING:
    from pathlib import Path

# A date would make every extraction a change; version control knows when.
_NO_DATE = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def catalog_path(locale: Path, language: str) -> Path:
    """Return where the catalog of ``language`` is, below the folder ``locale``."""
    return locale / language / "LC_MESSAGES" / "django.po"


def languages(locale: Path) -> list[str]:
    """Return the languages that have a catalog."""
    return sorted(path.parent.parent.name for path in locale.glob("*/LC_MESSAGES/django.po"))


def read_catalog(path: Path, language: str) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def updated(path: Path, language: str, source: Catalog) -> bytes:
    """Return the catalog at ``path`` brought up to date with ``source``, as it shall be written.

    Nothing is guessed: a text that was reworded is missing until somebody translates it, and
    its old translation stays at the end, commented out, to be taken from.
    """
    catalog = read_catalog(path, language) if path.is_file() else Catalog(locale=language, project="Stafett")
    catalog.update(source, no_fuzzy_matching=True, update_header_comment=False)
    catalog.fuzzy = False
    catalog.creation_date = catalog.revision_date = _NO_DATE
    catalog.header_comment = "# Stafett: the text in the source is bokmål and is the msgid."
    target = BytesIO()
    write_po(target, catalog, width=100, sort_output=True, include_lineno=False)
    # A new release of the tool is no change of the texts.
    return re.sub(rb'^"Generated-By: .*\n', b"", target.getvalue(), flags=re.MULTILINE)


def update_catalog(locale: Path, language: str, source: Catalog) -> bool:
    """Bring the catalog of ``language`` up to date, and tell whether it changed."""
    path = catalog_path(locale, language)
    content = updated(path, language, source)
    if path.is_file() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return True


def compile_catalog(locale: Path, language: str) -> Path:
    """Write the ``.mo`` file of ``language`` and return where it is.

    Fuzzy entries are left out, as with ``msgfmt``: a guess is worse than bokmål.
    """
    path = catalog_path(locale, language)
    target = path.with_suffix(".mo")
    # Written beside and moved, so that a running server never reads half a file.
    half = target.with_suffix(".part")
    with half.open("wb") as file:
        write_mo(file, read_catalog(path, language), use_fuzzy=False)
    half.replace(target)
    return target
