"""Read what was reported before from files, by the same import as a municipality's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.spreadsheets import Table
from demo.content.past import HEADINGS, SIZES, SYSTEM, lines_of, read_past
from deviations import importing
from deviations.models import Cause
from organization.actors import person_actor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from demo.seeding.organization import Index

IMPORTED = -28  # working days before the anchor: the day the older cases were read


def seed_past(index: Index) -> None:
    """Let the quality manager of each municipality read its older cases."""
    tellings = read_past()
    codes = {key: unit.code for key, unit in index.units.items()}
    for key in SIZES:
        municipality = index.units[key]
        causes = dict(Cause.objects.filter(municipality=municipality).values_list("code", "name"))
        lines = lines_of(key, tellings, codes, causes, index.day(IMPORTED - 1))
        read_older(index, key, f"{SYSTEM.lower()}-{key}.xlsx", lines)


def read_older(index: Index, key: str, name: str, lines: Sequence[Sequence[Any]]) -> None:
    """Let the quality manager of the municipality read a file of older cases."""
    now, municipality = index.at(IMPORTED, "13:10"), index.units[key]
    table = Table(name, HEADINGS, tuple((number, tuple(line)) for number, line in enumerate(lines, start=2)))
    by = person_actor(index.people[f"kvalitetsleder.{key}"], day=now.date())
    file = importing.Waiting(SYSTEM, table)
    columns = importing.guess(HEADINGS, {})
    reading = importing.check(file, columns, {}, municipality=municipality, by=by, now=now)
    assert not reading.found.errors, [str(error) for error in reading.found.errors[:5]]
    importing.bring_in(reading, file_name=name, by=by, now=now)
