"""What the steps of a consultation ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy

from core.forms import DateField, Form
from organization.consultation_rules import extension_problem

if TYPE_CHECKING:
    from datetime import date

    from core.actors import Actor
    from organization.models import Consultation


class CancelForm(Form):
    reason = forms.CharField(
        label=gettext_lazy("Begrunnelse"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, obj: Consultation, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.consultation = obj


class ExtendForm(CancelForm):
    closes_on = DateField(label=gettext_lazy("Ny siste dag for innspill"))
    field_order = ("closes_on", "reason")

    def clean_closes_on(self) -> date:
        day: date = self.cleaned_data["closes_on"]
        if problem := extension_problem(self.consultation, day, timezone.localdate()):
            raise ValidationError(problem)
        return day
