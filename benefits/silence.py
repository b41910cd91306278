"""Has reporting gone silent where an indicator is computed?  Then fewer events prove nothing.

The rule is our own proposal (docs/adr/0024-silence-is-no-improvement.md); its limits are the municipality's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from benefits.arithmetic import has_collapsed, rate_ratio
from benefits.models import SilenceRules
from core.formats import number, short_date

if TYPE_CHECKING:
    from collections.abc import Iterable

    from benefits.arithmetic import RateRatio, SilenceLimits
    from benefits.models import Benefit, Indicator, MeasurementBasis


@dataclass(frozen=True, slots=True)
class Compared:
    """A computed indicator's latest point against its baseline, with all reports of the same units."""

    indicator: Indicator
    before: MeasurementBasis
    now: MeasurementBasis
    limits: SilenceLimits

    @property
    def counted_ratio(self) -> RateRatio | None:
        return rate_ratio(self.now.counted, self.before.counted)

    @property
    def reported_ratio(self) -> RateRatio | None:
        return rate_ratio(self.now.reported, self.before.reported)

    @property
    def is_silent(self) -> bool:
        now, before = self.now, self.before
        return has_collapsed(now.reported, before.reported, now.counted, before.counted, self.limits)

    @property
    def is_too_few(self) -> bool:
        """Whether there were so few reports before that silence could not be told from chance."""
        return (self.before.total or 0) < self.limits.fewest

    @property
    def reason(self) -> str:
        """Say what has gone silent, and what to do about it."""
        ratio = self.reported_ratio
        fall = round((1 - ratio.ratio) * 100) if ratio is not None and ratio.ratio is not None else 100
        return _(
            "Meldingene har stilnet: fra %(first)s til %(last)s kom det %(now)s meldinger i enhetene «%(indicator)s» gjelder, mot "
            "%(before)s i nullpunktets periode. Det er %(fall)s prosent færre, mer enn tilfeldigheter gir. Da kan ikke færre avvik "
            "regnes som en gevinst. Finn ut hvorfor det meldes mindre, og mål på nytt, eller velg «Delvis realisert»."
        ) % {
            "first": short_date(self.now.first_day), "last": short_date(self.now.last_day), "now": number(self.now.total or 0),
            "before": number(self.before.total or 0), "indicator": self.indicator, "fall": number(fall),
        }  # fmt: skip


def rules_for(municipality_id: int) -> SilenceRules:
    """Return the municipality's own rules, or an unsaved row with the defaults."""
    found = SilenceRules.objects.filter(municipality_id=municipality_id).first()
    return found or SilenceRules(municipality_id=municipality_id)


def silences_of(benefit: Benefit) -> list[Compared]:
    """Return the computed indicators of a benefit that have both a baseline and a later point."""
    pairs = list(_pairs(benefit.indicators.all()))
    if not pairs:
        return []
    limits = rules_for(benefit.initiative.municipality_id).limits
    return [Compared(indicator, before, now, limits) for indicator, before, now in pairs]


def _pairs(
    indicators: Iterable[Indicator],
) -> Iterable[tuple[Indicator, MeasurementBasis, MeasurementBasis]]:
    for indicator in indicators:
        start, latest = indicator.baseline, indicator.latest
        before, now = (getattr(row, "basis", None) for row in (start, latest))
        if before is not None and now is not None:
            yield indicator, before, now
