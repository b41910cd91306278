"""How benefits are shown: buttons, lines of a plan, the course of an indicator and the versions of a plan."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from benefits import policies
from benefits.models import Measurement, Ownership
from benefits.workflow import benefit_workflow, ownership_workflow
from core.charts import Series, line
from core.formats import number, short_date
from core.presentation import actions_of

if TYPE_CHECKING:
    from datetime import date

    from benefits.models import Benefit, Indicator
    from core.charts import Chart
    from core.presentation import Actions
    from organization.actors import PersonActor

_OWNER_TONES = {Ownership.ASKED: "warning", Ownership.ACCEPTED: "success", Ownership.REFUSED: "danger"}
_NEXT = {
    "accept_ownership": gettext_lazy("Du svarer for at gevinsten blir tatt ut, og for at den blir målt."),
    "refuse_ownership": gettext_lazy("De som lager planen, får begrunnelsen og finner en annen løsning."),
    "plan_benefit": gettext_lazy("Gevinsten teller i planen. Måledagene begynner å kalle på målinger."),
    "begin_realizing": gettext_lazy(
        "Gevinsten tas ut i linjen, og målingene viser hvor langt dere er kommet."
    ),
    "conclude_realized": gettext_lazy("Gevinsten er hentet. Den kan følges opp igjen hvis noe endrer seg."),
    "conclude_partly": gettext_lazy("Det som ble lært, er nyttig for dem som skal gjøre det samme."),
    "conclude_not_realized": gettext_lazy("Det som ble lært, er nyttig for dem som skal gjøre det samme."),
    "drop_benefit": gettext_lazy("Gevinsten teller ikke lenger, og det blir ikke kalt på målinger."),
}


def what_happens(name: str) -> Any:
    """Return what follows from a step, in a sentence."""
    return _NEXT.get(name, "")


def actions_for(benefit: Benefit, actor: PersonActor) -> Actions:
    """Return the buttons of one benefit: the service owner's answer first, then its steps."""

    def url(name: str) -> str:
        return reverse("benefits:benefit_transition", args=[benefit.pk, name])

    offers = [*ownership_workflow.offers(benefit, actor), *benefit_workflow.offers(benefit, actor)]
    # A plan is approved as a whole, on its own page.
    return actions_of(offers, url, leave_out={"plan_benefit"})


def line_of(benefit: Benefit, today: date) -> dict[str, Any]:
    """Return a benefit as a line of its plan."""
    indicator = benefit.main_indicator
    missing = [
        row for one in benefit.indicators.all() for row in one.measurements.all() if row.is_missing(today)
    ]
    return {
        "benefit": benefit, "owner_tone": _OWNER_TONES[Ownership(benefit.ownership)], "indicator": indicator,
        "achieved": percent(indicator.achieved) if indicator else "", "missing": len(missing),
        "is_dropped": benefit.status == benefit.Status.DROPPED,
    }  # fmt: skip


def percent(share: Decimal | None) -> str:
    return "" if share is None else f"{number(round(share * 100))} %"


def estimates_of(benefit: Benefit) -> list[dict[str, Any]]:
    rows = [row for row in benefit.estimates.all() if row.measure == benefit.measure]
    return [
        {"row": row, "expected": row.expected, "deviation": row.three_point.distribution.deviation}
        for row in rows
    ]


# --- Measuring ---------------------------------------------------------------------------------------
def indicators_of(benefit: Benefit, actor: PersonActor, today: date) -> list[dict[str, Any]]:
    """Return each indicator with its points, its course and who may measure."""
    found = []
    for indicator in benefit.indicators.all():
        indicator.benefit = benefit
        probe = Measurement(indicator=indicator)
        points = list(indicator.measurements.all())
        # What has not come yet is one line: the next.
        later = [row for row in points if not row.is_measured and not row.is_missing(today)]
        found.append({
            "indicator": indicator, "chart": course(indicator), "achieved": percent(indicator.achieved),
            "is_uncountable": indicator.baseline is not None and indicator.baseline.value == indicator.target,
            "points": [_point(row, today) for row in points if row not in later], "next": later[0] if later else None,
            "missing": sum(row.is_missing(today) for row in points), "may_measure": policies.may_measure(actor, probe),
            "may_verify": policies.may_verify(actor, probe),
        })  # fmt: skip
    return found


def _point(row: Measurement, today: date) -> dict[str, Any]:
    return {
        "row": row,
        "is_missing": row.is_missing(today),
        "written": number(row.value) if row.value is not None else "",
    }


def course(indicator: Indicator) -> Chart | None:
    """Draw plan, forecast and measured over the points, with the baseline, or ``None`` before there is one."""
    start = indicator.baseline
    if start is None or start.value is None or start.measured_on is None:
        return None
    rows = sorted(indicator.measurements.all(), key=lambda row: row.measured_on or row.due_on)
    days = [row.measured_on or row.due_on for row in rows]
    plan = [
        _between(day, start.measured_on, start.value, indicator.last_on, indicator.target) for day in days
    ]
    series = [
        Series(_("Målt"), [row.value for row in rows]),
        Series(_("Plan"), plan, "plan"),
        Series(_("Nullpunkt"), [start.value] * len(rows), "reference"),
    ]
    latest = indicator.latest
    if latest and latest.value is not None and indicator.forecast is not None and latest.measured_on:
        ahead = [
            _between(day, latest.measured_on, latest.value, indicator.last_on, indicator.forecast)
            if day >= latest.measured_on
            else None
            for day in days
        ]
        series.insert(2, Series(_("Prognose"), ahead, "plan"))
    labels = [short_date(day) for day in days]
    return line(indicator.name, labels, series, unit=indicator.unit, key=f"indikator{indicator.pk}")


def _between(day: date, begins: date, start: Decimal, ends: date, end: Decimal) -> Decimal:
    """Return the value on the straight way from start to end; before and after it stands still."""
    whole = (ends - begins).days
    share = Decimal((day - begins).days) / whole if whole > 0 else Decimal(1)
    return (start + (end - start) * min(max(share, Decimal(0)), Decimal(1))).quantize(Decimal("0.01"))
