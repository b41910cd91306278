"""Play the meetings: planned, summoned, held, decided and approved, on the days of the story."""

from __future__ import annotations

from itertools import dropwhile, takewhile
from typing import TYPE_CHECKING, Any

from demo.seeding.scores import assess_agenda
from governance import agenda, council
from governance.models import AgendaItem, Attendance, Initiative, Meeting
from governance.workflow import meeting_workflow
from organization.actors import people_in_roles
from organization.roles import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from demo.content import model
    from demo.seeding.player import Player
    from organization.actors import PersonActor

_KINDS = {"report": AgendaItem.Kind.NOTICE, "information": AgendaItem.Kind.INFORMATION}


class MeetingPlayer:
    """Plays the meetings of one player's content."""

    def __init__(self, player: Player) -> None:
        self.player = player
        self.content = {meeting.key: meeting for meeting in player.content.meetings}
        self.rows: dict[str, int] = {}

    def row(self, key: str) -> Meeting:
        return Meeting.objects.get(pk=self.rows[key])

    def events_of(self, meeting: model.Meeting) -> Iterator[tuple[datetime, Callable[[], None], str]]:
        """Yield what happens around a meeting, as far as it has come."""
        at = self.player.index.at
        yield at(meeting.planned_day, "08:00"), lambda: self._plan(meeting), "plan"
        if meeting.state == "planned":
            return
        yield at(meeting.summons_day, "15:00"), lambda: self._summon(meeting), "summon"
        if meeting.state == "summoned":
            return
        yield at(meeting.day, meeting.time), lambda: self._open(meeting), "open"
        yield at(meeting.day, meeting.end_time), lambda: self._conclude(meeting), "conclude"
        approved = meeting.minutes_approved_day
        if approved is not None:
            yield at(approved, "10:00"), lambda: self._approve(meeting), "approve"

    def _secretary(self, meeting: model.Meeting, now: datetime) -> PersonActor:
        """Return who arranges the meeting: its secretary where the role was held then, else the leading one."""
        municipality = self.player.index.units[meeting.council]
        if meeting.secretary:
            actor = self.player.actor(meeting.secretary, now.date())
            if actor.has_role(Role.SECRETARIAT, Role.COORDINATOR, municipality_id=municipality.pk):
                return actor
        people = people_in_roles([Role.SECRETARIAT], municipality_id=municipality.pk, day=now.date())
        return self.player.actor(people[0].username, now.date())

    def _plan(self, meeting: model.Meeting) -> None:
        index = self.player.index
        now = index.at(meeting.planned_day, "08:00")
        row = council.plan_meeting(
            municipality=index.units[meeting.council], starts_at=index.at(meeting.day, meeting.time),
            place=meeting.place, by=self._secretary(meeting, now), now=now,
        )  # fmt: skip
        self.rows[meeting.key] = row.pk
        opening = takewhile(lambda item: item.kind == "information", meeting.agenda)
        self._add_items(meeting, list(opening), now)

    def _summon(self, meeting: model.Meeting) -> None:
        now = self.player.index.at(meeting.summons_day, "15:00")
        rest = dropwhile(lambda item: item.kind == "information", meeting.agenda)
        self._add_items(meeting, [item for item in rest if item.kind in _KINDS], now)
        assess_agenda(self.player, meeting)
        by = self._secretary(meeting, now)
        meeting_workflow.perform("summon", self.row(meeting.key), by=by, now=now)

    def _add_items(self, meeting: model.Meeting, items: list[model.AgendaItem], now: datetime) -> None:
        """Put the items that are not initiatives on the agenda, where they stand in it now."""
        by = self._secretary(meeting, now)
        for item in items:
            agenda.add_item(
                self.row(meeting.key), title=item.title, kind=_KINDS[item.kind], by=by, now=now,
                initiative=self.player.initiatives.get(item.initiative),
            )  # fmt: skip

    def _open(self, meeting: model.Meeting) -> None:
        now = self.player.index.at(meeting.day, meeting.time)
        by, row = self._secretary(meeting, now), self.row(meeting.key)
        seats = {a.person_id: a for a in row.attendances.all()}
        people = self.player.index.people
        present, absent, substitutes = set(), set(), {}
        for line in meeting.attendance:
            seat = seats[people[line.person].pk]
            if line.present:
                present.add(seat.pk)
                continue
            absent.add(seat.pk)
            if line.substitute:
                stand_in = seats[people[line.substitute].pk]
                present.add(stand_in.pk)
                substitutes[stand_in.pk] = seat.pk
        council.register_attendance(
            row, present=present, absent=absent, substitutes=substitutes, by=by, now=now
        )
        self._guests(meeting, row, now)
        meeting_workflow.perform("open_session", self.row(meeting.key), by=by, now=now)

    def _guests(self, meeting: model.Meeting, row: Meeting, now: datetime) -> None:
        for username in meeting.others_present:
            Attendance.objects.get_or_create(
                meeting=row, person=self.player.index.people[username],
                defaults={"seat": "guest", "presence": "present", "changed_at": now},
            )  # fmt: skip

    def decide(self, initiative: Initiative, step: model.Step, *, by: PersonActor, now: datetime) -> None:
        """Decide a case as the story says, with what the minutes tell about it."""
        data: dict[str, Any] = step.data
        meeting = self.content[str(data["meeting"])]
        row = self.row(meeting.key)
        item = row.items.get(initiative=initiative, removed_at=None)
        told = self._told(meeting, initiative)
        if told is not None:
            self._declare(told, item, by=by, now=now)
        index = self.player.index
        due, review = data.get("deadline"), data.get("review_on")
        council.decide(
            item, outcome=data["outcome"], text=data["text"], by=by, now=now,
            votes={"for": data["votes_for"], "against": data["votes_against"], "blank": data["blank"]},
            responsible=index.people.get(str(data.get("responsible", ""))),
            due_on=None if due is None else index.day(int(due)),
            review_on=None if review is None else index.day(int(review)),
            discussion=_discussion(told) if told else "",
        )  # fmt: skip

    def _told(self, meeting: model.Meeting, initiative: Initiative) -> model.AgendaItem | None:
        keys = {row.pk: key for key, row in self.player.initiatives.items()}
        return next((item for item in meeting.agenda if item.initiative == keys[initiative.pk]), None)

    def _declare(self, told: model.AgendaItem, item: AgendaItem, *, by: PersonActor, now: datetime) -> None:
        for conflict in told.conflicts:
            person = self.player.index.people[conflict.person]
            row = council.declare(
                item, attendance=item.meeting.attendances.get(person=person), ground=conflict.ground,
                answer="yes" if conflict.disqualified else "doubt", explanation=conflict.explanation, by=by, now=now,
            )  # fmt: skip
            if row.is_open:
                council.decide_doubt(row, is_disqualified=False, by=by, now=now)

    def _conclude(self, meeting: model.Meeting) -> None:
        now = self.player.index.at(meeting.day, meeting.end_time)
        by, row = self._secretary(meeting, now), self.row(meeting.key)
        conclusions = {item.title: item.conclusion for item in meeting.agenda if item.kind in _KINDS}
        items = {
            item.pk: {"discussion": conclusions[item.title], "impartiality": ""}
            for item in row.items.all()
            if item.title in conclusions
        }
        council.write_minutes(row, notes=meeting.minutes, items=items, version=None, by=by, now=now)
        meeting_workflow.perform("conclude", self.row(meeting.key), by=by, now=now)

    def _approve(self, meeting: model.Meeting) -> None:
        now = self.player.index.at(meeting.minutes_approved_day or 0, "10:00")
        by = self.player.actor(meeting.minutes_approved_by, now.date())
        meeting_workflow.perform("approve_minutes", self.row(meeting.key), by=by, now=now)


def _discussion(told: model.AgendaItem) -> str:
    """Return the discussion with the proposals that were made, as the minutes have them."""
    proposals = [f"Forslag: {proposal.text}" for proposal in told.proposals]
    return "\n\n".join(part for part in [told.discussion, *proposals] if part)
