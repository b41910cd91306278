"""Who sees which programmes: everybody at home, and of a region everybody in its municipalities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from core.conditions import is_one_of
from organization.models import Unit
from organization.queries import municipalities_of

if TYPE_CHECKING:
    from typing import Self

    from core.actors import Actor


class ProgrammeQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor | None) -> Self:
        ids = municipalities_of(actor)
        if ids is None:
            return self
        if not ids:
            return self.none()
        return self.filter(Q(municipality_id__in=ids) | is_one_of("municipality_id", _regions_of(ids)))

    def open(self) -> Self:
        return self.filter(closed_at=None)

    def fit_for(self, municipality: Unit) -> Self:
        """Keep those that a project of the municipality can belong to: its own, and those of its region."""
        return self.filter(municipality_id__in=circle_of(municipality))


def _regions_of(ids: frozenset[int]) -> models.QuerySet[Any]:
    return Unit.objects.filter(pk__in=ids, region__isnull=False).values("region")


def circle_of(municipality: Unit) -> set[int]:
    """Return the ids of a municipality and the region it takes part in."""
    return {pk for pk in (municipality.pk, municipality.region_id) if pk is not None}
