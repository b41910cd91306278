"""Forms of criteria and points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import DateField, Form, IntegerField, offer_rows
from governance.scoring.arithmetic import MOST_POINTS
from organization.forms import PersonField, people_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from governance.models import Criterion, Initiative

_FIRST_YEAR = 2000


class CriterionForm(Form):
    name = forms.CharField(label=gettext_lazy("Kriterium"), max_length=100)
    description = forms.CharField(label=gettext_lazy("Forklaring"), max_length=300, required=False)
    weight = IntegerField(
        label=gettext_lazy("Vekt"), min_value=1, max_value=100, help_text=gettext_lazy("Hvor mye det teller mot de andre, fra 1 til 100."),
    )  # fmt: skip

    def __init__(self, *args: Any, criterion: Criterion | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if criterion is not None:
            self.initial.update(
                {name: getattr(criterion, name) for name in ("name", "description", "weight")}
            )
        for points in range(MOST_POINTS + 1):
            self.fields[f"anchor_{points}"] = forms.CharField(
                label=_("%(points)d poeng betyr") % {"points": points}, max_length=200,
                initial=criterion.anchors[points] if criterion is not None else "",
            )  # fmt: skip

    @property
    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        found = {name: data[name] for name in ("name", "description", "weight")}
        return {**found, "anchors": [data[f"anchor_{points}"] for points in range(MOST_POINTS + 1)]}


class AdoptForm(Form):
    adopted_by = forms.CharField(
        label=gettext_lazy("Vedtatt av"), max_length=200, help_text=gettext_lazy("For eksempel «Digitaliseringsrådet, sak 12/26»."),
    )  # fmt: skip
    adopted_on = DateField(label=gettext_lazy("Vedtaksdato"))

    def clean_adopted_on(self) -> date:
        value: date = self.cleaned_data["adopted_on"]
        if not value.year >= _FIRST_YEAR or value > timezone.localdate():
            raise forms.ValidationError(_("Velg dagen kriteriene ble vedtatt, i dag eller tidligere."))
        return value


class PointsForm(Form):
    """A choice from 0 to 5 for each criterion, in the words of its anchors."""

    def __init__(self, *args: Any, criteria: Iterable[Criterion], given: Mapping[int, int], note: str, **kwargs: Any) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        for one in criteria:
            self.fields[f"c{one.pk}"] = forms.TypedChoiceField(
                label=_("%(name)s (vekt %(weight)d)") % {"name": one.name, "weight": one.weight}, coerce=int, help_text=one.description,
                choices=[(points, f"{points} – {words}") for points, words in enumerate(one.anchors)], widget=forms.RadioSelect(),
                initial=given.get(one.pk), error_messages={"required": _("Gi poeng for «%(name)s».") % {"name": one.name}},
            )  # fmt: skip
        self.fields["note"] = forms.CharField(
            label=_("Begrunnelse"), max_length=2000, required=False, initial=note, widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_("Leses av alle som leser saken."),
        )  # fmt: skip
        self.fields["set"] = forms.IntegerField(widget=forms.HiddenInput)

    @property
    def points(self) -> dict[int, int]:
        return {int(name[1:]): value for name, value in self.cleaned_data.items() if name[1:].isdigit()}


class AssessorForm(Form):
    person = PersonField(
        label=gettext_lazy("Be noen vurdere tiltaket"), help_text=gettext_lazy("Skriv en del av navnet. Personen må kunne lese saken."),
    )  # fmt: skip

    def __init__(self, *args: Any, initiative: Initiative, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "person", people_of(initiative.participant_ids))
