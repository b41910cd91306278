"""The same rates of the unit above, to hold one's own against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from deviations.figures import counting
from deviations.figures.exposure import denominator_of
from deviations.figures.tallies import Tally
from deviations.figures.wording import coverage_of, rate_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from typing import Any

    from deviations.figures.exposure import Denominator
    from deviations.figures.periods import Period
    from deviations.figures.scope import Scope
    from deviations.figures.tallies import Counts
    from organization.models import Exposure


@dataclass(frozen=True)
class Above:
    """The counts of the unit above, with everything below it, and its own denominator."""

    scope: Scope
    counts: Counts
    against: Denominator
    coverage: str

    @property
    def name(self) -> str:
        return self.scope.unit.name

    @property
    def rate(self) -> str:
        """The rate of all that was reported there, in words; «mangler» without a denominator of its own."""
        told = {"unit": self.name, "rate": rate_text(self.against.rate(self.counts.all.covered))}
        return _("%(unit)s: %(rate)s") % told

    @property
    def definition(self) -> str:
        """What the rate is of and what it is divided by."""
        words = _(
            "For %(unit)s er alt under enheten med, også tallene på denne siden, delt på nevneren som er registrert for %(unit)s selv."
        ) % {"unit": self.name}
        return " ".join(part for part in (words, self.coverage) if part)

    def of(self, part: Mapping[Any, Tally], key: Any) -> str:
        """Return the rate of one part of it: a category, a severity or a type."""
        return rate_text(self.against.rate(part.get(key, Tally()).covered))

    def in_month(self, month: date) -> str:
        return rate_text(self.against.rate_in(month, self.counts.months.get(month, Tally()).count))


def above_of(
    scope: Scope | None, figures: Iterable[Exposure], period: Period, *, kind: str, since: date | None
) -> Above | None:
    """Return the rates of ``scope``, or nothing where there is no unit above that may be seen."""
    if scope is None:
        return None
    own = [figure for figure in figures if figure.unit_id == scope.unit.pk]
    against = denominator_of(kind, own, period, since)
    counts = counting.count(scope, period, covered=against.covered)
    return Above(scope, counts, against, coverage_of(period, against, since))
