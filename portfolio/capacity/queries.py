"""Who sees roles, their capacity and requests for people, and named filters on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from core.conditions import has_one
from organization.actors import as_person
from organization.models import RoleAssignment
from organization.queries import InMunicipality
from organization.roles import Permission
from portfolio.queries import OfProject

if TYPE_CHECKING:
    from datetime import date
    from typing import Self

    from core.actors import Actor


def _staff_of(role: str, day: date) -> dict[str, Exists]:
    """Return whether those who answer for a role work in its municipality; ``role`` is the path to it."""
    held = RoleAssignment.objects.in_force(day).filter(
        unit__municipality_id=OuterRef(f"{role}municipality_id"), person__is_active=True
    )
    people = {"has_owner": "owner_id", "has_stand_in": "stand_in_id"}
    return {
        name: Exists(held.filter(person_id=OuterRef(f"{role}{column}"))) for name, column in people.items()
    }


class ResourceRoleQuerySet(InMunicipality):
    def in_use(self) -> Self:
        return self.filter(is_active=True)

    def of(self, person_id: int) -> Self:
        """Keep the roles that a person answers for, as resource owner or stand-in."""
        return self.filter(Q(owner_id=person_id) | Q(stand_in_id=person_id))

    def answered_for_by(self, actor: Actor | None) -> Self:
        """Keep the roles that the actor answers for, or manages the portfolio of."""
        seen = self.visible_to(actor)
        if not actor or actor.is_system:
            return seen
        person = as_person(actor)
        managed = Q(municipality_id__in=person.municipalities_where(Permission.MANAGE_PORTFOLIO))
        return seen.filter(Q(owner_id=person.person_id) | Q(stand_in_id=person.person_id) | managed)

    def with_staff(self, day: date) -> Self:
        """Add ``has_owner`` and ``has_stand_in``: whether each still works in the municipality on a day."""
        return self.annotate(**_staff_of("", day))


class CapacityQuerySet(InMunicipality):
    municipality_path = "role__municipality_id"


class AbsenceQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor | None) -> Self:
        """Keep the absences of roles that the actor answers for: others see only their sum, for they may name people."""
        from portfolio.models import ResourceRole

        return self.filter(
            has_one(ResourceRole.objects.answered_for_by(actor).filter(pk=OuterRef("role_id")))
        )


class ResourceRequestQuerySet(OfProject):
    def waiting(self) -> Self:
        """Keep what nobody has answered, of projects that run."""
        return self.filter(status="requested", project__status__in=["active", "paused"])

    def with_staff(self, day: date) -> Self:
        """Add whether those who answer for the role still work in the municipality on a day."""
        return self.annotate(**_staff_of("role__", day))
