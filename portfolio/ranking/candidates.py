"""The candidates of a municipality, each with its figures beside one another; a fixed number of statements."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Case, DecimalField, OuterRef, Prefetch, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from benefits.basis import basis_for
from benefits.economics import present_value
from benefits.models import Benefit
from governance.models import Assessment, CostLine, Initiative, Status
from governance.poker.results import latest_results
from governance.queries import shielded_condition
from governance.scoring.arithmetic import mean, spread
from portfolio.models import BudgetLine

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from benefits.models import CalculationBasis
    from governance.poker.results import Result
    from organization.actors import PersonActor

WAITING = (
    Status.READY_FOR_COUNCIL, Status.ON_AGENDA, Status.POSTPONED, Status.PRIORITIZED, Status.RECOMMENDED, Status.ON_HOLD,
    Status.ADOPTED,
)  # fmt: skip
RUNNING = (Status.IN_PORTFOLIO, Status.PAUSED)
MOST = 200
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One initiative and what speaks for it.  ``None``: not known, and never zero.

    ``is_hidden``: it is shielded from whoever looks, and only its public title is there.
    """

    initiative: Initiative
    amount: Decimal
    score: Decimal | None
    spread: Decimal
    assessors: int
    criteria: int | None
    npv: Decimal | None
    points: Decimal | None
    poker: Result | None
    is_hidden: bool

    @property
    def played(self) -> Decimal | None:
        """The points of nyttepoker, which are never added to those that stand on the benefits."""
        return self.poker.points if self.poker else None

    @property
    def is_statutory(self) -> bool:
        return bool(self.initiative.is_statutory)

    @property
    def is_running(self) -> bool:
        return self.initiative.status in RUNNING


def candidates_of(
    actor: PersonActor, municipality_id: int, *, year: int, day: date, with_running: bool
) -> tuple[list[Candidate], bool]:
    """Return what may be ranked, and whether there is more than is shown."""
    states = [*WAITING, *(RUNNING if with_running else ())]
    rows = Initiative.objects.readable_by(actor).filter(municipality_id=municipality_id, status__in=states)
    found = list(_with_figures(rows, actor, year).order_by("-is_statutory", "submitted_at", "pk")[: MOST + 1])
    shown = found[:MOST]
    scores = _scores(row.pk for row in shown)
    basis = basis_for(municipality_id, day)
    played = latest_results(row.pk for row in shown if not row.is_hidden)
    return [
        _hidden(row) if row.is_hidden else _candidate(row, scores.get(row.pk), played.get(row.pk), basis, day.year) for row in shown
    ], len(found) > MOST  # fmt: skip


def _with_figures(rows: Any, actor: PersonActor, year: int) -> Any:
    """Load the initiatives with their costs and benefits, and ``year_amount``: what they cost in the year."""
    amount: Any = DecimalField(max_digits=18, decimal_places=2)
    lines = BudgetLine.objects.filter(project__initiative=OuterRef("pk"), year=year).order_by()
    budget = lines.values("project__initiative").annotate(sum=Sum("budget")).values("sum")
    costs = CostLine.objects.filter(initiative=OuterRef("pk"), year=year)
    counted = Benefit.objects.exclude(status=Benefit.Status.DROPPED).prefetch_related("estimates")
    hidden = Case(
        When(Q(shield_basis="") | shielded_condition(actor), then=Value(False)), default=Value(True)
    )
    rows = rows.annotate(
        year_amount=Coalesce(Subquery(budget), Subquery(costs.values("amount")[:1]), Value(ZERO), output_field=amount), is_hidden=hidden,
    )  # fmt: skip
    return rows.select_related("unit").prefetch_related("cost_lines", Prefetch("benefits", counted))


def _scores(ids: Iterable[int]) -> dict[int, tuple[int, list[Decimal]]]:
    """Return the scores of the latest criteria that each initiative was assessed by, with the number of their version."""
    rows = Assessment.objects.filter(initiative__in=list(ids)).with_score()
    found: dict[int, tuple[int, list[Decimal]]] = {}
    for pk, number, score in rows.order_by("criteria_set__number").values_list(
        "initiative", "criteria_set__number", "score"
    ):
        if pk not in found or found[pk][0] != number:
            found[pk] = (number, [])
        if score is not None:
            found[pk][1].append(score)
    return found


def _hidden(row: Any) -> Candidate:
    return Candidate(
        initiative=row, amount=ZERO, score=None, spread=ZERO, assessors=0, criteria=None, npv=None, points=None, poker=None,
        is_hidden=True,
    )  # fmt: skip


def _candidate(
    row: Any,
    scored: tuple[int, list[Decimal]] | None,
    poker: Result | None,
    basis: CalculationBasis,
    year: int,
) -> Candidate:
    number, scores = scored or (None, [])
    benefits = list(row.benefits.all())
    points = [benefit.points for benefit in benefits if benefit.points is not None]
    return Candidate(
        initiative=row, amount=row.year_amount, score=mean(scores), spread=spread(scores), assessors=len(scores), criteria=number,
        npv=present_value(row, benefits, basis, year=year), points=sum(points, ZERO) if points else None, poker=poker, is_hidden=False,
    )  # fmt: skip
