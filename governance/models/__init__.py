"""Initiatives and the way they are decided."""

from governance.models.decision import Decision, MunicipalDecision, Outcome
from governance.models.initiative import Answer, CostLine, Initiative, Participation
from governance.models.meeting import AgendaItem, Attendance, Impartiality, Meeting, MeetingStatus
from governance.models.preparation import CasePaper, Endorsement, Hearing
from governance.models.rules import CouncilMandate, GovernanceRules
from governance.models.status import Status

__all__ = [
    "AgendaItem",
    "Answer",
    "Attendance",
    "CasePaper",
    "CostLine",
    "CouncilMandate",
    "Decision",
    "Endorsement",
    "GovernanceRules",
    "Hearing",
    "Impartiality",
    "Initiative",
    "Meeting",
    "MeetingStatus",
    "MunicipalDecision",
    "Outcome",
    "Participation",
    "Status",
]
