"""Who sees which projects: the whole organisation (domain/visibility)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from organization.queries import municipalities_of

if TYPE_CHECKING:
    from typing import Self

    from core.actors import Actor


class ProjectQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor | None) -> Self:
        ids = municipalities_of(actor)
        if ids is None:
            return self
        if not ids:
            return self.none()
        from governance.models import Participation

        taking_part = Participation.objects.filter(municipality_id__in=ids, left_at=None)
        return self.filter(
            Q(municipality_id__in=ids) | Q(initiative_id__in=taking_part.values("initiative_id"))
        )

    def for_board(self) -> Self:
        return self.select_related("initiative", "unit", "municipality", "owner", "manager")
