"""What the demo consists of. Field names are the keys of the YAML files, except where `key` says otherwise.

Days are working days from the day of seeding (`demo.content.calendar`), amounts are whole kroner.
"""

from demo.content.model.benefits import BenefitPlan, Computed, Indicator, MapBox, PlannedBenefit, Pulse
from demo.content.model.change import ChangeWork
from demo.content.model.deviations import Deviation, Lift, Offer
from demo.content.model.initiatives import (
    Assessments,
    Benefit,
    CostLine,
    Hours,
    Initiative,
    Shielding,
    Statutory,
    Step,
)
from demo.content.model.meetings import (
    AgendaItem,
    Attendance,
    Conflict,
    Meeting,
    Proposal,
)
from demo.content.model.organization import (
    Council,
    Exposure,
    Goal,
    Group,
    Person,
    Role,
    Service,
    Strategy,
    Unit,
)
from demo.content.model.pilots import Pilot
from demo.content.model.progress import MoneyLine, Progress, StatusTold

__all__ = [
    "AgendaItem",
    "Assessments",
    "Attendance",
    "Benefit",
    "BenefitPlan",
    "ChangeWork",
    "Computed",
    "Conflict",
    "CostLine",
    "Council",
    "Deviation",
    "Exposure",
    "Goal",
    "Group",
    "Hours",
    "Indicator",
    "Initiative",
    "Lift",
    "MapBox",
    "Meeting",
    "MoneyLine",
    "Offer",
    "Person",
    "Pilot",
    "PlannedBenefit",
    "Progress",
    "Proposal",
    "Pulse",
    "Role",
    "Service",
    "Shielding",
    "StatusTold",
    "Statutory",
    "Step",
    "Strategy",
    "Unit",
]
