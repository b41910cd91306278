"""Who is told what about a meeting."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core.formats import moment
from core.notices import Draft

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from core.actors import Actor
    from governance.models import Meeting, MinutesAddendum


def _tell(meeting: Meeting, event: str, title: str, body: str = "") -> Iterator[Draft]:
    for attendance in meeting.seated.select_related("person"):
        yield Draft(
            person=attendance.person, event=f"{event}@{meeting.version}", title=title, body=body,
            url=meeting.get_absolute_url(),
        )  # fmt: skip


def papers_are_out(meeting: Meeting, /, *, by: Actor, now: datetime) -> Iterator[Draft]:
    title = _("Innkalling til møte %(number)s i digitaliseringsrådet") % {"number": meeting.number}
    body = _("%(when)s, %(place)s. Meld forfall så snart du kan.") % {
        "when": moment(meeting.starts_at), "place": meeting.place,
    }  # fmt: skip
    yield from _tell(meeting, "summoned", title, body)


def meeting_is_moved(meeting: Meeting, /, *, by: Actor, now: datetime) -> Iterator[Draft]:
    title = _("Møte %(number)s har fått nytt tidspunkt eller sted") % {"number": meeting.number}
    body = _("%(when)s, %(place)s. Meld forfall så snart du kan.") % {
        "when": moment(meeting.starts_at), "place": meeting.place,
    }  # fmt: skip
    yield from _tell(meeting, "meeting_moved", title, body)


def minutes_are_approved(meeting: Meeting, /, *, by: Actor, now: datetime) -> Iterator[Draft]:
    yield from _tell(
        meeting, "minutes", _("Protokollen fra møte %(number)s er godkjent") % {"number": meeting.number}
    )


def meeting_is_cancelled(meeting: Meeting, /, *, by: Actor, now: datetime) -> Iterator[Draft]:
    yield from _tell(meeting, "cancelled", _("Møte %(number)s er avlyst") % {"number": meeting.number})


def minutes_have_addendum(meeting: Meeting, added: MinutesAddendum, /) -> Iterator[Draft]:
    """Tell that there is one; what it says is read where it is known who may read the case."""
    title = _("Protokollen fra møte %(number)s har fått en tilføyelse") % {"number": meeting.number}
    for draft in _tell(meeting, "minutes_addendum", title):
        yield replace(draft, event=f"minutes_addendum@{added.number}")
