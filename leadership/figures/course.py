"""Whether the reports of a whole year have changed level: the run chart's rule in an icon and words.

The icons say what the rule says and nothing about good or bad (NHS England, *Making Data Count*): more reports may
well mean that more people speak up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core.formats import month
from core.runs import runs_of
from deviations.figures import counting
from deviations.figures.periods import period_of

if TYPE_CHECKING:
    from leadership.areas import Place

_MONTHS = "24"


@dataclass(frozen=True, slots=True)
class Course:
    """What the months say: an icon and words."""

    icon: str
    words: str


def course_of_reports(place: Place) -> Course:
    """Return what the last months of reports say; one statement."""
    scope = place.cases
    assert scope is not None
    period = period_of(_MONTHS, place.day)
    counts = counting.count(scope, period, covered=())
    over = [one for one in period.months if period.is_over(one)]
    begun = next((at for at, one in enumerate(over) if one in counts.months), len(over))
    months = over[begun:]
    runs = runs_of([counts.months[one].count if one in counts.months else 0 for one in months])
    if not runs.is_enough:
        return Course("info", _("For få måneder til å se om nivået har endret seg"))
    if runs.shift is not None:
        told = {"month": month(months[runs.shift.first])}
        if runs.shift.is_higher:
            return Course("arrow-up", _("Varig høyere nivå fra %(month)s") % told)
        return Course("arrow-down", _("Varig lavere nivå fra %(month)s") % told)
    if runs.is_random:
        return Course("arrow-flat", _("Vanlig variasjon måned for måned"))
    return Course("dot", _("Nivået har endret seg, men ikke på ett tidspunkt"))
