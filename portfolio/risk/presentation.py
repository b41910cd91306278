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
    titles = {
        RiskKind.RISK: (_("Risiko nå"), _("Risiko etter tiltak")),
        RiskKind.OPPORTUNITY: (_("Muligheter nå"), _("Muligheter etter tiltak")),
    }
    charts = []
    for kind, (now, after) in titles.items():
        of_kind = [row for row in rows if row.kind == kind]
        if of_kind:
            charts.append(drawn(of_kind, kind, now))
        if any(score_after(row) is not None for row in of_kind):
            charts.append(drawn(of_kind, kind, after, after=True))
    return charts
