"""The first form of an initiative: a title and the unit it is for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import CheckboxList, Form
from governance.forms.intake.common import offer_units
from organization.models import ProfessionalGroup, Unit


class StartForm(Form):
    """What is needed to begin a draft: a title and the unit it is for."""

    title = forms.CharField(
        label=gettext_lazy("Hva vil du få til?"),
        max_length=200,
        help_text=gettext_lazy("En kort tittel som andre forstår. Du kan endre den senere."),
    )
    unit = forms.ModelChoiceField(
        label=gettext_lazy("Hvilken enhet gjelder det?"), queryset=Unit.objects.none(), empty_label=None,
        error_messages={"invalid_choice": gettext_lazy("Velg en av enhetene i lista.")},
    )  # fmt: skip
    participants = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Hvilke kommuner deltar?"), queryset=Unit.objects.none(), required=False,
        widget=CheckboxList(),
        help_text=gettext_lazy("Bare for tiltak i regionen. La det stå åpent hvis tiltaket bare gjelder regionen selv."),
    )  # fmt: skip
    professional_group = forms.ModelChoiceField(
        label=gettext_lazy("Melder du inn på vegne av en faggruppe?"), queryset=ProfessionalGroup.objects.none(),
        required=False, empty_label=gettext_lazy("Nei"),
    )  # fmt: skip

    def __init__(self, *args: Any, units: Any, participants: Any, groups: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_units(self.fields["unit"], units)
        self._offer("participants", participants)
        self._offer("professional_group", groups)

    def _offer(self, name: str, rows: Any) -> None:
        """Let ``name`` be chosen among ``rows``; where there is nothing to choose, nothing is asked."""
        field: Any = self.fields[name]
        field.queryset = rows
        if not field.required and not rows:
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        unit, participants = data.get("unit"), data.get("participants")
        if unit and participants and any(other.region_id != unit.municipality_id for other in participants):
            self.add_error(
                "participants",
                _(
                    "Bare tiltak i regionen har deltakende kommuner. Velg en enhet i regionen, eller fjern kryssene."
                ),
            )
        return data
