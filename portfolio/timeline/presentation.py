"""What has happened in a project, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.history import label_of
from portfolio.checklist.state import short
from portfolio.models import PaperStatus, RiskKind, RiskStatus
from portfolio.models.gatepaper import PAPER_TONES
from portfolio.models.project import STATUS_TONES
from portfolio.timeline.rows import Position, rows_of

if TYPE_CHECKING:
    from datetime import datetime

    from django.utils.functional import _StrOrPromise as StrOrPromise

    from organization.actors import PersonActor
    from portfolio.models import Project

_ICONS = {"success": "check", "danger": "x", "warning": "undo", "info": "arrow-right"}
ON_PROJECT, ON_PAGE = 8, 30
TONES: dict[str, str] = {str(status): tone for status, tone in STATUS_TONES.items()}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the timeline; ``url`` leads to what was written, where it can be read."""

    label: StrOrPromise
    who: str
    at: datetime
    reason: str
    tone: str
    url: str = ""

    @property
    def icon(self) -> str:
        return _ICONS.get(self.tone, "dot")


@dataclass(frozen=True, slots=True)
class Timeline:
    """The lines of a page, and the position from which the rest goes on, empty where there is no more."""

    lines: list[Line]
    after: str


def timeline_of(
    project: Project, actor: PersonActor, *, size: int = ON_PAGE, after: Position | None = None
) -> Timeline:
    """Return a page of what has happened, in one query."""
    rows = rows_of(project, actor, at_most=size + 1, after=after)
    shown = rows[:size]
    last = str(Position(shown[-1]["at"], shown[-1]["key"])) if len(rows) > size else ""
    return Timeline([_line(row, project) for row in shown], last)


def _line(row: dict[str, Any], project: Project) -> Line:
    label, tone, url = _WORDS[row["kind"]](row, project)
    return Line(label, row["who"] or _("Stafett"), row["at"], row["reason"], tone, url)


def _step(row: dict[str, Any], project: Project) -> tuple[StrOrPromise, str, str]:
    before, _mark, after = row["detail"].partition(">")
    return label_of(row["what"]), "neutral" if before == after else TONES[after], ""


def _status(row: dict[str, Any], project: Project) -> tuple[StrOrPromise, str, str]:
    return _("Statusrapport publisert"), "neutral", reverse("portfolio:status_detail", args=[row["ref"]])


def _answers(row: dict[str, Any], project: Project) -> tuple[StrOrPromise, str, str]:
    words = ngettext(
        "Svarte på %(n)s punkt i sjekklisten", "Svarte på %(n)s punkter i sjekklisten", int(row["what"])
    )
    return words % {"n": row["what"]}, "neutral", reverse("portfolio:checklist", args=[project.pk])


def _paper_sent(row: dict[str, Any], project: Project) -> tuple[StrOrPromise, str, str]:
    words = _("Beslutningsgrunnlag for %(point)s sendt") % {"point": short(row["what"])}
    return words, "info", reverse("portfolio:gate_paper_detail", args=[row["ref"]])


def _paper_decided(row: dict[str, Any], project: Project) -> tuple[StrOrPromise, str, str]:
    status = PaperStatus(row["detail"])
    words = _("%(point)s avgjort: %(outcome)s") % {
        "point": short(row["what"]),
        "outcome": str(status.label).lower(),
    }
    return words, PAPER_TONES[status], reverse("portfolio:gate_paper_detail", args=[row["ref"]])


def _risk_opened(row: dict[str, Any], project: Project) -> tuple[StrOrPromise, str, str]:
    words = _("Ny mulighet: %(what)s") if row["detail"] == RiskKind.OPPORTUNITY else _("Ny risiko: %(what)s")
    return words % row, "neutral", reverse("portfolio:risk_list", args=[project.pk])


def _risk_closed(row: dict[str, Any], project: Project) -> tuple[StrOrPromise, str, str]:
    words = _("%(what)s: %(status)s") % {**row, "status": str(RiskStatus(row["detail"]).label).lower()}
    return words, "neutral", reverse("portfolio:risk_list", args=[project.pk])


def _report(row: dict[str, Any], project: Project) -> tuple[StrOrPromise, str, str]:
    words = _("Publisert: %(what)s") % row
    return words, "neutral", reverse("portfolio:report_detail", args=[row["ref"]])


_WORDS = {
    "step": _step, "status": _status, "answers": _answers, "paper_sent": _paper_sent, "paper_decided": _paper_decided,
    "risk_opened": _risk_opened, "risk_closed": _risk_closed, "report": _report,
}  # fmt: skip
