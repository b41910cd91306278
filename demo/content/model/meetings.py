"""The meetings of the councils."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Attendance:
    """Who was at a meeting, or who came instead."""

    person: str
    present: bool = True
    substitute: str = ""
    remark: str = ""


@dataclass(frozen=True)
class Conflict:
    """A declared conflict of interest (habilitet) in one case."""

    person: str
    ground: Literal["party", "family", "guardian", "board", "special_circumstances", "derived"]
    explanation: str
    disqualified: bool
    substitute: str = ""


@dataclass(frozen=True)
class Proposal:
    """A proposal made in the meeting."""

    by: str
    text: str


@dataclass(frozen=True)
class AgendaItem:
    """One case of a meeting. A decision names its initiative; the decision itself stands in the story."""

    kind: Literal["decision", "report", "information"]
    title: str = ""
    initiative: str = ""
    conflicts: list[Conflict] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)
    discussion: str = ""
    conclusion: str = ""


@dataclass(frozen=True)
class Meeting:
    """A meeting of a council, past or coming."""

    key: str
    council: str
    number: str
    state: Literal["planned", "summoned", "minutes_approved"]
    planned_day: int
    submission_day: int
    summons_day: int
    day: int
    time: str
    end_time: str
    place: str
    agenda: list[AgendaItem]
    chair: str = ""
    secretary: str = ""
    attendance: list[Attendance] = field(default_factory=list)
    others_present: list[str] = field(default_factory=list)
    minutes: str = ""
    minutes_approved_day: int | None = None
    minutes_approved_by: str = ""
