"""What the steps of an action ask for.  The cleaned data are the keyword arguments of their bodies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy

from core.forms import Form

if TYPE_CHECKING:
    from benefits.models import ChangeAction
    from core.actors import Actor


class _StepForm(Form):
    def __init__(self, *args: Any, obj: ChangeAction, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.obj, self.actor = obj, actor


class OutcomeForm(_StepForm):
    outcome = forms.CharField(
        label=gettext_lazy("Hvordan gikk det?"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("For eksempel hvor mange som fikk opplæring, og hva som gjenstår."),
    )  # fmt: skip


class GiveUpForm(_StepForm):
    outcome = forms.CharField(
        label=gettext_lazy("Hvorfor blir det ikke gjennomført?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("De som svarer for planen, får begrunnelsen."),
    )  # fmt: skip
