"""Who sees the change work of a plan, and named filters on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from benefits.queries import OfPlan
from core.conditions import has_one
from governance.models import Initiative, Participation
from governance.models.status import EDITABLE_BY_SUBMITTER, FINAL
from organization.models import RoleAssignment

if TYPE_CHECKING:
    from datetime import date
    from typing import Self

    from core.actors import Actor
    from organization.actors import PersonActor

OPEN = ("not_started", "under_way")


class PlanPartQuerySet(OfPlan):
    def standing(self) -> Self:
        """Keep what is not taken out."""
        return self.filter(removed_at=None)

    def of_open_plans(self) -> Self:
        """Keep those of plans that can be worked on."""
        return self.exclude(initiative__status__in=[*EDITABLE_BY_SUBMITTER, *FINAL])


class OwnedQuerySet(PlanPartQuerySet):
    """Rows that somebody answers for: the owner sees the own also where the plan is for others to read."""

    def visible_to(self, actor: Actor | None) -> Self:
        from benefits.models import Benefit

        if not actor or actor.is_system:
            return super().visible_to(actor)
        its = {"initiative_id": OuterRef("initiative_id")}
        readable = has_one(Benefit.objects.visible_to(actor).filter(**its))
        known = has_one(Initiative.objects.visible_to(actor).filter(pk=OuterRef("initiative_id")))
        return self.filter(readable | Q(owner_id=actor.person_id) & known)

    def owned_by(self, actor: PersonActor) -> Self:
        return self.filter(owner_id=actor.person_id)

    def with_staff(self, day: date) -> Self:
        """Annotate ``is_staffed``: the owner holds a role, on that day, where the initiative is carried out."""
        part = Participation.objects.filter(
            initiative_id=OuterRef(OuterRef("initiative_id")), municipality_id=OuterRef("unit__municipality_id"), left_at=None
        )  # fmt: skip
        at_home = Q(unit__municipality_id=OuterRef("initiative__municipality_id"))
        held = RoleAssignment.objects.in_force(day).filter(
            at_home | Q(Exists(part)), person_id=OuterRef("owner_id"), person__is_active=True
        )
        return self.annotate(is_staffed=Exists(held))


class ChangeActionQuerySet(OwnedQuerySet):
    def open(self) -> Self:
        """Keep what is still to be done in plans that are worked on."""
        return self.standing().filter(status__in=OPEN).of_open_plans()

    def planned_by(self, actor: PersonActor) -> Self:
        """Keep those of initiatives whose service owner or project owner the actor is."""
        mine = Initiative.objects.filter(
            Q(service_owner_id=actor.person_id) | Q(project_owner_id=actor.person_id)
        )
        return self.filter(initiative__in=mine.values("pk"))


class BenefitRiskQuerySet(OwnedQuerySet):
    def to_be_reviewed_by(self, day: date) -> Self:
        """Keep those that somebody must look at again by ``day``."""
        return self.standing().filter(review_on__lte=day).exclude(state="gone").of_open_plans()
