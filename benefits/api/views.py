"""``/api/v1/benefits/``, ``/api/v1/indicators/`` and ``/api/v1/measurements/``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view

from benefits.api import examples
from benefits.api.filters import BenefitFilters, IndicatorFilters, MeasurementFilters
from benefits.api.rows import BenefitRow, IndicatorRow, MeasurementRow
from benefits.models import Benefit, Indicator, Measurement
from core.api.views import ListView

if TYPE_CHECKING:
    from django.db.models import QuerySet


@extend_schema_view(
    get=extend_schema(
        summary=_("List gevinster"),
        description=_("Gevinstene i planene du leser."),
        examples=[examples.BENEFIT],
    )
)
class BenefitList(ListView):
    resource = "benefits"
    serializer_class = BenefitRow
    filterset_class = BenefitFilters
    expands = BenefitRow

    def get_queryset(self) -> QuerySet[Any]:
        return Benefit.objects.visible_to(self.actor)


@extend_schema_view(
    get=extend_schema(
        summary=_("List indikatorer"),
        description=_("Indikatorene til gevinstene du leser."),
        examples=[examples.INDICATOR],
    )
)
class IndicatorList(ListView):
    resource = "indicators"
    serializer_class = IndicatorRow
    filterset_class = IndicatorFilters
    expands = IndicatorRow

    def get_queryset(self) -> QuerySet[Any]:
        return Indicator.objects.visible_to(self.actor)


@extend_schema_view(
    get=extend_schema(
        summary=_("List målinger"),
        description=_("Måleplanen til gevinstene du leser, og det som er målt."),
        examples=[examples.MEASUREMENT],
    )
)
class MeasurementList(ListView):
    resource = "measurements"
    serializer_class = MeasurementRow
    filterset_class = MeasurementFilters
    expands = MeasurementRow

    def get_queryset(self) -> QuerySet[Any]:
        return Measurement.objects.visible_to(self.actor)
