"""Plans of benefits in the demo: who took them on, what is counted, and what was measured."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Indicator:
    """What is counted.  ``values`` are those of the measuring days after the baseline; null is missing."""

    name: str
    quantity: Literal["count", "kroner", "hours", "percent", "other"]
    unit: str
    method: str
    direction: Literal["up", "down"]
    target: float
    baseline_day: int
    first_day: int
    last_day: int
    every: Literal["month", "quarter", "half_year", "year", "once"]
    source: str = ""
    baseline: float | None = None
    values: list[float | None] = field(default_factory=list)
    forecast: float | None = None
    verified: int = 0


@dataclass(frozen=True)
class Computed:
    """What is counted of the deviations before two days: the baseline and what was measured; ``type`` is a code."""

    name: str
    units: list[str]
    type: str
    per: Literal["", "work_years", "resident_days"]
    months: int
    target: float
    baseline_day: int
    measured_day: int


@dataclass(frozen=True)
class PlannedBenefit:
    """How far a benefit of the intake has come.  ``cut`` is amount, account and year."""

    title: str
    ends: Literal["asked", "refused", "planned", "realizing", "realized", "partly_realized", "not_realized"]
    indicator: Indicator | None = None
    computed: Computed | None = None
    points: float | None = None
    refusal: str = ""
    lesson: str = ""
    profile: dict[int, list[float]] = field(default_factory=dict)


@dataclass(frozen=True)
class MapBox:
    """A box of the benefit map.  ``leads_to`` are the first words of boxes, benefits or goals further on."""

    title: str
    leads_to: list[str]
    stage: Literal["", "enabler", "change", "business_change"] = ""
    prerequisites: str = ""


@dataclass(frozen=True)
class Pulse:
    """A pulse, and how those who answered replied: for each question so many percent say yes."""

    occasion: Literal["before_bp3", "at_bp5", "six_months_after"]
    planned: int
    opens: int
    closes: int
    units: list[str]
    agree: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class BenefitPlan:
    """The plan of one initiative, from the day the service owners answered; approved unless it names no day."""

    key: str
    answered: int
    benefits: list[PlannedBenefit]
    approved: int | None = None
    approver: str = ""
    map: list[MapBox] = field(default_factory=list)
    pulses: list[Pulse] = field(default_factory=list)
