"""The views of one kind of record: made, read, its timeline, and the steps of its workflow.

An app gives a module that reads its records (``Reading``) and subclasses the views with the words of
the OpenAPI document.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from django.urls import reverse
from django.utils import timezone
from rest_framework.response import Response

from core.api.filtering import EXPAND, check_known, expansions
from core.api.idempotency import once
from core.api.preconditions import etag_of
from core.api.transitions import TransitionListView, TransitionView
from core.api.views import ApiView, ListView

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import Model
    from django.http import HttpResponseBase
    from rest_framework.request import Request

    from core.actors import Actor

TRANSITIONS = "available_transitions"
"""What ``?expand=`` adds to every record that has a workflow."""


class Reading(Protocol):
    """How an app reads one kind of record for the API.  Each raises Http404 where the record is not the actor's to know of."""

    def load(self, pk: int, actor: Any, expand: frozenset[str] = ..., /) -> Any:
        """Return the record with all that its representation needs, in one query."""

    def told(self, record: Any, actor: Any, expand: frozenset[str] = ..., /) -> dict[str, Any]:
        """Return what the actor may know of it."""

    def history(self, pk: int, actor: Any, /) -> list[dict[str, Any]]:
        """Return what has happened with it."""

    def guarded(self, pk: int, actor: Any, /) -> Any:
        """Return the record with all that policies and guards ask of it."""


class RecordView(ApiView):
    """A view that answers with one record."""

    reading: Reading

    def answer(self, pk: int, expand: frozenset[str] = frozenset(), *, status: int = 200) -> Response:
        """Return the record as the caller may know it, with its version."""
        record = self.reading.load(pk, self.caller, expand)
        told = self.reading.told(record, self.caller, expand)
        return Response(told, status=status, headers={"ETag": etag_of(record.version)})


class MakingView(ApiView):
    """A view that makes a record by ``post``, and answers with it."""

    detail: str
    """Name of the address of one record."""
    idempotent = ("POST",)
    problems: ClassVar[Any] = {"POST": (404,)}  # of a repeat, to who no longer sees what was made
    tagged = ("POST",)

    def create(self, body: Any, *, by: Actor, now: datetime) -> Model:
        """Make a record of what was sent."""
        raise NotImplementedError

    def answer(self, pk: int, expand: frozenset[str] = frozenset(), *, status: int = 200) -> Response:
        """Return the record as the caller may know it."""
        raise NotImplementedError

    def post(self, request: Request) -> HttpResponseBase:
        check_known(request, ())
        now = timezone.now()
        return once(request, lambda: self._made(request, now), again=self.answer, now=now)

    def _made(self, request: Request, now: datetime) -> Response:
        made = self.create(request.data, by=self.caller, now=now)
        response = self.answer(made.pk, status=201)
        response["Location"] = request.build_absolute_uri(reverse(self.detail, args=[made.pk]))
        return response


class RecordListView(RecordView, MakingView, ListView):
    """A list of records, and a new one by ``post``."""


class RecordDetailView(RecordView):
    """One record."""

    expands_more = (TRANSITIONS,)
    tagged: ClassVar[tuple[str, ...]] = ("GET",)

    def get(self, request: Request, pk: int) -> Response:
        check_known(request, (EXPAND,))
        assert self.expands is not None
        return self.answer(pk, expansions(request, self.expands, self.expands_more))


class RecordTimelineView(ApiView):
    """What has happened with one record."""

    reading: Reading

    def get(self, request: Request, pk: int) -> Response:
        check_known(request, ())
        return Response({"results": self.reading.history(pk, self.caller)})


class RecordTransitionListView(TransitionListView):
    """What the caller may do with one record."""

    reading: Reading

    def load(self, pk: int) -> Any:
        return self.reading.guarded(pk, self.caller)


class RecordTransitionView(RecordView, TransitionView):
    """One step of one record."""

    def load(self, pk: int) -> Any:
        return self.reading.guarded(pk, self.caller)
