"""How far a project is with its checklists: what it lacks before the next decision point, and in which words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.errors import Reason
from portfolio.models import Answer, Checkpoint, DecisionPoint, Phase

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from core.workflow import Guard
    from portfolio.models import Project

NEXT = {
    Phase.CONCEPT: DecisionPoint.BP2, Phase.PLANNING: DecisionPoint.BP3, Phase.EXECUTION: DecisionPoint.BP4,
    Phase.CLOSING: DecisionPoint.BP5, Phase.REALIZING: DecisionPoint.BP6,
}  # fmt: skip
"""The decision point that ends each phase."""


def next_of(project: Project) -> DecisionPoint:
    return NEXT[Phase(project.phase)]


def until(point: DecisionPoint) -> list[DecisionPoint]:
    """Return a decision point and all before it."""
    points = list(DecisionPoint)
    return points[: points.index(point) + 1]


def short(point: str) -> str:
    """Return what people call it: «BP3»."""
    return point.upper()


# --- What lacks -----------------------------------------------------------------------------------
def lacking(project: Project, point: DecisionPoint) -> dict[DecisionPoint, int]:
    """Return how many points lack an answer before ``point`` can be passed, for it and each before it.

    Only projects have decision points.  A page may have asked for all its projects together; a move asks again, under the lock of its project.
    """
    if not project.is_project:
        return {}
    points: Iterable[str] | None = project.open_points
    if points is None:
        points = Checkpoint.objects.lacking().filter(project=project).values_list("point", flat=True)
    counts = Counter(points)
    return {one: counts[one] for one in until(point) if one in counts}


def checklists_are_answered(point: DecisionPoint) -> Guard[Project]:
    """Return the guard of a decision point: what must be answered there, and at those before it, is."""

    def checklist_is_answered(project: Project, /) -> Reason | None:
        counts = lacking(project, point)
        if not counts:
            return None
        *first, last = [short(one) for one in counts]
        places = _("%(some)s og %(last)s") % {"some": ", ".join(first), "last": last} if first else last
        words = ngettext(
            "%(count)s punkt i sjekklisten for %(places)s er ikke besvart.",
            "%(count)s punkter i sjekklisten for %(places)s er ikke besvart.",
            sum(counts.values()),
        )
        text = words % {"count": sum(counts.values()), "places": places}
        return Reason(text, reverse("portfolio:checklist", args=[project.pk]))

    return checklist_is_answered


# --- In short ---------------------------------------------------------------------------------------
def note_of(project: Project) -> str:
    """Return the next decision point and how many points are left, for a card whose project runs."""
    if not project.is_project or not project.is_running or project.open_points is None:
        return ""
    point = next_of(project)
    left = sum(lacking(project, point).values())
    if not left:
        return _("%(point)s: sjekklisten er i orden") % {"point": short(point)}
    words = ngettext("%(point)s: %(count)s punkt igjen", "%(point)s: %(count)s punkter igjen", left)
    return words % {"point": short(point), "count": left}


@dataclass(frozen=True, slots=True)
class NextPoint:
    """The next decision point of a project: how much of its checklist is in order, and what lacks from before."""

    point: DecisionPoint
    answered: int
    total: int
    required: int
    earlier: int

    @property
    def name(self) -> str:
        return short(self.point)

    @property
    def is_ready(self) -> bool:
        return not self.required and not self.earlier


def next_point_of(project: Project) -> NextPoint | None:
    """Count the checklists of one project that runs, in one query, also for its guards."""
    rows = list(Checkpoint.objects.filter(project=project).values_list("point", "answer", "is_required"))
    project.open_points = [point for point, answer, required in rows if required and answer == Answer.OPEN]
    if not rows or not project.is_running or not project.is_project:
        return None
    answered = Counter(point for point, answer, _required in rows if answer != Answer.OPEN)
    return summed_up(project, Counter(point for point, _answer, _required in rows), answered)


def summed_up(project: Project, totals: Mapping[str, int], answered: Mapping[str, int]) -> NextPoint:
    here = next_of(project)
    counts = lacking(project, here)
    required = counts.pop(here, 0)
    return NextPoint(here, answered.get(here, 0), totals.get(here, 0), required, sum(counts.values()))
