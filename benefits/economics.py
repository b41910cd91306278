"""What a plan is worth: flows of its initiative and its benefits, computed with the municipality's basis."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from benefits.arithmetic import (
    Assumption,
    Distribution,
    Rates,
    RateStep,
    Swing,
    Welfare,
    aggregated,
    discount_factor,
    irr,
    net_present_value,
    payback,
    sensitivity,
    welfare,
    work_years,
)
from benefits.models import Benefit, Measure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benefits.models import CalculationBasis
    from governance.models import Initiative

ZERO, ONE = Decimal(0), Decimal(1)
_POINT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Economics:
    """The figures of a plan, in kroner of its first year.  ``None`` where one cannot be computed."""

    first_year: int
    years: int
    npv: Decimal
    irr: Decimal | None
    payback: Decimal | None
    discounted_payback: Decimal | None
    welfare: Welfare
    hours: Decimal
    work_years: Decimal
    likely_total: Distribution | None
    swings: list[Swing]


def planned(benefit: Benefit, year: int) -> Decimal:
    """Return what the plan says the benefit gives in a year, expected, in its own measure.

    Without estimates per year it gives its full effect from the year it is said to come, else from
    the year it was first described.
    """
    rows = [row for row in benefit.estimates.all() if row.measure == benefit.measure]
    if rows:
        known = [row for row in rows if row.year <= year]
        return max(known, key=lambda row: row.year).expected if known else ZERO
    begins = benefit.full_effect_from or benefit.created_at.year
    return full_effect(benefit) if year >= begins else ZERO


def full_effect(benefit: Benefit) -> Decimal:
    amounts = {
        Measure.KRONER: benefit.kroner_per_year,
        Measure.HOURS: benefit.hours_per_year,
        Measure.POINTS: benefit.points,
    }
    return amounts[Measure(benefit.measure)] or ZERO


def in_budget(benefit: Benefit, year: int) -> Decimal:
    """Return what the benefit gives the municipality's budget in a year.  Saved time gives the cut, no more."""
    if not benefit.counts_as_budget:
        return ZERO
    if benefit.kind == Benefit.Kind.SAVED_TIME and benefit.cut is not None:
        return benefit.cut.amount if year >= benefit.cut.year else ZERO
    return planned(benefit, year) if benefit.measure == Measure.KRONER else ZERO


def _for_others(benefit: Benefit, year: int) -> Decimal:
    is_others = benefit.form == Benefit.Form.ELSEWHERE
    return planned(benefit, year) if is_others and benefit.measure == Measure.KRONER else ZERO


def _freed_hours(benefit: Benefit) -> Decimal:
    """Return the hours a year at full effect, of saved time that no budget is cut for."""
    is_time = benefit.kind == Benefit.Kind.SAVED_TIME and not benefit.counts_as_budget
    return benefit.hours_per_year or ZERO if is_time else ZERO


def present_value(
    initiative: Initiative, benefits: Sequence[Benefit], basis: CalculationBasis, *, year: int
) -> Decimal | None:
    """Return the net present value for the municipality's budget, or ``None`` where no benefit counts there.

    :param year: the first year, where the initiative's costs name none.
    """
    if not any(benefit.counts_as_budget for benefit in benefits):
        return None
    _span, _invested, own = _flows(initiative, benefits, basis, year)
    return net_present_value(own, basis.rates)


def _flows(
    initiative: Initiative, benefits: Sequence[Benefit], basis: CalculationBasis, year: int
) -> tuple[range, list[Decimal], list[Decimal]]:
    """Return the years, what is invested in each, and what each gives or costs the municipality's budget."""
    costs = {line.year: line.amount for line in initiative.cost_lines.all()}
    first = min(costs, default=year)
    span = range(first, first + basis.years + 1)
    invested = [costs.get(at, ZERO) for at in span]
    operation = [ZERO, *[initiative.operation_per_year or ZERO] * basis.years]
    spent = [-(a + b) for a, b in zip(invested, operation, strict=True)]
    own = [spent[at] + sum((in_budget(b, y) for b in benefits), ZERO) for at, y in enumerate(span)]
    return span, invested, own


def economics(
    initiative: Initiative,
    benefits: Sequence[Benefit],
    basis: CalculationBasis,
    *,
    year: int,
    with_tax: bool = False,
) -> Economics:
    """Return the figures of the plan.

    :param year: the first year, where the initiative's costs name none.
    :param with_tax: add the cost of financing by tax to what it is worth to all.
    """
    span, invested, own = _flows(initiative, benefits, basis, year)
    first = span[0]
    others = [sum((_for_others(b, y) for b in benefits), ZERO) for y in span]
    rates = basis.rates
    hours = sum((_freed_hours(b) for b in benefits), ZERO)
    return Economics(
        first_year=first, years=basis.years, npv=net_present_value(own, rates), irr=irr(own), payback=payback(own),
        discounted_payback=payback(own, rates),
        welfare=welfare(
            own, others, rates, invested=net_present_value(invested, rates), tax_cost=basis.tax_share if with_tax else ZERO
        ),
        hours=hours, work_years=work_years(hours * 60, ONE, hours_per_work_year=basis.hours_per_work_year),
        likely_total=_total(benefits), swings=_swings(own, benefits, rates, first),
    )  # fmt: skip


def _total(benefits: Sequence[Benefit]) -> Distribution | None:
    """Return the sum of all estimates in kroner that count in the budget, or ``None`` without any."""
    rows = [
        row.three_point
        for b in benefits
        if b.counts_as_budget
        for row in b.estimates.all()
        if row.measure == Measure.KRONER
    ]
    return aggregated(rows) if rows else None


def _swings(own: Sequence[Decimal], benefits: Sequence[Benefit], rates: Rates, first: int) -> list[Swing]:
    """Return how the present value moves with the rate, and with each benefit at its lowest and highest."""
    rate_name, base = _("Kalkulasjonsrente"), rates.steps[0].rate
    assumptions = [Assumption(rate_name, max(ZERO, base - _POINT), base, base + _POINT)]
    named: dict[str, Any] = {}
    for benefit in benefits:
        spread = _spread(benefit, rates, first)
        if spread is not None:
            named[benefit.title] = spread
            assumptions.append(spread)

    def result(values: Mapping[str, Decimal]) -> Decimal:
        shifted = replace(rates, steps=(RateStep(values[rate_name], rates.steps[0].last), *rates.steps[1:]))
        moved = sum((values[name] - spread.likely for name, spread in named.items()), ZERO)
        return net_present_value(own, shifted) + moved

    return sensitivity(assumptions, result)


def _spread(benefit: Benefit, rates: Rates, first: int) -> Assumption | None:
    """Return the present value of a benefit's estimates at the lowest, as expected, and at the highest."""
    rows = [row for row in benefit.estimates.all() if row.measure == Measure.KRONER and row.year >= first]
    if not rows or not benefit.counts_as_budget or benefit.kind == Benefit.Kind.SAVED_TIME:
        return None
    values = [
        sum((getattr(row, part) * discount_factor(rates, row.year - first) for row in rows), ZERO)
        for part in ("low", "expected", "high")
    ]
    return Assumption(benefit.title, *values)
