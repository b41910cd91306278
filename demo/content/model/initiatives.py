"""An initiative as it was submitted, and its story."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class CostLine:
    """What one year costs."""

    year: int
    investment: int = 0
    operation: int = 0
    note: str = ""


@dataclass(frozen=True)
class Hours:
    """Internal hours of one kind of employee."""

    role: str
    hours: int


@dataclass(frozen=True)
class Benefit:
    """A benefit as it stands in the overview of benefits; either kroner or hours a year, or neither."""

    title: str
    beneficiary: Literal["own_organization", "other_public", "citizens", "business", "voluntary"]
    type: Literal["saved_time", "avoided_cost", "quality", "income"]
    form: Literal["budget", "alternative_use", "elsewhere", "not_priced"]
    service_owner: str
    prerequisites: str
    estimate_per_year_nok: int | None = None
    hours_per_year: int | None = None


@dataclass(frozen=True)
class Statutory:
    """The legal basis of an initiative that the law demands."""

    basis: str
    deadline: str = ""


@dataclass(frozen=True)
class Shielding:
    """Why and how an initiative is shielded from public access."""

    legal_basis: str
    public_title: str
    reason: str
    named: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Assessments:
    """Section five of the intake form."""

    personal_data: Literal["yes", "no", "unknown"]
    personal_data_note: str
    security: str
    accessibility: str
    integrations: str
    archive: str
    affects_staff: bool
    affects_staff_note: str
    dependencies: str
    regional: str
    reuse: str


@dataclass(frozen=True)
class Step:
    """One step of a story: what was done, by whom and when."""

    day: int
    time: str
    by: str
    do: str
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Initiative:
    """An initiative as it was submitted, and the story that brings it to `end_state`."""

    key: str
    municipality: str
    unit: str
    title: str
    summary: str
    need: str
    target_group: str
    category: Literal["operations", "development", "procurement", "study", "regional"]
    goals: list[str]
    null_alternative: str
    costs: list[CostLine]
    hours: list[Hours]
    financing: Literal["own_budget", "secretariat_budget", "budget_application", "grant"]
    submitter: str
    service_owner: str
    project_owner: str
    assessments: Assessments
    desired_start_day: int
    benefits: list[Benefit]
    end_state: str
    story: list[Step]
    participants: list[str] = field(default_factory=list)
    co_editors: list[str] = field(default_factory=list)
    group: str = ""
    statutory: Statutory | None = None
    shielding: Shielding | None = None
    disbenefits: str = ""
    uncertainty: str = ""
