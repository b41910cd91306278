"""What a report shows, live or frozen: the same for the page, Excel and PDF."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core.formats import long_date, moment
from portfolio.reporting.figures import figures_of, shown
from portfolio.reporting.operations import scope_of
from portfolio.reporting.presentation import Section, is_empty, sections_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from organization.models import Unit
    from portfolio.models import PortfolioReport
    from portfolio.reporting.figures import Figures
    from portfolio.reporting.scope import Scope


ON_PAGE = 50
"""How many rows of a table a page shows before it is asked for all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A report as it is read.  ``is_final``: its figures are frozen."""

    title: str
    area: Unit
    as_of: datetime
    since: datetime
    sections: list[Section]
    is_empty: bool
    is_final: bool = False

    @property
    def facts(self) -> list[tuple[str, str]]:
        return [
            (_("Område"), self.area.name),
            (_("Slik det sto"), moment(self.as_of)),
            (_("Nytt siden"), long_date(self.since)),
        ]

    def briefly(self) -> list[Section]:
        """Return the sections with the beginnings of their tables."""
        return [
            replace(section, tables=[table.beginning(ON_PAGE) for table in section.tables])
            for section in self.sections
        ]

    def sheets(self) -> Iterator[tuple[str, list[Any], list[list[Any]]]]:
        """Yield the sheets of the workbook: what stands in words and numbers first, then each table."""
        lines = [[label, value, ""] for label, value in self.facts]
        for section in self.sections:
            lines += [[section.title, label, cell.typed] for label, cell in section.numbers]
            if section.prose:
                lines.append([section.title, section.prose, ""])
        yield _("Sammendrag"), [_("Del"), _("Hva"), _("Verdi")], lines
        for section in self.sections:
            for table in section.tables:
                rows = [[cell.typed for cell in row] for row in table.rows]
                if said := table.note if table.rows else table.empty:
                    rows.append([str(said)])
                yield str(table.caption), list(table.headings), rows


def live(scope: Scope) -> Shown:
    """Return the report of a scope, computed now."""
    title = _("Porteføljerapport for %(area)s") % {"area": scope.area.name}
    return _shown(title, scope, figures_of(scope))


def kept(report: PortfolioReport) -> Shown:
    """Return a report as it was published, or a draft as it would be."""
    scope = scope_of(report)
    figures = report.figures if report.is_published else figures_of(scope)
    return _shown(
        report.title, scope, figures, summary=report.summary, advice=report.advice, is_final=report.is_published
    )  # fmt: skip


def _shown(
    title: str, scope: Scope, figures: Figures, *, summary: str = "", advice: str = "", is_final: bool = False
) -> Shown:
    found = shown(figures)
    day = timezone.localdate(scope.as_of)
    return Shown(
        title=title, area=scope.area, as_of=scope.as_of, since=scope.since, is_empty=is_empty(found), is_final=is_final,
        sections=sections_of(found, day=day, summary=summary, advice=advice),
    )  # fmt: skip
