"""Which units and types of deviations somebody may let a plan count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deviations.figures.scope import choices_of
from deviations.models import DeviationType
from organization.actors import as_person
from organization.models import Unit
from organization.sizes import FEWEST, sizes_of

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from core.actors import Actor
    from governance.models import Initiative


def units_for(initiative: Initiative, actor: Actor, today: date, *, kept: Collection[int] = ()) -> list[Unit]:
    """Return the units whose deviations the actor may let the plan count, above before below.

    Those of the initiative's unit, and those whose figures the actor sees anyway; what is chosen already stays.
    Never where so few work that a number could point at somebody.
    """
    open_now = Unit.objects.filter(municipality_id=initiative.municipality_id).open_on(today)
    units = list(open_now.order_by("path"))
    seen = (
        {unit.pk for unit in choices_of(as_person(actor), today=today).units}
        if not actor.is_system
        else {unit.pk for unit in units}
    )
    allowed = [
        unit
        for unit in units
        if unit.path.startswith(initiative.unit.path) or unit.pk in seen or unit.pk in kept
    ]
    sizes = sizes_of(units, day=today)
    return [unit for unit in allowed if sizes[unit.pk] >= FEWEST]


def types_for(municipality_id: int) -> list[DeviationType]:
    """Return the types that everybody may know the number of."""
    rows = DeviationType.objects.filter(municipality_id=municipality_id, is_confidential=False, refers_to="")
    return list(rows.order_by("position", "pk"))
