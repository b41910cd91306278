"""Who sees stories, awards, nominations and votes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from organization.queries import InMunicipality, municipalities_of

if TYPE_CHECKING:
    from typing import Self

    from core.actors import Actor


class StoryQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor | None) -> Self:
        """Keep the own municipality's, and what others have published to the whole installation."""
        ids = municipalities_of(actor)
        if ids is None:
            return self
        if not ids:
            return self.none()
        return self.filter(Q(municipality_id__in=ids) | Q(status="published", is_shared=True))

    def published(self) -> Self:
        return self.filter(status="published")


class NominationQuerySet(InMunicipality):
    municipality_path = "award__municipality_id"


class VoteQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor | None) -> Self:
        """Keep the own vote: how others voted is nobody's to see."""
        if not actor:
            return self.none()
        return self if actor.is_system else self.filter(voter_id=actor.person_id)
