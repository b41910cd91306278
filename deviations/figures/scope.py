"""Whose figures a person may see: of which units, and of which cases there (domain/visibility)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from deviations.models import Category, Deviation, Status
from organization.models import Unit
from organization.roles import Permission
from organization.sizes import sizes_of, telling_units

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from deviations.queries import DeviationQuerySet
    from organization.actors import Grant, PersonActor


class View(TextChoices):
    """In which capacity somebody looks at the figures of a unit."""

    LINE = "linje", _("Leder: alle avvik du kan se")
    FIGURES = "tall", _("Kvalitet: tall uten saker")
    HMS = "hms", _("Verneombud: HMS")
    PRIVACY = "personvern", _("Personvernombud: informasjonssikkerhet")


_NEEDS = {
    View.LINE: Permission.HANDLE_DEVIATIONS,
    View.FIGURES: Permission.READ_FIGURES,
    View.HMS: Permission.FOLLOW_HMS,
    View.PRIVACY: Permission.FOLLOW_PRIVACY,
}
_FIELD = {View.HMS: Category.HMS, View.PRIVACY: Category.INFORMATION_SECURITY}


def sees_figures(actor: PersonActor) -> bool:
    """Tell whether any role held today shows figures of deviations."""
    return any(actor.holds(permission) for permission in _NEEDS.values())


@dataclass(frozen=True)
class Scope:
    """One unit with everything below it, looked at in one capacity."""

    actor: PersonActor
    unit: Unit
    view: View

    @property
    def category(self) -> str:
        """The one category that is counted, or nothing where all are."""
        return str(_FIELD.get(self.view, ""))

    @property
    def has_lists(self) -> bool:
        """Whether the figures open the cases behind them."""
        return self.view != View.FIGURES

    @cached_property
    def rows(self) -> DeviationQuerySet:
        """Return the cases that are counted: exactly those that the list shows with the same filters."""
        if self.view == View.FIGURES:
            return Deviation.objects.counted_by(self.actor).below(self.unit)
        rows = Deviation.objects.visible_to(self.actor).exclude(status=Status.DRAFT).below(self.unit)
        return rows.filter(category=self.category) if self.category else rows

    @cached_property
    def leads_municipality(self) -> bool:
        """Whether the actor leads all of a municipality, and that is what is looked at: its months are kept as sums."""
        if self.view != View.LINE or self.unit.kind != Unit.Kind.MUNICIPALITY:
            return False
        lines = self.actor.lines_where(Permission.HANDLE_DEVIATIONS)
        return any(grant.unit_id == grant.municipality_id == self.unit.pk for grant in lines)

    @property
    def seen_besides(self) -> DeviationQuerySet:
        """Of a municipality that is led: the cases that are seen and stand in no sum."""
        seen = Deviation.objects.visible_to(self.actor).exclude(status=Status.DRAFT)
        return seen.filter(is_confidential=True, municipality_id=self.unit.pk)

    @property
    def hidden(self) -> DeviationQuerySet:
        """Of a municipality that is led: the cases that stand in a sum and are not seen."""
        return Deviation.objects.plain().filter(municipality_id=self.unit.pk).hidden_from_leader(self.actor)


@dataclass(frozen=True, slots=True)
class Choices:
    """The units whose figures a person may see, above before below, each with the capacities to choose from."""

    units: tuple[Unit, ...]
    views: dict[int, tuple[View, ...]]
    withheld: int
    """How many units are not shown alone since so few work there."""

    def find(self, key: str) -> Unit | None:
        """Return the unit named in an address, the topmost when none is named, ``None`` when it is not theirs."""
        if not key:
            return next(iter(self.units), None)
        return next((unit for unit in self.units if str(unit.pk) == key), None)

    def above(self, scope: Scope) -> Scope | None:
        """Return the unit above in the same capacity, where it too is among those that the person may see.

        Those who see figures only are offered none whose difference from others points at few
        (``telling_units``), so that a figure and the one above it tell of nobody either.
        """
        path = scope.unit.path[: -scope.unit.steplen]
        unit = next((one for one in self.units if one.path == path), None)
        if unit is None or scope.view not in self.views[unit.pk]:
            return None
        return Scope(scope.actor, unit, scope.view)


def choices_of(actor: PersonActor, *, today: date) -> Choices:
    """Return what ``actor`` may choose, first what counts for the municipality acted for."""
    grants = {view: actor.lines_where(permission) for view, permission in _NEEDS.items()}
    places = {grant.municipality_id for held in grants.values() for grant in held}
    units = list(Unit.objects.filter(municipality_id__in=places).open_on(today))
    units.sort(key=lambda unit: (unit.municipality_id != actor.acting_for_id, unit.path))
    telling = _telling(units, grants[View.FIGURES], today)
    views: dict[int, tuple[View, ...]] = {}
    withheld = 0
    for unit in units:
        held = [view for view in View if any(_covers(grant, unit) for grant in grants[view])]
        if View.FIGURES in held and unit.pk not in telling:
            held.remove(View.FIGURES)
            withheld += not held
        if held:
            views[unit.pk] = tuple(held)
    return Choices(tuple(unit for unit in units if unit.pk in views), views, withheld)


def _covers(grant: Grant, unit: Unit) -> bool:
    return unit.path.startswith(grant.unit_path) and unit.municipality_id == grant.municipality_id


def _telling(units: Iterable[Unit], grants: tuple[Grant, ...], today: date) -> set[int]:
    """Return the units whose figures point at nobody, for those who see figures only."""
    counted = [unit for unit in units if any(_covers(grant, unit) for grant in grants)]
    if not counted:
        return set()
    return telling_units(counted, sizes_of(counted, day=today))
