"""How the points of an initiative are shown: each assessor's score, the spread, and where they differ."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from governance.models import Assessment
from governance.scoring.arithmetic import mean, priority, spread

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.actors import Actor
    from governance.models import CriteriaSet, Criterion, GivenPoints, Initiative


@dataclass(frozen=True, slots=True)
class Row:
    """One criterion: the points of each assessor in their order, the lowest and the highest."""

    criterion: Criterion
    points: list[int | None]
    lowest: int
    highest: int

    @property
    def mean(self) -> Decimal:
        return mean([Decimal(value) for value in self.points if value is not None]) or Decimal(0)

    @property
    def differs(self) -> bool:
        return self.highest - self.lowest > 1


@dataclass(frozen=True, slots=True)
class Scored:
    """What a set of criteria gave."""

    criteria_set: CriteriaSet
    assessments: list[Assessment]
    rows: list[Row]
    scores: list[Decimal]

    @property
    def mean(self) -> Decimal | None:
        return mean(self.scores)

    @property
    def spread(self) -> Decimal:
        return spread(self.scores)


def scored_of(initiative: Initiative, actor: Actor) -> list[Scored]:
    """Return the points by version of the criteria, the latest first; three statements."""
    return _by_set(_assessments([initiative.pk], actor))


def latest_scored(initiatives: Iterable[int], actor: Actor) -> dict[int, Scored]:
    """Return the points of each initiative by the latest criteria that it was assessed by; three statements."""
    rows = _assessments(initiatives, actor)
    found = {
        pk: _by_set([row for row in rows if row.initiative_id == pk])
        for pk in {row.initiative_id for row in rows}
    }
    return {pk: scored[0] for pk, scored in found.items()}


def _assessments(initiatives: Iterable[int], actor: Actor) -> list[Assessment]:
    found = Assessment.objects.visible_to(actor).filter(initiative__in=list(initiatives))
    return list(
        found.select_related("criteria_set", "assessor")
        .prefetch_related("given", "criteria_set__criteria")
        .order_by("-criteria_set__number", "assessor__name", "pk")
    )


def _by_set(rows: list[Assessment]) -> list[Scored]:
    sets = {row.criteria_set_id: row.criteria_set for row in rows}
    return [_scored(one, [row for row in rows if row.criteria_set_id == pk]) for pk, one in sets.items()]


def _scored(criteria_set: CriteriaSet, rows: list[Assessment]) -> Scored:
    criteria = list(criteria_set.criteria.all())
    given = [points_of(row) for row in rows]
    scores = [priority([(one.weight, points[one.pk]) for one in criteria]) or Decimal(0) for points in given]
    lines = []
    for one in criteria:
        points = [each.get(one.pk) for each in given]
        known = [value for value in points if value is not None]
        lines.append(Row(one, points, min(known, default=0), max(known, default=0)))
    return Scored(criteria_set, rows, lines, scores)


def points_of(assessment: Assessment) -> dict[int, int]:
    given: Iterable[GivenPoints] = assessment.given.all()
    return {row.criterion_id: row.points for row in given}
