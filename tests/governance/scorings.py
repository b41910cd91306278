"""Criteria that are adopted, and points that are given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from governance.scoring import operations
from organization.roles import Role

if TYPE_CHECKING:
    from governance.models import Assessment, Assessor, CriteriaSet, Initiative
    from tests.world import Place


def draft(place: Place) -> CriteriaSet:
    return operations.draft_criteria(place.municipality, by=place.actor(Role.SECRETARIAT), now=timezone.now())


def criteria(place: Place) -> CriteriaSet:
    """Adopt the standard criteria, or the draft that stands."""
    draft(place)
    return operations.adopt_criteria(
        place.municipality, adopted_by="Digitaliseringsrådet", adopted_on=timezone.localdate(), by=place.actor(Role.SECRETARIAT),
        now=timezone.now(),
    )  # fmt: skip


def asked(initiative: Initiative, place: Place, role: Role = Role.COUNCIL_MEMBER) -> Assessor:
    return operations.name_assessor(
        initiative, place.person(role), by=place.actor(Role.SECRETARIAT), now=timezone.now()
    )


def score(initiative: Initiative, place: Place, *points: int, role: Role = Role.SECRETARIAT) -> Assessment:
    """Give points in the order of the criteria; the last goes for the rest."""
    counting = operations.current_set(place.municipality.pk)
    assert counting is not None
    rows = list(counting.criteria.all())
    given = [*points, *[points[-1]] * (len(rows) - len(points))]
    return operations.assess(
        initiative, {row.pk: one for row, one in zip(rows, given, strict=False)}, note="", criteria_set=counting, by=place.actor(role),
        now=timezone.now(),
    )  # fmt: skip
