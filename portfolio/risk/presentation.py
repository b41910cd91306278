"""How risks and opportunities are shown: on their project, and the worst of the portfolio."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from portfolio.models import ProjectRisk, RiskKind, RiskStatus
from portfolio.risk.scale import IMPACTS, PROBABILITIES, Level, drawn, level_of, score_after

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from core.charts import Chart
    from portfolio.models import Project

STATUS_TONES = {RiskStatus.OPEN: "info", RiskStatus.HANDLED: "success", RiskStatus.GONE: "neutral"}


@dataclass(frozen=True, slots=True)
class Line:
    """One risk or opportunity in words."""

    row: ProjectRisk
    level: Level
    after: Level | None
    score_after: int | None
    is_late: bool

    @property
    def probability(self) -> str:
        return str(PROBABILITIES[self.row.probability - 1])

    @property
    def impact(self) -> str:
        return str(IMPACTS[self.row.impact - 1])

    @property
    def tone(self) -> str:
        return STATUS_TONES[RiskStatus(self.row.status)]

    @property
    def is_opportunity(self) -> bool:
        return self.row.kind == RiskKind.OPPORTUNITY

    @property
    def is_gone(self) -> bool:
        return self.row.status == RiskStatus.GONE


def lines_of(rows: Iterable[ProjectRisk], today: date) -> list[Line]:
    lines = []
    for row in rows:
        after = score_after(row)
        late = row.due_on is not None and row.due_on < today and row.status == RiskStatus.OPEN
        lines.append(
            Line(
                row, level_of(row.score, row.kind), level_of(after, row.kind) if after else None, after, late
            )
        )
    return lines


def page_of(project: Project, today: date) -> dict[str, Any]:
    """Return the risks of a project, the largest first and what is gone last, and their matrices, in one query."""
    rows = ProjectRisk.objects.filter(project=project).select_related("owner").order_by("-score", "pk")
    lines = lines_of(rows, today)
    lines.sort(key=lambda line: line.is_gone)
    standing = [line.row for line in lines if not line.is_gone]
    return {"lines": lines, "charts": _charts(standing)}


def _charts(rows: Sequence[ProjectRisk]) -> list[Chart]:
    """Return the matrix of the risks as they are, and as they will be; opportunities have no red corner to stand in."""
    risks = [row for row in rows if row.kind == RiskKind.RISK]
    charts = [drawn(risks, _("Risiko nå"))] if risks else []
    if any(score_after(row) is not None for row in risks):
        charts.append(drawn(risks, _("Risiko etter tiltak"), after=True))
    return charts
