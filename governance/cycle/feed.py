"""The council's meetings and deadlines as a calendar of RFC 5545, for somebody's own calendar program.

It holds dates, numbers of meetings, places and names of periods, and of the person's own professional groups the titles
and links of their meetings.  Nothing of what is on an agenda or in notes stands in it, so that nothing shielded can.
"""

from __future__ import annotations

from datetime import UTC, date, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone

from governance.cycle.calendar import Kind, concerns, entries_between
from governance.models import GroupMeeting, Meeting, MeetingStatus

if TYPE_CHECKING:
    from governance.cycle.calendar import Entry
    from organization.actors import PersonActor

_OSLO = ZoneInfo("Europe/Oslo")
_BACK, _AHEAD = timedelta(days=366), timedelta(days=731)
_REFRESH = timedelta(hours=6)
_STATES = {MeetingStatus.PLANNED: "TENTATIVE", MeetingStatus.CANCELLED: "CANCELLED"}
# The rules of the time zone since 1996, so that no calendar program has to know it by name.
_ZONE = """BEGIN:VTIMEZONE
TZID:Europe/Oslo
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19970330T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE
""".replace("\n", "\r\n")


def calendar_of(actor: PersonActor, today: date) -> bytes:
    """Return the calendar of a person: the days of the year around today in which they have something to do."""
    is_own = concerns(actor)
    entries = [entry for entry in entries_between(actor, today - _BACK, today + _AHEAD) if is_own(entry)]
    several = len({entry.source.municipality_id for entry in entries if entry.kind != Kind.GROUP}) > 1
    calendar = Calendar()
    calendar.add("prodid", "-//Stafett//Stafett//NO")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", _("Digitaliseringsrådet"))
    calendar.add("refresh-interval", _REFRESH, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    calendar.add_component(Timezone.from_ical(_ZONE))
    for entry in entries:
        calendar.add_component(_event(entry, with_municipality=several))
    return calendar.to_ical()


def _event(entry: Entry, *, with_municipality: bool) -> Event:
    event, source = Event(), entry.source
    event.add("uid", f"{entry.key}@{urlsplit(settings.PUBLIC_URL).hostname}")
    event.add("dtstamp", source.changed_at.astimezone(UTC).replace(microsecond=0))
    event.add("last-modified", source.changed_at.astimezone(UTC).replace(microsecond=0))
    event.add("sequence", source.version)
    words = [entry.label, entry.about] + (
        [str(source.municipality)] if with_municipality and entry.kind != Kind.GROUP else []
    )
    event.add("summary", ", ".join(words))
    if isinstance(source, Meeting):
        _tell_meeting(event, source)
    elif isinstance(source, GroupMeeting):
        _tell_group_meeting(event, source)
    else:
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
        event.add("description", str(source.get_budget_track_display()))
    return event


def _tell_meeting(event: Event, meeting: Meeting) -> None:
    event.add("dtstart", meeting.starts_at.astimezone(_OSLO))
    if meeting.concluded_at is not None and meeting.concluded_at > meeting.starts_at:
        event.add("dtend", meeting.concluded_at.astimezone(_OSLO))
    event.add("location", meeting.place)
    event.add("url", f"{settings.PUBLIC_URL}{meeting.get_absolute_url()}")
    event.add("status", _STATES.get(MeetingStatus(meeting.status), "CONFIRMED"))


def _tell_group_meeting(event: Event, meeting: GroupMeeting) -> None:
    event.add("dtstart", meeting.starts_at.astimezone(_OSLO))
    if meeting.ends_at is not None:
        event.add("dtend", meeting.ends_at.astimezone(_OSLO))
    event.add("location", meeting.place or meeting.link)
    if meeting.place and meeting.link:
        event.add("description", meeting.link)
    event.add("url", f"{settings.PUBLIC_URL}{meeting.get_absolute_url()}")
    event.add("status", "CANCELLED" if meeting.is_cancelled else "CONFIRMED")
