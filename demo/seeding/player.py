"""Play stories and meetings in the order of their dates, each step by the one who took it."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from core.workflow import TransitionBlocked, TransitionDenied
from demo.content.build import ContentError
from demo.seeding import adoption, change, pilots, progress, steps
from demo.seeding.benefits import events_of, follow
from demo.seeding.initiatives import create
from demo.seeding.meetings import MeetingPlayer
from organization.actors import person_actor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date, datetime

    from demo.content import model
    from demo.content.collection import Content
    from demo.seeding.organization import Index
    from governance.models import Initiative
    from organization.actors import PersonActor


@dataclass(order=True)
class Event:
    """Something that happens at a moment; ``order`` keeps what happens at the same moment in file order."""

    at: datetime
    order: int
    play: Callable[[], None] = field(compare=False)
    where: str = field(compare=False)


@dataclass
class Player:
    """Knows what has been made so far, and plays the next thing."""

    content: Content
    index: Index
    initiatives: dict[str, Initiative] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.meetings = MeetingPlayer(self)
        for initiative in self.content.initiatives:
            for step in initiative.story:
                at = self.index.at(step.day, step.time)
                self._add(at, partial(self._step, initiative, step), f"{initiative.key}: {step.do}")
        for meeting in self.content.meetings:
            for at, play, what in self.meetings.events_of(meeting):
                self._add(at, play, f"{meeting.key}: {what}")
        self._add_plans()
        self.total = len(self.events)

    def _add_plans(self) -> None:
        for plan in self.content.benefits:
            for at, play, what in [*events_of(plan, self), *adoption.events_of(plan, self)]:
                self._add(at, play, f"{plan.key}: {what}")
        self._add_stories(self.content.change_work, change.events_of)
        self._add_stories(self.content.pilots, pilots.events_of)
        self._add_stories(self.content.progress, progress.events_of)

    def _add_stories(self, stories: Iterable[Any], events_of_story: Callable[..., Iterable[Any]]) -> None:
        for story in stories:
            for at, play, what in events_of_story(story, self):
                self._add(at, play, f"{story.key}: {what}")

    def play(self, progress: Callable[[int, int], None] = lambda _done, _all: None) -> None:
        """Play everything, oldest first.

        :raises ContentError: a step was refused; the text says which, and why.
        """
        total = self.total
        heapq.heapify(self.events)
        for number in range(total):
            event = heapq.heappop(self.events)
            try:
                event.play()
            except (TransitionBlocked, TransitionDenied) as refused:
                raise ContentError(f"{event.where} at {event.at:%Y-%m-%d %H:%M}: {refused!r}") from refused
            progress(number + 1, total)

    def _add(self, at: datetime, play: Callable[[], None], where: str) -> None:
        self.events.append(Event(at, len(self.events), play, where))

    def actor(self, username: str, day: date) -> PersonActor:
        """Return a person with the roles held on that day."""
        return person_actor(self.index.people[username], day=day)

    def initiative(self, key: str) -> Initiative:
        """Return an initiative as it stands now."""
        row = self.initiatives[key]
        row.refresh_from_db()
        return type(row).objects.get(pk=row.pk)

    def judge(self, initiative: Initiative) -> None:
        """Play what was measured in its plan and how its benefits concluded, before it is closed."""
        keys = [key for key, row in self.initiatives.items() if row.pk == initiative.pk]
        for plan in self.content.benefits:
            if plan.key in keys:
                follow(plan, self)

    def _step(self, content: model.Initiative, step: model.Step) -> None:
        now = self.index.at(step.day, step.time)
        by = self.actor(step.by, now.date())
        if step.do == "create":
            self.initiatives[content.key] = create(content, index=self.index, by=by, now=now)
            return
        steps.play(self, self.initiative(content.key), step, by=by, now=now)
