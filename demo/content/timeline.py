"""Everything that happens in the demo, in the order it happened, with real dates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal

from demo.content.calendar import moment, working_day
from demo.content.model import Initiative, Meeting, Step
from demo.content.rules import DAY_KEYS

if TYPE_CHECKING:
    from demo.content.collection import Content

PLANNED_AT, SUMMONED_AT, APPROVED_AT = "08:15", "15:55", "12:30"


@dataclass(frozen=True)
class Event:
    """One thing that happens: a step of an initiative, or `plan`, `summon`, `open`, `conclude` or
    `approve_minutes` of a meeting.

    In `data` the day offsets of the file are replaced by dates.
    """

    at: datetime
    kind: Literal["initiative", "meeting"]
    name: str
    by: str
    initiative: Initiative | None = None
    meeting: Meeting | None = None
    data: dict[str, Any] = field(default_factory=dict)


def timeline(content: Content, anchor: date) -> list[Event]:
    """Return all events up to the day of seeding, in order."""
    events = [*_meetings(content, anchor), *_initiatives(content, anchor)]
    return sorted(events, key=lambda event: event.at)


def with_dates(data: dict[str, Any], anchor: date) -> dict[str, Any]:
    """Return the data of a step with dates instead of day offsets."""
    return {key: working_day(anchor, value) if key in DAY_KEYS else value for key, value in data.items()}


def _initiatives(content: Content, anchor: date) -> Iterator[Event]:
    """Yield the steps of all stories."""
    for initiative in content.initiatives:
        for step in initiative.story:
            yield _step(initiative, step, anchor)


def _step(initiative: Initiative, step: Step, anchor: date) -> Event:
    """Return one step as an event."""
    return Event(
        at=moment(anchor, step.day, step.time),
        kind="initiative",
        name=step.do,
        by=step.by,
        initiative=initiative,
        data=with_dates(step.data, anchor),
    )


def _meetings(content: Content, anchor: date) -> Iterator[Event]:
    """Yield what happens to the meetings, as far as each of them has come."""
    for meeting in content.meetings:
        for name, by, day, clock in _course(meeting):
            yield Event(at=moment(anchor, day, clock), kind="meeting", name=name, by=by, meeting=meeting)


def _course(meeting: Meeting) -> Iterator[tuple[str, str, int, str]]:
    """Yield name, actor, day and time of each thing that has happened to a meeting."""
    yield "plan", meeting.secretary, meeting.planned_day, PLANNED_AT
    if meeting.state != "planned":
        yield "summon", meeting.secretary, meeting.summons_day, SUMMONED_AT
    if meeting.minutes_approved_day is not None:
        yield "open", meeting.chair, meeting.day, meeting.time
        yield "conclude", meeting.chair, meeting.day, meeting.end_time
        yield "approve_minutes", meeting.minutes_approved_by, meeting.minutes_approved_day, APPROVED_AT
