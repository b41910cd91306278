"""``/api/v1/deviations/``: read, file a report, and take the steps of the workflow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema

from core.api.records import (
    RecordDetailView,
    RecordListView,
    RecordTimelineView,
    RecordTransitionListView,
    RecordTransitionView,
)
from deviations.api import examples, reading, writing
from deviations.api.filters import DeviationFilters
from deviations.api.rows import DeviationCard, DeviationHistory, DeviationRecord
from deviations.models import Deviation
from deviations.newest import first_visible_to
from deviations.workflow import deviation_workflow
from organization.actors import as_person

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpResponseBase
    from rest_framework.request import Request
    from rest_framework.response import Response

    from core.actors import Actor


class DeviationList(RecordListView):
    reading = reading
    detail = "api:deviation_detail"
    serializer_class = DeviationCard
    filterset_class = DeviationFilters
    expands = DeviationCard

    def get_queryset(self) -> Any:
        """Return what is filtered; ``first`` keeps what the actor sees of it."""
        return (
            reading.as_cards(Deviation.objects.all(), self.actor) if self.actor else Deviation.objects.none()
        )

    def first(self, rows: Any, ordering: tuple[str, ...], count: int) -> Any:
        """Find them way by way, as the page does."""
        return first_visible_to(cast("Actor", self.actor))(rows, ordering, count)

    @extend_schema(
        operation_id="deviations_list",
        summary=_("List avvik"),
        description=_(
            "Kortene til avvikene du har kjennskap til. Det som er skrevet, hentes for ett avvik om gangen."
        ),
        examples=[examples.CARD],
    )
    def get(self, request: Request) -> Response:
        return super().get(request)

    @extend_schema(
        summary=_("Meld et avvik"),
        description=_(
            "Går til nærmeste leder, som fra siden. Spørsmål som kan starte en meldeplikt, besvares av den som behandler saken. "
            "Bilder legges til på siden."
        ),
        request=writing.CREATE,
        responses={201: DeviationRecord},
        examples=[examples.NEW],
    )
    def post(self, request: Request) -> HttpResponseBase:
        return super().post(request)

    def create(self, body: Any, *, by: Any, now: datetime) -> Deviation:
        return writing.create(body, by=by, now=now)


class DeviationDetail(RecordDetailView):
    reading = reading
    expands = DeviationCard

    @extend_schema(
        operation_id="deviations_retrieve",
        summary=_("Hent ett avvik"),
        description=_(
            "Kortet, og det som er skrevet når `reads_words` er sann. Lesing av en fortrolig sak føres i tilgangsloggen."
        ),
        responses=DeviationRecord,
        examples=[examples.RECORD],
    )
    def get(self, request: Request, pk: int) -> Response:
        return super().get(request, pk)


class DeviationTimeline(RecordTimelineView):
    reading = reading

    @extend_schema(
        summary=_("Se hva som har skjedd"),
        description=_(
            "Alt som er gjort, det siste først. Den som bare har kortet, ser hvor saken har vært, uten navn og begrunnelser."
        ),
        responses=DeviationHistory,
        examples=[examples.HISTORY],
    )
    def get(self, request: Request, pk: int) -> Response:
        return super().get(request, pk)


class DeviationTransitions(RecordTransitionListView):
    reading = reading
    workflow = deviation_workflow

    def load(self, pk: int) -> Any:
        return reading.guarded_and_noted(pk, as_person(self.caller))


class DeviationTransition(RecordTransitionView):
    reading = reading
    workflow = deviation_workflow
    serializer_class = DeviationRecord
    answers = "Deviation"
