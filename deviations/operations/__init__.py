"""Writes on deviations that touch more than one row: keyword-only, with ``by`` and ``now``."""

from deviations.operations.actions import create_action, propose_action, reuse_action
from deviations.operations.counts import sum_up_counts
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
from deviations.operations.lifts import (
    LiftInput,
    OfferInput,
    offer_solution,
    raise_lift,
    reply_to_lift,
    take_reply_back,
    withdraw_offer,
    write_about_lift,
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
    "LiftInput",
    "OfferInput",
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
    "offer_solution",
    "place_in_catalogue",
    "propose_action",
    "raise_lift",
    "receipt_of",
    "register_report",
    "reply_to_lift",
    "report",
    "reroute",
    "reuse_action",
    "say",
    "send_part",
    "set_causes",
    "stamp_duty",
    "start_duties",
    "sum_up_counts",
    "take_reply_back",
    "tell_reporter",
    "unlink_deviations",
    "unstamp_duty",
    "withdraw_offer",
    "write_about_lift",
    "write_notification",
    "write_to_reporter",
]
