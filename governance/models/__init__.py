"""Initiatives and the way they are decided."""

from governance.models.addendum import MinutesAddendum
from governance.models.arena import GroupMeeting, GroupNote, GroupOutcome, GroupParticipant, GroupPoint
from governance.models.calendar_feed import CalendarFeed
from governance.models.cycle import BudgetTrack, CyclePeriod, LateCategory
from governance.models.decision import Decision, MunicipalDecision, Outcome
from governance.models.delegation import Delegation, Organ
from governance.models.follow_up import FOLLOW_UP_TONES, UNFINISHED, FollowUp, FollowUpStatus
from governance.models.initiative import Answer, CostLine, Initiative, InitiativeGoal, Participation
from governance.models.mandate import CouncilMandate
from governance.models.matter import Matter
from governance.models.meeting import AgendaItem, Attendance, Meeting, MeetingStatus
from governance.models.paper import CasePaper, PaperSection
from governance.models.paper_comment import PaperComment
from governance.models.poker import PokerCase, PokerGame, PokerGoal, PokerPlayer
from governance.models.poker_round import PokerCard, PokerRound
from governance.models.preparation import Endorsement, Hearing
from governance.models.rules import GovernanceRules
from governance.models.scoring import Assessment, Assessor, CriteriaSet, Criterion, GivenPoints
from governance.models.session import Ballot, Impartiality, Proposal, Voting
from governance.models.status import Status
from governance.models.written import WrittenText

__all__ = [
    "FOLLOW_UP_TONES",
    "UNFINISHED",
    "AgendaItem",
    "Answer",
    "Assessment",
    "Assessor",
    "Attendance",
    "Ballot",
    "BudgetTrack",
    "CalendarFeed",
    "CasePaper",
    "CostLine",
    "CouncilMandate",
    "CriteriaSet",
    "Criterion",
    "CyclePeriod",
    "Decision",
    "Delegation",
    "Endorsement",
    "FollowUp",
    "FollowUpStatus",
    "GivenPoints",
    "GovernanceRules",
    "GroupMeeting",
    "GroupNote",
    "GroupOutcome",
    "GroupParticipant",
    "GroupPoint",
    "Hearing",
    "Impartiality",
    "Initiative",
    "InitiativeGoal",
    "LateCategory",
    "Matter",
    "Meeting",
    "MeetingStatus",
    "MinutesAddendum",
    "MunicipalDecision",
    "Organ",
    "Outcome",
    "PaperComment",
    "PaperSection",
    "Participation",
    "PokerCard",
    "PokerCase",
    "PokerGame",
    "PokerGoal",
    "PokerPlayer",
    "PokerRound",
    "Proposal",
    "Status",
    "Voting",
    "WrittenText",
]
