"""Saved views on the page of a list: the chips, what opens it, and whether a view still fits.

A list that has them is named in the setting ``LISTS_WITH_VIEWS``, with what declares its filters, and asks
``list_views`` once, in one query.  Lists with the same filters are shapes of one overview: each shows the views
of all, and a view opens in the shape it was saved in.  What declares the filters may name the ``shapes``, and
the ``standard_views`` that everybody has.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.module_loading import import_string

from organization.models import SavedView

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.forms import BaseForm
    from django.utils.functional import _StrOrPromise as StrOrPromise

    from organization.http import Request

LONGEST_QUERY = 1000
ALL = "alle"
_MOST_SHOWN = 50


@cache
def filter_names(name: str) -> frozenset[str]:
    """Return the names that the filters of the list ``name`` have in its address."""
    declared = _declared(name)
    return frozenset(getattr(declared, "base_filters", None) or declared.base_fields)


def _declared(name: str) -> Any:
    return import_string(settings.LISTS_WITH_VIEWS[name])


@cache
def shapes_of(name: str) -> tuple[str, ...]:
    """Return the lists with the same filters as ``name``, itself among them."""
    declared = settings.LISTS_WITH_VIEWS[name]
    return tuple(other for other, filters in settings.LISTS_WITH_VIEWS.items() if filters == declared)


def filters_in(query: str, name: str) -> str:
    """Return what an address has of the filters of the list ``name``, without the empty ones, always in the same order."""
    pairs, known = parse_qsl(query[: LONGEST_QUERY * 4]), filter_names(name)
    chosen = {(key, value.replace("\x00", "")) for key, value in pairs if key in known}
    return urlencode(sorted((name, value) for name, value in chosen if value.strip()))


@dataclass(frozen=True)
class ListViews:
    """The views of one list as its page shows them."""

    name: str
    rows: list[Any]
    query: str
    is_bare: bool
    person_id: int

    @property
    def address(self) -> str:
        return reverse(self.name)

    @property
    def chips(self) -> list[dict[str, Any]]:
        return [
            {
                "view": row,
                "url": f"{reverse(row.list)}?{row.query}" if row.query else self.all_url,
                "is_current": row == self.current,
                "shape": "" if row.list == self.name else self._shapes.get(row.list, ""),
            }
            for row in self.rows
        ]

    @property
    def standard(self) -> list[dict[str, Any]]:
        """The views that everybody has, in the shape that is open."""
        named: Mapping[str, StrOrPromise] = getattr(_declared(self.name), "standard_views", {})
        return [
            {"name": label, "url": f"{self.address}?{query}", "is_current": query == self.query}
            for query, label in named.items()
        ]

    @property
    def _shapes(self) -> Mapping[str, StrOrPromise]:
        return getattr(_declared(self.name), "shapes", {})

    @property
    def current(self) -> Any:
        """The view whose filters are in use, or ``None``."""
        mine = (row for row in self.rows if row.list == self.name)
        return next((row for row in mine if row.query == self.query and self.query), None)

    @property
    def has_own(self) -> bool:
        """Whether some view of the list is the person's own, whose filters can be replaced."""
        return any(row.owner_id == self.person_id and row.list == self.name for row in self.rows)

    @property
    def all_url(self) -> str:
        """The address of the list without filters, also where a view opens it."""
        return f"{self.address}?{ALL}=1" if self.start else self.address

    @property
    def start(self) -> Any:
        return next((row for row in self.rows if row.is_start and row.list == self.name), None)

    @property
    def start_url(self) -> str:
        """Where to go instead, when the list was opened without a word on what to show."""
        return (
            f"{self.address}?{self.start.query}" if self.is_bare and self.start and self.start.query else ""
        )

    @property
    def save_url(self) -> str:
        """Where the filters in use get a name; nothing when there are none, or they have one."""
        if not self.query or self.current or len(self.query) > LONGEST_QUERY:
            return ""
        return f"{reverse('organization:view_save')}?{urlencode({'liste': self.name})}&{self.query}"

    def outdated(self, form: BaseForm) -> list[str]:
        """Return the labels of the filters of the view in use that no longer can be."""
        return (
            [str(form.fields[name].label) for name in form.errors if name in form.fields]
            if self.current
            else []
        )


def list_views(request: Request, name: str) -> ListViews:
    """Return the views of the list ``name`` and its other shapes for whoever asks, in one query."""
    seen = SavedView.objects.visible_to(request.actor).of_lists(shapes_of(name), request.actor)
    rows = seen.select_related("unit")
    query = filters_in(request.META.get("QUERY_STRING", ""), name)
    return ListViews(
        name, list(rows[:_MOST_SHOWN]), query, is_bare=not request.GET, person_id=int(request.actor.person_id)
    )
