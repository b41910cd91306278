"""A table that was read from a file, and the errors that tell a person where to look."""

from __future__ import annotations

import datetime as dt
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from django.utils.translation import gettext

from core.errors import Refused
from core.formats import NotUnderstood, number, numeric_date, parse_date, parse_number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from django.utils.functional import _StrOrPromise as StrOrPromise

# What a cell holds.  CSV knows only text; XLSX knows the rest as well.
Value: TypeAlias = str | Decimal | dt.date | dt.datetime | bool | None
T = TypeVar("T")


class TableError(Refused):
    """The file, or one cell of it, cannot be used; the text says which and what to do.

    ``line`` counts as the file does, the heading among the lines; ``column`` is the heading.
    """

    def __init__(self, problem: str, *, line: int | None = None, column: str = "") -> None:
        self.problem, self.line, self.column = problem, line, column
        super().__init__(self._sentence())

    def _sentence(self) -> str:
        if self.line is None:
            return self.problem
        values = {"line": self.line, "column": self.column, "problem": self.problem}
        if self.column:
            return gettext("Linje %(line)d, kolonnen «%(column)s»: %(problem)s") % values
        return gettext("Linje %(line)d: %(problem)s") % values


@dataclass(frozen=True, slots=True)
class Column:
    """A column that a table is expected to have, found by its title or an alias.

    Case and spaces do not matter, nor a trailing ``*`` or ``:``.
    """

    key: str
    title: StrOrPromise
    aliases: tuple[StrOrPromise, ...] = ()
    required: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the file: values by the key of their column, and the line they stand on."""

    line: int
    values: Mapping[str, Value]
    titles: Mapping[str, str]

    def text(self, key: str, *, required: bool = False) -> str:
        """Return the value as text, «» when there is none."""
        return self._read(key, _text, required=required) or ""

    def number(self, key: str, *, required: bool = False, decimals: int | None = None) -> Decimal | None:
        """Return the value as a number.

        :param decimals: how many decimals there is room for: «1.250» is otherwise unclear.
        :raises TableError: with line and column, if it is none.
        """
        return self._read(key, partial(_number, decimals=decimals), required=required)

    def date(self, key: str, *, required: bool = False) -> dt.date | None:
        """Return the value as a date.

        :raises TableError: with line and column, if it is none.
        """
        return self._read(key, _date, required=required)

    def flag(self, key: str, *, required: bool = False) -> bool | None:
        """Return the value as yes or no.

        :raises TableError: with line and column, if it is neither.
        """
        return self._read(key, _flag, required=required)

    def error(self, key: str, problem: str) -> TableError:
        """Return an error that points at this row's cell, for rules that the caller knows."""
        return TableError(problem, line=self.line, column=self.titles.get(key, ""))

    def _read(self, key: str, convert: Callable[[Value], T], *, required: bool) -> T | None:
        value = self.values.get(key)
        if value is None:
            if required:
                raise self.error(key, gettext("Feltet er tomt, men må fylles ut."))
            return None
        try:
            return convert(value)
        except NotUnderstood as unclear:
            raise self.error(key, str(unclear)) from unclear


@dataclass(frozen=True, slots=True)
class Table:
    """What stands in a file: the headings as written, and every row that is not empty."""

    name: str
    headings: tuple[str, ...]
    lines: tuple[tuple[int, tuple[Value, ...]], ...]

    def rows(self, columns: Sequence[Column]) -> Iterator[Row]:
        """Yield the rows with the values that ``columns`` ask for.

        :raises TableError: at once, if a required column is not there.
        """
        places = self._places(columns)
        titles = {column.key: str(column.title) for column in columns}
        return (
            Row(line, {key: values[place] for key, place in places.items()}, titles)
            for line, values in self.lines
        )

    def unknown(self, columns: Sequence[Column]) -> list[str]:
        """Return the headings that none of ``columns`` asks for, so that a page can tell."""
        known = set(self._places(columns).values())
        return [heading for place, heading in enumerate(self.headings) if place not in known]

    def _places(self, columns: Sequence[Column]) -> dict[str, int]:
        by_heading = {plain(heading): place for place, heading in enumerate(self.headings)}
        places: dict[str, int] = {}
        missing = []
        for column in columns:
            names = [plain(str(name)) for name in (column.title, *column.aliases)]
            place = next((by_heading[name] for name in names if name in by_heading), None)
            if place is not None:
                places[column.key] = place
            elif column.required:
                missing.append(f"«{column.title}»")
        if missing:
            raise TableError(
                gettext("Filen mangler kolonnene %(missing)s. Den har %(found)s.")
                % {
                    "missing": ", ".join(missing),
                    "found": ", ".join(f"«{heading}»" for heading in self.headings),
                }
            )
        return places


def plain(heading: str) -> str:
    """Return a heading without case, spaces and a trailing ``*`` or ``:``, for comparison."""
    return "".join(unicodedata.normalize("NFC", heading).casefold().split()).rstrip("*:")


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return gettext("Ja") if value else gettext("Nei")
    if isinstance(value, Decimal):
        # An id or a phone number must come out as it went in, without grouping.
        return format(value, "f").replace(".", ",")
    if isinstance(value, dt.date):
        return numeric_date(value)
    return value or ""


def _number(value: Value, decimals: int | None) -> Decimal:
    if isinstance(value, Decimal):
        return value
    if isinstance(value, str):
        return parse_number(value, decimals)
    raise NotUnderstood(gettext("«%(value)s» er ikke et tall.") % {"value": _text(value)})


def _date(value: Value) -> dt.date:
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if isinstance(value, str):
        # A point in time, as this program itself writes it, is read for its day.
        return parse_date(value.split(" ")[0] if value[:4].isdigit() else value)
    shown = number(value) if isinstance(value, Decimal) else _text(value)
    raise NotUnderstood(gettext("«%(value)s» er ikke en dato.") % {"value": shown})


_YES = {"ja", "j", "x", "true", "sann", "1", "yes"}
_NO = {"nei", "n", "false", "usann", "0", "no"}


def _flag(value: Value) -> bool:
    if isinstance(value, bool):
        return value
    typed = _text(value).strip().casefold()
    if typed in _YES | _NO:
        return typed in _YES
    raise NotUnderstood(gettext("«%(value)s» er verken ja eller nei.") % {"value": _text(value)})
