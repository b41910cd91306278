"""Who is told what about a meeting."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core.formats import moment
from core.notices import Draft
from organization.actors import people_with
from organization.roles import Permission

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from core.actors import Actor
    from governance.models import Attendance, Meeting, MinutesAddendum


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


def somebody_is_absent(meeting: Meeting, own: Attendance, /, *, is_absent: bool) -> Iterator[Draft]:
    """Tell those who arrange the meeting, who call in a substitute."""
    told = {"name": own.person, "number": meeting.number}
    title = (
        _("%(name)s har meldt forfall til møte %(number)s")
        if is_absent
        else _("%(name)s kommer likevel til møte %(number)s")
    )
    body = _("Kall inn vara, og før det under frammøte.") if is_absent and own.votes else ""
    for person in people_with(Permission.ARRANGE_MEETINGS, municipality_id=meeting.municipality_id):
        yield Draft(
            person=person, event=f"absence_{own.pk}@{meeting.version}", title=title % told, body=body, url=meeting.get_absolute_url()
        )  # fmt: skip


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
