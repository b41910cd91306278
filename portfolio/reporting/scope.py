"""What a report is about: an area, a moment and a period, and the rows that belong to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Q
from django.utils import timezone

from core.conditions import has_one
from governance.models import Initiative, Participation
from organization.models import Unit
from portfolio.models import Project
from portfolio.reporting.history import standing

if TYPE_CHECKING:
    from datetime import datetime

    from core.history import Tracked
    from organization.actors import PersonActor

# Whoever is not of a region sees what the own municipality takes part in.
_SHARED = """ and {column} in (
    select initiative_id from governance_participation where municipality_id = any(%(shared)s) and left_at is null
)"""
_OWNED = "municipality_id = %(owner)s"
_BEFORE = """
with units as ({units}),
area as (
    select id from units where %(whole)s or path like (select path from units where id = %(area)s) || '%%'
)"""
_PROJECTS = """,
followed as (
    select project.*, units.name as unit from ({projects}) as project left join units on units.id = project.unit_id
    where %(whole)s or project.unit_id in (select id from area)
),
projects as (select * from followed where kind <> 'operations'),
operations as (select * from followed where kind = 'operations')"""
_CASES = """,
cases as (
    select record.*, units.name as unit, %(whole)s or record.unit_id in (select id from area) as is_here
    from ({cases}) as record left join units on units.id = record.unit_id
    where submitted_at is not null and status <> 'draft'
)"""
_CASE_COLUMNS = "id, number, title, public_title, shield_basis, status, status_since, submitted_at, unit_id"
_COLUMNS = "id, initiative_id, unit_id, name, kind, phase, status, status_since, starts_on, ends_on"


@dataclass(frozen=True, slots=True)
class Scope:
    """An area at a moment.  ``shared_with`` are the municipalities that see only what they take part in of a region.

    ``is_now`` reads the rows as they are instead of from history; what is frozen is never read so.
    """

    area: Unit
    as_of: datetime
    since: datetime
    shared_with: frozenset[int] = frozenset()
    is_now: bool = False

    @property
    def owner_id(self) -> int:
        """The municipality or region that the area is of."""
        return self.area.municipality_id or self.area.pk

    @property
    def values(self) -> dict[str, Any]:
        return {
            "area": self.area.pk, "owner": self.owner_id, "whole": self.area.pk == self.owner_id, "moment": self.as_of,
            "since": self.since, "day": timezone.localdate(self.as_of), "shared": sorted(self.shared_with),
        }  # fmt: skip

    def owned(self, column: str = "initiative_id") -> str:
        """Return the condition that a row with ``municipality_id`` is of the report.

        :param column: where its initiative stands.
        """
        return _OWNED + (_SHARED.format(column=column) if self.shared_with else "")

    def standing(self, model: type[Tracked], columns: str, *, where: str) -> str:
        """Return a statement for the rows of ``model`` as they stood; see ``history.standing``."""
        return standing(model, columns, where=where, is_now=self.is_now)

    @property
    def places(self) -> str:
        """The beginning of a statement that names ``units`` and the ``area`` among them."""
        return _BEFORE.format(units=self.standing(Unit, "id, name, path", where=_OWNED))

    @property
    def projects(self) -> str:
        """The same, with what is ``followed`` in the area: ``projects``, which develop it, and ``operations``."""
        return self.places + _PROJECTS.format(projects=self.standing(Project, _COLUMNS, where=self.owned()))

    @property
    def cases(self) -> str:
        """The same as ``places``, with the ``cases`` that were sent in; those of the area are ``is_here``."""
        return self.places + _CASES.format(
            cases=self.standing(Initiative, _CASE_COLUMNS, where=self.owned("pgh_obj_id"))
        )


def areas_for(actor: PersonActor) -> list[Unit]:
    """Return the areas the actor may ask a report for: everything at home, and the regions that share something."""
    at_home = Q(municipality_id__in=actor.municipality_ids) & ~Q(kind=Unit.Kind.DEPARTMENT)
    shared = Participation.objects.filter(
        municipality_id__in=actor.municipality_ids, left_at=None, initiative__municipality_id=OuterRef("pk")
    )
    regions = Q(kind=Unit.Kind.REGION) & has_one(shared)
    return list(Unit.objects.filter(at_home | regions).order_by("path"))


def scope_for(
    actor: PersonActor, area: Unit, *, as_of: datetime, since: datetime, is_now: bool = False
) -> Scope:
    """Return what the actor may read of an area that ``areas_for`` names."""
    is_home = (area.municipality_id or area.pk) in actor.municipality_ids
    return Scope(area, as_of, since, frozenset() if is_home else actor.municipality_ids, is_now)
