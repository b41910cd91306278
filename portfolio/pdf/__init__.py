"""The portfolio report as PDF: the sections and tables of the page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from core.pdf import Sheet, render

if TYPE_CHECKING:
    from datetime import datetime

    from portfolio.reporting.pages import Shown
    from portfolio.reporting.presentation import Section
    from portfolio.reporting.tables import Table

_TEMPLATE = Path(__file__).resolve().parent / "portfolio_report.typ"


def render_report(report: Shown, *, organization: str, now: datetime) -> bytes:
    """Return a report as PDF.

    :param organization: the municipality or region that it is of.
    """
    content = {
        "title": report.title,
        "facts": report.facts,
        "is_empty": report.is_empty,
        "is_final": report.is_final,
        "sections": [section_data(one) for one in report.sections],
    }
    sheet = Sheet(organization=organization, kind=_("Porteføljerapport"), unit=report.area.name)
    return render(_TEMPLATE, content, title=report.title, sheet=sheet, now=now)


def section_data(section: Section) -> dict[str, Any]:
    """Return a section as the templates want it."""
    return {
        "title": section.title, "lead": section.lead, "numbers": [(label, cell.text) for label, cell in section.numbers], "prose": section.prose,
        "tables": [_table(one) for one in section.tables],
    }  # fmt: skip


def _table(table: Table) -> dict[str, Any]:
    return {
        "caption": str(table.caption), "headings": [str(heading) for heading in table.headings],
        "align": "".join("r" if is_number else "l" for _heading, is_number in table.columns),
        "rows": [[cell.in_words for cell in row] for row in table.rows], "note": str(table.note), "empty": str(table.empty),
    }  # fmt: skip
