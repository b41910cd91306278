"""The choices of the scorecard, which stand in the address so that a view can be shared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from benefits.models import Benefit
from benefits.scorecard import MUNICIPALITY, OWNER, REGION, SECTOR, UNIT
from core.forms import FilterForm

if TYPE_CHECKING:
    from datetime import date

    from benefits.queries import BenefitQuerySet

_PER = [
    (OWNER, _("Tjenesteeier")), (UNIT, _("Enhet")), (SECTOR, _("Sektor")), (MUNICIPALITY, _("Kommune")), (REGION, _("Region")),
]  # fmt: skip
_MEASURES = [("kroner", _("Kroner")), ("hours", _("Timer")), ("points", _("Nyttepoeng"))]
_BACK, _AHEAD = 5, 10


class ScorecardFilters(FilterForm):
    """A choice that cannot be read is as if it were not there."""

    per = forms.ChoiceField(label=_("Vis per"), choices=_PER, required=False)
    regnet = forms.ChoiceField(label=_("Regnet i"), choices=_MEASURES, required=False)
    aar = forms.ChoiceField(label=_("År"), required=False)
    mottaker = forms.ChoiceField(label=_("Hvem får gevinsten"), required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today, fields = today, self.fields
        years = range(today.year - _BACK, today.year + _AHEAD)
        fields["aar"].choices = [(str(year), str(year)) for year in years]  # type: ignore[attr-defined]
        fields["mottaker"].choices = [("", _("Alle")), *Benefit.Beneficiary.choices]  # type: ignore[attr-defined]
        fields["aar"].initial = str(today.year)
        self._begin_with_defaults()

    def _begin_with_defaults(self) -> None:
        data = self.data.copy() if hasattr(self.data, "copy") else {}
        data.setdefault("aar", str(self.today.year))
        self.data = data

    @property
    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        data = self.cleaned_data
        return {
            "per": data.get("per") or OWNER, "regnet": data.get("regnet") or "kroner",
            "aar": int(data.get("aar") or self.today.year), "mottaker": data.get("mottaker", ""),
        }  # fmt: skip

    @property
    def active(self) -> int:
        defaults = {"per": OWNER, "regnet": "kroner", "aar": self.today.year, "mottaker": ""}
        return sum(self.chosen[name] != value for name, value in defaults.items())

    def narrowed(self, rows: BenefitQuerySet) -> BenefitQuerySet:
        receiver = self.chosen["mottaker"]
        return rows.filter(beneficiary=receiver) if receiver else rows
