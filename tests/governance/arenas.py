"""Professional groups and their meetings in the states that tests need, made as people make them."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from django.utils import timezone

from governance.arena import meetings, notes
from governance.models import GroupMeeting
from governance.writing import Typed
from organization.models import ProfessionalGroup
from organization.roles import Role

if TYPE_CHECKING:
    from governance.models import GroupNote
    from organization.models import Person
    from tests.world import Place

RESPONSIBLE, MEMBER, OTHER_MEMBER, COLLEAGUE = Role.LEADER, Role.EMPLOYEE, Role.HR, Role.SERVICE_OWNER


def group(
    place: Place, *members: Person, name: str = "Velferdsteknologi", responsible: Person | None = None
) -> ProfessionalGroup:
    row = ProfessionalGroup.objects.create(
        municipality=place.municipality, name=name, responsible=responsible or place.person(RESPONSIBLE), changed_at=timezone.now(),
    )  # fmt: skip
    row.members.set(members or [place.person(MEMBER), place.person(OTHER_MEMBER)])
    return row


def meeting(home: Place, /, of: ProfessionalGroup | None = None, *, hours: int = -1, **facts) -> GroupMeeting:
    """Plan a meeting that begins so many hours from now; planned by the responsible of its group."""
    from organization.actors import person_actor

    of = of or group(home)
    given = {
        "title": "Høstmøtet",
        "place": "Rom 3",
        "starts_at": timezone.now() + timedelta(hours=hours),
        **facts,
    }
    return meetings.plan_meeting(
        GroupMeeting(group=of, **given), by=person_actor(of.responsible), now=timezone.now()
    )


def note(
    at: GroupMeeting, text: str, *, by, key=None, version: int = 0, now: datetime | None = None
) -> GroupNote:
    row = notes.standing(at, key or uuid.uuid4())
    return notes.save_note(at, row, Typed(text=text, version=version), by=by, now=now or timezone.now())


class Met:
    """A meeting of a group with a note, for the pages of the table of addresses; mixed into its stage."""

    place: Place

    @cached_property
    def _group_note(self) -> GroupNote:
        at = meeting(self.place, group(self.place, self.place.person(OTHER_MEMBER)))
        return note(at, "Vi trenger felles nøkler.", by=self.place.actor(RESPONSIBLE))

    @property
    def led_group(self) -> dict[str, object]:
        return {"pk": self._group_note.meeting.group_id}

    @property
    def group_meeting(self) -> dict[str, object]:
        return {"pk": self._group_note.meeting_id}

    @property
    def group_note(self) -> dict[str, object]:
        return {"pk": self._group_note.meeting_id, "key": self._group_note.key}
