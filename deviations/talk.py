"""The talk about a case and its history, without the names of those who asked not to be named."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from deviations import policies
from deviations.models import Message
from deviations.workflow import deviation_workflow

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.utils.functional import _StrOrPromise as StrOrPromise

    from core.actors import Actor
    from core.presentation import Line as HistoryLine

_BESIDE = frozenset(
    {
        "assess", "set_causes", "reroute", "link_deviations", "unlink_deviations", "propose_action", "reuse_action",
        "make_measure", "write_to_reporter",
    }
)  # fmt: skip
"""What only those who handle a case do, apart from its steps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the talk."""

    who: str
    kind: StrOrPromise
    text: str
    at: datetime
    is_from_reporter: bool
    is_question: bool


def lines_of(case: Any, actor: Actor) -> list[Line]:
    """Return the talk, the oldest line first."""
    own = policies.is_reporter(actor, case)
    reporter = _("Du") if own else str(case.reporter_name) or _("Melder")
    rows = Message.objects.filter(deviation=case).select_related("author").order_by("pk")
    return [
        Line(
            who=reporter if row.from_reporter else str(row.author or _("Stafett")), kind=row.get_kind_display(), text=row.text,
            at=row.at, is_from_reporter=row.from_reporter, is_question=row.kind == Message.Kind.QUESTION,
        )
        for row in rows
    ]  # fmt: skip


def disguised(case: Any, lines: Iterable[HistoryLine]) -> list[HistoryLine]:
    """Return the history of a case without the name of a reporter who is not to be known.

    What a reporter also did as one who handles the case is told by name; whatever else the same
    person did is taken to be the reporter's doing.
    """
    return [replace(line, who=_("Melder")) if _is_reporters(case, line) else line for line in lines]


def _is_reporters(case: Any, line: HistoryLine) -> bool:
    step = deviation_workflow.transitions.get(line.action)
    if line.action in _BESIDE or (step is not None and step.allow is not policies.is_reporter):
        return False
    if case.is_anonymous or case.identity_dropped_at:
        return line.actor_id is None
    return not case.reads_reporter and line.actor_id == case.reporter_id
