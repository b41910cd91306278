"""``/api/v1/initiatives/``: read, begin, change, and take the steps of the workflow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema

from core.api.filtering import check_known
from core.api.idempotency import once
from core.api.preconditions import check_version
from core.api.records import (
    RecordDetailView,
    RecordListView,
    RecordTimelineView,
    RecordTransitionListView,
    RecordTransitionView,
)
from governance import operations
from governance.api import examples, reading, writing
from governance.api.filters import InitiativeFilters
from governance.api.rows import InitiativeCard, InitiativeRecord, Timeline
from governance.models import Initiative
from governance.workflow import initiative_workflow
from organization.actors import as_person

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpResponseBase
    from rest_framework.request import Request
    from rest_framework.response import Response


class InitiativeList(RecordListView):
    resource = "initiatives"
    reading = reading
    detail = "api:initiative_detail"
    serializer_class = InitiativeCard
    filterset_class = InitiativeFilters
    expands = InitiativeCard

    def get_queryset(self) -> Any:
        return reading.cards(self.actor)

    @extend_schema(
        operation_id="initiatives_list",
        summary=_("List tiltak"),
        description=_(
            "Kortene til tiltakene du har kjennskap til. Innholdet hentes for ett tiltak om gangen."
        ),
        examples=[examples.CARD],
    )
    def get(self, request: Request) -> Response:
        return super().get(request)

    @extend_schema(
        summary=_("Begynn en kladd"),
        description=_("Tittel og enhet må være med. Alt annet kan fylles ut nå eller senere."),
        request=writing.CREATE,
        responses={201: InitiativeRecord},
        examples=[examples.NEW],
    )
    def post(self, request: Request) -> HttpResponseBase:
        return super().post(request)

    def create(self, body: Any, *, by: Any, now: datetime) -> Initiative:
        return writing.create(body, by=by, now=now)


class InitiativeDetail(RecordDetailView):
    resource = "initiatives"
    reading = reading
    expands = InitiativeCard
    idempotent = ("PATCH",)
    versioned: ClassVar[Any] = {"PATCH": True}
    problems: ClassVar[Any] = {"PATCH": (412, 428)}
    tagged = ("GET", "PATCH")

    @extend_schema(
        operation_id="initiatives_retrieve",
        summary=_("Hent ett tiltak"),
        description=_(
            "Kortet, og innholdet når `reads_papers` er sann. Lesing av en skjermet sak føres i tilgangsloggen."
        ),
        responses=InitiativeRecord,
        examples=[examples.RECORD],
    )
    def get(self, request: Request, pk: int) -> Response:
        return super().get(request, pk)

    @extend_schema(
        summary=_("Endre en kladd eller en returnert sak"),
        description=_("Bare det som sendes, endres. Enten lagres alt, eller ingenting."),
        request=writing.CHANGE,
        responses={200: InitiativeRecord},
        examples=[examples.CHANGE],
    )
    def patch(self, request: Request, pk: int) -> HttpResponseBase:
        check_known(request, ())
        if not Initiative.objects.visible_to(self.actor).filter(pk=pk).exists():
            raise Http404
        now = timezone.now()
        return once(
            request,
            lambda: self._change(request, pk, now),
            again=self.answer,
            now=now,
        )

    def _change(self, request: Request, pk: int, now: datetime) -> Response:
        rows = Initiative.objects.visible_to(self.actor).select_for_update(of=("self",))
        initiative = rows.filter(pk=pk).first()
        if initiative is None:
            raise Http404
        check_version(request, initiative.version, required=True)
        writing.change(initiative, request.data, by=as_person(self.caller), now=now)
        return self.answer(pk)


class InitiativeTimeline(RecordTimelineView):
    resource = "initiatives"
    reading = reading

    @extend_schema(
        summary=_("Se hva som har skjedd"),
        description=_(
            "Alt som er gjort, det siste først. Den som bare har kortet, ser hvor saken har vært, uten begrunnelsene."
        ),
        responses=Timeline,
        examples=[examples.TIMELINE],
    )
    def get(self, request: Request, pk: int) -> Response:
        return super().get(request, pk)


class InitiativeTransitions(RecordTransitionListView):
    resource = "initiatives"
    reading = reading
    workflows = (initiative_workflow,)


class InitiativeTransition(RecordTransitionView):
    resource = "initiatives"
    reading = reading
    serializer_class = InitiativeRecord

    def _perform(self, request: Request, pk: int, now: datetime) -> Response:
        operations.lock_meetings_of(pk)
        return super()._perform(request, pk, now)
