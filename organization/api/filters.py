"""The filters of the organisation's lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import django_filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.api.filtering import ChangedFilters, Filters, FlagFilter, IdFilter, MomentFilter
from organization.finding import people_matching, services_matching
from organization.models import RoleAssignment, Unit
from organization.roles import Role

if TYPE_CHECKING:
    from django.db.models import QuerySet


def below(unit_id: int, actor: Any) -> QuerySet[Unit]:
    """Return a unit the actor sees and all below it; nothing when it is not the actor's to see."""
    top = Unit.objects.visible_to(actor).filter(pk=unit_id).first()
    return Unit.objects.below(top) if top else Unit.objects.none()


class PlaceFilters(ChangedFilters):
    """Filters by where a row belongs; ``of`` is the path to what has municipality and unit."""

    of: ClassVar[str] = ""
    municipality = IdFilter(method="by_municipality", help_text=_("Kommunen eller regionen raden hører til."))
    unit = IdFilter(method="by_unit", help_text=_("Enheten."))
    below = IdFilter(method="by_line", help_text=_("Enheten og alt under den."))

    def by_municipality(self, rows: Any, _name: str, pk: int) -> Any:
        return rows.filter(**{f"{self.of}municipality_id": pk})

    def by_unit(self, rows: Any, _name: str, pk: int) -> Any:
        return rows.filter(**{f"{self.of}unit_id": pk})

    def by_line(self, rows: Any, _name: str, pk: int) -> Any:
        return rows.filter(**{f"{self.of}unit_id__in": below(pk, self.actor).order_by().values("pk")})


class UnitFilters(Filters):
    q = django_filters.CharFilter(
        field_name="name", lookup_expr="icontains", max_length=200, help_text=_("Del av navnet.")
    )
    kind = django_filters.ChoiceFilter(choices=Unit.Kind.choices, help_text=_("Nivå i treet."))
    municipality = IdFilter(
        field_name="municipality_id", help_text=_("Kommunen eller regionen enheten hører til.")
    )
    below = IdFilter(method="by_line", help_text=_("Enheten selv og alt under den."))
    code = django_filters.CharFilter(max_length=40, help_text=_("Organisasjonskoden."))
    open = FlagFilter(method="by_open", help_text=_("Bare enheter som finnes i dag, eller bare nedlagte."))
    updated_after = MomentFilter(
        field_name="changed_at", lookup_expr="gt", help_text=_("Endret etter dette tidspunktet.")
    )

    def by_line(self, rows: QuerySet[Unit], _name: str, unit_id: int) -> QuerySet[Unit]:
        return rows.filter(pk__in=below(unit_id, self.actor).order_by().values("pk"))

    def by_open(self, rows: Any, _name: str, wanted: bool) -> QuerySet[Unit]:
        today = timezone.localdate()
        opened: QuerySet[Unit] = rows.open_on(today) if wanted else rows.filter(closed_on__lte=today)
        return opened


class GoalFilters(Filters):
    q = django_filters.CharFilter(
        field_name="title", lookup_expr="icontains", max_length=200, help_text=_("Del av målet.")
    )
    municipality = IdFilter(
        field_name="strategy__municipality_id", help_text=_("Kommunen eller regionen som eier strategien.")
    )
    unit = IdFilter(field_name="unit_id", help_text=_("Enheten målet gjelder."))
    strategy = IdFilter(field_name="strategy_id", help_text=_("Strategien målet står i."))
    in_force = FlagFilter(
        method="by_in_force", help_text=_("Bare mål som gjelder i dag, eller bare de andre.")
    )
    updated_after = MomentFilter(
        field_name="changed_at", lookup_expr="gt", help_text=_("Endret etter dette tidspunktet.")
    )

    def by_in_force(self, rows: Any, _name: str, wanted: bool) -> Any:
        today = timezone.localdate()
        return (
            rows.adopted_on(today)
            if wanted
            else rows.exclude(pk__in=rows.adopted_on(today).order_by().values("pk"))
        )


class ServiceFilters(PlaceFilters):
    q = django_filters.CharFilter(
        method="by_text", max_length=160, help_text=_("Deler av navnet, eller av enhetens.")
    )
    service_owner = IdFilter(field_name="service_owner_id", help_text=_("Tjenesteeieren."))

    def by_text(self, rows: Any, _name: str, text: str) -> Any:
        return services_matching(rows, text)


class PersonFilters(ChangedFilters):
    q = django_filters.CharFilter(
        method="by_text", max_length=160, help_text=_("Deler av navnet eller stillingen.")
    )
    role = django_filters.ChoiceFilter(
        choices=Role.choices, method="by_role", help_text=_("De som har rollen i dag.")
    )
    unit = IdFilter(method="by_unit", help_text=_("De som har en rolle i enheten i dag."))
    below = IdFilter(method="by_line", help_text=_("De som har en rolle i enheten eller under den i dag."))
    at_work = FlagFilter(
        method="by_work", help_text=_("Bare de som har en rolle i dag, eller bare de som har sluttet.")
    )

    def by_text(self, rows: Any, _name: str, text: str) -> Any:
        return people_matching(rows, text)

    def by_role(self, rows: Any, _name: str, role: str) -> Any:
        return rows.filter(pk__in=self._held().filter(role=role).values("person_id"))

    def by_unit(self, rows: Any, _name: str, pk: int) -> Any:
        return rows.filter(pk__in=self._held().filter(unit_id=pk).values("person_id"))

    def by_line(self, rows: Any, _name: str, pk: int) -> Any:
        units = below(pk, self.actor).order_by().values("pk")
        return rows.filter(pk__in=self._held().filter(unit_id__in=units).values("person_id"))

    def by_work(self, rows: Any, _name: str, wanted: bool) -> Any:
        held = self._held().values("person_id")
        return rows.filter(pk__in=held) if wanted else rows.exclude(pk__in=held)

    def _held(self) -> Any:
        held = RoleAssignment.objects.visible_to(self.actor).in_force(timezone.localdate())
        return held.order_by()
