"""Confidential types for those who see figures only: so few, and so rarely, that nothing can be subtracted.

They are counted for the whole municipality and for years that are over, since those share no
case: a count of one year and a count of twelve months could be taken from each other.  Fewer
than three are not told from none (domain/visibility).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Count
from django.utils.translation import gettext as _

from core.formats import number
from deviations.figures.counting import reported_between
from deviations.figures.periods import LENGTHS
from deviations.figures.scope import View
from deviations.models import Deviation, DeviationType

if TYPE_CHECKING:
    from deviations.figures.periods import Period
    from deviations.figures.scope import Scope

FEWEST = 3
"""Events of a confidential type below which the count is not shown."""


@dataclass(frozen=True, slots=True)
class Guarded:
    """A confidential type and how many were reported, in words."""

    name: str
    count: str


def confidential_of(scope: Scope, period: Period) -> list[Guarded]:
    """Return the confidential types of the municipality, where they can be shown; else nothing."""
    is_year_over = int(period.key) not in LENGTHS and period.end <= period.today
    if scope.view != View.FIGURES or not scope.unit.is_legal_entity or not is_year_over:
        return []
    cases = Deviation.objects.guarded_for(scope.actor).filter(municipality_id=scope.unit.pk)
    inside = reported_between(cases, period.first, period.end - timedelta(days=1)).order_by()
    counts = dict(inside.values_list("type_id").annotate(count=Count("pk")))
    types = DeviationType.objects.visible_to(scope.actor).filter(
        municipality_id=scope.unit.pk, is_confidential=True, refers_to=""
    )
    return [
        Guarded(name, number(counts[pk]) if counts.get(pk, 0) >= FEWEST else _("færre enn 3"))
        for pk, name in types.order_by("position", "pk").values_list("pk", "name")
    ]
