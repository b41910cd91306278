"""Forms of the pulse: when to ask whom, and the five questions."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from benefits.models import Question, Reply
from benefits.operations.pulse import PulseInput, problems_of, units_to_ask
from core.forms import CheckboxList, DateField, Form, offer_rows
from organization.models import Unit

if TYPE_CHECKING:
    from datetime import date

    from governance.models import Initiative

DAYS_OPEN = timedelta(days=14)


class _UnitsField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Unit) -> str:
        return f"{'– ' * max(obj.depth - 3, 0)}{obj.name}"


class PulseForm(Form):
    """When a pulse is open, and the units that are to work in a new way."""

    opens_on = DateField(label=_("Åpner"))
    closes_on = DateField(label=_("Siste dag"))
    units = _UnitsField(
        label=_("Hvem blir berørt?"), queryset=Unit.objects.none(), widget=CheckboxList(),
        help_text=_("Alle som arbeider der, blir spurt. Enheter med færre enn fem svar vises ikke for seg."),
    )  # fmt: skip

    def __init__(self, *args: Any, initiative: Initiative, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initiative, self.today = initiative, today
        offer_rows(self, "units", units_to_ask(initiative, today).order_by("path"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            for problem in problems_of(PulseInput(**data), self.initiative, self.today):
                self.add_error(None, problem)
        return data


class AnswerForm(Form):
    """Five statements, each with the same four replies."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in Question:
            self.fields[question.value] = forms.TypedChoiceField(
                label=question.label, choices=Reply.choices, coerce=int, widget=forms.RadioSelect
            )

    @property
    def replies(self) -> list[int]:
        """Return the replies in the order of the questions."""
        return [self.cleaned_data[question.value] for question in Question]
