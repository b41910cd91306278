"""How status reports are shown: the panel of a project, and forecast against plan in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.formats import kroner, percent, short_date
from portfolio import policies
from portfolio.health import signs_of
from portfolio.models import ReportStatus, StatusReport
from portfolio.status.operations import why_not_reported

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from organization.actors import PersonActor
    from portfolio.health import Sign
    from portfolio.models import Project

_BESIDE = 2


@dataclass(frozen=True, slots=True)
class Shown:
    """A report with its six areas, and its forecast against the plan in words."""

    report: StatusReport
    signs: list[Sign]
    end: str
    money: str


def shown(report: StatusReport) -> Shown:
    return Shown(
        report, signs_of(report), end_in_words(report.ends_on, report.forecast_ends_on),
        money_in_words(report.budget, report.forecast),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Panel:
    """What the page of a project shows: the latest report, whether a draft waits, and who may write."""

    latest: Shown | None
    has_draft: bool
    may_write: bool


def panel_of(project: Project, actor: PersonActor) -> Panel:
    """Return the panel, in one query."""
    rows = StatusReport.objects.visible_to(actor).filter(project=project)
    newest = rows.order_by(F("published_at").desc(nulls_first=True), "-pk")
    found = list(newest.select_related("published_by")[:_BESIDE])
    latest = next((row for row in found if row.status == ReportStatus.PUBLISHED), None)
    may_write = policies.may_report(actor, project) and why_not_reported(project) is None
    return Panel(
        shown(latest) if latest else None, any(row.status == ReportStatus.DRAFT for row in found), may_write
    )


def end_in_words(planned: date | None, expected: date | None) -> str:
    """Return how the expected end compares with the planned one, or nothing where there is none."""
    if expected is None:
        return _("Plan %(day)s") % {"day": short_date(planned)} if planned else ""
    told = _("Ventet %(day)s") % {"day": short_date(expected)}
    if planned is None:
        return told
    days = (expected - planned).days
    if days == 0:
        return told + _(", som planlagt")
    later = ngettext(", %(days)d dag etter plan", ", %(days)d dager etter plan", days)
    sooner = ngettext(", %(days)d dag før plan", ", %(days)d dager før plan", -days)
    return told + (later if days > 0 else sooner) % {"days": abs(days)}


def money_in_words(budget: Decimal | None, forecast: Decimal | None) -> str:
    """Return how the forecast compares with the budget, or nothing where there is no forecast."""
    if forecast is None:
        return _("Budsjett %(amount)s") % {"amount": kroner(budget)} if budget is not None else ""
    told = _("Prognose %(amount)s") % {"amount": kroner(forecast)}
    if budget is None:
        return told
    if forecast == budget:
        return told + _(", som budsjettert")
    words = {
        "amount": kroner(abs(forecast - budget)),
        "share": percent(abs(forecast - budget) / budget, 0) if budget else "",
    }
    if forecast > budget:
        return (
            told + (_(", %(amount)s (%(share)s) over budsjettet") if budget else _(", uten budsjett")) % words
        )
    return told + _(", %(amount)s (%(share)s) under budsjettet") % words
