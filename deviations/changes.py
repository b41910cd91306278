"""*Dere sa, vi gjorde*: what came of what was reported in a unit, for everybody who works there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core.formats import month
from deviations.figures.periods import month_of, moved
from deviations.filters import midnight
from deviations.guarding import Kind, find
from deviations.models import Deviation
from organization.models import Unit
from organization.roles import Permission
from organization.sizes import FEWEST, sizes_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from deviations.queries import DeviationQuerySet
    from organization.actors import PersonActor

LIST_ORDERING = ("-closed_at", "-pk")
LENGTHS = (3, 12)
_YEARS = 3
_COLUMNS = ("kind", "type_name", "closing_note", "closed_at", "effect")


@dataclass(frozen=True, slots=True)
class Place:
    """The unit somebody asked for, and the one that is shown: the nearest above where enough people work."""

    asked: Unit
    shown: Unit | None

    @property
    def is_other(self) -> bool:
        return self.shown is not None and self.shown.pk != self.asked.pk


@dataclass(frozen=True, slots=True)
class Change:
    """What was reported, in a word, and what was changed."""

    said: str
    did: str
    worked: str
    month: str


def units_of(actor: PersonActor, today: date) -> list[Unit]:
    """Return the units where ``actor`` works, and those below, the municipality acted for first."""
    grants = actor.lines_where(Permission.REPORT_DEVIATION)
    units = Unit.objects.filter(municipality_id__in={grant.municipality_id for grant in grants}).open_on(
        today
    )
    own = [
        unit
        for unit in units
        if any(
            unit.path.startswith(grant.unit_path) and unit.municipality_id == grant.municipality_id
            for grant in grants
        )
    ]
    nearest = {grant.unit_id: place for place, grant in enumerate(grants)}
    return sorted(
        own,
        key=lambda unit: (
            unit.municipality_id != actor.acting_for_id,
            nearest.get(unit.pk, len(grants)),
            unit.path,
        ),
    )


def place_of(unit: Unit, today: date) -> Place:
    """Return ``unit``, or the nearest one above where nobody can be pointed at."""
    line = list(Unit.objects.above(unit).filter(municipality_id=unit.municipality_id))
    around = list(Unit.objects.filter(path__startswith=unit.path, municipality_id=unit.municipality_id))
    sizes = sizes_of({one.pk: one for one in [*line, *around]}.values(), day=today)
    large = [one for one in line if sizes[one.pk] >= FEWEST]
    return Place(unit, max(large, key=lambda one: len(one.path), default=None))


def period_choices(today: date) -> list[tuple[str, str]]:
    lengths = [(str(length), _("Siste %(months)d måneder") % {"months": length}) for length in LENGTHS]
    return lengths + [(str(year), str(year)) for year in range(today.year, today.year - _YEARS, -1)]


def closed_in(key: str, unit: Unit, today: date) -> DeviationQuerySet:
    """Return what was closed in ``unit`` and below, in the period of a choice."""
    number = int(key)
    end = moved(month_of(today), 1)
    first = moved(end, -number) if number in LENGTHS else today.replace(year=number, month=1, day=1)
    last = end if number in LENGTHS else first.replace(year=number + 1)
    rows = Deviation.objects.told_to_staff().below(unit).only(*_COLUMNS)
    return rows.filter(closed_at__gte=midnight(first), closed_at__lt=midnight(last))


def changes_of(rows: Iterable[Deviation]) -> list[Change]:
    """Return rows as they are told: no reporter, nothing of what was written in the report."""
    return [
        Change(
            row.type_name or str(row.get_kind_display()), _note(row),
            str(row.get_effect_display()), month(row.closed_at) if row.closed_at else "",
        )
        for row in rows
    ]  # fmt: skip


def _note(row: Deviation) -> str:
    """Return what was changed, unless it names somebody who should not be named."""
    if any(finding.kind != Kind.LONG for finding in find(row.closing_note)):
        return _("Det som ble endret, vises ikke her fordi teksten kan navngi noen. Spør lederen din.")
    return str(row.closing_note)
