"""Read lists of the organisation: what other resources refer to by id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import JSONObject, Left, Length
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view

from core.api.singles import SingleDetailView
from core.api.views import ListView
from organization.api import examples
from organization.api.filters import GoalFilters, PersonFilters, ServiceFilters, UnitFilters
from organization.api.rows import GoalRow, PersonRow, ServiceRow, UnitRow
from organization.models import Goal, Person, RoleAssignment, Service, Unit

if TYPE_CHECKING:
    from django.db.models import QuerySet


@extend_schema_view(
    get=extend_schema(
        summary=_("List enheter"),
        description=_("Enhetene i dine kommuner og regioner: region, kommune, sektor, enhet og avdeling."),
        examples=[examples.UNIT],
    )
)
class UnitList(ListView):
    resource = "units"
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
        examples=[examples.GOAL],
    )
)
class GoalList(ListView):
    resource = "goals"
    serializer_class = GoalRow
    filterset_class = GoalFilters
    expands = GoalRow

    def get_queryset(self) -> QuerySet[Any]:
        return Goal.objects.visible_to(self.actor)


@extend_schema_view(
    get=extend_schema(
        summary=_("List tjenester"),
        description=_("Tjenestene i dine kommuner, med tjenesteeier."),
        examples=[examples.SERVICE],
    )
)
class ServiceList(ListView):
    resource = "services"
    serializer_class = ServiceRow
    filterset_class = ServiceFilters
    expands = ServiceRow

    def get_queryset(self) -> QuerySet[Any]:
        return Service.objects.visible_to(self.actor)


@extend_schema_view(
    get=extend_schema(
        summary=_("List folk"),
        description=_("De som har, eller har hatt, en rolle i dine kommuner, med rollene de har i dag."),
        examples=[examples.PERSON],
    )
)
class PersonList(ListView):
    resource = "people"
    serializer_class = PersonRow
    filterset_class = PersonFilters

    def get_queryset(self) -> QuerySet[Any]:
        held = RoleAssignment.objects.visible_to(self.actor).in_force(timezone.localdate())
        told = JSONObject(role="role", unit_id="unit_id", municipality_id="unit__municipality_id")
        own = held.filter(person=OuterRef("pk")).order_by("-is_main", "pk").values(told=told)
        return Person.objects.visible_to(self.actor).annotate(roles_held=ArraySubquery(own))


@extend_schema_view(
    get=extend_schema(
        summary=_("Hent én enhet"),
        description=_("Det samme som i lista, og `ETag`."),
        examples=[examples.UNIT],
    )
)
class UnitDetail(SingleDetailView):
    listing = UnitList


@extend_schema_view(
    get=extend_schema(
        summary=_("Hent ett strategisk mål"),
        description=_("Det samme som i lista, og `ETag`."),
        examples=[examples.GOAL],
    )
)
class GoalDetail(SingleDetailView):
    listing = GoalList


@extend_schema_view(
    get=extend_schema(
        summary=_("Hent én tjeneste"),
        description=_("Det samme som i lista, og `ETag`."),
        examples=[examples.SERVICE],
    )
)
class ServiceDetail(SingleDetailView):
    listing = ServiceList


@extend_schema_view(
    get=extend_schema(
        summary=_("Hent én person"),
        description=_("Det samme som i lista, og `ETag`."),
        examples=[examples.PERSON],
    )
)
class PersonDetail(SingleDetailView):
    listing = PersonList
