"""The ways a deviation goes: each its events, in order, as the workflow records them."""

from __future__ import annotations

from typing import NamedTuple


class Step(NamedTuple):
    state: str
    action: str
    by: str


_SENT = (Step("draft", "write_report", "reporter"), Step("reported", "submit", "reporter"))
_STARTED = (*_SENT, Step("in_progress", "start", "handler"))
_ACTING = (*_STARTED, Step("actions_running", "start_actions", "handler"))
_JUDGED = (*_ACTING, Step("evaluating", "evaluate", "handler"))
WAYS: dict[str, tuple[Step, ...]] = {
    "reported": (*_SENT, Step("reported", "reroute", "handler")),
    "received": (*_SENT, Step("received", "receive", "handler")),
    "in_progress": (*_STARTED, Step("in_progress", "assess", "handler")),
    "awaiting_reporter": (*_STARTED, Step("awaiting_reporter", "ask_reporter", "handler")),
    "actions_running": _ACTING,
    "evaluating": _JUDGED,
    "closed": (*_STARTED, Step("closed", "close_without_action", "handler")),
    "closed after action": (*_ACTING, Step("closed", "close_after_immediate_action", "handler")),
    "closed with effect": (*_JUDGED, Step("closed", "close_with_effect", "handler")),
    "dismissed": (*_SENT, Step("dismissed", "dismiss", "handler")),
    "transferred": (*_SENT, Step("transferred", "transfer", "handler")),
    "merged": (*_STARTED, Step("merged", "merge", "handler")),
}
OPEN = {
    "reported": 25, "received": 20, "in_progress": 25, "awaiting_reporter": 6, "actions_running": 18, "evaluating": 6,
}  # fmt: skip
ENDED = {
    "closed": 36, "closed after action": 20, "closed with effect": 30, "dismissed": 6, "transferred": 4, "merged": 4,
}  # fmt: skip
WITH_ACTIONS = ("actions_running", "evaluating", "closed after action", "closed with effect")
