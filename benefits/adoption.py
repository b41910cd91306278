"""What the pulse tells: how many agree with each statement, with no group so small that somebody can be recognized.

Nothing is told before the last day, since what one more answer changes would tell what it was.  A group
with fewer than five answers is hidden; so are others, the smallest first, as long as those hidden
together are so few that the total would tell what they answered.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from benefits.models import Question, Reply

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from benefits.models import PulseGroup, PulseRound

FEWEST = 5
_AGREEING = (Reply.MOSTLY, Reply.YES)
_REPLIES = len(Reply.values)


def cell(question: int, reply: int) -> int:
    """Return where the counts keep a reply to a question, both by their place."""
    return question * _REPLIES + reply


@dataclass(frozen=True, slots=True)
class Result:
    """What a group, or all together, answered: the percentage that agrees with each statement."""

    name: str
    asked: int
    answers: int
    agree: tuple[int, ...] = ()

    @property
    def is_shown(self) -> bool:
        return bool(self.agree)


def shown(answers: Sequence[int]) -> list[bool]:
    """Tell, for groups with so many answers each, which may be shown beside their total."""
    open_to_all = [count >= FEWEST for count in answers]
    while any(open_to_all):
        hidden = sum(count for count, is_open in zip(answers, open_to_all, strict=True) if not is_open)
        if hidden == 0 or hidden >= FEWEST:
            break
        smallest = min((at for at, is_open in enumerate(open_to_all) if is_open), key=lambda at: answers[at])
        open_to_all[smallest] = False
    return open_to_all


def results_of(
    pulse: PulseRound, groups: Sequence[PulseGroup], *, today: date, name_of_all: str
) -> tuple[list[Result], Result] | None:
    """Return the groups' results and that of all together, or ``None`` while people may still answer."""
    if not pulse.is_over(today):
        return None
    marked = zip(groups, shown([group.answers for group in groups]), strict=True)
    parts = [_result(str(group.unit), [group], is_shown=is_shown) for group, is_shown in marked]
    together = _result(name_of_all, groups, is_shown=sum(group.answers for group in groups) >= FEWEST)
    return parts, together


def _result(name: str, groups: Sequence[PulseGroup], *, is_shown: bool) -> Result:
    asked, answers = sum(group.asked for group in groups), sum(group.answers for group in groups)
    if not is_shown:
        return Result(name, asked, answers)
    counts = [sum(cells) for cells in zip(*(group.counts for group in groups), strict=True)]
    agree = tuple(
        round(100 * sum(counts[cell(at, reply)] for reply in _AGREEING) / answers)
        for at in range(len(Question.values))
    )
    return Result(name, asked, answers, agree)
