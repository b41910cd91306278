"""Benefits, from the intake's overview to what was measured."""

from benefits.models.benefit import Benefit
from benefits.models.codes import Direction, Every, Kind, Measure, Ownership, Quantity, Use
from benefits.models.indicator import Indicator, Measurement
from benefits.models.plan import CalculationBasis, PlanApproval, YearEstimate

__all__ = [
    "Benefit",
    "CalculationBasis",
    "Direction",
    "Every",
    "Indicator",
    "Kind",
    "Measure",
    "Measurement",
    "Ownership",
    "PlanApproval",
    "Quantity",
    "Use",
    "YearEstimate",
]
