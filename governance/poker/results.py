"""What games gave: nyttepoeng of an initiative with the disagreement behind them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Subquery

from governance.models import CouncilMandate, PokerCase, PokerRound
from governance.poker.arithmetic import benefit_points, normalized

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from governance.models import PokerGame, PokerGoal


@dataclass(frozen=True, slots=True)
class Line:
    """One goal: its weight of 100, and the locked round in which the initiative got its points for it."""

    goal: PokerGoal
    weight: Decimal
    round: PokerRound


@dataclass(frozen=True, slots=True)
class Result:
    """An initiative that has points for every goal of a game."""

    game: PokerGame
    case: PokerCase
    lines: list[Line]

    @property
    def points(self) -> Decimal:
        return benefit_points([(line.weight, line.round.value or Decimal(0)) for line in self.lines])

    @property
    def counted_years(self) -> int | None:
        """How many years of operation counted in the municipality of the initiative when the game was closed."""
        row: Any = self.lines[0].round
        years: int | None = row.counted_years
        return years

    @property
    def disagreement(self) -> Decimal:
        """The largest spread of its rounds."""
        return max(line.round.spread for line in self.lines)


def weights_of(goals: Sequence[PokerGoal], locked: Iterable[PokerRound]) -> dict[int, Decimal] | None:
    """Return the weight of each goal as a share of 100, or ``None`` until all are weighted, or where none weighs."""
    played = {row.goal_id: row.value or Decimal(0) for row in locked if row.is_weight}
    if not goals or any(goal.pk not in played for goal in goals):
        return None
    shares = normalized([played[goal.pk] for goal in goals])
    return None if shares is None else {goal.pk: share for goal, share in zip(goals, shares, strict=True)}


def result_of(
    game: PokerGame, case: PokerCase, goals: Sequence[PokerGoal], locked: Iterable[PokerRound]
) -> Result | None:
    """Return what a case got, or ``None`` until it has points for every goal."""
    rows = list(locked)
    weights = weights_of(goals, rows)
    played = {row.goal_id: row for row in rows if row.case_id == case.pk}
    if weights is None or any(goal.pk not in played for goal in goals):
        return None
    return Result(game, case, [Line(goal, weights[goal.pk], played[goal.pk]) for goal in goals])


def latest_results(initiatives: Iterable[int]) -> dict[int, Result]:
    """Return the points of each initiative from the last finished game that gave it any; one statement.

    Whoever calls has asked who reads the initiatives.  No initiative is played before all goals have their weight, so the
    goals of a game are those that it has weighted.
    """
    wanted = set(initiatives)
    games = (
        PokerCase.objects.filter(initiative__in=wanted, game__closed_at__isnull=False)
        .order_by()
        .values("game")
    )
    mandates = CouncilMandate.objects.in_force(
        OuterRef("case__initiative__municipality_id"), OuterRef("game__closed_at__date")
    )
    rows = PokerRound.objects.locked().filter(game__in=games).select_related("game", "case", "goal__goal")
    rows = rows.annotate(counted_years=Subquery(mandates.values("counted_years")[:1]))
    found: dict[int, Result] = {}
    latest_first = rows.order_by("-game__closed_at", "-game", "goal__position", "pk")
    for _game, played in groupby(latest_first, key=lambda row: row.game_id):
        locked = list(played)
        goals = [row.goal for row in locked if row.is_weight]
        for case in {row.case_id: row.case for row in locked if row.case is not None}.values():
            result = result_of(locked[0].game, case, goals, locked)
            if result is not None and case.initiative_id in wanted:
                found.setdefault(case.initiative_id, result)
    return found
