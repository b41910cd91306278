"""Keyset pages for lists: no COUNT, no OFFSET, and no jump while rows are added.

The position in a list is the sort key of its last row, written in the address as ``etter``
(forward) or ``for`` (back).  A list asks for one row more than it shows, to know whether
there is another page.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models import Q

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet
    from django.http import HttpRequest

    from core.finding import AnyOf

    Rows: TypeAlias = QuerySet[Any] | AnyOf
    First = Callable[[Any, tuple[str, ...], int], QuerySet[Any]]

PAGE_SIZE = 30
LONGEST_POSITION = 1000


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of one page, and the addresses of its neighbors (empty where there is none)."""

    rows: list[Any]
    previous_url: str
    next_url: str

    @property
    def is_only_page(self) -> bool:
        return not self.previous_url and not self.next_url


def keyset(
    queryset: Rows,
    request: HttpRequest,
    ordering: tuple[str, ...],
    *,
    size: int = PAGE_SIZE,
    first: First | None = None,
) -> Page:
    """Return the page of ``queryset`` that the address asks for.

    ``ordering`` names columns that are never null, the last one unique, such as
    ``("-changed_at", "-pk")``.  A position that cannot be read means the first page.

    :param first: returns the first rows of a queryset in an order, where that is found faster than
        by ordering it all.
    """
    first = first or _first
    forward, position = _position(request)
    if position is None or len(position) != len(ordering):
        return _page(list(first(queryset, ordering, size + 1)), request, ordering, size, at_start=True)
    keys = ordering if forward else tuple(_flip(name) for name in ordering)
    try:
        rows = list(first(queryset.filter(_after(keys, position)), keys, size + 1))
    except (TypeError, ValueError, ValidationError, OverflowError):
        return _page(list(first(queryset, ordering, size + 1)), request, ordering, size, at_start=True)
    if forward:
        return _page(rows, request, ordering, size, at_start=False)
    return _page_before(rows, request, ordering, size)


def _first(queryset: Rows, ordering: tuple[str, ...], count: int) -> QuerySet[Any]:
    return queryset.order_by(*ordering)[:count]


def _page(
    rows: list[Any], request: HttpRequest, ordering: tuple[str, ...], size: int, *, at_start: bool
) -> Page:
    more = len(rows) > size
    rows = rows[:size]
    return Page(
        rows=rows,
        previous_url=_url(request, "for", rows[0], ordering) if rows and not at_start else "",
        next_url=_url(request, "etter", rows[-1], ordering) if more else "",
    )


def _page_before(rows: list[Any], request: HttpRequest, ordering: tuple[str, ...], size: int) -> Page:
    more = len(rows) > size
    rows = list(reversed(rows[:size]))
    return Page(
        rows=rows,
        previous_url=_url(request, "for", rows[0], ordering) if more else "",
        next_url=_url(request, "etter", rows[-1], ordering) if rows else "",
    )


def _flip(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _after(ordering: tuple[str, ...], position: list[Any]) -> Q:
    """Return the condition «comes after this position» for mixed directions.

    The first column's own bound stands outside the alternatives, so that the database can
    begin the index scan there.
    """
    condition = Q()
    for index, (name, value) in enumerate(zip(ordering, position, strict=True)):
        equal = {ordering[i].lstrip("-"): position[i] for i in range(index)}
        operator = "lt" if name.startswith("-") else "gt"
        condition |= Q(**equal, **{f"{name.lstrip('-')}__{operator}": value})
    first = ordering[0]
    bound = "lte" if first.startswith("-") else "gte"
    return Q(**{f"{first.lstrip('-')}__{bound}": position[0]}) & condition


def _position(request: HttpRequest) -> tuple[bool, list[Any] | None]:
    forward = "etter" in request.GET
    token = request.GET.get("etter") or request.GET.get("for") or ""
    if not token or len(token) > LONGEST_POSITION:
        return True, None
    try:
        decoded = json.loads(base64.urlsafe_b64decode(token.encode()))
    except (ValueError, binascii.Error, UnicodeError, RecursionError):
        return True, None
    is_plain = isinstance(decoded, list) and all(
        isinstance(v, str | int) and not isinstance(v, bool) for v in decoded
    )
    return forward, decoded if is_plain else None


def _url(request: HttpRequest, key: str, row: Any, ordering: tuple[str, ...]) -> str:
    values = [_plain(_value(row, name.lstrip("-"))) for name in ordering]
    token = base64.urlsafe_b64encode(json.dumps(values, separators=(",", ":")).encode()).decode()
    kept = [(k, v) for k in request.GET for v in request.GET.getlist(k) if k not in {"etter", "for"}]
    return f"?{urlencode([*kept, (key, token)])}"


def _value(row: Any, name: str) -> Any:
    for part in name.split("__"):
        row = getattr(row, part)
    return row


def _plain(value: Any) -> str | int:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value if isinstance(value, int) else str(value)
