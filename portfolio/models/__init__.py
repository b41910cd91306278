"""Projects and where they stand."""

from portfolio.models.capacity import (
    Absence,
    AbsenceKind,
    Capacity,
    RequestStatus,
    ResourceRequest,
    ResourceRole,
)
from portfolio.models.checkpoint import Answer, ChecklistPoint, Checkpoint, DecisionPoint
from portfolio.models.frame import BudgetFrame
from portfolio.models.gatepaper import GatePaper, PaperStatus
from portfolio.models.log import LogKind, LogResponsible, ProjectLogEntry
from portfolio.models.maturity import MaturityAnswer, MaturityReview, Prerequisite
from portfolio.models.member import MemberRole, ProjectMember
from portfolio.models.money import BudgetLine, Source
from portfolio.models.plan import Deliverable, DeliverableStatus, Dependency, Milestone
from portfolio.models.programme import Programme
from portfolio.models.project import Phase, Project, ProjectKind, ProjectStatus
from portfolio.models.report import PortfolioReport
from portfolio.models.risk import ProjectRisk, RiskKind, RiskStatus
from portfolio.models.stakeholder import Degree, InterestGroup, ProjectStakeholder
from portfolio.models.standing import ProjectStanding
from portfolio.models.status import Area, Health, ReportStatus, StatusReport, Trend
from portfolio.models.subscription import HowOften, ReportSubscription

__all__ = [
    "Absence", "AbsenceKind", "Answer", "Area", "BudgetFrame", "BudgetLine", "Capacity", "ChecklistPoint",
    "Checkpoint", "DecisionPoint", "Degree", "Deliverable", "DeliverableStatus", "Dependency", "GatePaper", "Health",
    "HowOften", "InterestGroup", "LogKind", "LogResponsible", "MaturityAnswer", "MaturityReview", "MemberRole",
    "Milestone", "PaperStatus", "Phase", "PortfolioReport", "Prerequisite", "Programme", "Project", "ProjectKind",
    "ProjectLogEntry", "ProjectMember", "ProjectRisk", "ProjectStakeholder", "ProjectStanding", "ProjectStatus",
    "ReportStatus", "ReportSubscription", "RequestStatus", "ResourceRequest", "ResourceRole", "RiskKind",
    "RiskStatus", "Source", "StatusReport", "Trend",
]  # fmt: skip
