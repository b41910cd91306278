"""The order of the candidates, their places with ties, and how far the money reaches."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy

from governance.scoring.arithmetic import places

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portfolio.ranking.candidates import Candidate

ZERO = Decimal(0)


class By(TextChoices):
    """What the list is sorted by: one at a time."""

    SCORE = "poeng", gettext_lazy("Prioriteringspoeng")
    NPV = "nnv", gettext_lazy("Nåverdi")
    POINTS = "nytte", gettext_lazy("Nyttepoeng på gevinstene")
    POKER = "nyttepoker", gettext_lazy("Nyttepoeng i nyttepoker")
    AMOUNT = "belop", gettext_lazy("Beløp, det minste først")


_COLUMNS = {By.SCORE: "score", By.NPV: "npv", By.POINTS: "points", By.POKER: "played"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A candidate with its place in words, and what everything down to it costs.  ``fits``: the frame still reaches."""

    candidate: Candidate
    place: str
    running_sum: Decimal
    fits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """What the law demands apart, then the others in their order; ``cut`` is how many of these the frame reaches."""

    statutory: list[Candidate]
    statutory_amount: Decimal
    placed: list[Placed]
    cut: int
    total: Decimal


def ranked(candidates: Sequence[Candidate], by: By, frame: Decimal | None) -> Ranking:
    """Return the candidates in order.  What is not known stands last; the law comes before every order, and costs the same."""
    first = [one for one in candidates if one.is_statutory]
    others = sorted((one for one in candidates if not one.is_statutory), key=lambda one: _key(one, by))
    spent = demanded = sum((one.amount for one in first), ZERO)
    placed: list[Placed] = []
    reaches = frame is None or spent <= frame
    for one, place in zip(others, places([_value(one, by) for one in others]), strict=True):
        spent += one.amount
        reaches = reaches and (frame is None or spent <= frame)
        placed.append(Placed(candidate=one, place=place, running_sum=spent, fits=reaches))
    cut = sum(1 for one in placed if one.fits)
    return Ranking(statutory=first, statutory_amount=demanded, placed=placed, cut=cut, total=spent)


def _value(one: Candidate, by: By) -> Decimal | None:
    if by == By.AMOUNT:
        return None if one.is_hidden else -one.amount
    found: Decimal | None = getattr(one, _COLUMNS[by])
    return found


def _key(one: Candidate, by: By) -> tuple[bool, Decimal]:
    value = _value(one, by)
    return value is None, -(value or ZERO)
