"""The annual cycle as people read it: every day of a year in order, the months, and what is next for a person."""

from __future__ import annotations

import calendar
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.cycle.rules import papers_out_on
from governance.models import CyclePeriod, GroupMeeting, Meeting
from governance.models.mandate import HEARD
from organization.roles import COUNCIL_ROLES, Permission

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable

    from organization.actors import PersonActor


class Kind(TextChoices):
    """The kinds of days in the calendar, in the order a case meets them."""

    SUBMISSION = "submission", gettext_lazy("Innmeldingsfrist")
    HEARING = "hearing", gettext_lazy("Høringsfrist")
    PAPERS = "papers", gettext_lazy("Utsending av papirer")
    MEETING = "meeting", gettext_lazy("Rådsmøte")
    GROUP = "group", gettext_lazy("Gruppemøte")


_TONES = {
    Kind.SUBMISSION: "warning",
    Kind.HEARING: "info",
    Kind.PAPERS: "neutral",
    Kind.MEETING: "success",
    Kind.GROUP: "info",
}
_FIELDS = {Kind.SUBMISSION: "submission_on", Kind.HEARING: "hearing_on", Kind.PAPERS: "papers_on"}
_ORDER = list(Kind)
_MOST = 200  # the latest of them, where there are more


@dataclass(frozen=True, slots=True)
class Entry:
    """One day in the calendar: what it is, and what it belongs to."""

    day: date
    kind: Kind
    period: CyclePeriod | None = None
    meeting: Meeting | GroupMeeting | None = None

    @property
    def key(self) -> str:
        """What it is called in a calendar of somebody else's, whatever day it is moved to."""
        if self.kind == Kind.GROUP:
            return f"group-{self.source.pk}"
        if self.meeting is not None:
            return f"meeting-{self.meeting.pk}"
        assert self.period is not None
        return f"{'planned' if self.is_planned else self.kind.value}-{self.period.pk}"

    @property
    def label(self) -> str:
        return str(self.kind.label)

    @property
    def tone(self) -> str:
        return "neutral" if self.is_cancelled else _TONES[self.kind]

    @property
    def is_cancelled(self) -> bool:
        return self.meeting is not None and self.meeting.is_cancelled

    @property
    def is_planned(self) -> bool:
        """Whether it is a meeting that nobody has set up yet."""
        return self.kind == Kind.MEETING and self.meeting is None

    @property
    def source(self) -> CyclePeriod | Meeting | GroupMeeting:
        source = self.meeting if self.meeting is not None else self.period
        assert source is not None
        return source

    @property
    def about(self) -> str:
        """What the day belongs to: a meeting by its number or its group, else the period."""
        if isinstance(self.meeting, GroupMeeting):
            return f"{self.meeting.title}, {self.meeting.group}"
        words = [_("Møte %(number)s") % {"number": self.meeting.number}] if self.meeting else []
        if self.period is not None:
            words.append(self.period.name)
        return ", ".join(words)


@dataclass(frozen=True, slots=True)
class Day:
    """One square of a month; ``number`` is nothing for a day of the month beside it."""

    number: int | None
    entries: tuple[Entry, ...] = ()
    is_today: bool = False

    @property
    def kind(self) -> str:
        """The last kind of the day in the order of a case, which the square is colored by."""
        return self.entries[-1].kind.value if self.entries else ""


@dataclass(frozen=True, slots=True)
class Month:
    name: str
    weeks: list[list[Day]]
    entries: list[Entry] = field(default_factory=list)


def entries_between(
    actor: PersonActor, first: date, last: date, kinds: Iterable[Kind] = tuple(Kind)
) -> list[Entry]:
    """Return what the actor sees in the calendar from ``first`` to ``last``, both included, in three statements.

    Of the meetings of professional groups those of the actor's own.
    """
    periods = list(
        CyclePeriod.objects.visible_to(actor).between(first, last)
        .select_related("municipality", "meeting__mandate").order_by("-meeting_on", "-pk")[:_MOST]
    )  # fmt: skip
    begins, ends = (
        timezone.make_aware(datetime.combine(day, time.min)) for day in (first, last + timedelta(days=1))
    )
    within = {"starts_at__gte": begins, "starts_at__lt": ends}
    meetings = Meeting.objects.visible_to(actor).filter(**within)
    meetings = meetings.select_related("municipality", "cycle_period").order_by("-starts_at", "-pk")[:_MOST]
    groups = GroupMeeting.objects.of_groups_of(actor).filter(**within)
    found = [_entry_of(meeting) for meeting in meetings]
    found += [
        Entry(timezone.localdate(row.starts_at), Kind.GROUP, meeting=row)
        for row in groups.select_related("municipality", "group").order_by("-starts_at", "-pk")[:_MOST]
    ]
    for period in periods:
        found += _entries_of(period)
    wanted = set(kinds)
    kept = [entry for entry in found if first <= entry.day <= last and entry.kind in wanted]
    return sorted(kept, key=lambda entry: (entry.day, _ORDER.index(entry.kind), entry.key))


def _entry_of(meeting: Meeting) -> Entry:
    period = getattr(meeting, "cycle_period", None)
    return Entry(timezone.localdate(meeting.starts_at), Kind.MEETING, period, meeting)


def _entries_of(period: CyclePeriod) -> list[Entry]:
    deadlines = [Entry(_day_of(period, name), kind, period) for kind, name in _FIELDS.items()]
    planned = [Entry(period.meeting_on, Kind.MEETING, period)] if period.meeting_id is None else []
    return deadlines + planned


def _day_of(period: CyclePeriod, name: str) -> date:
    day: date = papers_out_on(period) if name == "papers_on" else getattr(period, name)
    return day


def months_of(year: int, entries: Iterable[Entry], today: date) -> list[Month]:
    """Return the twelve months of a year with their days, each with what falls on it."""
    by_day: dict[date, list[Entry]] = {}
    for entry in entries:
        by_day.setdefault(entry.day, []).append(entry)
    months = []
    for number in range(1, 13):
        weeks = [
            [_square(day, number, by_day, today) for day in week]
            for week in calendar.Calendar().monthdatescalendar(year, number)
        ]
        own = [
            entry for day, rows in by_day.items() if (day.year, day.month) == (year, number) for entry in rows
        ]
        months.append(Month(date_format(date(year, number, 1), "F Y"), weeks, own))
    return months


def weekdays() -> list[tuple[str, str]]:
    """Return the days of the week from Monday, long and short."""
    return [(str(WEEKDAYS[at]), str(WEEKDAYS_ABBR[at])) for at in range(7)]


def start_of(period: CyclePeriod | None) -> datetime | None:
    """Return when the meeting of a period is meant to begin, as a proposal: as the one before it did, else at nine."""
    if period is None:
        return None
    before = (
        Meeting.objects.filter(municipality_id=period.municipality_id).order_by("-starts_at", "-pk").first()
    )
    at = timezone.localtime(before.starts_at).time() if before else time(9)
    return timezone.make_aware(datetime.combine(period.meeting_on, at))


def _square(day: date, month: int, by_day: dict[date, list[Entry]], today: date) -> Day:
    if day.month != month:
        return Day(None)
    return Day(day.day, tuple(by_day.get(day, ())), day == today)


def next_for(actor: PersonActor, entries: Iterable[Entry], today: date) -> list[Entry]:
    """Return the next day of each kind that concerns this person, from ``entries`` in order."""
    is_own = concerns(actor)
    found: dict[Kind, Entry] = {}
    for entry in entries:
        if entry.day >= today and is_own(entry) and not entry.is_cancelled:
            found.setdefault(entry.kind, entry)
    return sorted(found.values(), key=lambda entry: entry.day)


def concerns(actor: PersonActor) -> Callable[[Entry], bool]:
    """Return what tells the days in which this person has something to do, by the roles held today and where.

    Who has nothing to do in any council has its meetings; everybody has those of their own groups.
    """
    arranges = actor.municipalities_where(Permission.ARRANGE_MEETINGS)
    asked = {
        Kind.SUBMISSION: arranges | actor.municipalities_where(Permission.RAISE_INITIATIVE),
        Kind.HEARING: arranges | _where(actor, HEARD),
        Kind.PAPERS: arranges,
        Kind.MEETING: arranges | _where(actor, COUNCIL_ROLES),
    }
    if not any(asked.values()):
        return lambda entry: entry.kind in {Kind.MEETING, Kind.GROUP}
    return lambda entry: entry.kind == Kind.GROUP or entry.source.municipality_id in asked[entry.kind]


def _where(actor: PersonActor, roles: Container[str]) -> frozenset[int]:
    return frozenset(grant.municipality_id for grant in actor.grants if grant.role in roles)
