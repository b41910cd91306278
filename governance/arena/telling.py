"""Who is told of the meetings of a group: its members.  Title, time and place are told, never what is in the notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core import notices
from core.formats import moment
from core.notices import Draft

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from core.actors import Actor
    from governance.models import GroupMeeting
    from organization.models import Person


def tell_planned(meeting: GroupMeeting, *, by: Actor, now: datetime) -> None:
    _tell(
        meeting,
        "group_meeting_planned",
        _("Nytt gruppemøte: %(title)s") % {"title": meeting.title},
        by=by,
        now=now,
    )


def tell_moved(meeting: GroupMeeting, *, by: Actor, now: datetime) -> None:
    title = _("Gruppemøtet er flyttet: %(title)s") % {"title": meeting.title}
    _tell(meeting, f"group_meeting_moved@{meeting.version}", title, by=by, now=now)


def tell_cancelled(meeting: GroupMeeting, *, by: Actor, now: datetime) -> None:
    title = _("Gruppemøtet er avlyst: %(title)s") % {"title": meeting.title}
    _tell(meeting, "group_meeting_cancelled", title, by=by, now=now)


def tell_concluded(meeting: GroupMeeting, *, by: Actor, now: datetime) -> None:
    title = _("Notatene fra gruppemøtet er ferdige: %(title)s") % {"title": meeting.title}
    _tell(meeting, f"group_meeting_concluded@{meeting.version}", title, by=by, now=now)


def _tell(meeting: GroupMeeting, event: str, title: str, *, by: Actor, now: datetime) -> None:
    body = ", ".join(filter(None, [str(meeting.group), moment(meeting.starts_at), meeting.place]))
    url = meeting.get_absolute_url()
    drafts = [
        Draft(person=person, event=event, title=title, body=body, url=url)
        for person in people_of(meeting)
        if person.pk != by.person_id
    ]
    notices.post(drafts, about=meeting, now=now)


def people_of(meeting: GroupMeeting) -> Iterator[Person]:
    """Yield the responsible and the members of the group, each once."""
    group = meeting.group
    yield group.responsible
    for person in group.members.filter(is_active=True).order_by("name_sort", "pk"):
        if person.pk != group.responsible_id:
            yield person
