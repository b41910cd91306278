"""Read the first sheet of an XLSX file.

openpyxl's own read-only sheet fills every gap that the file claims to have, up to the last
row and column of Excel, and does not tell of merged cells.  Its parser does neither, and is
used here directly.
"""

from __future__ import annotations

import datetime as dt
import warnings
import zipfile
import zlib
from decimal import Decimal
from typing import TYPE_CHECKING, Any, BinaryIO
from xml.etree.ElementTree import ParseError

from django.utils.translation import gettext
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._reader import WorkSheetParser

from core.safezip import UnsafeZip, open_zip
from core.spreadsheets.tables import TableError, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAX_UNPACKED = 64_000_000
_MAX_LINES = 200_000
_MAX_WIDTH = 1_000
# What openpyxl, expat and zlib raise on files that are not what they claim.
_BROKEN = (
    ArithmeticError,
    AttributeError,
    EOFError,
    InvalidFileException,
    LookupError,
    NotImplementedError,
    OSError,
    ParseError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)


def read_lines(fileobj: BinaryIO, name: str) -> Iterator[tuple[int, tuple[Value, ...]]]:
    """Yield the number and the cells of each row of the first sheet that is not hidden.

    :raises TableError: if the file is broken, or holds merged cells or values that are errors.
    """
    try:
        open_zip(fileobj, max_unpacked=_MAX_UNPACKED).close()
        fileobj.seek(0)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of charts and rules that are not carried over
            lines = _first_sheet(fileobj)
    except UnsafeZip as unsafe:
        raise _unreadable(name) from unsafe
    except _BROKEN as broken:
        raise _unreadable(name) from broken
    return iter(lines)


def _first_sheet(fileobj: BinaryIO) -> list[tuple[int, tuple[Value, ...]]]:
    reader = ExcelReader(fileobj, read_only=True, data_only=True, keep_links=False)
    reader.read()
    with reader.archive as archive, archive.open(_path_of_first_sheet(reader)) as source:
        parser = WorkSheetParser(
            source,
            reader.shared_strings,
            data_only=True,
            epoch=reader.wb.epoch,
            date_formats=reader.wb._date_formats,
            timedelta_formats=reader.wb._timedelta_formats,
        )
        lines = []
        for line, cells in parser.parse():
            if any(cell["value"] is not None for cell in cells):
                lines.append((line, _values(line, cells)))
            if len(lines) > _MAX_LINES:
                break
        _refuse_merged(parser.merged_cells)
        return lines


def _path_of_first_sheet(reader: Any) -> str:
    sheets = [
        (sheet.state, str(relation.target))
        for sheet, relation in reader.parser.find_sheets()
        if relation.Type.endswith("/worksheet")
    ]
    visible = [path for state, path in sheets if state == "visible"]
    if not visible:
        raise TableError(gettext("Regnearket har ingen synlige ark."))
    return visible[0]


def _values(line: int, cells: list[dict[str, Any]]) -> tuple[Value, ...]:
    width = max(cell["column"] for cell in cells if cell["value"] is not None)
    if width > _MAX_WIDTH:
        raise TableError(gettext("Raden har altfor mange kolonner."), line=line)
    values: list[Value] = [None] * width
    for cell in cells:
        if cell["data_type"] == "e":
            raise TableError(
                gettext("Cellen har feilen %(error)s. Rett formelen i regnearket.")
                % {"error": cell["value"]},
                line=line,
                column=get_column_letter(cell["column"]),
            )
        if cell["value"] is not None:
            values[cell["column"] - 1] = _value(cell["value"])
    return tuple(values)


def _value(raw: object) -> Value:
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, float) and not raw.is_integer():
        return Decimal(repr(raw))  # 0.1 as it was typed, not as the computer keeps it
    if isinstance(raw, int | float):
        return Decimal(int(raw))
    if isinstance(raw, dt.datetime):
        return raw.date() if raw.time() == dt.time() else raw
    if isinstance(raw, dt.date):
        return raw
    return str(raw).strip() or None


def _refuse_merged(merged: Any) -> None:
    if merged is not None and merged.mergeCell:
        raise TableError(
            gettext(
                "Cellene %(range)s er slått sammen, så det er uklart hvilken rad verdien hører til. Del dem."
            )
            % {"range": merged.mergeCell[0].ref}
        )


def _unreadable(name: str) -> TableError:
    return TableError(
        gettext(
            "«%(name)s» kan ikke leses som et Excel-regneark. "
            "Åpne det, lagre det på nytt som XLSX, og prøv igjen."
        )
        % {"name": name}
    )
