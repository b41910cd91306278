"""Pages of the council: its meetings, the cases in them, the minutes and the decisions."""

from governance.views.council.decisions import decision_log, municipal_decision
from governance.views.council.follow_up import decision_detail, follow_up_set, follow_up_transition
from governance.views.council.follow_up_files import follow_up_file_remove, follow_up_files
from governance.views.council.matters import matter_detail
from governance.views.council.meetings import (
    agenda_pdf,
    item_move,
    meeting_create,
    meeting_detail,
    meeting_edit,
    meeting_list,
    meeting_transition,
    notices_note,
)
from governance.views.council.minutes import minutes, minutes_pdf
from governance.views.council.ranking import meeting_ranking
from governance.views.council.session import absence_report, attendance, item_decide, screen

__all__ = [
    "absence_report",
    "agenda_pdf",
    "attendance",
    "decision_detail",
    "decision_log",
    "follow_up_file_remove",
    "follow_up_files",
    "follow_up_set",
    "follow_up_transition",
    "item_decide",
    "item_move",
    "matter_detail",
    "meeting_create",
    "meeting_detail",
    "meeting_edit",
    "meeting_list",
    "meeting_ranking",
    "meeting_transition",
    "minutes",
    "minutes_pdf",
    "municipal_decision",
    "notices_note",
    "screen",
]
