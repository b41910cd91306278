"""Read lists of the organisation: what other resources refer to by id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Left, Length
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view

from core.api.views import ListView
from organization.api.filters import GoalFilters, UnitFilters
from organization.api.rows import GoalRow, UnitRow
from organization.models import Goal, Unit

if TYPE_CHECKING:
    from django.db.models import QuerySet


@extend_schema_view(
    get=extend_schema(
        summary=_("List enheter"),
        description=_("Enhetene i dine kommuner og regioner: region, kommune, sektor, enhet og avdeling."),
    )
)
class UnitList(ListView):
    serializer_class = UnitRow
    filterset_class = UnitFilters
    expands = UnitRow

    def get_queryset(self) -> QuerySet[Any]:
        above = Unit.objects.filter(path=OuterRef("path_above")).order_by().values("pk")
        rows = Unit.objects.visible_to(self.actor).annotate(
            path_above=Left("path", Length(F("path")) - Unit.steplen)
        )
        return rows.annotate(parent_id=Subquery(above))


@extend_schema_view(
    get=extend_schema(
        summary=_("List strategiske mål"),
        description=_("Målene i vedtatte strategier og planer i dine kommuner, og i regionen de er med i."),
    )
)
class GoalList(ListView):
    serializer_class = GoalRow
    filterset_class = GoalFilters
    expands = GoalRow

    def get_queryset(self) -> QuerySet[Any]:
        return Goal.objects.visible_to(self.actor)
