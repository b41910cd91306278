"""Write a portfolio report, and publish it: its figures are computed once, and kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Refused, StaleVersion
from core.formats import short_date
from core.history import label_actions, record
from core.workflow import TransitionDenied
from organization.actors import as_person
from portfolio.models import PortfolioReport, ReportStatus
from portfolio.policies import may_manage_portfolio_of
from portfolio.reporting.figures import figures_of
from portfolio.reporting.scope import Scope

if TYPE_CHECKING:
    from datetime import datetime

    from core.actors import Actor


def draft_report(scope: Scope, *, by: Actor, now: datetime) -> PortfolioReport:
    """Keep what is asked for as a draft.

    :raises TransitionDenied: ``by`` does not manage the portfolio there.
    """
    if not may_manage_portfolio_of(by, scope.owner_id):
        raise TransitionDenied
    words = {"area": scope.area.name, "day": short_date(scope.as_of)}
    with record("draft_report", actor=by):
        return PortfolioReport.objects.create(
            municipality_id=scope.owner_id, area=scope.area, title=(_("Porteføljerapport for %(area)s, %(day)s") % words)[:200],
            as_of=scope.as_of, since=scope.since, author=as_person(by).person, created_at=now, changed_at=now,
        )  # fmt: skip


@transaction.atomic
def write_report(  # noqa: PLR0913 - the texts of one row, keyword-only
    report: PortfolioReport, *, title: str, summary: str, advice: str, version: int, by: Actor, now: datetime
) -> PortfolioReport:
    """Change the words of a draft.

    :raises StaleVersion: somebody else saved since ``version``; with what was typed.
    """
    current = _locked(report, by)
    if current.version != version:
        labels = {"title": _("Tittel"), "summary": _("Sammendrag"), "advice": _("Avvik og anbefalinger")}
        typed = {"title": title, "summary": summary, "advice": advice}
        raise StaleVersion(
            mine={label: typed[name] for name, label in labels.items()},
            theirs={label: getattr(current, name) for name, label in labels.items()},
        )
    current.title, current.summary, current.advice = title, summary, advice
    with record("write_report", actor=by):
        return _saved(current, now)


@transaction.atomic
def publish_report(report: PortfolioReport, *, version: int, by: Actor, now: datetime) -> PortfolioReport:
    """Compute the figures, keep them, and show the report to everybody.

    :raises StaleVersion: the words were changed since ``version``.
    """
    current = _locked(report, by)
    if current.version != version:
        raise StaleVersion(
            theirs={_("Sammendrag"): current.summary, _("Avvik og anbefalinger"): current.advice}
        )
    current.figures = figures_of(scope_of(current))
    current.status, current.published_at = ReportStatus.PUBLISHED, now
    current.published_by_id = by.person_id
    with record("publish_report", actor=by):
        return _saved(current, now)


@transaction.atomic
def drop_report(report: PortfolioReport, *, by: Actor) -> None:
    """Take a draft away."""
    current = _locked(report, by)
    with record("drop_report", actor=by):
        current.delete()


def scope_of(report: PortfolioReport) -> Scope:
    """Return what a report is about, as its writer sees it."""
    return Scope(report.area, report.as_of, report.since)


def _locked(report: PortfolioReport, by: Actor) -> PortfolioReport:
    """Lock a draft.

    :raises Http404: ``by`` does not see it.
    :raises TransitionDenied: ``by`` may not write it.
    :raises Refused: it is published.
    """
    rows = PortfolioReport.objects.visible_to(by).select_for_update(of=("self",)).select_related("area")
    current: PortfolioReport | None = rows.filter(pk=report.pk).first()
    if current is None:
        raise Http404
    if not may_manage_portfolio_of(by, current.municipality_id):
        raise TransitionDenied
    if current.status == ReportStatus.PUBLISHED:
        raise Refused(_("Rapporten er publisert og endres ikke. Lag en ny."))
    return current


def _saved(report: PortfolioReport, now: datetime) -> PortfolioReport:
    report.version += 1
    report.stamp(now)
    report.save()
    return report


label_actions({
    "draft_report": gettext_lazy("Rapport begynt"), "write_report": gettext_lazy("Rapport skrevet"),
    "publish_report": gettext_lazy("Rapport publisert"), "drop_report": gettext_lazy("Kladd slettet"),
})  # fmt: skip
