"""Who reads the register of injuries, and of which units (aml. § 5-1, domain/visibility)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import OuterRef, Q

from core.conditions import has_one
from deviations.models.status import Status
from deviations.queries import is_of_unit_in
from organization.actors import as_person
from organization.roles import Permission

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Self

    from core.actors import Actor
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
        return self.filter(area).exclude(deviation__status=Status.DRAFT).filter(~_concerning(person)).once()

    def once(self) -> Self:
        """Leave out what is a duplicate of another row of the register."""
        return self.filter(deviation__merged_into__injury=None)

    def below(self, unit: Unit) -> Self:
        from organization.models import Unit

        return self.filter(unit_id__in=Unit.objects.below(unit).order_by().values("pk"))

    def between(self, first: datetime, end: datetime) -> Self:
        """Keep what was discovered from ``first`` and before ``end``."""
        return self.filter(discovered_at__gte=first, discovered_at__lt=end)


def _concerning(person: PersonActor) -> Q:
    from deviations.models import Deviation

    rows = Deviation.concerned.through.objects
    return has_one(rows.filter(person_id=person.person_id, deviation_id=OuterRef("deviation_id")))
