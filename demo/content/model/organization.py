"""Units, people, roles, services, strategies, figures and mandates."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

RoleName = Literal[
    "employee",
    "leader",
    "sector_leader",
    "secretariat",
    "coordinator",
    "council_leader",
    "council_deputy",
    "council_member",
    "council_substitute",
    "chief_of_finance",
    "kommunedirektor",
    "project_owner",
    "project_manager",
    "portfolio_manager",
    "service_owner",
    "change_agent",
    "ikt_leader",
    "enterprise_architect",
    "hr",
    "archivist",
    "privacy_officer",
    "quality_manager",
    "verneombud",
    "amu",
    "tillitsvalgt",
    "elected_representative",
    "administrator",
]
UnitKind = Literal["region", "municipality", "sector", "unit", "department"]


@dataclass(frozen=True)
class Unit:
    """One node of the organization tree; `parent` is empty for the region."""

    key: str
    name: str
    kind: UnitKind
    code: str
    parent: str = ""
    short_name: str = ""
    orgnr: str = ""
    inhabitants: int | None = None
    staff: int = 0
    leader_title: str = ""
    jobs: str = ""


@dataclass(frozen=True)
class Role:
    """A role a person has on a unit for a period; no `start_day` means since long ago."""

    role: RoleName
    unit: str
    start_day: int | None = field(default=None, metadata={"key": "from"})
    end_day: int | None = field(default=None, metadata={"key": "to"})
    leading: bool = False
    allocated_percentage: int | None = None
    council_field: str = field(default="", metadata={"key": "field"})
    sector: str = ""
    competence: str = ""
    stand_in_for: str = ""

    def covers(self, day: int) -> bool:
        """Tell whether the role is held on a day."""
        return (self.start_day is None or self.start_day <= day) and (
            self.end_day is None or day <= self.end_day
        )


@dataclass(frozen=True)
class Person:
    """A named or made-up person; elected representatives are not employed."""

    username: str
    name: str
    title: str
    unit: str
    roles: list[Role] = field(default_factory=list)
    employed: bool = True
    named: bool = True

    @property
    def stem(self) -> str:
        """Return the first part of the user name, the role the person is shown with."""
        return self.username.rsplit(".", 1)[0]

    @property
    def email(self) -> str:
        """Return an address that can never reach anybody."""
        local, _, place = self.username.rpartition(".")
        return f"{local}@{place}.example"


@dataclass(frozen=True)
class Group:
    """A professional group (faggruppe) across units and municipalities."""

    key: str
    name: str
    owner: str
    responsible: str
    description: str
    members: list[str]


@dataclass(frozen=True)
class Service:
    """A service with the person who owns it."""

    key: str
    name: str
    unit: str
    owner: str
    description: str


@dataclass(frozen=True)
class Goal:
    """A strategic goal; a goal of the second level names its parent."""

    key: str
    title: str
    owner: str
    indicator: str
    parent: str = ""
    units: list[str] = field(default_factory=list)
    description: str = ""


@dataclass(frozen=True)
class Strategy:
    """An adopted strategy of a municipality or the region."""

    key: str
    municipality: str
    title: str
    version: str
    adopted_day: int
    adopted_by: str
    reference: str
    period: str
    goals: list[Goal]


@dataclass(frozen=True)
class Exposure:
    """A denominator for statistics: how much a unit does in a year. Absent years are absent on purpose."""

    unit: str
    measure: Literal["arsverk", "users", "resident_days"]
    source: str
    values: dict[int, float]


@dataclass(frozen=True)
class Council:
    """A digitalization council with the mandate it works under."""

    municipality: str
    name: str
    adopted_day: int
    reference: str
    secretariat_amount: int
    secretariat_year_frame: int
    secretariat_operation: int
    council_amount: int
    operation_years: int
    quorum: Literal["half", "two_thirds"]
    summons_days: int
    submission_days: int
    lift_without_endorsement: bool
    conditions: dict[str, str]
    text: str
    endorsement_days: int = 10
    hearing_days: int = 10
    heard_always: list[RoleName] = field(default_factory=list)
    answer_required: list[RoleName] = field(default_factory=list)
