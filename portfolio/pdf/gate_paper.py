"""A gate paper as PDF: what is proposed and why first, then what the register said."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core.formats import local_day, long_date
from core.pdf import Sheet, render
from portfolio.pdf import section_data

if TYPE_CHECKING:
    from datetime import datetime

    from portfolio.gatepaper.presentation import Shown
    from portfolio.models import GatePaper

_TEMPLATE = Path(__file__).resolve().parent / "gate_paper.typ"


def render_gate_paper(paper: GatePaper, shown: Shown, *, now: datetime) -> bytes:
    """Return a gate paper as PDF, marked as a draft until it is sent."""
    project = paper.project
    title = _("%(point)s: %(project)s") % {"point": paper.get_point_display(), "project": project.name}
    content = {
        "title": title,
        "facts": _facts(paper),
        "is_draft": paper.is_draft,
        "summary": paper.summary,
        "assessment": paper.assessment,
        "proposal": paper.proposal,
        "decision": paper.decision_text,
        "outcome": str(paper.get_status_display()) if paper.is_decided else "",
        "as_of": _("Tall og svar slik de sto %(when)s.") % {"when": shown.as_of},
        "sections": [section_data(one) for one in shown.sections],
    }
    sheet = Sheet(
        organization=str(project.municipality), kind=_("Beslutningsgrunnlag"), unit=project.name, reference=project.initiative.number
    )  # fmt: skip
    return render(_TEMPLATE, content, title=title, sheet=sheet, now=now)


def _facts(paper: GatePaper) -> list[tuple[str, str]]:
    facts = [(_("Prosjekt"), paper.project.name), (_("Tiltak"), paper.project.initiative.number)]
    if paper.sent_at is not None:
        facts.append((_("Sendt"), f"{long_date(local_day(paper.sent_at))}, {paper.sent_by}"))
    if paper.decided_at is not None:
        facts.append((_("Avgjort"), long_date(local_day(paper.decided_at))))
    if paper.reference:
        facts.append((_("Referanse"), paper.reference))
    return facts
