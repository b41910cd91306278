"""Which meeting a case aims at, and whether it came in time for it (domain/governance 4.7).

Where a municipality has no annual cycle, nothing here says anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from core.formats import short_date
from core.workdays import add_working_days
from governance.models import BudgetTrack, CyclePeriod, Meeting

if TYPE_CHECKING:
    from datetime import date

    from governance.models import Initiative


@dataclass(frozen=True, slots=True)
class Aims:
    """The periods a case can aim at when it is sent in: ``late`` ones first, then those it is in time for."""

    late: tuple[CyclePeriod, ...] = ()
    in_time: tuple[CyclePeriod, ...] = ()

    @property
    def next(self) -> CyclePeriod | None:
        """The first period that the case is in time for, which it goes to unless another is chosen."""
        return self.in_time[0] if self.in_time else None

    @property
    def choices(self) -> tuple[CyclePeriod, ...]:
        return (*self.late, *self.in_time)


def came_in_on(initiative: Initiative, today: date) -> date:
    """Return the day the case was first sent in; today for one that is sent in now."""
    return timezone.localdate(initiative.submitted_at) if initiative.submitted_at else today


def aims_of(initiative: Initiative, today: date) -> Aims:
    """Return the periods of its municipality that a case sent in today can still reach."""
    if not getattr(initiative, "has_cycle", True):  # known already where the form is loaded
        return Aims()
    day = came_in_on(initiative, today)
    open_ones = CyclePeriod.objects.open_for(initiative.municipality_id, today)
    rows = [row for row in open_ones.select_related("meeting__mandate")[:12] if papers_out_on(row) >= today]
    late = tuple(row for row in rows if row.submission_on < day)
    return Aims(late, tuple(row for row in rows if row.submission_on >= day))


def lateness_is_explained(
    aims: Aims, period: CyclePeriod | None, *, category: str, reason: str
) -> str | None:
    """Say what a late case lacks: it needs both a category and a reason."""
    if period is None or period not in aims.late or (category and reason.strip()):
        return None
    return _(
        "Fristen for å melde inn til %(meeting)s var %(deadline)s. Velg hvorfor saken likevel må opp der, og begrunn "
        "det. Ellers velger du et senere møte."
    ) % {"meeting": meeting_words(period), "deadline": short_date(period.submission_on)}


def meeting_words(period: CyclePeriod) -> str:
    """Return the meeting of a period as people speak of it."""
    return _("rådsmøtet %(day)s (%(name)s)") % {"day": short_date(period.meets_on), "name": period.name}


def track_words(period: CyclePeriod | None) -> str:
    """Return which process of the budget the meeting of a period feeds; nothing where it feeds none."""
    if period is None or period.budget_track == BudgetTrack.OUTSIDE:
        return ""
    return _("Budsjettløp: %(track)s") % {"track": str(period.get_budget_track_display()).lower()}


def period_of(meeting: Meeting) -> CyclePeriod | None:
    found: CyclePeriod | None = getattr(meeting, "cycle_period", None)
    return found


def papers_due(meeting: Meeting) -> date:
    """Return the last day the papers can go out: that of its period in the annual cycle, else by the mandate.

    Where the meeting was moved to another day than that of its period, the working days of the mandate count again.
    """
    day, period = timezone.localdate(meeting.starts_at), period_of(meeting)
    if period is not None and period.meeting_on == day:
        return period.papers_on
    return add_working_days(day, -meeting.mandate.papers_days)


def papers_out_on(period: CyclePeriod) -> date:
    """Return the last day the papers can go out for the meeting of a period, set up or not."""
    return papers_due(period.meeting) if period.meeting is not None else period.papers_on


def deadline_of(meeting: Meeting) -> date | None:
    """Return the day by which a case must be sent in for a meeting; none where there is no annual cycle.

    That of its period, or for a meeting outside the cycle the last day its papers can go out by the mandate.
    """
    period = period_of(meeting)
    if period is not None:
        return period.submission_on
    has_cycle = getattr(meeting, "has_cycle", None)  # known already where many meetings are asked
    if has_cycle is None:
        has_cycle = CyclePeriod.objects.filter(municipality_id=meeting.municipality_id).exists()
    return papers_due(meeting) if has_cycle else None


def deadline_words(meeting: Meeting) -> str:
    """Return by when cases must be sent in for a meeting that was just set up; nothing where there is no deadline."""
    deadline = deadline_of(meeting)
    if deadline is None:
        return ""
    return _("Saker må være meldt inn senest %(day)s.") % {"day": short_date(deadline)}


def comes_too_late(initiative: Initiative, meeting: Meeting) -> str | None:
    """Say that a case came after the deadline of a meeting, unless it was meant for that meeting or one before it."""
    deadline = deadline_of(meeting) if initiative.submitted_at is not None else None
    if deadline is None:
        return None
    came = came_in_on(initiative, deadline)
    if came <= deadline:
        return None
    aim, period = initiative.cycle_period, period_of(meeting)
    meant_on = period.meeting_on if period is not None else timezone.localdate(meeting.starts_at)
    if aim is not None and aim.meeting_on <= meant_on:
        return None
    words = _("Saken kom inn %(came)s. Fristen for møte %(number)s var %(deadline)s.") % {
        "came": short_date(came), "number": meeting.number, "deadline": short_date(deadline),
    }  # fmt: skip
    if aim is None:
        return words
    return f"{words} " + _("Den er meldt inn til %(meeting)s.") % {"meeting": meeting_words(aim)}


def why_not_on_agenda(
    initiative: Initiative, meeting: Meeting, *, category: str = "", reason: str = ""
) -> str | None:
    """Say why a case cannot be on the agenda of a meeting.

    A meeting outside the cycle takes a late case that says why, since nobody could aim at it when sending in.
    """
    late = comes_too_late(initiative, meeting)
    if late is None or period_of(meeting) is not None:
        return late
    if category and reason.strip():
        return None
    return f"{late} " + _("Velg hvorfor den likevel må opp der, og begrunn det.")


def some_meeting_takes_it(initiative: Initiative, /) -> str | None:
    """Say why no meeting that is set up can take the case; a guard of ``put_on_agenda``."""
    meetings = Meeting.objects.taking_cases().filter(municipality_id=initiative.municipality_id)
    reasons = [
        comes_too_late(initiative, one) if period_of(one) is not None else None
        for one in meetings.select_related("cycle_period")
    ]
    if not reasons or None in reasons:
        return None
    return _("%(reason)s Sett opp det møtet først.") % {"reason": reasons[-1]}
