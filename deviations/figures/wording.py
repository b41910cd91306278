"""Rates in words: what they are against, what is missing, and for which months."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core.formats import number
from deviations.figures.exposure import Kind

if TYPE_CHECKING:
    from datetime import date

    from deviations.figures.exposure import Denominator
    from deviations.figures.periods import Period


def rate_heading(kind: str) -> str:
    """Return what a rate is against: the heading of its column."""
    return _("Per 1 000 liggedøgn") if kind == Kind.RESIDENT_DAYS else _("Per årsverk og år")


def rate_text(rate: float | None) -> str:
    """Write a rate with two decimals; without a denominator it is «mangler», never zero."""
    if rate is None:
        return _("mangler")
    smallest = 0.005
    return _("under 0,01") if 0 < rate < smallest else number(rate, 2)


def coverage_of(period: Period, against: Denominator, since: date | None) -> str:
    """Say of which months the rates are, when it is not all of them."""
    covered, every = len(against.covered), len([one for one in period.months if period.is_known(one, since)])
    if covered == every:
        return ""
    if not covered:
        return _("Nevneren mangler for perioden.")
    return _("Gjelder %(covered)d av %(every)d måneder. Nevneren mangler for resten.") % {
        "covered": covered,
        "every": every,
    }
