"""Who is summoned and cannot come says so, and who arranges the meeting is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import notices
from core.history import label_actions, record
from core.workflow import TransitionBlocked, TransitionDenied
from governance import telling_meeting
from governance.models import Attendance, Meeting
from organization.actors import as_person

if TYPE_CHECKING:
    from datetime import datetime

    from core.actors import Actor

label_actions(
    {"report_absence": gettext_lazy("Forfall meldt"), "report_coming": gettext_lazy("Kommer likevel")}
)


@transaction.atomic
def report_absence(meeting: Meeting, *, is_absent: bool, by: Actor, now: datetime) -> Attendance:
    """Record that somebody who is summoned cannot come, or can after all; the same twice is once.

    :raises TransitionDenied: ``by`` has no seat in the meeting.
    :raises TransitionBlocked: the meeting has begun, is over or cancelled: who leads it says who is there.
    """
    locked: Meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    own = (
        locked.seated.select_related("person")
        .filter(person_id=as_person(by).person_id)
        .order_by("pk")
        .first()
    )
    if own is None:
        raise TransitionDenied
    if not locked.takes_cases:
        raise TransitionBlocked([_("Møtet har begynt eller er over. Si fra til møteleder.")])
    presence = Attendance.Presence.ABSENT if is_absent else Attendance.Presence.EXPECTED
    if own.presence == presence:
        return own
    with record("report_absence" if is_absent else "report_coming", actor=by):
        own.presence, own.substitute_for = presence, None
        own.stamp(now)
        own.save(update_fields=["presence", "substitute_for", "changed_at"])
        locked.version += 1
        locked.stamp(now)
        locked.save(update_fields=["version", "changed_at"])
    notices.post(telling_meeting.somebody_is_absent(locked, own, is_absent=is_absent), about=locked, now=now)
    return own
