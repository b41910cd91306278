"""What the demo consists of. Field names are the keys of the YAML files, except where `key` says otherwise.

Days are working days from the day of seeding (`demo.content.calendar`), amounts are whole kroner.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

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
    council_amount: int
    operation_years: int
    quorum: Literal["half", "two_thirds"]
    summons_days: int
    submission_days: int
    lift_without_endorsement: bool
    text: str


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
