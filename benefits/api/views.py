"""``/api/v1/benefits/`` and ``/api/v1/indicators/``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view

from benefits.api import examples
from benefits.api.filters import BenefitFilters, IndicatorFilters
from benefits.api.rows import BenefitRecord, BenefitRow, IndicatorRow
from benefits.models import Benefit, Indicator
from benefits.views.loading import benefit_seen_by
from benefits.workflow import benefit_workflow, ownership_workflow
from core.access import log_read
from core.api.singles import (
    SingleDetailView,
    SingleTransitionListView,
    SingleTransitionView,
    SingleView,
)
from core.api.views import ListView
from governance.models import Initiative

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from core.actors import Actor


def note_read_of(benefit_id: int, actor: Actor) -> None:
    """Log that a benefit was read, where its initiative is shielded."""
    for initiative in Initiative.objects.filter(benefits=benefit_id).exclude(shield_basis=""):
        log_read(initiative, what="api: benefit", by=actor, now=timezone.now())


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


class _OneBenefit(SingleView):
    listing = BenefitList
    record = BenefitRecord
    workflows = (benefit_workflow, ownership_workflow)

    def load(self, pk: int) -> Any:
        return benefit_seen_by(self.caller, pk)

    def note(self, row: dict[str, Any]) -> None:
        note_read_of(row["id"], self.caller)


@extend_schema_view(
    get=extend_schema(
        summary=_("Hent én gevinst"),
        description=_("Det samme som i lista, og `ETag`. Lesing i en skjermet plan føres i tilgangsloggen."),
        examples=[examples.BENEFIT],
    )
)
class BenefitDetail(_OneBenefit, SingleDetailView):
    pass


class BenefitTransitions(_OneBenefit, SingleTransitionListView):
    """What the caller may do with a benefit: its state, and the service owner's answer."""


class BenefitTransition(_OneBenefit, SingleTransitionView):
    answers = "Benefit"


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
        summary=_("Hent én indikator"),
        description=_("Det samme som i lista, og `ETag`. Lesing i en skjermet plan føres i tilgangsloggen."),
        examples=[examples.INDICATOR],
    )
)
class IndicatorDetail(SingleDetailView):
    listing = IndicatorList

    def note(self, row: dict[str, Any]) -> None:
        note_read_of(row["benefit_id"], self.caller)
