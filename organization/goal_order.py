"""Goals in the order of their numbers, the parts below what they are part of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from organization.models import Goal


def goals_in_order(goals: Any) -> list[Goal]:
    """Return goals with the parts right below what they are part of, each with its ``level`` from 0."""
    rows = sorted(goals, key=lambda goal: natural(goal.code))
    known = {goal.pk for goal in rows}
    ordered: list[Goal] = []

    def add(parent_id: int | None, level: int) -> None:
        for goal in rows:
            above = goal.parent_id if goal.parent_id in known else None
            if above == parent_id:
                goal.level = level
                ordered.append(goal)
                add(goal.pk, level + 1)

    add(None, 0)
    return ordered


def natural(code: str) -> list[tuple[int, str]]:
    """Return a key that puts 2 before 10, and 2.1 after 2."""
    return [(int(part), "") if part.isdecimal() else (10**9, part) for part in re.split(r"[.\s]+", code[:40])]
