"""Write tables that Excel opens with the right types, and without running anything.

A cell that begins with ``=``, ``+``, ``-``, ``@`` or a control character is a formula to a
spreadsheet, and a formula can send what stands beside it to a stranger (OWASP, «CSV
Injection»).  In CSV such text is written behind an apostrophe; in XLSX every text is written
as text, and marked so that it stays text when somebody edits it.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
import tempfile
from decimal import Decimal
from io import BytesIO
from typing import IO, TYPE_CHECKING, TypeAlias

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from core.formats import local_day
from core.spreadsheets.csvfiles import looks_like_formula

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Cell: TypeAlias = str | Promise | int | float | Decimal | dt.date | dt.datetime | bool | None

_MAX_TEXT = 32_767
_MAX_SHEET_NAME = 31
_FLUSH_AT = 65_536
_IN_MEMORY = 5_000_000
# Characters that XML cannot carry; in CSV nobody misses them either.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def write_csv(headings: Sequence[str | Promise], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """Yield the bytes of a CSV file, for a streaming answer.

    UTF-8 with a mark so that Excel knows, semicolon between cells and decimal comma, as
    Excel expects in Norway; dates as 2026-12-03, times as the clock in Oslo shows them.
    """
    buffer = _Buffer()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    buffer.write("\ufeff")
    writer.writerow([_harmless(str(heading)) for heading in headings])
    for row in rows:
        writer.writerow([_csv_cell(value) for value in row])
        if buffer.size > _FLUSH_AT:
            yield buffer.take()
    yield buffer.take()


def write_xlsx(
    headings: Sequence[str | Promise], rows: Iterable[Sequence[Cell]], *, sheet: str = ""
) -> IO[bytes]:
    """Return an open file, at its start, with one sheet: bold headings that stay in view, and a filter.

    Numbers, dates and times are written as such; rows are never all in memory at once.
    """
    return write_book([(sheet, headings, rows)])


def write_book(
    sheets: Iterable[tuple[str, Sequence[str | Promise], Iterable[Sequence[Cell]]]],
) -> IO[bytes]:
    """Return an open file, at its start, with a sheet for each name, headings and rows."""
    book = Workbook(write_only=True)
    try:
        for name, headings, rows in sheets:
            _write_sheet(book, name, headings, rows)
    except BaseException:
        book.save(BytesIO())  # closes and removes openpyxl's temporary file
        raise
    target = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - handed over open
    book.save(target)
    target.seek(0)
    return target


def _write_sheet(
    book: Workbook, name: str, headings: Sequence[str | Promise], rows: Iterable[Sequence[Cell]]
) -> None:
    page = book.create_sheet(_sheet_name(name))
    page.freeze_panes = "A2"
    titles = [_writable(str(heading)) for heading in headings]
    for place, title in enumerate(titles, 1):
        page.column_dimensions[get_column_letter(place)].width = min(max(len(title) + 4, 12), 50)
    page.append([_heading_cell(page, title) for title in titles])
    count = 1
    for row in rows:
        page.append([_xlsx_cell(page, value) for value in row])
        count += 1
    if titles:
        page.auto_filter.ref = f"A1:{get_column_letter(len(titles))}{count}"


class _Buffer:
    """Collects what ``csv`` writes until it is taken."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self.size = 0

    def write(self, text: str) -> None:
        self._parts.append(text)
        self.size += len(text)

    def take(self) -> bytes:
        taken = "".join(self._parts).encode("utf-8")
        self._parts.clear()
        self.size = 0
        return taken


def _csv_cell(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _yes_or_no(value)
    if isinstance(value, int | float | Decimal):
        return format(_finite(value), "f").replace(".", ",")
    if isinstance(value, dt.datetime):
        return _on_the_clock(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, dt.date):
        return local_day(value).isoformat()
    return _harmless(str(value))


def _harmless(text: str) -> str:
    written = _writable(text)
    return f"'{written}" if looks_like_formula(written) else written


def _xlsx_cell(page: object, value: Cell) -> WriteOnlyCell | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return _text_cell(page, _yes_or_no(value))
    if isinstance(value, int | float | Decimal):
        return WriteOnlyCell(page, _finite(value))
    if isinstance(value, dt.date):
        moment = isinstance(value, dt.datetime)
        cell = WriteOnlyCell(page, _on_the_clock(value) if isinstance(value, dt.datetime) else value)
        cell.number_format = "dd.mm.yyyy hh:mm" if moment else "dd.mm.yyyy"
        return cell
    return _text_cell(page, str(value))


def _text_cell(page: object, text: str) -> WriteOnlyCell:
    written = _writable(text)
    cell = WriteOnlyCell(page, written if len(written) <= _MAX_TEXT else f"{written[: _MAX_TEXT - 1]}…")
    cell.data_type = "s"  # openpyxl takes «=…» for a formula and «#N/A» for an error
    if looks_like_formula(written):
        cell.quotePrefix = True
    return cell


def _heading_cell(page: object, title: str) -> WriteOnlyCell:
    cell = _text_cell(page, title)
    cell.font = Font(bold=True)
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    return cell


def _yes_or_no(value: bool) -> str:
    return gettext("Ja") if value else gettext("Nei")


def _finite(value: float | Decimal) -> Decimal:
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    if not exact.is_finite():
        raise ValueError(f"{value!r} is not a number that can be written")
    return exact


def _on_the_clock(value: dt.datetime) -> dt.datetime:
    return timezone.localtime(value).replace(tzinfo=None)


def _writable(text: str) -> str:
    return _UNWRITABLE.sub("", text)


def _sheet_name(wanted: str) -> str:
    return re.sub(r"[\[\]:*?/\\']", " ", wanted).strip()[:_MAX_SHEET_NAME] or gettext("Ark 1")
