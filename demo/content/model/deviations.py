"""What is reported in the demo."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Deviation:
    """Something that happened, once or several times; ``ends`` is how far the newest telling has come.

    ``answers`` are those of duty questions, ``extra`` those that the type asks beside them.
    """

    key: str
    type: str
    units: list[str]
    text: str
    ends: Literal[
        "reported", "received", "in_progress", "awaiting_reporter", "actions_running", "evaluating", "closed", "dismissed"
    ]  # fmt: skip
    kind: Literal["deviation", "near_miss", "dangerous_condition", "suggestion", "positive"] = "deviation"
    severity: int | None = None
    danger: Literal["none", "injured", "ongoing", "unsure"] = "none"
    times: int = 1
    place: str = ""
    cause: str = ""
    action: str = ""
    note: str = ""
    answers: dict[str, str] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)
