"""What the ranking shows, in the address, and the frame of a year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy

from core.forms import FilterForm, Form, MoneyField, YearField, offer_choices
from portfolio.models.money import FIRST_YEAR, LAST_YEAR
from portfolio.ranking.order import By

if TYPE_CHECKING:
    from datetime import date

_AHEAD = 4
_LAST_OF_SPRING = 6
"""After this month the next budget is made, and its year is the one that is shown first."""


class RankingForm(FilterForm):
    """A choice that cannot be read is as if it were not there."""

    ar = forms.ChoiceField(label=gettext_lazy("År"), required=False)
    sorter = forms.ChoiceField(label=gettext_lazy("Sorter etter"), choices=By.choices, required=False)
    pagaende = forms.BooleanField(label=gettext_lazy("Ta med prosjekter som er i gang"), required=False)

    def __init__(self, data: Any, *, today: date, **kwargs: Any) -> None:
        given = data.copy()
        given.setdefault("ar", str(today.year + (today.month > _LAST_OF_SPRING)))
        super().__init__(given, **kwargs)
        self.this_year = today.year
        years = range(today.year, today.year + _AHEAD)
        offer_choices(self, "ar", [(str(year), str(year)) for year in years])
        self.is_valid()

    @property
    def year(self) -> int:
        return int(self.cleaned_data.get("ar") or self.this_year)

    @property
    def by(self) -> By:
        return By(self.cleaned_data.get("sorter") or By.SCORE)

    @property
    def with_running(self) -> bool:
        return bool(self.cleaned_data.get("pagaende"))


class FrameForm(Form):
    year = YearField(label=gettext_lazy("År"), min_value=FIRST_YEAR, max_value=LAST_YEAR)
    amount = MoneyField(
        label=gettext_lazy("Ramme"), min_value=0, help_text=gettext_lazy("Det kommunen kan bruke på tiltakene på listen dette året."),
    )  # fmt: skip
    source = forms.CharField(
        label=gettext_lazy("Vedtatt i"), max_length=200, help_text=gettext_lazy("For eksempel «Økonomiplan 2027–2030, KS-sak 61/26»."),
    )  # fmt: skip
