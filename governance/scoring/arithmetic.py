"""Prioriteringspoeng = Σ weight · points / (5 · Σ weight) · 100 (domain/benefits 3.8)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_POINTS = 5
HUNDRED = Decimal(100)


def priority(given: Sequence[tuple[int, int]]) -> Decimal | None:
    """Return the score from 0 to 100 of pairs of weight and points, or ``None`` where nothing weighs."""
    weight = sum(one for one, _points in given)
    if not weight:
        return None
    return Decimal(sum(one * points for one, points in given)) * HUNDRED / (MOST_POINTS * weight)


def mean(scores: Sequence[Decimal]) -> Decimal | None:
    return sum(scores, Decimal(0)) / len(scores) if scores else None


def spread(scores: Sequence[Decimal]) -> Decimal:
    """Return how far the lowest and the highest stand from one another."""
    return max(scores) - min(scores) if scores else Decimal(0)
