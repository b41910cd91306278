"""What the steps of a benefit ask for.  The cleaned data are the keyword arguments of their bodies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy

from core.forms import Form

if TYPE_CHECKING:
    from benefits.models import Benefit
    from core.actors import Actor


class BenefitTransitionForm(Form):
    """A form that knows the benefit it is about and who fills it in."""

    def __init__(self, *args: Any, obj: Benefit, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.obj, self.actor = obj, actor


def _text(label: Any, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, required=required, max_length=2000, help_text=help_text, widget=forms.Textarea(attrs={"rows": 4})
    )  # fmt: skip


class RefuseForm(BenefitTransitionForm):
    reason = _text(
        gettext_lazy("Hvorfor kan du ikke ta den på deg?"),
        help_text=gettext_lazy(
            "For eksempel at anslaget er for høyt, eller at en annen leder har tjenesten."
        ),
    )


class DropForm(BenefitTransitionForm):
    reason = _text(gettext_lazy("Hvorfor er den ikke aktuell lenger?"))


class ReopenForm(BenefitTransitionForm):
    reason = _text(gettext_lazy("Hvorfor følges den opp igjen?"))


class LessonForm(BenefitTransitionForm):
    lesson = _text(
        gettext_lazy("Hva lærte dere?"),
        help_text=gettext_lazy(
            "Det hjelper dem som skal gjøre det samme. Skriv hva dere ville gjort annerledes."
        ),
    )


class OptionalLessonForm(BenefitTransitionForm):
    lesson = _text(gettext_lazy("Hva gjorde at det gikk?"), required=False)
