"""What the portfolio forgets when the initiative of a project is forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pgtrigger
from django.db.models.expressions import RawSQL

from core.retention import REDACTED, cleared, redact_copies
from core.retention.messages import redact_messages
from governance.models import Initiative
from portfolio.models import GatePaper, Milestone, PortfolioReport, Project, StatusReport
from portfolio.models.gatepaper import TEXTS
from portfolio.reporting.figures import masked

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.db.models import Model, QuerySet


def redact_names(model: type[Model], ids: Sequence[int], *, columns: frozenset[str], now: datetime) -> None:
    """Redact the name of a project, which began as the title of its initiative."""
    if model is Initiative and "title" in columns:
        projects = Project.objects.filter(initiative_id__in=ids)
        redact_copies(projects, {"name": REDACTED}, now=now)
        reports = StatusReport.objects.filter(project__in=projects)
        redact_messages(StatusReport, list(reports.values_list("pk", flat=True)))
        milestones = Milestone.objects.filter(project__in=projects)
        redact_messages(Milestone, list(milestones.values_list("pk", flat=True)))
        _redact_papers(GatePaper.objects.filter(project__in=projects), now=now)


def _redact_papers(papers: QuerySet[GatePaper], *, now: datetime) -> None:
    """Take the words of gate papers, and what the register said, away; what was decided, and when, stands."""
    with pgtrigger.ignore("portfolio.GatePaper:sent_stays"):
        redact_copies(papers, cleared(GatePaper, [*TEXTS, "decision_text"]), now=now)
        papers.update(facts={})


_TELLING_OF = """
    select id from portfolio_portfolioreport
    where jsonb_path_exists(figures, '$.*[*].initiative ? (@ == $ids[*])', jsonb_build_object('ids', to_jsonb(%s)))
"""


def redact_figures(model: type[Model], ids: Sequence[int], *, columns: frozenset[str], now: datetime) -> None:
    """Take what is forgotten out of the reports that were published; their numbers stand."""
    if model is not Initiative or "title" not in columns:
        return
    titles = dict.fromkeys(ids, REDACTED)
    reports = PortfolioReport.objects.filter(pk__in=RawSQL(_TELLING_OF, [list(ids)]))  # noqa: S611 (no text of a user's)
    with pgtrigger.ignore("portfolio.PortfolioReport:published_stays"):
        for report in reports:
            report.figures = masked(report.figures, titles)
            report.save(update_fields=["figures"])
