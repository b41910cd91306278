"""A meeting of a group as its page shows it: the points with their notes, what came of each, and what this person may do."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from core.formats import clock, moment
from core.whole import whole
from governance.arena import policies
from governance.arena.forms import (
    CancelForm,
    ConcludeForm,
    InitiativeForm,
    ParticipantsForm,
    PointForm,
    ReopenForm,
    SetAsideForm,
    TakeUpForm,
    WithdrawForm,
)
from governance.arena.notes import initiative_of, outcome_of
from governance.models import GroupMeeting, GroupNote, GroupPoint, Initiative

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from governance.models import GroupOutcome
    from organization.actors import PersonActor
    from organization.forms.base import DeedForm
    from organization.models import Person

_SPACE = uuid.UUID("6f1f6a0e-5f7f-4a53-9d1b-3f6a2a0c7c11")


@dataclass(frozen=True, slots=True)
class NoteLine:
    """One note: what came of it, the initiative only where the actor sees it, and the form that sets it aside."""

    note: GroupNote
    outcome: GroupOutcome | None
    initiative: Initiative | None
    set_aside: SetAsideForm | None

    @property
    def became_initiative(self) -> bool:
        return self.outcome is not None and self.outcome.initiative_id is not None

    @property
    def is_undecided(self) -> bool:
        return self.outcome is None


@dataclass(slots=True)
class PointLine:
    """A point with its notes; the notes without a point come last, under none."""

    point: GroupPoint | None
    next_key: uuid.UUID
    may_withdraw: bool = False
    notes: list[NoteLine] = field(default_factory=list)


class MeetingPage:
    """One visit to the page of a meeting, which comes with its group and the members of that."""

    def __init__(self, meeting: GroupMeeting, actor: PersonActor, now: datetime, sent: Any = None) -> None:
        self.meeting, self.actor, self.sent = meeting, actor, sent
        self.has_begun = meeting.has_begun(now)
        self.may_lead = policies.may_lead_meeting(actor, meeting)
        self.takes_part = policies.may_take_part(actor, meeting.group)
        self.may_write = self.takes_part and meeting.is_open

    @property
    def until(self) -> str:
        """When it ends, if that is known: the time alone where it ends on the day it begins."""
        ends, begins = self.meeting.ends_at, self.meeting.starts_at
        if ends is None:
            return ""
        same_day = timezone.localdate(ends) == timezone.localdate(begins)
        return clock(timezone.localtime(ends).time()) if same_day else moment(ends)

    # --- What was sent ---------------------------------------------------------------------------
    @cached_property
    def forms(self) -> dict[str, Callable[[Any], DeedForm]]:
        """What can be sent from the page, by its name there."""
        of = {"meeting": self.meeting}
        return {
            "cancel": lambda data: CancelForm(data, **of), "point": lambda data: PointForm(data, **of),
            "withdraw": lambda data: WithdrawForm(data, **of), "conclude": lambda data: ConcludeForm(data, **of),
            "participants": lambda data: ParticipantsForm(data, people=self.people, there=self.there, **of),
            "reopen": lambda data: ReopenForm(data, **of), "initiative": lambda data: InitiativeForm(data, **of),
            "set_aside": lambda data: SetAsideForm(data, auto_id=_ids_of(data.get("note")), **of),
            "take_up": lambda data: TakeUpForm(data, **of),
        }  # fmt: skip

    @cached_property
    def sent_form(self) -> DeedForm | None:
        make = self.forms.get(str(self.sent.get("handling", ""))) if self.sent is not None else None
        return make(self.sent) if make is not None else None

    @property
    def status(self) -> int:
        return self.sent_form.status if self.sent_form is not None else 200

    def _form(self, kind: type[DeedForm], name: str) -> DeedForm:
        return self.sent_form if isinstance(self.sent_form, kind) else self.forms[name](None)

    @property
    def point_form(self) -> DeedForm:
        return self._form(PointForm, "point")

    @property
    def participants_form(self) -> DeedForm:
        return self._form(ParticipantsForm, "participants")

    # --- What is shown ---------------------------------------------------------------------------
    @cached_property
    def people(self) -> list[Person]:
        """The group: the responsible, and the members in order of name."""
        group = self.meeting.group
        members = sorted(group.members.all(), key=lambda person: person.name_sort)
        return [group.responsible, *(one for one in members if one.pk != group.responsible_id)]

    @cached_property
    def there(self) -> list[Person]:
        rows = self.meeting.participants.select_related("person").order_by("person__name_sort", "person_id")
        return [row.person for row in rows]

    @cached_property
    def rows(self) -> list[GroupNote]:
        found = self.meeting.notes.select_related("written_by", "outcome__decided_by", "outcome__initiative")
        return list(found.order_by("pk"))

    @cached_property
    def lines(self) -> list[PointLine]:
        points = self.meeting.points.select_related("suggested_by").order_by("pk")
        lines: dict[int | None, PointLine] = {}
        for point in points:
            may_withdraw = self.may_write and policies.may_withdraw_point(self.actor, point)
            lines[point.pk] = PointLine(point, self.next_key_for(point.pk), may_withdraw)
        seen = self._initiatives_seen()
        rest = PointLine(None, self.next_key)
        for note in self.rows:
            lines.get(note.point_id, rest).notes.append(self._line(note, seen))
        for line in lines.values():
            line.may_withdraw = line.may_withdraw and not line.notes
        return [*lines.values(), rest]

    @property
    def point_count(self) -> int:
        return len(self.lines) - 1

    def _line(self, note: GroupNote, seen: set[int]) -> NoteLine:
        outcome, initiative = outcome_of(note), initiative_of(note)
        shown = initiative if initiative is not None and initiative.pk in seen else None
        form = None
        if self.may_lead and note.text and (outcome is None):
            sent = self.sent_form
            is_sent = isinstance(sent, SetAsideForm) and str(sent["note"].value()) == str(note.pk)
            fresh = SetAsideForm(meeting=self.meeting, initial={"note": note.pk}, auto_id=_ids_of(note.pk))
            form = sent if is_sent and isinstance(sent, SetAsideForm) else fresh
        return NoteLine(note, outcome, shown, form)

    def _initiatives_seen(self) -> set[int]:
        """Return which of the initiatives that notes became the actor sees; their titles are told to nobody else."""
        ids = {initiative.pk for note in self.rows if (initiative := initiative_of(note)) is not None}
        if not ids:
            return set()
        return set(Initiative.objects.visible_to(self.actor).filter(pk__in=ids).values_list("pk", flat=True))

    @property
    def undecided(self) -> int:
        """How many notes nothing is said about yet."""
        return sum(bool(note.text) and outcome_of(note) is None for note in self.rows)

    @property
    def next_key(self) -> uuid.UUID:
        """The key of the next note that the actor writes under no point."""
        return self.next_key_for(None)

    def next_key_for(self, point_id: int | None) -> uuid.UUID:
        """Return the key of the next note that the actor writes under a point: each point has its own.

        It is the same until that note is saved, so that what a browser kept of it is found again.
        """
        taken = {note.key for note in self.rows}
        begins = f"{self.meeting.pk}:{self.actor.person_id}:{point_id or 0}"
        keys = (uuid.uuid5(_SPACE, f"{begins}:{at}") for at in count())
        return next(key for key in keys if key not in taken)


def _ids_of(note_id: Any) -> str:
    """Return how the fields of a note's own form are named, whatever was sent as its number."""
    return f"notat{whole(note_id) or 0}_%s"
