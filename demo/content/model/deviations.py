"""What is reported in the demo."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Offer:
    """Somebody's «Jeg kan løse dette», on behalf of the unit they lead."""

    by: str
    plan: str
    days: int = 15


@dataclass(frozen=True)
class Lift:
    """The problem behind a deviation as its leader told it to others, and what they answered.

    ``sector`` and ``role`` say whom it was raised to, all leaders where both are empty.  The offer
    of a case whose actions run was accepted.  ``talk`` alternates between ``asks`` and the leader.
    """

    title: str
    problem: str
    sector: str = ""
    role: str = ""
    names_unit: bool = False
    offer: Offer | None = None
    same: list[str] = field(default_factory=list)
    asks: str = ""
    talk: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Deviation:
    """Something that happened, once or several times; ``ends`` is how far the newest telling has come.

    ``answers`` are those of duty questions, ``extra`` those that the type asks beside them.  ``into`` is the
    key of the entry that a merged one goes into, ``to`` who follows up one that is transferred, with ``note``
    as the reason.
    """

    key: str
    type: str
    units: list[str]
    text: str
    ends: Literal[
        "reported", "received", "in_progress", "awaiting_reporter", "actions_running", "evaluating", "closed", "dismissed", "merged",
        "transferred",
    ]  # fmt: skip
    kind: Literal["deviation", "near_miss", "dangerous_condition", "suggestion", "positive"] = "deviation"
    severity: int | None = None
    danger: Literal["none", "injured", "ongoing", "unsure"] = "none"
    times: int = 1
    place: str = ""
    cause: str = ""
    action: str = ""
    note: str = ""
    into: str = ""
    to: str = ""
    answers: dict[str, str] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)
    lift: Lift | None = None
