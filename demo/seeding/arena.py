"""Let the demo's professional groups meet: what they suggest, what they write, and what comes of it."""

from __future__ import annotations

import uuid
from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from demo.content.read import read_yaml
from governance.arena import meetings, notes
from governance.models import GroupMeeting
from governance.writing import Typed

if TYPE_CHECKING:
    from datetime import datetime

    from demo.seeding.player import Player
    from governance.models import GroupNote
    from organization.actors import PersonActor

_PLANNED, _SUGGESTED = -18, -15  # working days from today, before the first of the meetings
_LONG, _MINUTE = timedelta(minutes=90), timedelta(minutes=1)


def seed_arena(player: Player) -> None:
    """Hold the meetings of the file in their order."""
    for one in read_yaml("arena.yaml"):
        _Meeting(player, one).hold()


class _Meeting:
    """One meeting from when it is planned until its notes are finished."""

    def __init__(self, player: Player, one: dict[str, Any]) -> None:
        self.player, self.one = player, one
        self.group = player.index.groups[one["group"]]
        self.starts_at: datetime = player.index.at(one["day"], one["clock"])

    def _actor(self, username: str, day: int) -> PersonActor:
        return self.player.actor(username, self.player.index.day(day))

    def _responsible(self, day: int) -> PersonActor:
        return self._actor(self.group.responsible.username, day)

    def hold(self) -> None:
        one, at = self.one, self.player.index.at
        meeting = GroupMeeting(
            group=self.group, title=one["title"], place=one.get("place", ""), link=one.get("link", ""),
            starts_at=self.starts_at, ends_at=self.starts_at + _LONG,
        )  # fmt: skip
        meetings.plan_meeting(meeting, by=self._responsible(_PLANNED), now=at(_PLANNED, "08:30"))
        for point in one.get("points", ()):
            by = self._actor(point["by"], _SUGGESTED)
            facts = {"title": point["title"], "detail": point.get("detail", "")}
            meetings.suggest_point(meeting, **facts, by=by, now=at(_SUGGESTED, "09:10"))
        if one["day"] < 0:
            self._write(meeting)

    def _write(self, meeting: GroupMeeting) -> None:
        day, at = self.one["day"], self.player.index.at
        leader = self._responsible(day)
        people = [self.player.index.people[name] for name in self.one["came"]]
        meetings.tick_participants(meeting, people, shown=(), by=leader, now=self.starts_at + _MINUTE)
        points = list(meeting.points.order_by("pk"))
        became: dict[str, list[GroupNote]] = defaultdict(list)
        for number, said in enumerate(self.one["notes"], start=1):
            row = notes.standing(meeting, uuid.uuid5(uuid.NAMESPACE_URL, f"demo:{meeting.pk}:{number}"))
            row.point = points[said["point"] - 1] if "point" in said else None
            by, now = self._actor(said["by"], day), self.starts_at + number * 7 * _MINUTE
            row = notes.save_note(meeting, row, Typed(text=said["text"], version=0), by=by, now=now)
            if "initiative" in said:
                became[said["initiative"]].append(row)
            if "not" in said:
                notes.set_aside(meeting, row, reason=said["not"], by=leader, now=self.starts_at + _LONG)
        if "concluded" not in self.one:
            return
        meetings.conclude_meeting(meeting, by=leader, now=at(self.one["concluded"], "09:00"))
        for rows in became.values():
            notes.make_initiative(meeting, rows, by=leader, now=at(self.one["concluded"], "09:20"))
