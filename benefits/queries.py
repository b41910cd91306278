"""Who sees which benefits: whoever reads the content of the initiative they belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from governance.models import Initiative
from governance.queries import shielded_condition

if TYPE_CHECKING:
    from typing import Self

    from core.actors import Actor
    from organization.actors import PersonActor
    from organization.models import Unit


class BenefitQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor | None) -> Self:
        """Keep those of initiatives whose papers the actor reads; of a shielded one, also its shielded part."""
        if not actor:
            return self.none()
        if actor.is_system:
            return self
        open_or_allowed = Q(shield_basis="") | shielded_condition(actor)  # type: ignore[arg-type]
        return self.filter(initiative__in=Initiative.objects.readable_by(actor).filter(open_or_allowed))

    def owned_by(self, actor: PersonActor) -> Self:
        return self.filter(service_owner_id=actor.person_id)

    def below(self, unit: Unit) -> Self:
        """Keep those of initiatives of ``unit`` and everything below it."""
        return self.filter(
            initiative__unit__path__startswith=unit.path,
            initiative__unit__municipality_id=unit.municipality_id,
        )
