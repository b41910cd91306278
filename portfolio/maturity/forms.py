"""The form of one prerequisite."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import DateField, Form
from organization.forms import PersonField, people_of

if TYPE_CHECKING:
    from datetime import date

    from portfolio.maturity.wording import Asked
    from portfolio.models import MaturityAnswer

_FIRST_YEAR, _AHEAD = 2000, 10
_STEP = ("next_step", "owner", "due_on")


class AnswerForm(Form):
    level = forms.TypedChoiceField(
        label=gettext_lazy("Hvor er dere nå?"), coerce=int, widget=forms.RadioSelect()
    )
    grounds = forms.CharField(
        label=gettext_lazy("Begrunnelse"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Hva viser at det er slik? Alle i kommunen kan lese dette når vurderingen er låst."),
    )  # fmt: skip
    next_step = forms.CharField(label=gettext_lazy("Neste steg"), max_length=300, required=False)
    owner = PersonField(
        label=gettext_lazy("Ansvarlig for neste steg"),
        required=False,
        help_text=gettext_lazy("Skriv en del av navnet."),
    )
    due_on = DateField(label=gettext_lazy("Frist"), required=False)

    def __init__(self, *args: Any, asked: Asked, municipality_id: int, answer: MaturityAnswer | None, **kwargs: Any) -> None:  # fmt: skip
        if answer is not None:
            kwargs["initial"] = {
                name: getattr(answer, name) for name in ("level", "grounds", "next_step", "owner", "due_on")
            }
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["level"].choices = [(at, f"{at} – {words}") for at, words in enumerate(asked.levels, start=1)]
        fields["owner"].queryset = people_of(frozenset({municipality_id}))

    def clean_due_on(self) -> date | None:
        value: date | None = self.cleaned_data["due_on"]
        last = timezone.localdate().year + _AHEAD
        if value is not None and not _FIRST_YEAR <= value.year <= last:
            raise forms.ValidationError(
                _("Velg et år mellom %(first)s og %(last)s.") % {"first": _FIRST_YEAR, "last": last}
            )
        return value

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        lacking = [name for name in _STEP if name in data and not data[name]]
        if 0 < len(lacking) < len(_STEP):
            for name in lacking:
                self.add_error(
                    name, _("Et neste steg har tekst, ansvarlig og frist. Fyll ut alle tre, eller ingen.")
                )
        return data
