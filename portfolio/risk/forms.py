"""The form of a risk or an opportunity.  The cleaned data are what ``operations.save_risk`` takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import DateField, RadioCards
from governance.forms.merging import MergingForm
from organization.forms import PersonField
from organization.forms.choices import choosable
from portfolio.models import ProjectRisk, RiskKind, RiskStatus
from portfolio.risk.scale import IMPACTS, PROBABILITIES, choices

if TYPE_CHECKING:
    from datetime import date

_FIRST_YEAR, _YEARS_AHEAD = 2000, 20


def _step(label: Any, names: Any, *, required: bool = True) -> forms.TypedChoiceField:
    empty = gettext_lazy("Velg") if required else gettext_lazy("Ikke vurdert")
    return forms.TypedChoiceField(
        label=label,
        choices=lambda: [("", empty), *choices(names)],
        coerce=int,
        empty_value=None,
        required=required,
    )


class RiskForm(MergingForm):
    layout = (
        ("", ("kind", "title", "description")),
        (gettext_lazy("Hvor stor er den nå?"), ("probability", "impact")),
        (gettext_lazy("Hva gjør dere med den?"), ("measure", "owner", "due_on")),
        (gettext_lazy("Hvor stor er den når tiltakene er gjort?"), ("probability_after", "impact_after")),
        ("", ("status",)),
    )
    probability = _step(gettext_lazy("Sannsynlighet"), PROBABILITIES)
    impact = _step(gettext_lazy("Konsekvens"), IMPACTS)
    probability_after = _step(gettext_lazy("Sannsynlighet etter tiltak"), PROBABILITIES, required=False)
    impact_after = _step(gettext_lazy("Konsekvens etter tiltak"), IMPACTS, required=False)
    owner = PersonField(
        label=gettext_lazy("Ansvarlig"), required=False, help_text=gettext_lazy("Den som følger den opp. Skriv en del av navnet."),
    )  # fmt: skip
    due_on = DateField(label=gettext_lazy("Frist for tiltakene"), required=False)

    class Meta:
        model = ProjectRisk
        fields = (
            "kind", "title", "description", "probability", "impact", "measure", "owner", "due_on", "probability_after",
            "impact_after", "status",
        )  # fmt: skip
        labels: ClassVar[dict[str, Any]] = {
            "kind": gettext_lazy("Hva er det?"), "title": gettext_lazy("Hva kan skje?"), "description": gettext_lazy("Beskrivelse"),
            "measure": gettext_lazy("Hva gjør dere?"), "status": gettext_lazy("Status"),
        }  # fmt: skip
        help_texts: ClassVar[dict[str, Any]] = {
            "title": gettext_lazy(
                "Kort, for eksempel «Leverandøren blir forsinket». Alle i kommunen kan lese dette."
            ),
        }
        widgets: ClassVar[dict[str, Any]] = {
            "kind": RadioCards(descriptions={
                RiskKind.RISK: gettext_lazy("Noe som kan gå galt."), RiskKind.OPPORTUNITY: gettext_lazy("Noe som kan gå bedre enn planlagt."),
            }),
            "description": forms.Textarea(attrs={"rows": 3}), "measure": forms.Textarea(attrs={"rows": 3}), "status": forms.RadioSelect(),
        }  # fmt: skip

    def prepare(self) -> None:
        fields: Any = self.fields
        fields["kind"].choices, fields["status"].choices = RiskKind.choices, RiskStatus.choices
        ids = self.instance.project.initiative.participant_ids
        fields["owner"].queryset = choosable(ids, self.instance.owner_id)

    def clean_due_on(self) -> date | None:
        value: date | None = self.cleaned_data["due_on"]
        last = timezone.localdate().year + _YEARS_AHEAD
        if value is not None and not _FIRST_YEAR <= value.year <= last:
            raise forms.ValidationError(
                _("Velg et år mellom %(first)s og %(last)s.") % {"first": _FIRST_YEAR, "last": last}
            )
        return value

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        pair = ("probability_after", "impact_after")
        if all(name in data for name in pair) and (data[pair[0]] is None) != (data[pair[1]] is None):
            lacking = next(name for name in pair if data[name] is None)
            self.add_error(lacking, _("Vurder både sannsynlighet og konsekvens etter tiltakene, eller ingen av dem."))  # fmt: skip
        return data

    @property
    def values(self) -> dict[str, Any]:
        """What is to be written: everything of a new row, what was changed of one that stands."""
        if self.instance.pk is None:
            return self.cleaned_data
        return {name: self.cleaned_data[name] for name in self.changed_data}

    def _post_clean(self) -> None:
        """The operation makes the row and checks it."""
