"""Deviations, what they are made of, and what they lead to."""

from deviations.models.action import ActionLink, ActionStatus, CorrectiveAction
from deviations.models.catalogue import Cause, DeviationType, DutyTemplate, Question
from deviations.models.counted import MonthlyCount
from deviations.models.deviation import Deviation
from deviations.models.duty import Duty, DutyStatus, Stamp
from deviations.models.handling import Answer, Follower, Link, Message, Routing
from deviations.models.import_job import ImportJob, JobKind, JobStatus
from deviations.models.importing import DeviationImport, ImportMapping, Origin
from deviations.models.injury import Injury
from deviations.models.lift import Lift, LiftMessage, LiftOffer, LiftReply, LiftStatus
from deviations.models.measure import MeasureLink
from deviations.models.retention import Forgotten, WhatForgotten
from deviations.models.rules import DeviationRules, RoutingRule
from deviations.models.status import Anonymity, Category, Danger, Effect, Kind, Severity, Status

__all__ = [
    "ActionLink",
    "ActionStatus",
    "Anonymity",
    "Answer",
    "Category",
    "Cause",
    "CorrectiveAction",
    "Danger",
    "Deviation",
    "DeviationImport",
    "DeviationRules",
    "DeviationType",
    "Duty",
    "DutyStatus",
    "DutyTemplate",
    "Effect",
    "Follower",
    "Forgotten",
    "ImportJob",
    "ImportMapping",
    "Injury",
    "JobKind",
    "JobStatus",
    "Kind",
    "Lift",
    "LiftMessage",
    "LiftOffer",
    "LiftReply",
    "LiftStatus",
    "Link",
    "MeasureLink",
    "Message",
    "MonthlyCount",
    "Origin",
    "Question",
    "Routing",
    "RoutingRule",
    "Severity",
    "Stamp",
    "Status",
    "WhatForgotten",
]
