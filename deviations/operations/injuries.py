"""Keep the register of injuries in step with what has been answered (aml. § 5-1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from deviations.models import Injury, Question
from deviations.triage import NO, YES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from deviations.models import Answer, Deviation

INJURY = "injury"
_FIELDS = {
    "injury_who": "who", "injury_body_part": "body_part", "injury_nature": "nature", "injury_absence": "absence",
    "injury_treated": "treated", "injury_at_work": "at_work",
}  # fmt: skip
_TELLING = frozenset({"injury_who", "injury_body_part", "injury_nature"})


def is_about_injury(question: Question) -> bool:
    """Tell whether the question asks for an injury, or for what the register holds of one."""
    return INJURY in {question.set, question.opens}


def register_injury(deviation: Deviation, *, now: datetime) -> Injury | None:
    """Write the injury of a case as its answers now stand, or take it out when nobody was injured after all."""
    answers = list(
        deviation.answers.filter(
            Q(question__set=INJURY) | Q(question__opens=INJURY)
        ).select_related("question")
    )  # fmt: skip
    if not _says_injury(answers):
        Injury.objects.filter(deviation=deviation).delete()
        return None
    return _write(deviation, answers, now=now)


def register_first_injury(deviation: Deviation, answers: Iterable[Answer], *, now: datetime) -> Injury | None:
    """Write the injury of a case that is new, of which ``answers`` are all there are."""
    told = [answer for answer in answers if is_about_injury(answer.question)]
    return _write(deviation, told, now=now) if _says_injury(told) else None


def _write(deviation: Deviation, answers: Iterable[Answer], *, now: datetime) -> Injury:
    values = {_FIELDS[a.question.code]: _kept(a) for a in answers if a.question.code in _FIELDS}
    place = {
        "municipality_id": deviation.municipality_id, "unit_id": deviation.unit_id, "changed_at": now,
        "discovered_at": deviation.discovered_at,
    }  # fmt: skip
    injury, _made = Injury.objects.update_or_create(deviation=deviation, defaults={**place, **values})
    return injury


def _says_injury(answers: Iterable[Answer]) -> bool:
    """A yes or a no to whether somebody was injured decides; without one, that an injury was described does."""
    plain = {answer.value for answer in answers if answer.question.opens == INJURY}
    if YES in plain:
        return True
    described = any(answer.question.code in _TELLING and _kept(answer) for answer in answers)
    return described and NO not in plain


def _kept(answer: Answer) -> str:
    """Return the answer if it is one of the question's choices: free words may hold a name or a diagnosis."""
    question = answer.question
    allowed = Injury.Answer.values if question.form == Question.Form.YES_NO else question.choices
    return answer.value if answer.value in allowed else ""
