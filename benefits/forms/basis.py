"""What a municipality computes with, from a day and a source."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy

from benefits.models import CalculationBasis
from core.forms import DateField, DecimalField, IntegerField, ModelForm, YearField

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

_PERCENT: dict[str, Any] = {
    "min_value": Decimal(0),
    "max_value": Decimal(20),
    "decimal_places": 2,
    "suffix": gettext_lazy("prosent"),
}


class BasisForm(ModelForm):
    """The cleaned data are what ``basis.set_basis`` takes."""

    GROUPS: ClassVar[tuple[tuple[StrOrPromise, tuple[str, ...]], ...]] = (
        (gettext_lazy("Når, og etter hva?"), ("valid_from", "source")),
        (gettext_lazy("Kalkulasjonsrente"), ("rate_near", "rate_middle", "rate_far")),
        (gettext_lazy("Andre forutsetninger"), ("hours_per_work_year", "tax_cost", "years", "price_year")),
    )
    valid_from = DateField(
        label=gettext_lazy("Gjelder fra"), help_text=gettext_lazy("Planer som er godkjent før, beholder det de er regnet ut med.")
    )  # fmt: skip
    rate_near = DecimalField(label=gettext_lazy("Til og med år 40"), **_PERCENT)
    rate_middle = DecimalField(label=gettext_lazy("År 41 til 75"), **_PERCENT)
    rate_far = DecimalField(label=gettext_lazy("Fra år 76"), **_PERCENT)
    hours_per_work_year = DecimalField(
        label=gettext_lazy("Timer per årsverk"), min_value=Decimal(1000), max_value=Decimal(2500), decimal_places=1,
        suffix=gettext_lazy("timer"), help_text=gettext_lazy("Vanlig er 1 695 til 1 750."),
    )  # fmt: skip
    tax_cost = DecimalField(
        label=gettext_lazy("Skattefinansieringskostnad"), min_value=Decimal(0), max_value=Decimal(100), decimal_places=2,
        suffix=gettext_lazy("øre per krone"), help_text=gettext_lazy("Regnes bare med der leseren ber om det."),
    )  # fmt: skip
    years = IntegerField(
        label=gettext_lazy("Hvor mange år regnes det over?"),
        min_value=1,
        max_value=100,
        suffix=gettext_lazy("år"),
    )
    price_year = YearField(
        label=gettext_lazy("Prisår"), required=False,
        help_text=gettext_lazy("Kronene i planene er fra dette året. Uten prisår er det planens første år."),
    )  # fmt: skip

    class Meta:
        model = CalculationBasis
        fields = (
            "valid_from", "source", "rate_near", "rate_middle", "rate_far", "hours_per_work_year", "tax_cost", "years", "price_year",
        )  # fmt: skip
        labels: ClassVar[dict[str, Any]] = {"source": gettext_lazy("Kilde")}
        help_texts: ClassVar[dict[str, Any]] = {
            "source": gettext_lazy("Rundskriv eller vedtak, for eksempel «Kommunestyret, sak 14/26».")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stamp = self.instance.changed_at.isoformat() if self.instance.pk else ""
        self.fields["stamp"] = forms.CharField(required=False, initial=stamp, widget=forms.HiddenInput)

    @property
    def groups(self) -> list[tuple[StrOrPromise, list[Any]]]:
        """Return the fields under their headings."""
        return [(title, [self[name] for name in names]) for title, names in self.GROUPS]

    def _post_clean(self) -> None:
        """The operation makes the row and checks it."""
