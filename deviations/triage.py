"""Which questions a report is asked, and which duties the answers start.

Questions of danger and injury start duties whatever the type; a type only adds questions.
A *yes* starts, and so does *unsure*: what is uncertain is judged by somebody with a name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from deviations.models.catalogue import Question
from deviations.models.status import Danger

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from deviations.models import Deviation, DeviationType

YES, NO, UNSURE = "yes", "no", "unsure"
STARTING = frozenset({YES, UNSURE})
YES_NO = ((YES, _("Ja")), (NO, _("Nei")), (UNSURE, _("Usikker")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What of a report decides which questions it is asked."""

    category: str = ""
    type: DeviationType | None = None
    danger: str = Danger.NONE
    answers: Mapping[str, str] = field(default_factory=dict)


def asked(questions: Iterable[Question], case: Case) -> list[Question]:
    """Return the questions that are to be answered.

    A question bound to categories, or to danger, is asked in these, or when the type always
    asks it; one bound to another answer only when that answer stands.  A question that opens
    a set brings its questions up whatever the type.
    """
    questions = list(questions)
    always = set(case.type.asks) if case.type else set()
    opened = {one.opens for one in questions if is_starting(one, case.answers.get(one.code, ""))}
    sets = {Question.TRIAGE, *opened, *(case.type.question_sets if case.type else ())}
    return [
        question
        for question in questions
        if question.set in sets
        and (question.code in always or _applies(question, case))
        and all(_answers(case.answers.get(code, ""), wanted) for code, wanted in question.show_when.items())
    ]


def duties_started(questions: Iterable[Question], answers: Mapping[str, str]) -> dict[str, str]:
    """Return the duty codes that the answers start, each with the wording of the question that did."""
    started: dict[str, str] = {}
    for question in questions:
        if is_starting(question, answers.get(question.code, "")):
            for code in question.starts:
                started.setdefault(code, question.text)
    return started


def is_starting(question: Question, value: str) -> bool:
    """Tell whether the answer starts the question's duties: yes or unsure, or any choice of a list."""
    if question.form == Question.Form.YES_NO:
        return value in STARTING
    return bool(value.strip()) and value != NO


def unanswered(deviation: Deviation) -> list[Question]:
    """Return the duty questions of the case that nobody has answered."""
    answers = answers_of(deviation)
    loaded = deviation.__dict__.get("duty_questions")
    questions = duty_questions(deviation.municipality_id) if loaded is None else loaded
    found = asked(questions, case_of(deviation, answers))
    return [question for question in found if not answers.get(question.code)]


def unanswered_about_danger(deviation: Deviation) -> list[Question]:
    """Return what nobody has answered though somebody may be hurt or in danger, or the type always asks it."""
    always = set(deviation.type.asks) if deviation.type else set()
    return [
        question
        for question in unanswered(deviation)
        if question.only_in_danger or question.show_when or question.code in always
    ]


def duty_questions(municipality_id: int) -> list[Question]:
    """Return the questions of the municipality that may start a duty."""
    return list(Question.objects.active().filter(municipality_id=municipality_id, set=Question.TRIAGE))


def case_of(deviation: Deviation, answers: Mapping[str, str]) -> Case:
    return Case(category=deviation.category, type=deviation.type, danger=deviation.danger, answers=answers)


def answers_of(deviation: Deviation) -> dict[str, str]:
    """Return the answers by the code of their question, from what is loaded where a page has loaded them."""
    is_loaded = "answers" in getattr(deviation, "_prefetched_objects_cache", {})
    rows = deviation.answers.all() if is_loaded else deviation.answers.select_related("question")
    return {answer.question.code: answer.value for answer in rows}


def answer_in_words(value: str) -> str:
    """Return an answer as people read it."""
    return str(dict(YES_NO).get(value, value))


def _applies(question: Question, case: Case) -> bool:
    if question.only_in_danger and case.danger in {Danger.NONE, ""}:
        return False
    return not question.categories or case.category in question.categories


def _answers(value: str, wanted: str) -> bool:
    """A question shown on *yes* is also shown on *unsure*: not to know is no reason not to ask."""
    return value == wanted or (wanted == YES and value == UNSURE)
