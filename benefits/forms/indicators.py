"""Forms of an indicator, of the estimates per year, and of one measurement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from benefits.arithmetic import ThreePoint
from benefits.models import Direction, Every, Indicator, Kind, Measure, Measurement, Quantity
from benefits.rules import MOST_YEARS_AHEAD, problems_of_indicator
from core.forms import DateField, DecimalField, FilesField, Form, MoneyField
from governance.forms.intake.common import people_around
from governance.forms.merging import BASE, MergingForm
from organization.forms import PersonField

if TYPE_CHECKING:
    from decimal import Decimal

    from benefits.models import Benefit

_DIGITS: dict[str, Any] = {"max_digits": 16, "decimal_places": 4}
_DIGIT_WORDS = {
    "max_digits": gettext_lazy("Tallet er for langt. Sjekk det."),
    "max_whole_digits": gettext_lazy("Tallet er for langt. Sjekk det."),
    "max_decimal_places": gettext_lazy("Skriv tallet med høyst fire desimaler."),
}
_YEARS_SHOWN = 5


class IndicatorForm(MergingForm):
    """What is counted, how, and when.  The cleaned data are what ``operations.save_indicator`` takes."""

    target = DecimalField(
        label=gettext_lazy("Hvilken verdi er målet?"), error_messages=_DIGIT_WORDS, **_DIGITS
    )
    baseline_on = DateField(
        label=gettext_lazy("Når måles nullpunktet?"),
        help_text=gettext_lazy("Før endringen begynner, senest ved BP4."),
    )
    first_on = DateField(label=gettext_lazy("Første måling etterpå"))
    last_on = DateField(label=gettext_lazy("Siste måling"))
    responsible = PersonField(
        label=gettext_lazy("Måleansvarlig"), required=False,
        help_text=gettext_lazy("Tjenesteeieren hvis du lar det stå tomt. Skriv en del av navnet."),
    )  # fmt: skip

    class Meta:
        model = Indicator
        fields = (
            "name", "quantity", "unit", "method", "source", "direction", "target", "baseline_on", "first_on", "last_on",
            "every", "responsible", "is_main",
        )  # fmt: skip
        labels: ClassVar[dict[str, Any]] = {
            "name": gettext_lazy("Hva måler dere?"), "quantity": gettext_lazy("Hva slags tall er det?"),
            "method": gettext_lazy("Hvordan måles det?"), "direction": gettext_lazy("Hvilken vei skal det?"),
            "every": gettext_lazy("Hvor ofte?"), "is_main": gettext_lazy("Dette er hovedindikatoren for gevinsten"),
            "unit": gettext_lazy("Måleenhet"), "source": gettext_lazy("Hvor kommer tallet fra?"),
        }  # fmt: skip
        help_texts: ClassVar[dict[str, Any]] = {
            "unit": gettext_lazy("For eksempel minutter per vakt, prosent eller kroner per år."),
            "method": gettext_lazy("Så nøyaktig at en annen kan måle likt neste gang."),
        }
        widgets: ClassVar[dict[str, Any]] = {
            "method": forms.Textarea(attrs={"rows": 3}), "direction": forms.RadioSelect(), "quantity": forms.RadioSelect(),
        }  # fmt: skip

    def __init__(self, *args: Any, benefit: Benefit, **kwargs: Any) -> None:
        self.benefit = benefit
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        fields: Any = self.fields
        fields["responsible"].queryset = people_around(self.benefit.initiative, self.instance.responsible_id)
        for name, codes in (("quantity", Quantity), ("direction", Direction), ("every", Every)):
            fields[name].choices = codes.choices

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        start = self.instance.baseline if self.instance.pk else None
        found = problems_of_indicator(data, start.value if start else None, today=timezone.localdate())
        for name, texts in found.items():
            self.add_error(name, texts)
        return data

    def _post_clean(self) -> None:
        """The operation makes the row and checks it."""


class ProfileForm(Form):
    """Lowest, likely and highest per year.  ``years`` holds what was given, ``seen`` the mark of what the page showed."""

    years: dict[int, ThreePoint]

    def __init__(self, *args: Any, benefit: Benefit, **kwargs: Any) -> None:
        self.benefit = benefit
        super().__init__(*args, **kwargs)
        self.seen = str(self.data.get(BASE, "")) or benefit.profile_mark
        standing = {row.year: row for row in benefit.estimates.all() if row.measure == benefit.measure}
        begins = min([*standing, benefit.full_effect_from or timezone.localdate().year])
        ends = max([*standing, begins + _YEARS_SHOWN - 1])
        self.shown = list(range(begins, min(ends, begins + MOST_YEARS_AHEAD) + 1))
        for year in self.shown:
            for part, label in _PARTS:
                row = standing.get(year)
                field = self._field(_("%(part)s i %(year)s") % {"part": label, "year": year})
                field.initial = getattr(row, part) if row else None
                self.fields[f"{part}_{year}"] = field

    def _field(self, label: str) -> forms.Field:
        if self.benefit.measure == Measure.KRONER:
            return MoneyField(label=label, required=False)
        suffix = gettext_lazy("timer") if self.benefit.measure == Measure.HOURS else gettext_lazy("poeng")
        return DecimalField(
            label=label, required=False, suffix=suffix, max_digits=14, decimal_places=2, error_messages=_DIGIT_WORDS
        )  # fmt: skip

    @property
    def groups(self) -> list[dict[str, Any]]:
        return [
            {"year": year, "fields": [self[f"{part}_{year}"] for part, _label in _PARTS]}
            for year in self.shown
        ]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        self.years = {}
        for year in self.shown:
            parts = [data.get(f"{part}_{year}") for part, _label in _PARTS]
            if any(part is not None for part in parts) and not self._errors_in(year):
                self._read(year, parts)
        return data

    def _errors_in(self, year: int) -> bool:
        return any(f"{part}_{year}" in self.errors for part, _label in _PARTS)

    def _read(self, year: int, parts: list[Decimal | None]) -> None:
        low, likely, high = parts
        if likely is None:
            self.add_error(f"likely_{year}", _("Skriv hva som er sannsynlig i %(year)s.") % {"year": year})
            return
        low, high = likely if low is None else low, likely if high is None else high
        if not low <= likely <= high:
            self.add_error(
                f"low_{year}",
                _("Tallene for %(year)s står ikke i rekkefølge: minst, sannsynlig, mest.") % {"year": year},
            )
            return
        self.years[year] = ThreePoint(low, likely, high)


_PARTS = (
    ("low", gettext_lazy("Minst")),
    ("likely", gettext_lazy("Sannsynlig")),
    ("high", gettext_lazy("Mest")),
)


class MeasureForm(Form):
    """One number; the rest may stand as it is."""

    value = DecimalField(label="", error_messages=_DIGIT_WORDS, **_DIGITS)
    measured_on = DateField(label=gettext_lazy("Målt dato"))
    comment = forms.CharField(
        label=gettext_lazy("Kommentar"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    forecast = DecimalField(
        label=gettext_lazy("Hva tror du det ender på?"), required=False, error_messages=_DIGIT_WORDS, **_DIGITS
    )  # fmt: skip
    files = FilesField(  # type: ignore[assignment] # a declared field leaves the class
        label=gettext_lazy("Dokumentasjon"), required=False,
        help_text=gettext_lazy("Leses av linjen, tjenesteeieren og økonomi."),
    )  # fmt: skip

    def __init__(self, *args: Any, measurement: Measurement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.measurement, indicator = measurement, measurement.indicator
        today, fields = timezone.localdate(), self.fields
        fields["value"].label, fields["value"].suffix = indicator.name, indicator.unit  # type: ignore[attr-defined]
        fields["value"].initial = measurement.value
        fields["measured_on"].initial = measurement.measured_on or min(measurement.due_on, today)
        fields["comment"].initial, fields["forecast"].initial = measurement.comment, indicator.forecast
        fields["forecast"].suffix = indicator.unit  # type: ignore[attr-defined]
        if measurement.kind == Kind.BASELINE:
            del fields["forecast"]
