"""The tree as rows a template can draw without recursion."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils import timezone

from organization.models import Person, RoleAssignment, Unit
from organization.roles import Role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.actors import Actor

LEADING = (Role.KOMMUNEDIREKTOR, Role.SECTOR_LEADER, Role.LEADER)


@dataclass(slots=True)
class TreeRow:
    """A unit, how many stand right below it, and how many lists end after it."""

    unit: Unit
    leaders: list[Person] = field(default_factory=list)
    below: int = 0
    closes: int = 0
    line: str = ""

    @property
    def closing(self) -> range:
        return range(self.closes)

    @property
    def opens(self) -> bool:
        """Show the top two levels from the start."""
        return self.unit.is_legal_entity


def rows_of(units: list[Unit], actor: Actor) -> list[TreeRow]:
    """Return units in the order of the tree, each with its leaders and its line, in one query."""
    leaders: dict[int, dict[int, Person]] = {}
    held = RoleAssignment.objects.visible_to(actor).in_force(timezone.localdate())
    for role in (
        held.filter(role__in=LEADING, person__is_active=True)
        .select_related("person")
        .order_by("person__name")
    ):
        leaders.setdefault(role.unit_id, {})[role.person_id] = role.person
    rows = [TreeRow(unit, list(leaders.get(unit.pk, {}).values())) for unit in units]
    _nest(rows)
    return rows


def _nest(rows: list[TreeRow]) -> None:
    """Count what is below each row, and after which row each list ends."""
    open_rows: list[TreeRow] = []
    for row in rows:
        while open_rows and not row.unit.path.startswith(open_rows[-1].unit.path):
            open_rows.pop()
        if open_rows:
            open_rows[-1].below += 1
        row.line = " › ".join(above.unit.name for above in open_rows)
        open_rows.append(row)
    _close_lists(rows)


def _close_lists(rows: list[TreeRow]) -> None:
    stack: list[TreeRow] = []
    for row, following in zip(rows, [*rows, None][1:], strict=True):
        if row.below:
            stack.append(row)
        while stack and (following is None or not following.unit.path.startswith(stack[-1].unit.path)):
            stack.pop()
            row.closes += 1


def matching(rows: Iterable[TreeRow], words: str) -> list[TreeRow]:
    """Return the rows whose name, code or leader has every word."""
    wanted = words.casefold().split()
    return [row for row in rows if all(word in _haystack(row) for word in wanted)]


def _haystack(row: TreeRow) -> str:
    names = " ".join(person.name for person in row.leaders)
    return f"{row.unit.name} {row.unit.short_name} {row.unit.code} {names}".casefold()
