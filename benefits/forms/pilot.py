"""Forms of a pilot: what it is, and how it went."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from benefits.models import Pilot, PilotOutcome
from benefits.operations.pilot import problem_of_end
from core.formats import kroner
from core.forms import DateField, Form
from governance.forms.intake.common import kroner_field
from governance.forms.merging import MergingForm


class PilotForm(MergingForm):
    """What is tried out, and its limits.  All four are needed."""

    cap = kroner_field(
        gettext_lazy("Hva kan den koste på det meste?"), help_text=gettext_lazy("Alt som går med, også det som er kjøpt inn før.")
    )  # fmt: skip
    ends_on = DateField(
        label=gettext_lazy("Når er den ferdig?"), help_text=gettext_lazy("Den dagen skal dere avgjøre hvordan det gikk.")
    )  # fmt: skip

    class Meta:
        model = Pilot
        fields = ("hypothesis", "cap", "ends_on", "stop_criterion")
        labels: ClassVar[dict[str, Any]] = {
            "hypothesis": gettext_lazy("Hva tror dere, og hvorfor?"),
            "stop_criterion": gettext_lazy("Når stopper dere før tiden?"),
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "hypothesis": gettext_lazy("Skriv det slik at dere kan se etterpå om det stemte."),
            "stop_criterion": gettext_lazy(
                "For eksempel «hvis under halvparten bruker den etter seks uker»."
            ),
        }
        widgets: ClassVar[dict[str, Any]] = {
            "hypothesis": forms.Textarea(attrs={"rows": 4}), "stop_criterion": forms.Textarea(attrs={"rows": 3}),
        }  # fmt: skip

    def prepare(self) -> None:
        self.fields["cap"].required = True

    def clean_ends_on(self) -> Any:
        day = self.cleaned_data["ends_on"]
        if reason := problem_of_end(day, timezone.localdate()):
            raise ValidationError(reason)
        return day


class ConclusionForm(Form):
    """How it went.  The cleaned data are what ``operations.conclude_pilot`` takes."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Hva ble resultatet?"), widget=forms.RadioSelect,
        help_text=gettext_lazy("Begge deler er et resultat. Å stoppe i tide sparer penger og krefter."),
        choices=[
            (PilotOutcome.WENT_ON, gettext_lazy("Vi går videre. Det virker godt nok til å bygge på")),
            (PilotOutcome.STOPPED, gettext_lazy("Vi stopper. Vi vet nok til å la det være")),
        ],
    )  # fmt: skip
    learned = forms.CharField(
        label=gettext_lazy("Hva lærte dere?"), max_length=4000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("Stemte det dere trodde? Hva bør den neste som prøver, vite?"),
    )  # fmt: skip
    spent = kroner_field(gettext_lazy("Hva kostet den?"))

    def __init__(self, *args: Any, pilot: Pilot, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = _("Dere satte grensen til %(cap)s. La det stå åpent hvis dere ikke vet.")
        self.fields["spent"].help_text = words % {"cap": kroner(pilot.cap)}
