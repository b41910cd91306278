"""The questions of the catalogue as a form: those a report brings up, by its type and its danger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import CheckboxList, Form, IntegerField
from deviations.models import Question
from deviations.triage import NO, UNSURE, YES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.http import QueryDict

PREFIX = "q_"
YES_NO = [(YES, _("Ja")), (NO, _("Nei")), (UNSURE, _("Usikker"))]
_LONGEST = 500
_MOST_PEOPLE = 10_000_000


class QuestionsForm(Form):
    """One field per question; none has to be answered to report."""

    marks_demands = False

    def __init__(self, data: QueryDict | None, *, questions: Iterable[Question]) -> None:
        super().__init__(data)
        self.questions = list(questions)
        for question in self.questions:
            self.fields[f"{PREFIX}{question.code}"] = _field(question)

    def answers(self) -> dict[str, str]:
        """Return the answers as they are kept, by the code of their question.  The form is valid."""
        return {
            name.removeprefix(PREFIX): _written(value)
            for name, value in self.cleaned_data.items()
            if value not in (None, "", [])
        }


def typed_answers(data: Mapping[str, Any] | None) -> dict[str, str]:
    """Return what is answered so far, unchecked: it decides which questions come up."""
    return {
        name.removeprefix(PREFIX): str(value)
        for name, value in (data or {}).items()
        if name.startswith(PREFIX)
    }


def _field(question: Question) -> forms.Field:
    named: dict[str, Any] = {"label": question.text, "help_text": question.help, "required": False}
    choices = [(choice, choice) for choice in question.choices]
    form = question.form
    if form == Question.Form.YES_NO:
        return forms.ChoiceField(choices=YES_NO, widget=forms.RadioSelect, **named)
    if form == Question.Form.CHOICE:
        return forms.ChoiceField(choices=[("", _("Velg")), *choices], **named)
    if form == Question.Form.MULTIPLE:
        return forms.MultipleChoiceField(choices=choices, widget=CheckboxList, **named)
    if form == Question.Form.NUMBER:
        return IntegerField(min_value=0, max_value=_MOST_PEOPLE, **named)
    return forms.CharField(max_length=_LONGEST, **named)


def _written(value: Any) -> str:
    return "; ".join(value) if isinstance(value, list) else str(value)
