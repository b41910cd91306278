"""``/api/v1/deviations/``: read, file a report, and take the steps of the workflow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from core.api.filtering import EXPAND, check_known, expansions
from core.api.idempotency import once
from core.api.preconditions import etag_of
from core.api.transitions import TransitionListView, TransitionView
from core.api.views import ApiView, ListView
from deviations.api import examples, reading, writing
from deviations.api.filters import DeviationFilters
from deviations.api.rows import DeviationCard, DeviationHistory, DeviationRecord
from deviations.workflow import deviation_workflow

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpResponseBase
    from rest_framework.request import Request


def _answer(pk: int, actor: Any, *, status: int = 200) -> Response:
    """Return one deviation as the actor may know it, with its version."""
    record = reading.load(pk, actor)
    return Response(reading.told(record, actor), status=status, headers={"ETag": etag_of(record.version)})


class DeviationList(ListView):
    serializer_class = DeviationCard
    filterset_class = DeviationFilters
    expands = DeviationCard
    idempotent = ("POST",)
    problems: ClassVar[Any] = {"POST": (404,)}  # of a repeat, to who no longer sees what was filed
    tagged = ("POST",)

    def get_queryset(self) -> Any:
        return reading.cards(self.actor)

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
        check_known(request, ())
        now = timezone.now()
        return once(
            request, lambda: self._create(request, now), again=lambda made: _answer(made, self.actor), now=now
        )

    def _create(self, request: Request, now: datetime) -> Response:
        case = writing.create(request.data, by=request.actor, now=now)  # type: ignore[attr-defined]
        response = _answer(case.pk, self.actor, status=201)
        response["Location"] = request.build_absolute_uri(reverse("api:deviation_detail", args=[case.pk]))
        return response


class DeviationDetail(ApiView):
    expands = DeviationCard
    expands_more = (reading.TRANSITIONS,)
    tagged = ("GET",)

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
        check_known(request, (EXPAND,))
        expand = expansions(request, DeviationCard, (reading.TRANSITIONS,))
        record = reading.load(pk, request.actor, expand)  # type: ignore[attr-defined]
        told = reading.told(record, request.actor, expand)  # type: ignore[attr-defined]
        return Response(told, headers={"ETag": etag_of(record.version)})


class DeviationTimeline(ApiView):
    @extend_schema(
        summary=_("Se hva som har skjedd"),
        description=_(
            "Alt som er gjort, det siste først. Den som bare har kortet, ser hvor saken har vært, uten navn og begrunnelser."
        ),
        responses=DeviationHistory,
        examples=[examples.HISTORY],
    )
    def get(self, request: Request, pk: int) -> Response:
        check_known(request, ())
        return Response({"results": reading.history(pk, request.actor)})  # type: ignore[attr-defined]


class DeviationTransitions(TransitionListView):
    workflow = deviation_workflow

    def load(self, pk: int) -> Any:
        return reading.guarded_and_noted(pk, self.actor)  # type: ignore[arg-type]


class DeviationTransition(TransitionView):
    workflow = deviation_workflow
    serializer_class = DeviationRecord
    answers = "Deviation"

    def load(self, pk: int) -> Any:
        return reading.guarded(pk, self.actor)  # type: ignore[arg-type]

    def answer(self, pk: int) -> Response:
        return _answer(pk, self.actor)
