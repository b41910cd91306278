"""Who is reminded of notes that nobody has finished."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core.formats import short_date
from core.reminders import Reminder, Step
from core.workdays import add_working_days
from governance.models import GroupMeeting

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

DAYS_FOR_NOTES = 3


def notes_due_on(meeting: GroupMeeting) -> date:
    """Return the day by which the notes are expected: a few working days after the meeting."""
    return add_working_days(timezone.localdate(meeting.starts_at), DAYS_FOR_NOTES)


def _unfinished(day: date) -> QuerySet[Any]:
    until = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    return GroupMeeting.objects.to_conclude(until).select_related("group__responsible").order_by("pk")


REMINDERS = (
    Reminder(
        key="group_notes_due", due=_unfinished, due_on=notes_due_on, recipients=lambda meeting, _level: [meeting.group.responsible],
        steps=(Step(after=0), Step(after=5)), title=lambda meeting, _step: _("Gjør ferdig notatene fra «%(title)s»") % {"title": meeting},
        body=lambda meeting, _step: _("Møtet var %(date)s. Gruppen venter på notatene.") % {
            "date": short_date(timezone.localdate(meeting.starts_at)),
        },
    ),
)  # fmt: skip
