"""What a portfolio report is made of, and reports in each state."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from organization.roles import Role
from portfolio.models import BudgetLine, PortfolioReport, Project, ProjectRisk, StatusReport
from portfolio.reporting import operations
from portfolio.reporting.figures import Figures, figures_of
from portfolio.reporting.scope import Scope

if TYPE_CHECKING:
    from datetime import datetime

    from organization.models import Unit
    from tests.world import Place

YEAR = timedelta(days=365)


def scope(place: Place, as_of: datetime | None = None, *, area: Unit | None = None, **fields: Any) -> Scope:
    moment = as_of or timezone.now()
    return Scope(area or place.municipality, moment, moment - YEAR, **fields)


def figures(place: Place, as_of: datetime | None = None, **fields: Any) -> Figures:
    return figures_of(scope(place, as_of, **fields))


def draft(place: Place, as_of: datetime | None = None, **fields: Any) -> PortfolioReport:
    by = place.actor(Role.PORTFOLIO_MANAGER)
    return operations.draft_report(scope(place, as_of, **fields), by=by, now=timezone.now())


def publish(report: PortfolioReport, place: Place) -> PortfolioReport:
    by = place.actor(Role.PORTFOLIO_MANAGER)
    return operations.publish_report(report, version=report.version, by=by, now=timezone.now())


def published(place: Place, as_of: datetime | None = None) -> PortfolioReport:
    return publish(draft(place, as_of), place)


def money(project: Project, **fields: Any) -> BudgetLine:
    values = {"year": 2026, "source": "own_frame", "budget": 100, "changed_at": timezone.now(), **fields}
    return BudgetLine.objects.create(project=project, **values)


def risk(project: Project, **fields: Any) -> ProjectRisk:
    now = timezone.now()
    values = {
        "title": "Leverandøren blir forsinket", "probability": 3, "impact": 4, "created_at": now, "changed_at": now, **fields,
    }  # fmt: skip
    return ProjectRisk.objects.create(project=project, **values)


def status(project: Project, **fields: Any) -> StatusReport:
    now = timezone.now()
    values = {
        "status": "published", "day": timezone.localdate(now), "author": project.manager, "published_by": project.manager,
        "published_at": now, "created_at": now, "changed_at": now, **fields,
    }  # fmt: skip
    return StatusReport.objects.create(project=project, **values)


def changed(row: Any, **fields: Any) -> None:
    """Change a row the way an operation does."""
    for name, value in fields.items():
        setattr(row, name, value)
    row.stamp(timezone.now())
    row.save()
