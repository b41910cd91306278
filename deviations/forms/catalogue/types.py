"""Forms of types and causes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import CheckboxList
from deviations.forms.catalogue.base import RowForm, add_choices, in_use
from deviations.models import Cause, DeviationType, Question
from deviations.queries import NAMEABLE
from deviations.wording import set_label
from organization.roles import Role

if TYPE_CHECKING:
    from organization.models import Unit

_MONTHS = 12


class TypeForm(RowForm):
    question_sets = forms.MultipleChoiceField(
        label=gettext_lazy("Tilleggsspørsmål"), widget=CheckboxList, required=False,
        help_text=gettext_lazy("Stilles når noen melder denne typen."),
    )  # fmt: skip
    asks = forms.MultipleChoiceField(
        label=gettext_lazy("Spør alltid om"), widget=CheckboxList, required=False,
        help_text=gettext_lazy("Spørsmål om meldeplikt som ellers bare stilles når noen er skadet eller i fare."),
    )  # fmt: skip
    confidential_roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roller som også ser fortrolige saker"), widget=CheckboxList, required=False,
        help_text=gettext_lazy("Mottaker og behandler ser dem alltid. Verneombud ser dem uten det som er skrevet."),
    )  # fmt: skip
    refers_to = forms.ChoiceField(
        label=gettext_lazy("Henviser til en annen kanal"), required=False,
        help_text=gettext_lazy("Velges en kanal, kan typen ikke meldes her, og ingen tekst lagres."),
    )  # fmt: skip

    class Meta:
        model = DeviationType
        fields = (
            "name", "category", "keywords", "question_sets", "asks", "is_confidential", "confidential_roles", "refers_to",
            "handling_days", "identity_kept_months", "deleted_after_years", "disposal_decision",
        )  # fmt: skip
        widgets = {"keywords": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, municipality: Unit, **kwargs: Any) -> None:
        super().__init__(*args, municipality=municipality, **kwargs)
        questions = list(in_use(Question, municipality))
        sets = dict.fromkeys(question.set for question in questions if question.set != Question.TRIAGE)
        triage = [(question.code, question.text) for question in questions if question.set == Question.TRIAGE]
        roles = [(role.value, role.label) for role in Role if role in NAMEABLE]
        channels = [("", _("Nei, meldes her")), *self.labels.channels.items()]
        held = self.instance
        add_choices(
            self.fields["question_sets"], [(code, set_label(code)) for code in sets], held.question_sets
        )
        add_choices(self.fields["asks"], triage, held.asks)
        add_choices(self.fields["confidential_roles"], roles, held.confidential_roles)
        add_choices(self.fields["refers_to"], channels, [held.refers_to])

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        self.refuse_twin()
        months, years = data.get("identity_kept_months"), data.get("deleted_after_years")
        if months and years and months > years * _MONTHS:
            self.add_error(
                "identity_kept_months",
                _("Navnet kan ikke beholdes lenger enn teksten. Skriv høyst %(most)d måneder.")
                % {"most": years * _MONTHS},
            )
        return data


class CauseForm(RowForm):
    class Meta:
        model = Cause
        fields = ("group", "name")
        help_texts = {
            "group": gettext_lazy("Årsaker med samme gruppe vises sammen, for eksempel «Menneske».")
        }

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        self.refuse_twin()
        return data
