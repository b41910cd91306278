"""One row of a list at an address of its own: read, and moved by its workflows.

Where one record tells more than its line in the list, see ``core.api.records``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.http import Http404
from rest_framework.response import Response

from core.api.filtering import EXPAND, check_known, expansions
from core.api.preconditions import etag_of, version_of
from core.api.records import TRANSITIONS, MakingView
from core.api.rows import plan_of
from core.api.transitions import TransitionListView, TransitionView, offers_of
from core.api.views import ApiView, ListView

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request

    from core.api.rows import Row


class SingleView(ApiView):
    """A view that answers with one row of ``listing``, found as the list finds it.

    With ``workflows``, ``load`` gives the record with what policies and guards ask of it, and ``record`` is the row
    that has ``available_transitions`` too.
    """

    listing: ClassVar[type[ListView]]
    record: ClassVar[type[Row]]
    workflows: Any = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        listing = cls.__dict__.get("listing")
        if listing is not None:
            cls.resource = listing.resource
            cls.serializer_class = cls.__dict__.get("record", listing.serializer_class)

    serializer_class: Any = None

    def rows(self) -> QuerySet[Any]:
        """Return the rows of the list that are the caller's to see."""
        return self.listing(request=self.request).get_queryset()

    @property
    def row(self) -> type[Row]:
        row: type[Row] = self.listing.serializer_class
        return row

    def load(self, pk: int) -> Any:
        """Return the record with what policies and guards ask of it, or raise Http404."""
        raise NotImplementedError

    def note(self, row: dict[str, Any]) -> None:
        """Log that the row was read, where such reads are logged."""

    def answer(self, pk: int, expand: frozenset[str] = frozenset(), *, status: int = 200) -> Response:
        """Return the row, with its version."""
        plan = plan_of(self.row, expand - {TRANSITIONS})
        fetched = list(self.rows().filter(pk=pk).order_by().values_list(*plan.columns)[:1])
        if not fetched:
            raise Http404
        [row] = plan.build(fetched)
        self.note(row)
        if TRANSITIONS in expand:
            row[TRANSITIONS] = offers_of(self.workflows, self.load(pk), self.caller)
        version = version_of(row.get("version"), row["changed_at"])
        return Response(row, status=status, headers={"ETag": etag_of(version)})


class SingleDetailView(SingleView):
    """One row by ``get``."""

    tagged: ClassVar[tuple[str, ...]] = ("GET",)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.expands, cls.expands_more = cls.listing.expands, (TRANSITIONS,) if cls.workflows else ()

    def get(self, request: Request, pk: int) -> Response:
        check_known(request, (EXPAND,))
        return self.answer(pk, expansions(request, self.row, self.expands_more))


class SingleListView(SingleView, MakingView, ListView):
    """A list, and a new row by ``post``."""

    def rows(self) -> QuerySet[Any]:
        return self.get_queryset()

    @property
    def row(self) -> type[Row]:
        row: type[Row] = self.serializer_class
        return row


class SingleTransitionListView(SingleView, TransitionListView):
    """What the caller may do with one row."""


class SingleTransitionView(SingleView, TransitionView):
    """One step of one row: for people, since every policy of these workflows asks for a role or a name."""

    people_only = ("POST",)
