"""Keyset pagination: no COUNT, no OFFSET, stable while rows are added."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import orjson
from django.db.models import BigIntegerField, DateTimeField, Q
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.pagination import BasePagination

from core.api.problems import parameter_error
from core.statements import Slot

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from django.db.models import QuerySet
    from rest_framework.request import Request

    from core.api.rows import Plan
    from core.paging import First
    from core.statements import Statement

CURSOR, PAGE_SIZE, ORDERING = "cursor", "page_size", "ordering"
_LARGEST_ID = 2**63 - 1
_LONGEST_CURSOR = 300
_NUMBER = re.compile(r"[0-9]{1,6}")
# What a list can be ordered by; the id settles what was changed at the same moment.
_ORDERINGS: Mapping[str, str] = {"-changed_at": "-id", "changed_at": "id"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which page the address asks for."""

    size: int
    ordering: str
    after: tuple[datetime, int] | None


class KeysetPagination(BasePagination):
    """Pages by time of change, newest first unless ``ordering=changed_at``.

    The cursor is the place of the last row.  ``results`` and ``next`` are all there is: a list
    is read forward.
    """

    page_size = 50
    max_page_size = 200
    parameters = (CURSOR, PAGE_SIZE, ORDERING)

    def select(self, rows: QuerySet[Any], plan: Plan, wanted: Wanted, first: First) -> QuerySet[Any]:
        """Return what a page fetches of ``rows`` by ``first``; the place of the cursor is left open."""
        found = rows if wanted.after is None else rows.filter(_beyond(wanted.ordering))
        ordering = (wanted.ordering, _ORDERINGS[wanted.ordering])
        return first(found, ordering, wanted.size + 1).values_list(*plan.columns)

    def page(self, statement: Statement, plan: Plan, wanted: Wanted, request: Request) -> dict[str, Any]:
        """Return the page as it is sent.  ``plan`` must fetch ``changed_at`` and ``id``."""
        at, pk = wanted.after or (None, None)
        fetched = statement.rows(at=at, pk=pk)
        results = plan.build(fetched[: wanted.size])
        more = len(fetched) > wanted.size
        return {"results": results, "next": _address(request, wanted, results[-1]) if more else None}

    def wanted(self, request: Request) -> Wanted:
        """Read the page's own parameters.

        :raises ApiProblem: one of them cannot be understood.
        """
        ordering = request.query_params.get(ORDERING, "-changed_at")
        if ordering not in _ORDERINGS:
            raise parameter_error(
                ORDERING, _("Velg en av disse: %(names)s.") % {"names": ", ".join(_ORDERINGS)}
            )
        return Wanted(self._size(request), ordering, _position(request, ordering))

    def _size(self, request: Request) -> int:
        text = request.query_params.get(PAGE_SIZE)
        if text is None:
            return self.page_size
        if not _NUMBER.fullmatch(text) or not 1 <= int(text) <= self.max_page_size:
            limit = {"limit": self.max_page_size}
            raise parameter_error(PAGE_SIZE, _("Skal være et tall fra 1 til %(limit)s.") % limit)
        return int(text)

    # --- In the OpenAPI document ---------------------------------------------------------------
    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        size = {"type": "integer", "minimum": 1, "maximum": self.max_page_size, "default": self.page_size}
        order = {"type": "string", "enum": list(_ORDERINGS), "default": "-changed_at"}
        described: Sequence[tuple[str, dict[str, Any], Any]] = (
            (
                CURSOR,
                {"type": "string"},
                gettext_lazy("Hvor siden begynner. Bruk adressen i «next» som den er."),
            ),
            (PAGE_SIZE, size, gettext_lazy("Hvor mange rader siden har.")),
            (ORDERING, order, gettext_lazy("Sist endret først, eller sist endret sist.")),
        )
        return [
            {"name": name, "in": "query", "required": False, "schema": schema, "description": str(text)}
            for name, schema, text in described
        ]

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        following = {
            "type": "string", "format": "uri", "nullable": True,
            "example": "https://stafett.kommune.no/api/v1/…/?cursor=WyItY2hhbmdlZF9hdCJd",
            "description": str(gettext_lazy("Adressen til neste side, eller null når det ikke er flere.")),
        }  # fmt: skip
        return {
            "type": "object",
            "required": ["results", "next"],
            "properties": {"results": schema, "next": following},
        }


def _beyond(ordering: str) -> Q:
    """Return the condition «comes after the cursor».

    The bound on the time stands outside the alternatives, so that the index scan can begin there.
    """
    at, pk = Slot("at", DateTimeField()), Slot("pk", BigIntegerField())
    side = "lt" if ordering.startswith("-") else "gt"
    return Q(**{f"changed_at__{side}e": at}) & (
        Q(**{f"changed_at__{side}": at}) | Q(changed_at=at, **{f"id__{side}": pk})
    )


def _position(request: Request, ordering: str) -> tuple[datetime, int] | None:
    token = request.query_params.get(CURSOR)
    if token is None:
        return None
    try:
        order, text, pk = orjson.loads(base64.urlsafe_b64decode(token[:_LONGEST_CURSOR].encode("ascii")))
        at = parse_datetime(text)
        is_right = (
            order == ordering
            and at is not None
            and is_aware(at)
            and isinstance(pk, int)
            and 0 < pk <= _LARGEST_ID
        )
    except (ValueError, TypeError, binascii.Error, UnicodeError):
        is_right = False
    if not is_right:
        raise parameter_error(CURSOR, _("Merket er ikke gyldig her. Begynn fra første side."))
    assert at is not None
    return at, pk


def _address(request: Request, wanted: Wanted, last: Mapping[str, Any]) -> str:
    """Return the address of the page after the row ``last``."""
    place = [wanted.ordering, last["changed_at"].isoformat(), last["id"]]
    token = base64.urlsafe_b64encode(orjson.dumps(place)).decode()
    kept = [(key, value) for key, values in request.query_params.lists() for value in values if key != CURSOR]
    return f"{request.build_absolute_uri(request.path)}?{urlencode([*kept, (CURSOR, token)])}"
