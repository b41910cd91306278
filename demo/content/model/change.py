"""The change work of plans in the demo.  Days are working days from the day of seeding; who does what is a user name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Action:
    """An action; ``benefit`` and ``box`` are the first words of what it serves.  ``ends`` is the day it was concluded."""

    title: str
    kind: Literal["training", "routine", "access", "phasing_out", "information", "cost_cut", "other"]
    due: int
    owner: str
    how: str = ""
    benefit: str = ""
    box: str = ""
    profile: Literal["low", "moderate", "high"] = "low"
    begins: int | None = None
    ends: int | None = None
    is_done: bool = True
    outcome: str = ""


@dataclass(frozen=True)
class Stakeholder:
    """Whom the change matters to."""

    name: str
    group: Literal[
        "users", "employees", "leaders", "citizens", "unions", "business", "voluntary", "other_public"
    ]
    influence: int
    attitude: int
    gains: str = ""
    loses: str = ""
    involvement: str = ""
    contact: str = ""


@dataclass(frozen=True)
class Risk:
    """What may go wrong; ``action`` is the first words of what is done against it."""

    title: str
    likelihood: int
    consequence: int
    owner: str
    review: int
    benefit: str = ""
    measure: str = ""
    action: str = ""
    state: Literal["identified", "handled", "gone"] = "identified"


@dataclass(frozen=True)
class ChangeWork:
    """The change work of one plan, written on one day by one person; ``agents`` have their task by user name."""

    key: str
    by: str
    planned: int
    actions: list[Action]
    stakeholders: list[Stakeholder]
    risks: list[Risk]
    agents: dict[str, str] = field(default_factory=dict)

    @property
    def people(self) -> set[str]:
        """Everybody it names."""
        named = [
            *(one.owner for one in self.actions),
            *(one.owner for one in self.risks),
            *(one.contact for one in self.stakeholders),
        ]
        return {self.by, *named, *self.agents} - {""}
