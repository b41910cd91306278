"""How points are written."""

from __future__ import annotations

from decimal import Decimal

from core.formats import number

_HALF = Decimal("0.5")


def points_words(points: Decimal | None) -> str:
    """Return points as they are written on a card: «½», «13»; nothing is a dash."""
    if points is None:
        return "–"
    return "½" if points == _HALF else number(points)
