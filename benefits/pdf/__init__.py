"""The benefit report at BP6 as PDF: what was planned, what is measured, what is missing, and what was learned."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from benefits.models import Ownership
from core.formats import kroner, long_date, number
from core.pdf import Sheet, render

if TYPE_CHECKING:
    import datetime as dt

    from benefits.models import Benefit, Handover, Indicator
    from governance.models import Initiative

_TEMPLATE = Path(__file__).resolve().parent / "report.typ"


def render_report(
    initiative: Initiative, benefits: list[Benefit], *, handover: str, conclusion: str, now: dt.datetime, today: dt.date
) -> bytes:  # fmt: skip
    """Return the report of an initiative's plan as PDF.

    The parameters are those of ``report_data``.
    """
    return draw_report(
        report_data(initiative, benefits, handover=handover, conclusion=conclusion, today=today), now
    )


def report_data(
    initiative: Initiative, benefits: list[Benefit], *, handover: str, conclusion: str, today: dt.date
) -> dict[str, Any]:
    """Return what the report shows.

    :param benefits: with ``service_owner``, ``estimates`` and ``indicators__measurements`` loaded.
    :param conclusion: what was said when the plan was closed, empty before that.
    :param handover: who took the plan over, as ``handed_over`` says it.
    """
    title = _("Gevinstrapport: %(title)s") % {"title": initiative.card_title}
    rows = [_line(benefit, today) for benefit in benefits]
    return {
        "organization": initiative.municipality.name, "reference": initiative.number, "title": title, "state": str(initiative.get_status_display()), "unit": initiative.unit.name, "day": today,
        "handover": handover, "conclusion": conclusion, "rows": rows, "counts": _counts(benefits, today),
        "lessons": [{"title": one.title, "text": one.lesson} for one in benefits if one.lesson],
    }  # fmt: skip


def draw_report(data: dict[str, Any], now: dt.datetime) -> bytes:
    """Return the report as PDF."""
    sheet = Sheet(
        organization=data["organization"],
        kind=_("Gevinstrapport"),
        unit=data["unit"],
        reference=data["reference"],
    )
    return render(_TEMPLATE, data, title=data["title"], sheet=sheet, now=now)


def handed_over(handover: Handover | None, *, in_line: bool) -> str:
    """Return who took the plan over and when; ``in_line``: the line made the change itself."""
    if handover is None and in_line:
        return _("Linjen gjorde endringen selv")
    if handover is None or not handover.is_accepted or handover.answered_at is None:
        return _("Ikke overlevert til linjen")
    return _("%(name)s overtok %(day)s") % {
        "name": handover.receiver, "day": long_date(handover.answered_at),
    }  # fmt: skip


def _counts(benefits: list[Benefit], today: dt.date) -> list[tuple[str, str]]:
    concluded = [one for one in benefits if not one.is_under_way and one.status != one.Status.IDENTIFIED]
    realized = sum(one.status == one.Status.REALIZED for one in benefits)
    missing = sum(
        row.is_missing(today) for one in benefits for indicator in one.indicators.all() for row in indicator.measurements.all()
    )  # fmt: skip
    return [
        (_("Gevinster i planen"), number(len(benefits))), (_("Avsluttet"), number(len(concluded))),
        (_("Realisert"), number(realized)), (_("Målinger som mangler"), number(missing)),
    ]  # fmt: skip


def _line(benefit: Benefit, today: dt.date) -> dict[str, Any]:
    indicator = benefit.main_indicator
    owner = str(benefit.service_owner or _("Ingen"))
    if benefit.service_owner and benefit.ownership != Ownership.ACCEPTED:
        owner = f"{owner} ({str(benefit.get_ownership_display()).lower()})"
    return {
        "title": benefit.title, "receiver": str(benefit.get_beneficiary_display()), "owner": owner,
        "planned": _planned(benefit), "measured": _measured(indicator, today), "state": str(benefit.get_status_display()),
    }  # fmt: skip


def _planned(benefit: Benefit) -> str:
    if benefit.kroner_per_year is not None:
        return _("%(amount)s per år") % {"amount": kroner(benefit.kroner_per_year)}
    if benefit.hours_per_year is not None:
        return _("%(hours)s timer per år") % {"hours": number(benefit.hours_per_year)}
    return _("Ikke prissatt")


def _measured(indicator: Indicator | None, today: dt.date) -> str:
    """Return what the main indicator shows: from, to, target, and how far; missing is said as missing."""
    if indicator is None:
        return _("Ingen indikator")
    start, latest = indicator.baseline, indicator.latest
    if start is None or start.value is None:
        return _("%(name)s: nullpunktet mangler") % {"name": indicator.name}
    if latest is None or latest.value is None:
        return _("%(name)s: ikke målt etter nullpunktet") % {"name": indicator.name}
    words = {
        "name": indicator.name, "start": number(start.value), "latest": number(latest.value), "target": number(indicator.target),
        "unit": indicator.unit,
    }  # fmt: skip
    told = _("%(name)s: fra %(start)s til %(latest)s, målet er %(target)s %(unit)s") % words
    achieved = indicator.achieved
    share = (
        ""
        if achieved is None
        else _(" (%(share)s prosent av veien)") % {"share": number(round(achieved * 100))}
    )
    verified = _(", bekreftet av økonomi") if latest.is_verified else ""
    return f"{told}{share}{verified}"
