"""What a municipality asks at its decision points: its own checklist, or the one the product comes with."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from portfolio.models import ChecklistPoint, DecisionPoint

_FILE = Path(__file__).with_name("standard.yaml")
Asked = tuple[str, int, str, str, bool]


@cache
def standard() -> tuple[Asked, ...]:
    """Return point, position, text, help and whether it must be answered, in order."""
    content = yaml.safe_load(_FILE.read_text("utf-8"))
    return tuple(
        (point, position, row["text"], row.get("help", ""), not row.get("optional", False))
        for point in DecisionPoint.values
        for position, row in enumerate(content[point], start=1)
    )


def standard_points(municipality_id: int) -> list[ChecklistPoint]:
    """Return the standard checklist as unsaved rows of a municipality."""
    return [
        ChecklistPoint(
            municipality_id=municipality_id, point=point, position=position, text=text, help=help_text, is_required=required,
        )
        for point, position, text, help_text, required in standard()
    ]  # fmt: skip


def asked_in(municipality_id: int) -> list[ChecklistPoint]:
    """Return what a new project of the municipality is asked; nothing where it has taken everything out of use."""
    own = list(ChecklistPoint.objects.filter(municipality_id=municipality_id))
    return [row for row in own if row.is_active] if own else standard_points(municipality_id)
