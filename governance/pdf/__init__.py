"""The three papers of a council meeting as PDF: notice with agenda, case paper and minutes.

Each is a ``TypedDict`` that the caller fills with what it has, and a ``.typ`` template that
lays it out.  A public copy is made here and not in the template, so that what is exempt from
public access never reaches the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.pdf.agenda import AgendaData, AgendaEntry, Summoned, render_agenda
from governance.pdf.case_paper import (
    CasePaperData,
    Part,
    PdfChart,
    PdfTable,
    Section,
    Statement,
    render_case_paper,
)
from governance.pdf.minutes import Declaration, MinutesData, MinutesEntry, Proposal, Vote, render_minutes
from governance.pdf.parts import Attendee, FollowUp

if TYPE_CHECKING:
    from datetime import datetime


def render_public_agenda(data: AgendaData, now: datetime) -> bytes:
    return render_agenda(data, now, public=True)


def render_public_minutes(data: MinutesData, now: datetime) -> bytes:
    return render_minutes(data, now, public=True)


__all__ = [
    "AgendaData",
    "AgendaEntry",
    "Attendee",
    "CasePaperData",
    "Declaration",
    "FollowUp",
    "MinutesData",
    "MinutesEntry",
    "Part",
    "PdfChart",
    "PdfTable",
    "Proposal",
    "Section",
    "Statement",
    "Summoned",
    "Vote",
    "render_agenda",
    "render_case_paper",
    "render_minutes",
    "render_public_agenda",
    "render_public_minutes",
]
