"""Tables of a report: the same cells on the page, in Excel and on paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, overload

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import conditional_escape, format_html

from core.formats import NOTHING, kroner, number, short_date

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.utils.functional import _StrOrPromise as StrOrPromise
    from django.utils.safestring import SafeString


# A report has thousands of cells and a few dozen different tags.
@lru_cache(maxsize=512)
def _tag(text: str, tone: str) -> SafeString:
    return render_to_string("portfolio/report_tag.html", {"text": text, "tone": tone})


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What stands in a cell: ``text`` for people, ``value`` for a spreadsheet."""

    text: str
    value: Any = None
    note: str = ""
    tone: str = ""
    url: str = ""
    is_number: bool = False

    @property
    def in_words(self) -> str:
        return f"{self.text} · {self.note}" if self.note else self.text

    @property
    def markup(self) -> SafeString:
        """What stands in the cell on the page."""
        shown = conditional_escape(self.text)
        if self.url:
            shown = format_html('<a href="{}">{}</a>', self.url, self.text)
        elif self.tone:
            shown = _tag(self.text, self.tone)
        return (
            format_html('<div>{}<div class="muted small">{}</div></div>', shown, self.note)
            if self.note
            else shown
        )

    @property
    def typed(self) -> Any:
        """What a spreadsheet holds: the number or the day itself, else the words."""
        if self.value is not None or self.is_number:
            return self.value
        return "" if self.text == NOTHING else self.in_words


class Lines(Sequence["list[Cell]"]):
    """Rows of a table that are put in words when they are read: a page shows fifty of the hundreds that a file holds."""

    def __init__(self, rows: Sequence[Any], in_words: Callable[[Any], list[Cell]]) -> None:
        self._rows, self._in_words = rows, in_words

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, at: int) -> list[Cell]: ...
    @overload
    def __getitem__(self, at: slice) -> Lines: ...
    def __getitem__(self, at: int | slice) -> list[Cell] | Lines:
        if isinstance(at, slice):
            return Lines(self._rows[at], self._in_words)
        return self._in_words(self._rows[at])


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table of a section.  ``note`` stands below it; ``empty`` instead of it where it has no rows.

    ``left_out`` is how many rows a page keeps back until it is asked for them.
    """

    key: str
    caption: StrOrPromise
    headings: Sequence[StrOrPromise]
    rows: Sequence[list[Cell]]
    empty: StrOrPromise = ""
    note: StrOrPromise = ""
    left_out: int = 0

    def beginning(self, most: int) -> Table:
        """Return the table with its first rows only."""
        return replace(self, rows=self.rows[:most], left_out=max(len(self.rows) - most, 0))

    @property
    def columns(self) -> list[tuple[StrOrPromise, bool]]:
        """Each heading, and whether numbers stand below it."""
        first = self.rows[0] if self.rows else []
        return [
            (heading, at < len(first) and first[at].is_number) for at, heading in enumerate(self.headings)
        ]

    @property
    def lines(self) -> list[list[tuple[StrOrPromise, Cell]]]:
        """The rows, each cell with the heading it stands below."""
        return [list(zip(self.headings, row, strict=True)) for row in self.rows]


def words(value: Any, *, url: str = "", note: str = "") -> Cell:
    return Cell(text=str(value) if value else NOTHING, url=url, note=note)


def tag(label: Any, tone: str, *, note: str = "") -> Cell:
    return Cell(text=str(label), tone=tone, note=note)


def count(value: int | str | None) -> Cell:
    found = Decimal(value) if isinstance(value, str) else value
    return Cell(text=NOTHING if found is None else number(found), value=found, is_number=True)


def year(value: int) -> Cell:
    return Cell(text=str(value), value=value)


def money(value: str | Decimal | None) -> Cell:
    amount = None if value is None else Decimal(value)
    return Cell(text=NOTHING if amount is None else kroner(amount), value=amount, is_number=True)


def day(value: str | None) -> Cell:
    found = day_of(value)
    return Cell(text=NOTHING if found is None else short_date(found), value=found)


def day_of(value: str | None) -> dt.date | None:
    """Return the day of a date or a point in time as figures hold it."""
    if value is None:
        return None
    found = dt.datetime.fromisoformat(value)
    return timezone.localdate(found) if found.tzinfo else found.date()
