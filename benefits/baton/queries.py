"""Who sees hand-overs and local plans."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from benefits.baton.policies import LINE
from benefits.queries import in_plan_of
from governance.models import Initiative, Participation
from organization.actors import as_person
from organization.models import Unit
from organization.queries import municipalities_of
from organization.roles import Permission

if TYPE_CHECKING:
    from datetime import date
    from typing import Self

    from core.actors import Actor
    from organization.actors import PersonActor
    from organization.queries import UnitQuerySet


def units_led_by(actor: PersonActor) -> UnitQuerySet:
    """Return the units that the actor changes without a project (``policies.may_open_in_line``)."""
    led = Q(pk__in=[])
    for grant in actor.grants:
        if grant.role in LINE:
            led |= Q(path__startswith=grant.unit_path, municipality_id=grant.municipality_id)
    return Unit.objects.filter(led)


class HandoverQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor | None) -> Self:
        """Keep those of initiatives whose papers the actor reads, of a shielded one also its shielded part."""
        if not actor:
            return self.none()
        if actor.is_system:
            return self
        person = as_person(actor)
        return self.filter(in_plan_of(person, named=Q(receiver_id=person.person_id)))

    def waiting(self) -> Self:
        return self.filter(status__in=["with_leadership", "with_receiver"])

    def due_by(self, day: date) -> Self:
        return self.waiting().filter(due_on__lte=day)

    def in_hands_of(self, actor: PersonActor) -> Self:
        """Keep those that wait for the actor: as the one who is to take over, or as the municipality's leadership."""
        leads = actor.municipalities_where(Permission.DECIDE_FOR_MUNICIPALITY)
        as_leader = Q(status="with_leadership", initiative__municipality_id__in=leads)
        return self.filter(as_leader | Q(status="with_receiver", receiver_id=actor.person_id))


class LocalPlanQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor | None) -> Self:
        """Keep the own municipality's, and for people of the region those of municipalities that still take part.

        This is that there is a plan, and its totals.  What is in it follows the initiative that carries it.
        """
        ids = municipalities_of(actor)
        if ids is None:
            return self
        of_region = Q(template__municipality_id__in=ids) & Q(pk__in=self.model._default_manager.taking_part())
        return self.filter(Q(municipality_id__in=ids) | of_region)

    def taking_part(self) -> Self:
        """Keep those of municipalities that take part today: not out of the initiative, nor out of the region."""
        active = Participation.objects.filter(
            initiative_id=OuterRef("template_id"), municipality_id=OuterRef("municipality_id"), left_at=None
        )
        return self.filter(Exists(active), municipality__region_id=F("template__municipality_id"))


class TemplateLinkQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor | None) -> Self:
        """Keep those of plans that the actor sees into: links are papers of the municipality."""
        if not actor:
            return self.none()
        if actor.is_system:
            return self
        return self.filter(plan__initiative__in=Initiative.objects.readable_by(actor))
