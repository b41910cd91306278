"""Questions about the organization tree and who holds which role."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from demo.content.model import Person, Role, Unit

LEGAL_ENTITIES = ("region", "municipality")


class Tree:
    """The units by key, with the ways up and down."""

    def __init__(self, units: Iterable[Unit]) -> None:
        """Index the units."""
        self.units = {unit.key: unit for unit in units}

    def line(self, key: str) -> list[str]:
        """Return the unit and every unit above it, nearest first."""
        found = []
        while key:
            found.append(key)
            key = self.units[key].parent
        return found

    def municipality(self, key: str) -> str:
        """Return the legal entity a unit belongs to: a municipality, or the region itself."""
        return next(above for above in self.line(key) if self.units[above].kind in LEGAL_ENTITIES)

    def sector(self, key: str) -> str:
        """Return the sector a unit belongs to, empty above the sectors."""
        return next((above for above in self.line(key) if self.units[above].kind == "sector"), "")

    def sectors(self, municipality: str) -> list[str]:
        """Return the sectors of one legal entity."""
        return [
            key
            for key, unit in self.units.items()
            if unit.kind == "sector" and self.municipality(key) == municipality
        ]

    @cached_property
    def municipalities(self) -> list[str]:
        """Return the legal entities, the region first."""
        return [key for key, unit in self.units.items() if unit.kind in LEGAL_ENTITIES]


def holds(person: Person, names: Iterable[str], units: Iterable[str], day: int) -> bool:
    """Tell whether a person has one of the roles on one of the units on a day."""
    wanted, places = set(names), set(units)
    return any(role.role in wanted and role.unit in places and role.covers(day) for role in person.roles)


def holders(people: Iterable[Person], name: str, unit: str, day: int) -> list[tuple[Person, Role]]:
    """Return those who have a role on exactly one unit on a day."""
    return [
        (person, role)
        for person in people
        for role in person.roles
        if role.role == name and role.unit == unit and role.covers(day)
    ]
