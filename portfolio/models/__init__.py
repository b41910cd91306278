"""Projects and where they stand."""

from portfolio.models.checkpoint import Answer, ChecklistPoint, Checkpoint, DecisionPoint
from portfolio.models.money import BudgetLine, Source
from portfolio.models.project import Phase, Project, ProjectStatus
from portfolio.models.report import PortfolioReport
from portfolio.models.risk import ProjectRisk, RiskKind, RiskStatus
from portfolio.models.status import Area, Health, ReportStatus, StatusReport, Trend

__all__ = [
    "Answer", "Area", "BudgetLine", "ChecklistPoint", "Checkpoint", "DecisionPoint", "Health", "Phase", "PortfolioReport",
    "Project", "ProjectRisk", "ProjectStatus", "ReportStatus", "RiskKind", "RiskStatus", "Source", "StatusReport", "Trend",
]  # fmt: skip
