"""Benefits, from the intake's overview to what was measured."""

from benefits.models.baton import Handover, HandoverStatus, LocalPlan, TemplateLink, WorkLink
from benefits.models.benefit import Benefit
from benefits.models.change import (
    Attitude,
    BenefitRisk,
    ChangeAction,
    ChangeAgent,
    ChangeKind,
    ChangeStatus,
    Influence,
    RiskProfile,
    RiskState,
    Stakeholder,
    StakeholderGroup,
)
from benefits.models.codes import Direction, Every, Kind, Measure, Ownership, Quantity, Use
from benefits.models.computing import Computation, Lack, MeasurementBasis, SilenceRules
from benefits.models.found import SideEffect, Sort
from benefits.models.indicator import Indicator, Measurement
from benefits.models.kept import ScoreMark, ScorePart, ScoreShare, ScoreSum
from benefits.models.map import MapLink, MapNode, Stage
from benefits.models.pilot import Pilot, PilotOutcome
from benefits.models.plan import CalculationBasis, PlanApproval, YearEstimate
from benefits.models.pulse import Occasion, PulseGroup, PulseRound, PulseToken, Question, Reply
from benefits.models.sharing import Award, AwardStatus, Nomination, Story, StoryStatus, Vote

__all__ = [
    "Attitude",
    "Award",
    "AwardStatus",
    "Benefit",
    "BenefitRisk",
    "CalculationBasis",
    "ChangeAction",
    "ChangeAgent",
    "ChangeKind",
    "ChangeStatus",
    "Computation",
    "Direction",
    "Every",
    "Handover",
    "HandoverStatus",
    "Indicator",
    "Influence",
    "Kind",
    "Lack",
    "LocalPlan",
    "MapLink",
    "MapNode",
    "Measure",
    "Measurement",
    "MeasurementBasis",
    "Nomination",
    "Occasion",
    "Ownership",
    "Pilot",
    "PilotOutcome",
    "PlanApproval",
    "PulseGroup",
    "PulseRound",
    "PulseToken",
    "Quantity",
    "Question",
    "Reply",
    "RiskProfile",
    "RiskState",
    "ScoreMark",
    "ScorePart",
    "ScoreShare",
    "ScoreSum",
    "SideEffect",
    "SilenceRules",
    "Sort",
    "Stage",
    "Stakeholder",
    "StakeholderGroup",
    "Story",
    "StoryStatus",
    "TemplateLink",
    "Use",
    "Vote",
    "WorkLink",
    "YearEstimate",
]
