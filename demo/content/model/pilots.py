"""Pilots in the demo: what is tried out, and how it went.  Days are working days from the day of seeding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Pilot:
    """One pilot, written and concluded by one person; without ``concluded`` it is under way."""

    key: str
    by: str
    written: int
    hypothesis: str
    cap: int
    ends: int
    stop_criterion: str
    concluded: int | None = None
    outcome: Literal["", "stopped", "went_on"] = ""
    learned: str = ""
    spent: int | None = None
