"""Which rows of the organisation an actor sees, and named filters on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Case, Exists, Max, OuterRef, Q, Subquery, Sum, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from treebeard.mp_tree import MP_NodeManager, MP_NodeQuerySet

from core.queries import SeenWith
from organization.roles import Permission

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from typing import Self

    from core.actors import Actor
    from core.statements import Slot
    from organization.actors import PersonActor
    from organization.models import Unit


def municipalities_of(actor: Actor | None) -> frozenset[int] | None:
    """Return the municipalities the actor belongs to; ``None`` means all (the system)."""
    if not actor:  # also the lazy None of an anonymous request
        return frozenset()
    if actor.is_system:
        return None
    return getattr(actor, "municipality_ids", frozenset())


class InMunicipality(models.QuerySet[Any]):
    """Rows that everybody in their municipality may see: names, roles, services, goals."""

    municipality_path = "municipality_id"

    def visible_to(self, actor: Actor | None) -> Self:
        ids = municipalities_of(actor)
        return self if ids is None else self.filter(**{f"{self.municipality_path}__in": ids})


class UnitQuerySet(MP_NodeQuerySet[Any]):
    def visible_to(self, actor: Actor | None) -> Self:
        ids = municipalities_of(actor)
        return self if ids is None else self.filter(municipality_id__in=ids)

    def below(self, unit: Unit) -> Self:
        """Keep ``unit`` and everything below it."""
        return self.filter(path__startswith=unit.path)

    def above(self, unit: Unit) -> Self:
        """Keep ``unit`` and every unit above it: its line."""
        step = unit.steplen
        return self.filter(path__in=[unit.path[: i + step] for i in range(0, len(unit.path), step)])

    def legal_entities(self) -> Self:
        """Keep municipalities and regions: those that own records."""
        from organization.models import Unit

        return self.filter(kind__in=[Unit.Kind.MUNICIPALITY, Unit.Kind.REGION])

    def open_on(self, day: date) -> Self:
        return self.filter(Q(closed_on=None) | Q(closed_on__gt=day))

    def managed_by(self, actor: Actor | None) -> Self:
        """Keep the units whose administrator the actor is."""
        if not actor:
            return self.none()
        if actor.is_system:
            return self
        mine = Q(pk__in=[])
        for grant in getattr(actor, "lines_where", lambda _: ())(Permission.MANAGE_ORGANIZATION):
            mine |= Q(path__startswith=grant.unit_path, municipality_id=grant.municipality_id)
        return self.filter(mine)


class UnitManager(MP_NodeManager.from_queryset(UnitQuerySet)):  # type: ignore[misc]
    """treebeard's own manager makes plain querysets; ours keeps the named filters in a chain."""

    def get_queryset(self) -> UnitQuerySet:
        return UnitQuerySet(self.model, using=self._db).order_by("path")


def held_on(day: date | OuterRef | Slot, path: str = "") -> Q:
    """Return the condition that a period has ``day``: from its first day, until the day it ends (not included).

    :param path: the path to what has the period, such as ``roles__``.
    """
    not_ended = Q(**{f"{path}valid_to": None}) | Q(**{f"{path}valid_to__gt": day})
    return not_ended & Q(**{f"{path}valid_from__lte": day})


class RoleAssignmentQuerySet(InMunicipality):
    municipality_path = "unit__municipality_id"

    def in_force(self, day: date | Slot) -> Self:
        """Keep the roles held on ``day``."""
        return self.filter(held_on(day))

    def main_first(self, day: date | None = None) -> Self:
        """Put the role that tells where a person belongs first: held on ``day`` (today), then main, then newest."""
        day = day or timezone.localdate()
        held = Q(valid_to=None) | Q(valid_to__gt=day)
        age = Case(When(held, valid_from__lte=day, then=0), When(held, then=1), default=2)
        return self.annotate(_age=age).order_by("_age", "-is_main", "-valid_from", "-pk")


class PersonQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor | None) -> Self:
        """Keep people who have, or had, a role in one of the actor's municipalities."""
        ids = municipalities_of(actor)
        if ids is None:
            return self
        from organization.models import RoleAssignment

        held = RoleAssignment.objects.filter(unit__municipality_id__in=ids)
        return self.filter(pk__in=held.values("person_id"))

    def at_work_in(self, municipality_id: int, day: date) -> Self:
        """Keep active people who hold a role in the municipality on ``day``."""
        from organization.models import RoleAssignment

        held = RoleAssignment.objects.in_force(day).filter(unit__municipality_id=municipality_id)
        return self.filter(pk__in=held.values("person_id"), is_active=True)


def administrators_of(orgnrs: Iterable[str]) -> PersonQuerySet:
    """Return those who administer these municipalities as a whole today: whom somebody without access can ask."""
    from organization.models import Person, RoleAssignment
    from organization.roles import Role

    held = RoleAssignment.objects.in_force(timezone.localdate()).filter(
        role=Role.ADMINISTRATOR, unit=models.F("unit__municipality"), unit__orgnr__in=list(orgnrs)
    )
    people: PersonQuerySet = Person.objects.filter(pk__in=held.values("person_id"), is_active=True)
    return people.order_by("name_sort")


class SavedViewQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor | None) -> Self:
        """Keep the own views, and those shared with a unit in the line of a role held today."""
        if not actor:
            return self.none()
        if actor.is_system:
            return self
        from organization.actors import as_person

        person = as_person(actor)
        condition = Q(owner_id=person.person_id)
        for grant in person.grants:
            held = Q(role="") | Q(role=grant.role)
            condition |= held & Q(unit__path__in=_line(grant.unit_path), removed_at=None)
        return self.filter(condition)

    def kept(self) -> Self:
        return self.filter(removed_at=None)

    def of_lists(self, names: Iterable[str], actor: PersonActor) -> Self:
        """Keep the views of some lists, with ``is_start``: whether it is the one that opens its list."""
        from organization.models import StartView

        starts = StartView.objects.filter(person_id=actor.person_id, view_id=OuterRef("pk"))
        return (
            self.kept().filter(list__in=list(names)).annotate(is_start=Exists(starts)).order_by("name", "pk")
        )


class StartViewQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor | None) -> Self:
        if not actor:
            return self.none()
        return self if actor.is_system else self.filter(person_id=actor.person_id)


def _line(path: str) -> list[str]:
    """Return the paths of a unit and of all above it."""
    from organization.models import Unit

    step = int(Unit.steplen)
    return [path[: end + step] for end in range(0, len(path), step)]


class ExposureQuerySet(InMunicipality):
    municipality_path = "unit__municipality_id"


def at_or_above(ids: Iterable[int], path: str) -> Q:
    """Return the condition that ``path`` is one of the municipalities, or the region of one."""
    from organization.models import Unit

    regions = Unit.objects.filter(pk__in=ids).values("region_id")
    return Q(**{f"{path}__in": ids}) | Q(**{f"{path}__in": regions})


class OfOwnOrRegion(InMunicipality):
    def visible_to(self, actor: Actor | None) -> Self:
        """Keep rows of the own municipalities and of the regions they are part of."""
        ids = municipalities_of(actor)
        return self if ids is None else self.filter(at_or_above(ids, self.municipality_path))


class StrategyQuerySet(OfOwnOrRegion):
    """Strategies, which everybody sees."""


class GoalQuerySet(OfOwnOrRegion):
    municipality_path = "strategy__municipality_id"

    def adopted_on(self, day: date) -> Self:
        return self.filter(
            Q(strategy__valid_to=None) | Q(strategy__valid_to__gt=day),
            strategy__adopted_on__lte=day,
        )


def administered_by(actor: Actor) -> set[int]:
    """Return the municipalities that the actor administers as a whole."""
    grants = getattr(actor, "lines_where", lambda _: ())(Permission.MANAGE_ORGANIZATION)
    return {grant.municipality_id for grant in grants if grant.unit_id == grant.municipality_id}


class AdministeredQuerySet(models.QuerySet[Any]):
    """Rows of a municipality that its administrators alone see."""

    def visible_to(self, actor: Actor | None) -> Self:
        """Keep the rows of the municipalities that the actor administers as a whole."""
        if not actor:
            return self.none()
        if actor.is_system:
            return self
        return self.filter(municipality_id__in=administered_by(actor))


class ApiClientQuerySet(AdministeredQuerySet):
    def with_calls(self, since: date) -> Self:
        """Annotate ``calls`` since a day, and ``last_at``, when the client called last."""
        from organization.models import ApiCallCount

        counts = ApiCallCount.objects.filter(client=OuterRef("pk")).order_by().values("client")
        recent = counts.filter(day__gte=since).annotate(sum=Sum("calls")).values("sum")
        last = counts.annotate(last=Max("last_at")).values("last")
        return self.annotate(calls=Coalesce(Subquery(recent), 0), last_at=Subquery(last))


class ApiCallCountQuerySet(SeenWith):
    seen_with = "client"

    def by_resource(self) -> Any:
        """Return a row for each resource with its sums: what went well, what was refused, what failed here."""

        def sum_of(status_class: int) -> Coalesce:
            return Coalesce(Sum("calls", filter=Q(status_class=status_class)), 0)

        sums = {"done": sum_of(2), "refused": sum_of(4), "failed": sum_of(5), "last": Max("last_at")}
        return self.values("resource").annotate(**sums).order_by("resource")
