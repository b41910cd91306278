"""``/api/v1/deviations/``: read, file a report, and take the steps of the workflow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, PolymorphicProxySerializer, extend_schema
from rest_framework.response import Response

from core.api.filtering import check_known
from core.api.idempotency import key_of, once
from core.api.parsers import OrjsonParser, PartsParser
from core.api.records import (
    RecordDetailView,
    RecordListView,
    RecordTimelineView,
    RecordTransitionListView,
    RecordTransitionView,
    RecordView,
)
from core.api.singles import SingleDetailView
from core.api.views import ApiView, ListView
from deviations.api import asking, examples, reading, writing
from deviations.api.filters import DeviationFilters, DeviationTypeFilters
from deviations.api.rows import (
    AnonymousReceipt,
    AskedQuestions,
    DeviationCard,
    DeviationHistory,
    DeviationRecord,
    DeviationTypeRow,
)
from deviations.models import Category, Danger, Deviation, DeviationType, Kind
from deviations.newest import first_visible_to
from deviations.workflow import deviation_workflow
from organization.actors import as_person

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.http import HttpResponseBase
    from rest_framework.request import Request

    from core.actors import Actor


class DeviationList(RecordListView):
    resource = "deviations"
    reading = reading
    parser_classes = (OrjsonParser, PartsParser)
    refused: Sequence[str] = ()
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
            "Går til nærmeste leder, som fra siden. Svar som kan starte en meldeplikt, starter den. Med bilder sendes meldingen som "
            "`multipart/form-data`: delen `json` er meldingen, og `photos` er filene. Med `anonymity: anonymous` lagres ikke hvem som "
            "kaller noe sted, og svaret er en kvittering med koden."
        ),
        request={"application/json": writing.CREATE, "multipart/form-data": writing.CREATE_WITH_PHOTOS},
        responses={
            201: PolymorphicProxySerializer(
                "DeviationOrReceipt", [DeviationRecord, AnonymousReceipt], resource_type_field_name=None
            )
        },
        examples=[examples.NEW],
    )
    def post(self, request: Request) -> HttpResponseBase:
        if writing.is_anonymous(request.data):
            return self._anonymous(request)
        return super().post(request)

    def create(self, body: Any, *, by: Any, now: datetime) -> Deviation:
        filed = writing.create(body, by=by, now=now)
        self.refused = filed.refused
        return filed.case

    def answer(self, pk: int, expand: frozenset[str] = frozenset(), *, status: int = 200) -> Response:
        """Return the record, with why photos that came with it were refused."""
        response = super().answer(pk, expand, status=status)
        if self.refused:
            response.data["refused_photos"] = self.refused
        return response

    def _anonymous(self, request: Request) -> Response:
        """File what nobody shall be known to have filed: nothing of the request is remembered, and nothing is logged as read."""
        check_known(request, ())
        filed = writing.create_anonymously(
            request.data, key=key_of(request), by=as_person(self.caller), now=timezone.now()
        )
        return Response(reading.receipt(filed), status=201)


class DeviationDetail(RecordDetailView):
    resource = "deviations"
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


class DeviationPhotos(RecordView):
    resource = "deviations"
    reading = reading
    parser_classes = (PartsParser,)
    idempotent = ("POST",)
    tagged = ("POST",)

    @extend_schema(
        operation_id="deviations_photos_create",
        summary=_("Legg bilder til din egen melding"),
        description=_(
            "Som på siden: typen leses av innholdet, og hvor og når bildet er tatt, lagres ikke. Bilder som ikke kan lagres, er nevnt i "
            "`refused_photos`; kan ingen lagres, er svaret 422. Det samme bildet to ganger blir ett."
        ),
        request={"multipart/form-data": writing.PHOTOS},
        responses={201: DeviationRecord},
    )
    def post(self, request: Request, pk: int) -> HttpResponseBase:
        check_known(request, ())
        return once(request, lambda: self._added(request, pk), again=self.answer, now=timezone.now())

    def _added(self, request: Request, pk: int) -> Response:
        person = as_person(self.caller)
        case = reading.guarded(pk, person)
        refused = writing.add_photos(case, request.data, by=person, now=timezone.now())
        response = self.answer(pk, status=201)
        response.data["refused_photos"] = refused
        return response


class QuestionList(ApiView):
    resource = "deviations"

    @extend_schema(
        operation_id="deviations_questions_list",
        summary=_("List spørsmålene for en melding"),
        description=_(
            "De samme spørsmålene som siden stiller, etter type, fare og det som alt er svart. Svar sendes i `answers` når det meldes."
        ),
        parameters=[
            OpenApiParameter("unit_id", OpenApiTypes.INT, required=True, description=_("Enheten der det skjedde.")),
            OpenApiParameter("kind", OpenApiTypes.STR, enum=Kind.values, description=_("Hva slags melding; «deviation» ellers.")),
            OpenApiParameter("danger", OpenApiTypes.STR, enum=Danger.values, description=_("Om noen er skadet eller i fare; «none» ellers.")),
            OpenApiParameter("type_id", OpenApiTypes.INT, description=_("Typen i kommunens katalog.")),
            OpenApiParameter("category", OpenApiTypes.STR, enum=Category.values, description=_("Kategorien, når ingen type er valgt.")),
            OpenApiParameter("answer", OpenApiTypes.STR, many=True, description=_("Det som alt er svart, som «kode:svar». Kan gjentas.")),
        ],
        responses=AskedQuestions,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        check_known(request, asking.PARAMETERS)
        return Response({"results": asking.told(request.query_params, as_person(self.caller))})


class DeviationTypeList(ListView):
    resource = "deviations"
    serializer_class = DeviationTypeRow
    filterset_class = DeviationTypeFilters

    def get_queryset(self) -> Any:
        return DeviationType.objects.visible_to(self.actor)

    @extend_schema(
        operation_id="deviation_types_list",
        summary=_("List avvikstyper"),
        description=_(
            "Typene i kommunens katalog. En type som henviser til en annen kanal, kan ikke meldes her."
        ),
    )
    def get(self, request: Request) -> Response:
        return super().get(request)


class DeviationTypeDetail(SingleDetailView):
    listing = DeviationTypeList

    @extend_schema(
        operation_id="deviation_types_retrieve",
        summary=_("Hent én avvikstype"),
        description=_("Det samme som i lista, og `ETag`."),
    )
    def get(self, request: Request, pk: int) -> Response:
        return super().get(request, pk)


class DeviationTimeline(RecordTimelineView):
    resource = "deviations"
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
    resource = "deviations"
    reading = reading
    workflows = (deviation_workflow,)

    def load(self, pk: int) -> Any:
        return reading.guarded_and_noted(pk, as_person(self.caller))


class DeviationTransition(RecordTransitionView):
    resource = "deviations"
    reading = reading
    serializer_class = DeviationRecord
    answers = "Deviation"
