"""Who took part, as the minutes keep it: the roll when the meeting was opened, and those in each case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from governance.council.seats import SEATS, Quorum, quorum_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from governance.models import AgendaItem, Attendance, Decision, Meeting


class OpeningRoll(TypedDict):
    """``present`` gives the seat, if any, that each attendance stood in for; ``voting`` are those with a vote."""

    seats: int
    voting: list[int]
    present: dict[str, int | None]


@dataclass(frozen=True, slots=True)
class Attended:
    """Somebody who was there, at least for a part of the meeting."""

    row: Attendance
    stands_in_for: Attendance | None
    remark: str


def roll_of(meeting: Meeting) -> OpeningRoll:
    """Return who is there now, to be kept when the meeting is opened."""
    rows = list(meeting.seated.order_by("pk"))
    there = [row for row in rows if row.is_present]
    return {
        "seats": sum(1 for row in rows if row.seat in SEATS),
        "voting": [row.pk for row in there if row.votes],
        "present": {str(row.pk): row.substitute_for_id for row in there},
    }


# --- Reading it back -----------------------------------------------------------------------------
def quorum_at_opening(meeting: Meeting, rows: Iterable[Attendance]) -> Quorum:
    """Return the quorum the meeting was opened with; before that, the one among ``rows``."""
    roll = meeting.opening_roll
    if roll is None:
        return quorum_of(meeting, rows)
    present, seats, mandate = len(roll["voting"]), roll["seats"], meeting.mandate
    return Quorum(present, seats, mandate.needed(seats), mandate.is_quorate(present=present, seats=seats))


def attended(meeting: Meeting, rows: Iterable[Attendance], items: Iterable[AgendaItem]) -> list[Attended]:
    """Return who was there when the meeting was opened, in a case, or last, and who came or went meanwhile."""
    listed = {row.pk: row for row in rows}
    first = (meeting.opening_roll or {}).get("present")
    in_cases = {pk for item in items for pk in _roll_of(item)}
    lines = []
    for pk, row in listed.items():
        at_opening = row.is_present if first is None else str(pk) in first
        if not (at_opening or row.is_present or pk in in_cases):
            continue
        seat = row.substitute_for_id or (first or {}).get(str(pk))
        remark = "" if row.is_present else _("gikk før møtet var slutt")
        lines.append(Attended(row, listed.get(seat or 0), remark if at_opening else _("kom etter åpningen")))
    return lines


def took_part(item: AgendaItem, meeting: Meeting, rows: Iterable[Attendance]) -> str:
    """Return the names of those who took part in a case, where they are others than at the opening."""
    voters = set(_roll_of(item))
    if not voters or meeting.opening_roll is None or voters == set(meeting.opening_roll["voting"]):
        return ""
    return get_text_list([str(row.person) for row in rows if row.pk in voters], _("og"))


def _roll_of(item: AgendaItem) -> list[int]:
    decision: Decision | None = getattr(item, "decision", None)
    return (decision.roll if decision is not None else None) or []
