"""Who sees criteria, and the points of an initiative."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import DecimalField, F, Q, Sum
from django.db.models.functions import Cast

from governance.queries import ChildQuerySet, shielded_condition
from governance.scoring.arithmetic import HUNDRED, MOST_POINTS
from organization.actors import as_person
from organization.queries import InMunicipality

if TYPE_CHECKING:
    from typing import Self

    from django.db import models

    from core.actors import Actor


class OfCriteria(InMunicipality):
    municipality_path = "criteria_set__municipality_id"


class OfInitiative(ChildQuerySet):
    def visible_to(self, actor: Actor | None) -> Self:
        """Keep those of initiatives whose papers the actor reads; of a shielded one, also its shielded part."""
        rows = super().visible_to(actor)
        if not actor or actor.is_system:
            return rows
        from governance.models import Initiative

        seen = Initiative.objects.filter(Q(shield_basis="") | shielded_condition(as_person(actor)))
        return rows.filter(initiative__in=seen)


class AssessmentQuerySet(OfInitiative):
    def with_score(self) -> Self:
        """Annotate ``score``: the prioriteringspoeng of each, as ``governance.scoring.arithmetic.priority`` gives it."""
        number: models.Field[Any, Any] = DecimalField(max_digits=12, decimal_places=6)
        weight = Cast(Sum("given__criterion__weight"), number)
        won = Cast(Sum(F("given__points") * F("given__criterion__weight")), number)
        return self.annotate(score=won * HUNDRED / (weight * MOST_POINTS))
