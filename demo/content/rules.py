"""What a story may do: the steps, who plays them and where they lead.

The workflow itself is the judge when the demo is seeded. This table finds a mistake in the content before that, with
the name of the file and the key, and it is written from the domain texts and not from the code it is checked against.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Scope = Literal["author", "sector", "municipality", "hearing", "decider", "project"]
END_STATES = (
    "draft",
    "awaiting_endorsement",
    "not_endorsed",
    "received",
    "returned",
    "under_preparation",
    "fast_track",
    "ready_for_council",
    "on_agenda",
    "postponed",
    "sent_back",
    "prioritized",
    "recommended",
    "rejected",
    "on_hold",
    "adopted",
    "in_portfolio",
    "paused",
    "stopped",
    "realizing",
    "closed",
    "withdrawn",
    "merged",
    "referred",
)
OUTCOMES = {
    "prioritize": "prioritized",
    "recommend": "recommended",
    "postpone": "postponed",
    "send_back": "sent_back",
    "reject": "rejected",
    "hold": "on_hold",
}
PHASES = ("planning", "execution", "closing", "realizing")
HEARD = (
    "ikt_leader",
    "enterprise_architect",
    "archivist",
    "hr",
    "privacy_officer",
    "chief_of_finance",
    "tillitsvalgt",
    "verneombud",
)
DAY_KEYS = frozenset({"deadline", "review_on", "until"})
PAPER = "summary recommendation background facts alternatives risk assessment communication follow_up"
OFFICE = ("secretariat", "coordinator")
BEFORE_DECISION = (
    *("draft", "awaiting_endorsement", "not_endorsed", "received", "returned", "under_preparation"),
    *("ready_for_council", "postponed", "sent_back", "on_hold"),
)


@dataclass(frozen=True)
class Rule:
    """One kind of step. An empty `target` means that the state stays or depends on the data."""

    sources: tuple[str, ...]
    target: str
    scope: Scope
    roles: tuple[str, ...] = ()
    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()


def _keys(text: str) -> frozenset[str]:
    """Return the words of a text as a set."""
    return frozenset(text.split())


def _municipal(sources: str, target: str, roles: tuple[str, ...], required: str = "") -> Rule:
    """Return a rule for a role held on the municipality."""
    return Rule(tuple(sources.split()), target, "municipality", roles, _keys(required))


def _sector(target: str, required: str = "", optional: str = "") -> Rule:
    """Return a rule for the sector leader."""
    return Rule(
        ("awaiting_endorsement",), target, "sector", ("sector_leader",), _keys(required), _keys(optional)
    )


def _author(source: str, target: str, required: str = "") -> Rule:
    """Return a rule for the submitter and the co-editors."""
    return Rule((source,), target, "author", (), _keys(required))


RULES: dict[str, Rule] = {
    "create": _author("", "draft"),
    "submit": _author("draft", "awaiting_endorsement"),
    "rework": _author("not_endorsed", "draft"),
    "resubmit": _author("returned", "awaiting_endorsement", "changes"),
    "withdraw": Rule(BEFORE_DECISION, "withdrawn", "author", ("secretariat",), _keys("reason")),
    "endorse": _sector("received", optional="remark"),
    "decline_endorsement": _sector("not_endorsed", "reason"),
    "return_from_endorsement": _sector("returned", "missing deadline"),
    "lift": _municipal("not_endorsed", "received", ("secretariat",), "reason"),
    "return_for_completion": _municipal("received under_preparation", "returned", OFFICE, "missing deadline"),
    "start_preparation": _municipal(
        "received", "under_preparation", ("secretariat",), "case_handler deadline"
    ),
    "send_to_fast_track": _municipal("received under_preparation", "fast_track", ("secretariat",), "reason"),
    "approve_fast_track": _municipal("fast_track", "adopted", ("secretariat",), "text"),
    "reject_fast_track": _municipal("fast_track", "rejected", ("secretariat",), "reason"),
    "request_hearings": _municipal("under_preparation", "", OFFICE, "roles deadline"),
    "answer_hearing": Rule(
        ("under_preparation",), "", "hearing", HEARD, _keys("role answer"), _keys("position file")
    ),
    "name_stand_in": Rule(
        ("under_preparation",), "", "hearing", HEARD, _keys("role stand_in"), _keys("reason")
    ),
    "note_deadline": _municipal("under_preparation", "", OFFICE, "role"),
    "write_case_paper": _municipal("under_preparation", "", OFFICE, PAPER),
    "revise_case_paper": Rule(
        ("under_preparation",), "", "municipality", OFFICE, frozenset(), _keys(f"{PAPER} statements")
    ),
    "comment_paper": _municipal(
        "under_preparation ready_for_council",
        "",
        (*OFFICE, "council_member", "council_leader"),
        "section text",
    ),
    "settle_comment": _municipal(
        "under_preparation ready_for_council", "", (*OFFICE, "council_member", "council_leader"), "section"
    ),
    "mark_ready": _municipal("under_preparation", "ready_for_council", OFFICE),
    "put_on_agenda": _municipal(
        "ready_for_council postponed on_hold", "on_agenda", ("secretariat",), "meeting"
    ),
    "decide": Rule(
        ("on_agenda",),
        "",
        "municipality",
        ("council_leader", "council_deputy"),
        _keys("meeting outcome text votes_for votes_against blank"),
        _keys("responsible deadline review_on"),
    ),
    "resume_preparation": _municipal("sent_back", "under_preparation", OFFICE, "case_handler deadline"),
    "adopt_within_authority": _municipal("prioritized", "adopted", ("council_leader",), "reference text"),
    "municipal_decision": Rule(
        ("recommended", "prioritized"),
        "",
        "decider",
        ("kommunedirektor",),
        _keys("municipality by verdict amount cost_share reference text"),
        _keys("conditions document_url"),
    ),
    "refer": _municipal("received", "referred", ("secretariat",), "referred_to reason"),
    "merge": _municipal("received", "merged", ("secretariat",), "into reason"),
    "enter_portfolio": _municipal(
        "adopted", "in_portfolio", ("portfolio_manager",), "project_manager project_owner name ends"
    ),
    "move_phase": Rule(("in_portfolio",), "", "project", ("portfolio_manager",), _keys("to")),
    "pause": _municipal("in_portfolio", "paused", ("portfolio_manager",), "reason until"),
    "resume": _municipal("paused", "in_portfolio", ("portfolio_manager",)),
    "stop": _municipal("in_portfolio paused", "stopped", ("portfolio_manager",), "reason spent"),
    "complete": _municipal("realizing", "closed", ("portfolio_manager",)),
}
LEADING_ONLY = frozenset({"approve_fast_track", "reject_fast_track"})
