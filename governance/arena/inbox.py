"""What the meetings of a group leave to do: its responsible finishes the notes of those that have begun."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.inbox import InboxSource, Task
from governance.arena.reminders import notes_due_on
from governance.models import GroupMeeting

if TYPE_CHECKING:
    from django.db.models import QuerySet


def _unfinished(actor: Any) -> QuerySet[Any]:
    if actor.is_system:
        return GroupMeeting.objects.none()
    rows = GroupMeeting.objects.visible_to(actor).to_conclude(Now())
    return (
        rows.filter(group__responsible_id=actor.person_id).select_related("group").order_by("starts_at", "pk")
    )


def _unfinished_task(meeting: GroupMeeting, actor: Any) -> Task:
    return Task(
        verb=_("Gjør ferdig notatene fra"), title=meeting.title, why=_("Du er ansvarlig for faggruppen"),
        due=notes_due_on(meeting), url=meeting.get_absolute_url(), where=str(meeting.group),
    )  # fmt: skip


notes_to_finish = InboxSource(key="group_notes", rows=_unfinished, task=_unfinished_task)
