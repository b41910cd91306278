"""Benefits, from the intake's overview to what was measured."""

from benefits.models.baton import Handover, HandoverStatus, LocalPlan, TemplateLink
from benefits.models.benefit import Benefit
from benefits.models.codes import Direction, Every, Kind, Measure, Ownership, Quantity, Use
from benefits.models.indicator import Indicator, Measurement
from benefits.models.map import MapLink, MapNode, Stage
from benefits.models.plan import CalculationBasis, PlanApproval, YearEstimate
from benefits.models.sharing import Award, AwardStatus, Nomination, Story, StoryStatus, Vote

__all__ = [
    "Award",
    "AwardStatus",
    "Benefit",
    "CalculationBasis",
    "Direction",
    "Every",
    "Handover",
    "HandoverStatus",
    "Indicator",
    "Kind",
    "LocalPlan",
    "MapLink",
    "MapNode",
    "Measure",
    "Measurement",
    "Nomination",
    "Ownership",
    "PlanApproval",
    "Quantity",
    "Stage",
    "Story",
    "StoryStatus",
    "TemplateLink",
    "Use",
    "Vote",
    "YearEstimate",
]
