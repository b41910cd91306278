"""The form of what nobody had foreseen."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy

from benefits.models import Benefit, SideEffect, Sort
from benefits.operations.found import why_not_seen
from core.forms import DateField, ModelForm


class SideEffectForm(ModelForm):
    """The cleaned data are what ``operations.record_effect`` takes."""

    seen_on = DateField(label=gettext_lazy("Når så dere det?"))

    class Meta:
        model = SideEffect
        fields = ("sort", "title", "how", "whom", "seen_on")
        labels: ClassVar[dict[str, Any]] = {
            "sort": gettext_lazy("Er det en gevinst eller en ulempe?"), "title": gettext_lazy("Hva har dere sett?"),
            "how": gettext_lazy("Hvordan merkes det?"), "whom": gettext_lazy("Hvem gjelder det?"),
        }  # fmt: skip
        help_texts: ClassVar[dict[str, Any]] = {
            "title": gettext_lazy("Kort, for eksempel «Vaktmesteren kjører mindre»."),
            "how": gettext_lazy("Det teller ikke i planen før det er tatt inn som en gevinst."),
        }
        widgets: ClassVar[dict[str, Any]] = {
            "sort": forms.RadioSelect(), "whom": forms.RadioSelect(), "how": forms.Textarea(attrs={"rows": 3}),
        }  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["sort"].choices = Sort.choices
        fields["whom"].choices = Benefit.Beneficiary.choices
        fields["seen_on"].initial = timezone.localdate()

    def clean_seen_on(self) -> Any:
        day = self.cleaned_data["seen_on"]
        if reason := why_not_seen(day, timezone.localdate()):
            raise ValidationError(reason)
        return day

    def _post_clean(self) -> None:
        """The operation makes the row and checks it."""
