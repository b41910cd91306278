"""Read CSV and XLSX files from strangers, within limits, into tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, TypeAlias

from django.utils.translation import gettext
from openpyxl.utils import get_column_letter

from core.filetypes import shown_name
from core.spreadsheets import csvfiles, workbooks
from core.spreadsheets.tables import Table, TableError, Value, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAX_BYTES = 10_000_000
MAX_ROWS = 20_000
MAX_COLUMNS = 200
MAX_TEXT = 32_767  # what a cell of Excel can hold

Line: TypeAlias = tuple[int, tuple[Value, ...]]


def read_table(fileobj: BinaryIO, name: str) -> Table:
    """Read the first sheet of an XLSX file, or a CSV file in any of the usual shapes.

    The first row that is not empty is the heading.  CSV may be separated by semicolon, comma
    or tab and be written in UTF-8, UTF-16 or Windows' Latin letters.  Text keeps its form,
    leading zeros among it; formulas give the value they had when the file was saved.

    :raises TableError: if the file is too large or cannot be understood; the text says where.
    """
    if fileobj.seek(0, 2) > MAX_BYTES:
        raise TableError(
            gettext("«%(name)s» er større enn %(limit)d MB. Del den opp, og prøv igjen.")
            % {"name": shown_name(name), "limit": MAX_BYTES // 1_000_000}
        )
    fileobj.seek(0)
    start = fileobj.read(8)
    fileobj.seek(0)
    if start.startswith(b"PK"):
        lines = workbooks.read_lines(fileobj, shown_name(name))
    elif start.startswith(b"\xd0\xcf\x11\xe0"):
        raise TableError(
            gettext(
                "«%(name)s» er i et eldre eller passordbeskyttet Excel-format. Lagre den som XLSX eller CSV."
            )
            % {"name": shown_name(name)}
        )
    else:
        lines = csvfiles.read_lines(fileobj, shown_name(name))
    return _table(lines, shown_name(name))


def _table(lines: Iterable[Line], name: str) -> Table:
    filled = _within_limits(lines)
    heading_line, headings = next(filled, (0, ()))
    if not headings:
        raise TableError(gettext("«%(name)s» er tom.") % {"name": name})
    titles = [_title(value) for value in headings]
    _refuse_twins(titles, heading_line)
    kept = tuple(place for place, title in enumerate(titles) if title)
    rows = tuple((line, _pick(values, kept, line)) for line, values in filled)
    return Table(name, tuple(titles[place] for place in kept), rows)


def _within_limits(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield the lines that are not empty, without empty cells at their end."""
    count = 0
    for line, values in lines:
        width = max((place for place, value in enumerate(values, 1) if value is not None), default=0)
        if not width:
            continue
        count += 1
        if count > MAX_ROWS + 1:
            raise TableError(
                gettext("Filen har mer enn %(limit)d rader. Del den opp.") % {"limit": MAX_ROWS}, line=line
            )
        if width > MAX_COLUMNS:
            raise TableError(
                gettext("Raden har mer enn %(limit)d kolonner.") % {"limit": MAX_COLUMNS}, line=line
            )
        if any(isinstance(value, str) and len(value) > MAX_TEXT for value in values):
            raise TableError(
                gettext("En celle har mer enn %(limit)d tegn. Kort den ned.") % {"limit": MAX_TEXT}, line=line
            )
        yield line, values[:width]


def _title(value: Value) -> str:
    return "" if value is None else " ".join(str(value).split())


def _refuse_twins(titles: list[str], line: int) -> None:
    seen: set[str] = set()
    for title in filter(None, titles):
        if plain(title) in seen:
            raise TableError(
                gettext("To kolonner har samme overskrift. Endre den ene."), line=line, column=title
            )
        seen.add(plain(title))


def _pick(values: tuple[Value, ...], kept: tuple[int, ...], line: int) -> tuple[Value, ...]:
    strays = [place for place, value in enumerate(values) if value is not None and place not in kept]
    if strays:
        letter = get_column_letter(strays[0] + 1)
        raise TableError(gettext("Verdien står i en kolonne uten overskrift."), line=line, column=letter)
    return tuple(values[place] if place < len(values) else None for place in kept)
