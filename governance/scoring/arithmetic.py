"""Prioriteringspoeng = Σ weight · points / (5 · Σ weight) · 100 (domain/benefits 3.8)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

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


def places(values: Sequence[Decimal | None]) -> list[str]:
    """Return the places in words: those that are equal share one, and who has no value has no place."""
    found = []
    for value in values:
        if value is None:
            found.append("–")
            continue
        place = 1 + sum(1 for other in values if other is not None and other > value)
        shared = sum(1 for other in values if other == value) > 1
        found.append(_("%(place)d (delt)") % {"place": place} if shared else str(place))
    return found
