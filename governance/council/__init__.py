"""The council at work: meetings, seats, quorum and the decision in each case.

A decision, the move of the initiative and the line of the decision log are one transaction:
none of them stands without the others.
"""

from governance.council.absence import report_absence
from governance.council.cases import case_of
from governance.council.deciding import (
    Details,
    decide,
    every_case_is_decided,
    note_all,
    outcomes_of,
    proposed_outcome,
)
from governance.council.impartiality import (
    decide_doubt,
    declare,
    declare_nobody,
    derived_in,
    open_questions,
    settle_derived,
    step_in,
)
from governance.council.minutes import add_addendum, write_minutes
from governance.council.municipal import decide_for_municipality, former_share
from governance.council.planning import (
    agenda_has_cases,
    change_meeting,
    freeze_recommendations,
    move_item,
    plan_meeting,
    refresh_seats,
    release_cases,
    seat_for_opening,
    seats_are_filled,
)
from governance.council.presence import attended, quorum_at_opening, roll_of, took_part
from governance.council.seats import (
    Quorum,
    below_quorum,
    chair_in,
    meeting_is_quorate,
    present_of,
    proposed_chair,
    quorum_of,
    register_attendance,
    seats_of,
)
from governance.council.voting import (
    cast,
    cast_for_the_rest,
    close_voting,
    open_voting,
    propose,
    stop_voting,
    withdraw_proposal,
)
from governance.cycle.rules import papers_due

__all__ = [
    "Details",
    "Quorum",
    "add_addendum",
    "agenda_has_cases",
    "attended",
    "below_quorum",
    "case_of",
    "cast",
    "cast_for_the_rest",
    "chair_in",
    "change_meeting",
    "close_voting",
    "decide",
    "decide_doubt",
    "decide_for_municipality",
    "declare",
    "declare_nobody",
    "derived_in",
    "every_case_is_decided",
    "former_share",
    "freeze_recommendations",
    "meeting_is_quorate",
    "move_item",
    "note_all",
    "open_questions",
    "open_voting",
    "outcomes_of",
    "papers_due",
    "plan_meeting",
    "present_of",
    "propose",
    "proposed_chair",
    "proposed_outcome",
    "quorum_at_opening",
    "quorum_of",
    "refresh_seats",
    "register_attendance",
    "release_cases",
    "report_absence",
    "roll_of",
    "seat_for_opening",
    "seats_are_filled",
    "seats_of",
    "settle_derived",
    "step_in",
    "stop_voting",
    "took_part",
    "withdraw_proposal",
    "write_minutes",
]
