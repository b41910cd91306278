"""What numbers and days of a plan can be: asked by forms for their words, and by operations before they write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from benefits.models import Direction, Quantity
from core.formats import number, short_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from decimal import Decimal

    from benefits.models import Measurement

Problems = dict[str, list[str]]

MOST_PERCENT = 100
MOST_YEARS_AHEAD = 20
_QUANTITIES_BELOW_ZERO = {Quantity.OTHER, Quantity.PERCENT}
"""What may fall below zero, or has limits of its own."""


def problems_of_indicator(values: Mapping[str, Any], start: Decimal | None, *, today: date) -> Problems:
    """Return what cannot be right about an indicator, by field; empty when all can.

    :param values: its fields by name; what is missing is not looked at.
    :param start: its measured baseline, if there is one.
    """
    problems: Problems = {}
    baseline, first, last = (values.get(name) for name in ("baseline_on", "first_on", "last_on"))
    if baseline and first and first <= baseline:
        problems["first_on"] = [_("Første måling må komme etter nullpunktet.")]
    if first and last and last < first:
        problems["last_on"] = [_("Siste måling kan ikke komme før den første.")]
    elif last and last.year > today.year + MOST_YEARS_AHEAD:
        problems["last_on"] = [_("Det er mer enn 20 år fram i tid. Sjekk årstallet.")]
    target = values.get("target")
    if target is not None and (text := _target_problem(target, start, values)):
        problems["target"] = [text]
    return problems


def _target_problem(target: Decimal, start: Decimal | None, values: Mapping[str, Any]) -> str:
    quantity = values.get("quantity")
    if quantity == Quantity.PERCENT and not _is_percent(target):
        return _("Prosent går fra 0 til 100.")
    if target < 0 and quantity not in _QUANTITIES_BELOW_ZERO:
        return _("Målet kan ikke være under null.")
    return _way_problem(target, start, values.get("direction")) if start is not None else ""


def _way_problem(target: Decimal, start: Decimal, direction: str | None) -> str:
    words = {"start": number(start)}
    if target == start:
        return _("Målet er likt nullpunktet (%(start)s). Da er det ingen gevinst å måle.") % words
    if direction == Direction.UP and target < start:
        return _("Målet er under nullpunktet (%(start)s), men høyere skal være bedre.") % words
    if direction == Direction.DOWN and target > start:
        return _("Målet er over nullpunktet (%(start)s), men lavere skal være bedre.") % words
    return ""


def problems_of_measurement(
    row: Measurement, value: Decimal, measured_on: date, *, others: Iterable[Measurement], today: date
) -> Problems:
    """Return what cannot be right about a measurement beside the ``others`` of its indicator, by field; empty when all can."""
    days = _future_problem(measured_on, today) or _days_problem(row, measured_on, others)
    found = {"value": _value_problem(row, value), "measured_on": days}
    return {name: [text] for name, text in found.items() if text}


def _value_problem(row: Measurement, value: Decimal) -> str:
    if row.indicator.is_percent and not _is_percent(value):
        return _("Prosent går fra 0 til 100. Sjekk tallet.")
    if value < 0 and not row.indicator.may_be_negative:
        return _("Verdien kan ikke være under null.")
    return ""


def _is_percent(value: Decimal) -> bool:
    return 0 <= value <= MOST_PERCENT


def _future_problem(measured_on: date, today: date) -> str:
    if measured_on <= today:
        return ""
    return _("Målingen kan ikke være gjort fram i tid. Velg i dag eller en tidligere dag.")


def _days_problem(row: Measurement, measured_on: date, beside: Iterable[Measurement]) -> str:
    others = [one for one in beside if one.is_measured]
    if any(one.measured_on == measured_on for one in others):
        return _("Det er alt ført en måling %(day)s. Rett den, eller velg en annen dag.") % {
            "day": short_date(measured_on)
        }
    if row.is_baseline:
        first = min((one.measured_on for one in others if one.measured_on), default=None)
        if first is not None and measured_on > first:
            return _("Nullpunktet må komme før den første målingen, %(day)s.") % {"day": short_date(first)}
        return ""
    start = next((one.measured_on for one in others if one.is_baseline), None)
    if start is None:
        return _("Nullpunktet er ikke ført ennå. Før det først, så er det noe å måle mot.")
    if measured_on < start:
        return _("Målingen kan ikke være før nullpunktet, %(day)s.") % {"day": short_date(start)}
    return ""
