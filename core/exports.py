"""A list as a file: what stands on the screen, with the same filters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import FileResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.formats import number
from core.spreadsheets import write_book, write_csv, write_xlsx

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from django.db.models import QuerySet
    from django.http import HttpRequest
    from django.utils.functional import _StrOrPromise as StrOrPromise

LIMIT = 5000
KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def as_file(
    rows: QuerySet[Any],
    kind: str,
    *,
    name: str,
    sheet: str,
    headings: Sequence[StrOrPromise],
    line: Callable[[Any], list[Any]],
) -> StreamingHttpResponse | FileResponse:
    """Return the first ``LIMIT`` rows as a file of ``kind``; a last line says when there were more."""
    return lines_as_file(_cut(rows, line), kind, name=name, sheet=sheet, headings=headings)


def lines_as_file(
    lines: Iterable[list[Any]], kind: str, *, name: str, sheet: str, headings: Sequence[StrOrPromise]
) -> StreamingHttpResponse | FileResponse:
    """Return lines that stand in memory, or come one by one, as a file of ``kind``."""
    filename = f"{name}-{timezone.localdate():%Y-%m-%d}.{kind}"
    headers = {"Content-Type": KINDS[kind], "Cache-Control": "private, no-store"}
    if kind == "xlsx":
        content = write_xlsx(headings, lines, sheet=sheet)
        return FileResponse(content, as_attachment=True, filename=filename, headers=headers)
    headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return StreamingHttpResponse(write_csv(headings, lines), headers=headers)


def book_as_file(
    sheets: Iterable[tuple[str, Sequence[StrOrPromise], Iterable[list[Any]]]], *, name: str
) -> FileResponse:
    """Return several tables as one XLSX file, a sheet each: name, headings and lines."""
    headers = {"Content-Type": KINDS["xlsx"], "Cache-Control": "private, no-store"}
    filename = f"{name}-{timezone.localdate():%Y-%m-%d}.xlsx"
    return FileResponse(write_book(sheets), as_attachment=True, filename=filename, headers=headers)


def links(request: HttpRequest) -> list[dict[str, str]]:
    """Return the addresses of the list as files, with the filters in use."""
    query = request.GET.copy()
    for name in ("etter", "for", "fil"):
        query.pop(name, None)
    found = []
    for kind, label in (("xlsx", _("Excel")), ("csv", _("CSV"))):
        query["fil"] = kind
        found.append({"url": f"?{query.urlencode()}", "label": label})
    return found


def _cut(rows: QuerySet[Any], line: Callable[[Any], list[Any]]) -> Iterator[list[Any]]:
    for index, row in enumerate(rows[: LIMIT + 1].iterator(chunk_size=500)):
        if index == LIMIT:
            yield [
                _("Fila er kuttet ved %(limit)s rader. Avgrens med filtrene på siden for å få med resten.")
                % {"limit": number(LIMIT)}
            ]
            return
        yield line(row)
