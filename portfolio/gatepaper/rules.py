"""Who decides a decision point, and what stands in the way of passing it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.errors import Reason
from governance.models import GovernanceRules
from portfolio.models import GatePaper, PaperStatus
from portfolio.models.gatepaper import APPROVED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.workflow import Guard
    from portfolio.models import DecisionPoint, Project


def council_points(project: Project) -> list[str]:
    """Return the decision points that the municipality's council decides; a page may have asked for all its projects."""
    if hasattr(project, "decided_by_council"):
        asked: list[str] | None = project.decided_by_council
        return asked or []
    rules = GovernanceRules.objects.filter(municipality=project.municipality_id)
    found: list[str] | None = rules.values_list("council_points", flat=True).first()
    return found or []


def is_for_council(project: Project, point: str) -> bool:
    return point in council_points(project)


def told_paper(project: Project) -> Mapping[str, Any] | None:
    """Return the latest paper that was sent and has not lapsed: id, point, status and whose it is."""
    if hasattr(project, "told_paper"):
        asked: Mapping[str, Any] | None = project.told_paper
        return asked
    rows = GatePaper.objects.filter(project=project).in_force()
    found: Mapping[str, Any] | None = rows.values("pk", "point", "status", "for_council").first()
    return found


def paper_at(project: Project, point: str) -> Mapping[str, Any] | None:
    found = told_paper(project)
    return found if found is not None and found["point"] == point else None


# --- Guards --------------------------------------------------------------------------------------
def paper_is_decided(point: DecisionPoint) -> Guard[Project]:
    """Return the guard of a decision point: where the council decides, it has approved; what was sent is approved.

    Only projects have decision points.
    """

    def gate_paper_is_decided(project: Project, /) -> Reason | None:
        if not project.is_project:
            return None
        name, paper = point.upper(), paper_at(project, point)
        by_council = is_for_council(project, point)
        if paper is None:
            return _reason(_not_by_council(name), project) if by_council else None
        if paper["status"] in APPROVED:
            lacks = by_council and not paper["for_council"]
            return _reason(_not_by_council(name), project) if lacks else None
        return _reason(_why(name, paper), project, paper["pk"])

    return gate_paper_is_decided


def _not_by_council(name: str) -> str:
    return _("Rådet har ikke behandlet %(point)s ennå. Send et beslutningsgrunnlag.") % {"point": name}


def _why(name: str, paper: Mapping[str, Any]) -> str:
    words = {
        PaperStatus.SENT: _("Beslutningsgrunnlaget for %(point)s er ikke avgjort ennå."),
        PaperStatus.SENT_BACK: _("%(point)s ble sendt tilbake. Skriv et nytt beslutningsgrunnlag."),
        PaperStatus.TO_BE_STOPPED: _("Det er vedtatt ved %(point)s at prosjektet stoppes. Stopp det, eller legg fram et nytt beslutningsgrunnlag."),
    }  # fmt: skip
    if paper["status"] == PaperStatus.SENT and paper["for_council"]:
        return _("Rådet har ikke behandlet %(point)s ennå.") % {"point": name}
    return words[PaperStatus(paper["status"])] % {"point": name}


def no_paper_waits(project: Project, /) -> Reason | None:
    """What waits for its decision is decided or taken back before the project moves another way."""
    paper = told_paper(project)
    if paper is None or paper["status"] != PaperStatus.SENT:
        return None
    text = _("Beslutningsgrunnlaget for %(point)s venter på avgjørelse. Trekk det først.")
    return _reason(text % {"point": paper["point"].upper()}, project, paper["pk"])


def _reason(text: str, project: Project, paper: int | None = None) -> Reason:
    url = (
        reverse("portfolio:gate_paper_detail", args=[paper])
        if paper
        else reverse("portfolio:gate_paper_list", args=[project.pk])
    )
    return Reason(text, url)
