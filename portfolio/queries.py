"""Who sees which projects: the whole organisation (domain/visibility)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import OuterRef, Q

from core.conditions import has_one
from organization.queries import municipalities_of

if TYPE_CHECKING:
    from typing import Self

    from core.actors import Actor
    from organization.models import Unit


class ProjectQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor | None) -> Self:
        ids = municipalities_of(actor)
        if ids is None:
            return self
        if not ids:
            return self.none()
        from governance.models import Participation

        taking_part = Participation.objects.filter(
            initiative_id=OuterRef("initiative_id"), municipality_id__in=ids, left_at=None
        )
        return self.filter(Q(municipality_id__in=ids) | has_one(taking_part))

    def matching(self, text: str) -> Self:
        """Keep what has ``text`` in its name, or in the number or public title of its initiative."""
        found = Q(name__icontains=text) | Q(initiative__number__icontains=text)
        return self.filter(found | Q(initiative__card_title__icontains=text))

    def below(self, unit: Unit) -> Self:
        """Keep the projects of ``unit`` and everything below it."""
        return self.filter(unit__path__startswith=unit.path)

    def running(self) -> Self:
        return self.filter(status__in=["active", "paused"])

    def led_by(self, person_id: int) -> Self:
        """Keep the projects a person owns or manages."""
        return self.filter(Q(owner_id=person_id) | Q(manager_id=person_id))

    def for_board(self) -> Self:
        return self.select_related("initiative", "unit", "municipality", "owner", "manager")
