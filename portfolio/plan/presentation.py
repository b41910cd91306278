"""How the plan of a project is shown: its page, the lines of its history, and the panel of the project."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.formats import short_date
from core.history import timeline
from core.presentation import names_of
from portfolio import policies
from portfolio.models import Deliverable, DeliverableStatus, Dependency, Milestone, Project
from portfolio.plan.operations import why_closed
from portfolio.plan.waits import Wait, wait_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.utils.functional import _StrOrPromise as StrOrPromise

    from organization.actors import PersonActor

_TONES = {
    DeliverableStatus.ON_PLAN: "info",
    DeliverableStatus.MINOR: "warning",
    DeliverableStatus.MAJOR: "danger",
}
_NAMED = 5


def days_in_words(days: int) -> str:
    return ngettext("%(days)d dag", "%(days)d dager", days) % {"days": days}


# --- Milestones ------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class MilestoneLine:
    """A milestone: how it stands in a few words with a tone, and how that compares with the plan."""

    row: Milestone
    word: str
    tone: str
    against_plan: str
    is_late: bool


def milestone_line(row: Milestone, today: date) -> MilestoneLine:
    if row.reached_on is not None:
        word, tone = _("Nådd %(day)s") % {"day": short_date(row.reached_on)}, "success"
    elif row.expected_on < today:
        word = _("%(days)s over datoen") % {"days": days_in_words((today - row.expected_on).days)}
        tone = "danger"
    else:
        word, tone = _("Ventet %(day)s") % {"day": short_date(row.expected_on)}, "neutral"
    against = _against_plan(row.planned_on, row.reached_on or row.expected_on)
    return MilestoneLine(row, word, tone, against, tone == "danger")


def _against_plan(planned: date, expected: date) -> str:
    """Return how far from the plan a day is, or nothing where it is the same day."""
    days = (expected - planned).days
    if days == 0:
        return ""
    words = {"days": days_in_words(abs(days))}
    return (_("%(days)s senere enn planlagt") if days > 0 else _("%(days)s før planen")) % words


# --- Deliverables ----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class DeliverableLine:
    """A deliverable: how it goes, or that it is approved, and whether it is late."""

    row: Deliverable
    word: StrOrPromise
    tone: str
    late: str


def deliverable_line(row: Deliverable, today: date) -> DeliverableLine:
    if row.is_approved:
        return DeliverableLine(row, _("Godkjent"), "success", "")
    status = DeliverableStatus(row.status)
    late = ""
    if row.ends_on is not None and row.ends_on < today:
        late = _("%(days)s over fristen") % {"days": days_in_words((today - row.ends_on).days)}
    return DeliverableLine(row, status.label, _TONES[status], late)


def unapproved_of(project: Project) -> list[Deliverable]:
    """Return what is not approved yet, the earliest first, in one query."""
    rows = Deliverable.objects.unapproved().filter(project=project)
    return list(rows.select_related("approver").order_by("ends_on", "pk")[:_NAMED])


# --- Dependencies ----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class DependencyLine:
    row: Dependency
    wait: Wait


# --- The page --------------------------------------------------------------------------------------------
def page_of(project: Project, actor: PersonActor, today: date) -> dict[str, Any]:
    """Return what the plan of a project shows, in four queries."""
    closed = why_closed(project)
    milestones = Milestone.objects.filter(project=project).select_related("responsible")
    deliverables = Deliverable.objects.filter(project=project).select_related("approver")
    waits = Dependency.objects.filter(project=project).told_to(actor).order_by("needed_on", "pk")
    others = Project.objects.visible_to(actor)
    awaited = Dependency.objects.filter(on=project, project__in=others).select_related("project", "milestone")
    return {
        "closed": closed,
        "may_edit": policies.may_edit(actor, project) and not closed,
        "milestones": [milestone_line(row, today) for row in milestones.order_by("expected_on", "pk")],
        "deliverables": [deliverable_line(row, today) for row in deliverables.order_by("ends_on", "pk")],
        "waits": [DependencyLine(row, wait_of(row.told)) for row in waits],
        "awaited": list(awaited.order_by("needed_on", "pk")),
    }


# --- The panel of a project --------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class NextMilestone:
    pk: int
    name: str
    on: date


@dataclass(frozen=True, slots=True)
class Panel:
    """The next milestone, how many are late, and what holds the project up."""

    upcoming: NextMilestone | None
    late: int
    holding: list[Wait]


def panel_of(project: Project) -> Panel:
    """Return the panel of a project that was loaded ``with_plan``."""
    found: Any = project
    told = found.next_milestone
    upcoming = NextMilestone(told["pk"], told["name"], date.fromisoformat(told["on"])) if told else None
    waits = (wait_of(one) for one in found.waits_told)
    return Panel(upcoming, found.late_milestones, [wait for wait in waits if not wait.is_met])


# --- What has happened -------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Told:
    """One thing that happened to a part of the plan."""

    label: StrOrPromise
    what: str
    who: str
    at: datetime
    reason: str


def moves_of(milestone: Milestone) -> list[Told]:
    """Return what happened to a milestone, the latest first; where it was moved, from when to when."""

    def told(before: Any, after: Any) -> str:
        if not before or before == after:
            return ""
        return _("Fra %(before)s til %(after)s") % {"before": short_date(before), "after": short_date(after)}

    return _history(milestone, "expected_on", told)


def approvals_of(deliverable: Deliverable) -> list[Told]:
    """Return what happened to a deliverable, the latest first."""
    return _history(deliverable, "approved_on", lambda _before, _after: "")


def _history(row: Milestone | Deliverable, field: str, told: Callable[[Any, Any], str]) -> list[Told]:
    entries = timeline(row, field=field)
    names = names_of(entry.actor_id for entry in entries)
    return [
        Told(entry.label, told(entry.before, entry.after), names.get(entry.actor_id or 0, ""), entry.at, entry.reason)
        for entry in islice(entries, 50)
    ]  # fmt: skip
