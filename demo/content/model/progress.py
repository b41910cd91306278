"""How projects of the demo tell that they go.  Days are working days from the day of seeding, amounts whole kroner."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class StatusTold:
    """A status report: the areas where something is told, under how they stand; the others are in hand.

    ``unknown`` names areas that cannot be judged.  ``expected`` is the day the project is expected to end.
    """

    day: int
    summary: str
    good: dict[str, str] = field(default_factory=dict)
    watch: dict[str, str] = field(default_factory=dict)
    bad: dict[str, str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    expected: int | None = None
    spent: int | None = None
    forecast: int | None = None


@dataclass(frozen=True)
class MoneyLine:
    """What a source gives in a year, and what has become of it by the latest report."""

    year: int
    source: str
    budget: int
    forecast: int
    committed: int = 0
    spent: int = 0


@dataclass(frozen=True)
class Progress:
    """What a project tells from month to month, what it costs, and the report that somebody is writing on."""

    key: str
    by: str
    budget: int
    told: list[StatusTold]
    lines: list[MoneyLine] = field(default_factory=list)
    draft: StatusTold | None = None
