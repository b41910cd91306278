"""Read CSV files in the shapes that Excel, bank systems and people make them."""

from __future__ import annotations

import codecs
import csv
from io import StringIO
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO

from django.utils.translation import gettext

from core.spreadsheets.tables import TableError

if TYPE_CHECKING:
    from collections.abc import Iterator

# In this order when several fit: a semicolon is what Excel writes in Norway, and a comma in
# such a file is usually the decimal sign.
_DELIMITERS = (";", "\t", ",")
_LOOKED_AT = 30
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def looks_like_formula(text: str) -> bool:
    """Tell whether a spreadsheet might run ``text``; leading spaces and apostrophes do not stop it.

    Such text is written behind an apostrophe, and read without it.
    """
    return text.lstrip(" '").startswith(_FORMULA_STARTS)


def read_lines(fileobj: BinaryIO, name: str) -> Iterator[tuple[int, tuple[str | None, ...]]]:
    """Yield the number of the line that each record begins on, and its cells.

    :raises TableError: if it is not text, or a quotation mark is never closed.
    """
    text = _decoded(fileobj.read(), name)
    first_line = 1
    delimiter = ""
    if text[:4].lower() == "sep=":  # Excel's own way of saying it
        declaration, _, text = text.partition("\n")
        delimiter = declaration[4:5]
        first_line = 2
    return _records(text, delimiter or _delimiter(text), first_line)


def _records(text: str, delimiter: str, first_line: int) -> Iterator[tuple[int, tuple[str | None, ...]]]:
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = first_line + reader.line_num
        try:
            cells = next(reader, None)
        except csv.Error as broken:
            raise TableError(
                gettext("Raden kan ikke leses. Kontroller anførselstegnene."), line=line
            ) from broken
        if cells is None:
            return
        yield line, tuple(_cell(cell) for cell in cells)


def _cell(text: str) -> str | None:
    bare = text.strip()
    if bare.startswith("'") and looks_like_formula(bare):
        bare = bare[1:].strip()
    return bare or None


def _decoded(content: bytes, name: str) -> str:
    text = _text(content)
    if "\0" in text:
        raise TableError(
            gettext("«%(name)s» er verken en CSV-fil eller et Excel-regneark. Lagre den som XLSX eller CSV.")
            % {"name": name}
        )
    return text


def _text(content: bytes) -> str:
    encodings = ["utf-8-sig", "cp1252"]
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings.insert(0, "utf-16")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def _delimiter(text: str) -> str:
    """Return the delimiter that gives most of the first rows as many cells as the heading."""
    return max(_DELIMITERS, key=lambda delimiter: _agreement(text, delimiter))


def _agreement(text: str, delimiter: str) -> float:
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    try:
        widths = [len(cells) for cells in islice(filter(any, reader), _LOOKED_AT)]
    except csv.Error:
        return 0.0
    if not widths or widths[0] == 1:
        return 0.0
    return widths.count(widths[0]) / len(widths)
