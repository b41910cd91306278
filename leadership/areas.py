"""Which areas a person has the leadership page of, and one of them at a moment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import F
from django.utils import timezone

from core.conditions import is_one_of
from deviations.figures.scope import Scope, View
from leadership.models.rules import Level
from organization.actors import as_person
from organization.models import Unit
from organization.roles import Permission, Role

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from django.db.models import QuerySet

    from core.actors import Actor
    from organization.actors import Grant, PersonActor

    Rows = TypeVar("Rows", bound=QuerySet[Any])

SPAN = timedelta(days=30)
"""How far back the page compares, and how long what is counted over time is counted."""
_OF_WHOLE = (Role.KOMMUNEDIREKTOR, Role.PORTFOLIO_MANAGER, Role.CHIEF_OF_FINANCE)
LEADING = (*_OF_WHOLE, Role.SECTOR_LEADER, Role.LEADER)
_DEPTH: dict[str, int] = {
    Unit.Kind.REGION: 0,
    **{str(level.value): depth for depth, level in enumerate(Level)},
}


def leads_for_sure(actor: PersonActor) -> bool:
    """Tell whether a role alone gives the page, whatever the municipality has decided about levels."""
    return actor.has_role(*_OF_WHOLE, Role.SECTOR_LEADER)


def areas_of(actor: PersonActor, day: date) -> list[Unit]:
    """Return the areas of the page, those of the municipality acted for first, above before below; one query."""
    grants = [grant for grant in actor.grants if grant.role in LEADING]
    if not grants:
        return []
    units = Unit.objects.visible_to(actor).filter(municipality_id__in={g.municipality_id for g in grants})
    rows = units.open_on(day).annotate(level=F("municipality__leadership_rules__lowest_level"))
    found = [unit for unit in rows if any(_covers(grant, unit) for grant in grants)]
    found.sort(key=lambda unit: (unit.municipality_id != actor.acting_for_id, unit.path))
    return found


def _covers(grant: Grant, unit: Any) -> bool:
    if grant.municipality_id != unit.municipality_id or not unit.path.startswith(grant.unit_path):
        return False
    is_own = grant.unit_id == unit.pk and grant.role != Role.LEADER
    return is_own or _DEPTH[unit.kind] <= _DEPTH[unit.level or Level.SECTOR]


def kept_areas(day: date) -> list[Unit]:
    """Return every area that somebody may have the page of."""
    rows = Unit.objects.open_on(day).annotate(level=F("municipality__leadership_rules__lowest_level"))
    return [unit for unit in rows if _DEPTH[unit.kind] <= max(_DEPTH[unit.level or Level.SECTOR], _DEPTH[Level.SECTOR])]  # fmt: skip


@dataclass(frozen=True)
class Place:
    """An area as ``actor`` sees it at a moment."""

    actor: Actor
    area: Unit
    at: datetime

    @property
    def day(self) -> date:
        return timezone.localdate(self.at)

    @property
    def earlier(self) -> Place:
        return replace(self, at=self.at - SPAN)

    def within(self, rows: Rows, its: str = "") -> Rows:
        """Keep the rows of the area; a region's own are not those of its municipalities.

        :param its: the path to what has ``municipality`` and ``unit``, such as ``initiative__``.
        """
        found = rows.filter(**{f"{its}municipality_id": self.area.municipality_id})
        if self.area.is_legal_entity:
            return found
        below = Unit.objects.below(self.area).filter(municipality_id=self.area.municipality_id)
        return found.filter(is_one_of(f"{its}unit_id", below.values("pk")))

    @cached_property
    def view(self) -> View | None:
        """The capacity in which the actor sees figures of deviations here, if in any."""
        if self.actor.is_system:
            return None
        person, home = as_person(self.actor), self.area.municipality_id
        if person.holds(Permission.HANDLE_DEVIATIONS, municipality_id=home, unit_path=self.area.path):
            return View.LINE
        sees = self.area.is_legal_entity and person.holds(Permission.READ_FIGURES, municipality_id=home)
        return View.FIGURES if sees else None

    @cached_property
    def cases(self) -> Scope | None:
        """The deviations that the actor may count here."""
        return Scope(as_person(self.actor), self.area, self.view) if self.view else None


def found(areas: list[Unit], given: Mapping[str, str]) -> Unit | None:
    """Return the area that an address names, the first when it names none, ``None`` when it is not theirs."""
    key = given.get("omrade", "")
    if not key:
        return next(iter(areas), None)
    return next((area for area in areas if str(area.pk) == key), None)
