"""``/api/v1/measurements/``: read, register, put right, confirm, and many at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view

from benefits import operations
from benefits.api import examples, writing
from benefits.api.filters import MeasurementFilters
from benefits.api.rows import MeasurementRow
from benefits.api.views import note_read_of
from benefits.models import Measurement
from core.api.bodies import cleaned
from core.api.bulk import BulkAnswer, BulkView
from core.api.filtering import check_known
from core.api.idempotency import once
from core.api.preconditions import check_version, version_of_record
from core.api.singles import SingleDetailView, SingleListView, SingleView

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet
    from django.http import HttpResponseBase
    from rest_framework.request import Request
    from rest_framework.response import Response


class MeasurementList(SingleListView):
    resource = "measurements"
    detail = "api:measurement_detail"
    serializer_class = MeasurementRow
    filterset_class = MeasurementFilters
    expands = MeasurementRow

    def get_queryset(self) -> QuerySet[Any]:
        return Measurement.objects.visible_to(self.actor)

    @extend_schema(
        summary=_("List målinger"),
        description=_("Måleplanen til gevinstene du leser, og det som er målt."),
        examples=[examples.MEASUREMENT],
    )
    def get(self, request: Request) -> Response:
        return super().get(request)

    @extend_schema(
        summary=_("Før en måling utenom planen"),
        description=_("Er dagen en måledag i planen, er svaret 422: før eller rett den målingen med `PATCH` i stedet."),
        request=writing.CREATE,
        responses={201: MeasurementRow},
        examples=[examples.NEW_MEASUREMENT],
    )  # fmt: skip
    def post(self, request: Request) -> HttpResponseBase:
        return super().post(request)

    def create(self, body: Any, *, by: Any, now: datetime) -> Measurement:
        return writing.create(body, by=by, now=now)


class _OneMeasurement(SingleView):
    listing = MeasurementList

    def note(self, row: dict[str, Any]) -> None:
        note_read_of(row["benefit_id"], self.caller)

    def _check_visible(self, pk: int) -> None:
        if not Measurement.objects.visible_to(self.caller).filter(pk=pk).exists():
            raise Http404


class MeasurementDetail(_OneMeasurement, SingleDetailView):
    idempotent = ("PATCH",)
    versioned: ClassVar[Any] = {"PATCH": True}
    problems: ClassVar[Any] = {"PATCH": (412, 428)}
    tagged = ("GET", "PATCH")

    @extend_schema(
        summary=_("Hent én måling"),
        description=_("Det samme som i lista, og `ETag`. Lesing i en skjermet plan føres i tilgangsloggen."),
        examples=[examples.MEASUREMENT],
    )
    def get(self, request: Request, pk: int) -> Response:
        return super().get(request, pk)

    @extend_schema(
        summary=_("Før eller rett en måling"),
        description=_(
            "Et punkt i planen får det som ble målt; det som ikke sendes, står. `measured_on` er måledagen, om den ikke sendes. En verdi som "
            "rettes, må bekreftes på nytt."
        ),
        request=writing.CHANGE,
        responses={200: MeasurementRow},
    )
    def patch(self, request: Request, pk: int) -> HttpResponseBase:
        check_known(request, ())
        self._check_visible(pk)
        now = timezone.now()
        return once(request, lambda: self._change(request, pk, now), again=self.answer, now=now)

    def _change(self, request: Request, pk: int, now: datetime) -> Response:
        row = operations.hold_to_measure(Measurement(pk=pk), by=self.caller)
        check_version(request, version_of_record(row), required=True)
        writing.change(row, request.data, by=self.caller, now=now)
        return self.answer(pk)


class MeasurementVerify(_OneMeasurement):
    people_only = ("POST",)
    idempotent = ("POST",)
    tagged = ("POST",)

    @extend_schema(
        operation_id="measurements_verify",
        summary=_("Bekreft en måling"),
        description=_("For økonomisjefen, når en annen har målt."),
        request=None,
        responses={200: MeasurementRow},
    )
    def post(self, request: Request, pk: int) -> HttpResponseBase:
        check_known(request, ())
        self._check_visible(pk)
        now = timezone.now()
        return once(request, lambda: self._verify(request, pk, now), again=self.answer, now=now)

    def _verify(self, request: Request, pk: int, now: datetime) -> Response:
        cleaned(None, request.data)
        operations.verify(Measurement(pk=pk), by=self.caller, now=now)
        return self.answer(pk)


@extend_schema_view(
    post=extend_schema(
        operation_id="measurements_bulk",
        summary=_("Før mange målinger"),
        description=_(
            "Høyst 500 rader. En rad finnes igjen på indikator og dag, så det samme sendt to ganger endrer ingenting: dagens måling rettes, "
            "ellers får måledagen verdien, ellers nullpunktet når ingenting er målt, ellers føres den utenom planen. Hver rad lagres eller "
            "avvises for seg."
        ),
        request=writing.BULK,
        responses={200: BulkAnswer},
        examples=[examples.MEASUREMENTS, examples.BULK],
    )
)
class MeasurementBulk(BulkView):
    resource = "measurements"
    write_all = staticmethod(writing.write_all)
