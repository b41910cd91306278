"""Forms of the annual cycle: what to show of it, one period, and a whole year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy

from core.forms import CheckboxList, FilterForm, YearField
from governance.cycle import operations
from governance.cycle.calendar import Kind
from governance.models import CyclePeriod
from organization.forms.base import DeedForm, RowForm

if TYPE_CHECKING:
    from datetime import datetime

    from core.actors import Actor
    from organization.models import Unit

FIRST_YEAR, LAST_YEAR = 2000, 2100


class CycleFilter(FilterForm):
    """Which year, which kinds of days, and how they are drawn; what cannot be read is as if it were not there."""

    aar = YearField(min_value=FIRST_YEAR, max_value=LAST_YEAR, required=False, widget=forms.HiddenInput)
    vis = forms.ChoiceField(choices=[("maneder", "")], required=False, widget=forms.HiddenInput)
    type = forms.MultipleChoiceField(
        label=gettext_lazy("Vis bare"), choices=Kind.choices, required=False, widget=CheckboxList()
    )

    @property
    def kinds(self) -> list[Kind]:
        self.is_valid()
        return [Kind(value) for value in self.cleaned_data.get("type", [])] or list(Kind)

    def year_or(self, default: int) -> int:
        self.is_valid()
        year: int | None = self.cleaned_data.get("aar")
        return year or default

    @property
    def shows_months(self) -> bool:
        self.is_valid()
        return bool(self.cleaned_data.get("vis"))


class PeriodForm(RowForm):
    """One period of the cycle."""

    checked_with = frozenset({"municipality"})
    done = gettext_lazy("Perioden er lagret.")

    why = forms.CharField(
        label=gettext_lazy("Hvorfor endres perioden?"), max_length=300, required=False,
        help_text=gettext_lazy("Står i historikken."),
    )  # fmt: skip

    class Meta:
        model = CyclePeriod
        fields = ("name", "submission_on", "hearing_on", "papers_on", "meeting_on", "budget_track")
        help_texts: ClassVar[dict[str, Any]] = {
            "submission_on": gettext_lazy("Saker som kommer etter denne dagen, går til neste møte."),
            "hearing_on": gettext_lazy("Da skal de som høres, ha svart."),
            "papers_on": gettext_lazy("Da sendes innkalling og saksframlegg."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            del self.fields["why"]

    def perform(self, *, by: Actor, now: datetime) -> CyclePeriod:
        if self.instance.pk is None:
            return operations.add_period(self.instance, by=by, now=now)
        return operations.change_period(self.edit, by=by, now=now, reason=self.cleaned_data["why"])


class RemoveForm(DeedForm):
    done = gettext_lazy("Perioden er fjernet.")

    def __init__(self, *args: Any, period: CyclePeriod, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.period = period

    def perform(self, *, by: Actor, now: datetime) -> None:
        operations.remove_period(self.period, by=by, now=now)


class YearForm(DeedForm):
    """Make a year of the cycle from the year before."""

    done = gettext_lazy("Årshjulet er laget. Se over datoene, og flytt dem som ikke passer.")

    year = YearField(
        label=gettext_lazy("År"), min_value=FIRST_YEAR, max_value=LAST_YEAR, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, municipality: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.municipality = municipality

    def perform(self, *, by: Actor, now: datetime) -> list[CyclePeriod]:
        return operations.make_year(self.municipality, year=self.cleaned_data["year"], by=by, now=now)
