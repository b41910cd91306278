"""Writes on deviations that touch more than one row: keyword-only, with ``by`` and ``now``."""

from deviations.operations.actions import create_action, propose_action, reuse_action
from deviations.operations.dialogue import add_information, say, tell_reporter, write_to_reporter
from deviations.operations.duties import judge_answers, stamp_duty, start_duties, unstamp_duty
from deviations.operations.handling import (
    Analysis,
    answer_questions,
    assess,
    follow,
    link_deviations,
    set_causes,
    unlink_deviations,
)
from deviations.operations.measures import make_measure
from deviations.operations.notification import send_part, write_notification
from deviations.operations.reporting import (
    ReportInput,
    place_in_catalogue,
    receipt_of,
    register_report,
    report,
)
from deviations.operations.retention import forget_ended
from deviations.operations.routing import lay_in_hands, reroute

__all__ = [
    "Analysis",
    "ReportInput",
    "add_information",
    "answer_questions",
    "assess",
    "create_action",
    "follow",
    "forget_ended",
    "judge_answers",
    "lay_in_hands",
    "link_deviations",
    "make_measure",
    "place_in_catalogue",
    "propose_action",
    "receipt_of",
    "register_report",
    "report",
    "reroute",
    "reuse_action",
    "say",
    "send_part",
    "set_causes",
    "stamp_duty",
    "start_duties",
    "tell_reporter",
    "unlink_deviations",
    "unstamp_duty",
    "write_notification",
    "write_to_reporter",
]
