"""Who sees how a decision is followed up, and what waits for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import BooleanField, Case, Exists, OuterRef, Q, Value, When

from core.conditions import has_one
from organization.roles import Permission

if TYPE_CHECKING:
    from datetime import date
    from typing import Self

    from core.actors import Actor
    from organization.actors import PersonActor


class FollowUpQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor | None) -> Self:
        """Keep those whose decision the actor reads the words of, and those the actor is to carry out."""
        if not actor:
            return self.none()
        if actor.is_system:
            return self
        from governance.models import Decision

        lines = Decision.objects.logged_for(actor).with_follow_up_access(actor)
        return self.filter(has_one(lines.filter(pk=OuterRef("decision_id"), reads_follow_up=True)))

    def unfinished(self) -> Self:
        return self.filter(status__in=["open", "under_way"])

    def late(self, day: date) -> Self:
        """Keep what is past its deadline and not finished."""
        return self.unfinished().filter(due_on__lt=day)

    def with_somebody(self, day: date) -> Self:
        """Annotate ``has_somebody``: whether who is responsible is still there, with a role where it is to be done."""
        from organization.models import RoleAssignment

        home = OuterRef("decision__municipality_id")
        there = Q(unit__municipality_id=home) | Q(unit__municipality__region_id=home)
        held = RoleAssignment.objects.in_force(day).filter(there, person_id=OuterRef("responsible_id"))
        is_there = Q(Exists(held), responsible__is_active=True)
        return self.annotate(
            has_somebody=Case(
                When(is_there, then=Value(True)), default=Value(False), output_field=BooleanField()
            )
        )

    def waiting_for(self, actor: PersonActor, day: date) -> Self:
        """Keep what the actor is to carry out, and for the secretariat what nobody is there to carry out."""
        mine = Q(responsible_id=actor.person_id)
        arranged = actor.municipalities_where(Permission.ARRANGE_MEETINGS)
        nobody = Q(has_somebody=False, decision__municipality_id__in=arranged)
        return self.unfinished().with_somebody(day).filter(mine | nobody)
