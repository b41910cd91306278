"""The arithmetic of benefits: pure functions on ``Decimal``, exact to the values of domain/benefits 6.2.

Nothing here reads a database or a clock.  Rates, hours and costs of financing come in from data that
has a date and a source (``benefits.models.CalculationBasis``).
"""

from benefits.arithmetic.achievement import achievement
from benefits.arithmetic.estimates import Distribution, ThreePoint, aggregated
from benefits.arithmetic.flows import Rates, RateStep, discount_factor, irr, net_present_value, payback
from benefits.arithmetic.public import Cut, Welfare, counts_as_budget, welfare, work_years
from benefits.arithmetic.rates import Rate, RateRatio, SilenceLimits, has_collapsed, has_fallen, rate_ratio
from benefits.arithmetic.sensitivity import Assumption, Swing, sensitivity

__all__ = [
    "Assumption",
    "Cut",
    "Distribution",
    "Rate",
    "RateRatio",
    "RateStep",
    "Rates",
    "SilenceLimits",
    "Swing",
    "ThreePoint",
    "Welfare",
    "achievement",
    "aggregated",
    "counts_as_budget",
    "discount_factor",
    "has_collapsed",
    "has_fallen",
    "irr",
    "net_present_value",
    "payback",
    "rate_ratio",
    "sensitivity",
    "welfare",
    "work_years",
]
