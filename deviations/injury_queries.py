"""Who reads the register of injuries, and of which units (aml. § 5-1, domain/visibility)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import OuterRef, Q

from core.conditions import first_of_each, has_none, is_among_first
from deviations.models.status import Status
from deviations.queries import is_of_unit_in, units_of
from organization.actors import as_person
from organization.roles import Permission

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Self

    from core.actors import Actor
    from core.paging import First
    from organization.actors import PersonActor
    from organization.models import Unit


class InjuryQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor | None) -> Self:
        """Keep the injuries of the actor's area.

        Whoever a case concerns does not read it here either, and a duplicate counts once: a
        case that was merged into one with an injury of its own is left out.
        """
        if not actor:
            return self.none()
        if actor.is_system:
            return self
        person = as_person(actor)
        area = Q(pk__in=[])
        for grant in person.lines_where(Permission.READ_INJURIES):
            area |= is_of_unit_in(grant)
        return self.filter(area).shown_to(person)

    def shown_to(self, person: PersonActor) -> Self:
        """Leave out drafts, duplicates and what concerns the person, wherever it is."""
        return self.exclude(deviation__status=Status.DRAFT).filter(_not_concerning(person)).once()

    def once(self) -> Self:
        """Leave out what is a duplicate of another row of the register."""
        main = self.model._default_manager.filter(deviation_id=OuterRef("deviation__merged_into_id"))
        return self.filter(has_none(main))

    def below(self, unit: Unit) -> Self:
        from organization.models import Unit

        return self.filter(unit_id__in=Unit.objects.below(unit).order_by().values("pk"))

    def between(self, first: datetime, end: datetime) -> Self:
        """Keep what was discovered from ``first`` and before ``end``."""
        return self.filter(discovered_at__gte=first, discovered_at__lt=end)


def _not_concerning(person: PersonActor) -> Q:
    from deviations.models import Deviation

    rows = Deviation.concerned.through.objects
    return has_none(rows.filter(person_id=person.person_id, deviation_id=OuterRef("deviation_id")))


def first_of_area(actor: Actor) -> First:
    """Return what finds the first rows of the register that ``actor`` sees, each part of the area by itself.

    As ``deviations.newest`` does for the list of cases: through the index in the order of the register.
    """
    person = as_person(actor)

    def first(rows: Any, ordering: tuple[str, ...], count: int) -> Any:
        bare = rows.select_related(None).shown_to(person).order_by(*ordering)
        found = Q(pk__in=[])
        for grant in person.lines_where(Permission.READ_INJURIES):
            if grant.unit_id == grant.municipality_id:
                whole = bare.filter(municipality_id=grant.municipality_id)
                found |= is_among_first("pk", whole.values("pk")[:count])
            else:
                each = bare.filter(unit_id=OuterRef("pk")).values("pk")[:count]
                found |= is_among_first("pk", first_of_each(units_of(grant), each))
        return rows.filter(found).visible_to(person).order_by(*ordering)[:count]

    return first
