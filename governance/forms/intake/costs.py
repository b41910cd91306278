"""What the initiative costs, and who pays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import IntegerField, RadioCards
from governance.forms.intake.common import SectionForm, kroner_field
from governance.models.initiative import CostLine, Initiative

if TYPE_CHECKING:
    from decimal import Decimal

INVESTMENT_YEARS = 4


class CostsForm(SectionForm):
    """Investments for the coming years, yearly operation and where the money comes from."""

    operation_per_year = kroner_field(gettext_lazy("Årlig drift når det er innført"))
    internal_hours = IntegerField(
        label=gettext_lazy("Interne timer"), required=False, min_value=0, max_value=1_000_000,
        suffix=gettext_lazy("timer"), help_text=gettext_lazy("Tid egne ansatte bruker på å innføre tiltaket."),
        error_messages={
            "min_value": gettext_lazy("Timene kan ikke være negative."),
            "max_value": gettext_lazy("Det er over en million timer. Sjekk tallet."),
        },
    )  # fmt: skip

    class Meta:
        model = Initiative
        fields = ("operation_per_year", "internal_hours", "financing", "cost_note")
        labels: ClassVar[dict[str, Any]] = {
            "financing": gettext_lazy("Hvor skal pengene komme fra?"),
            "cost_note": gettext_lazy("Hva er usikkert?"),
        }
        widgets: ClassVar[dict[str, Any]] = {
            "financing": RadioCards(
                descriptions={
                    "own_budget": gettext_lazy("Enheten har pengene"),
                    "secretariat_budget": gettext_lazy("Midler sekretariatet rår over"),
                    "budget_application": gettext_lazy(
                        "Økonomisjefen blir hørt, og kommunedirektøren avgjør"
                    ),
                    "grant": gettext_lazy("Statlige eller andre tilskudd"),
                }
            ),
            "cost_note": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "cost_note": gettext_lazy("Skriv gjerne laveste og høyeste anslag."),
        }

    def prepare(self) -> None:
        super().prepare()
        this_year = timezone.localdate().year
        self.amounts = {line.year: line.amount for line in self.instance.cost_lines.all()}
        years = sorted({*self.amounts, *range(this_year, this_year + INVESTMENT_YEARS)})
        ahead = {
            _investment(year): kroner_field(
                _("Investering i %(year)s") % {"year": year}, initial=self.amounts.get(year)
            )
            for year in years
        }
        self.layout = (  # type: ignore[misc]
            (_("Hva koster det å innføre?"), (*ahead, "internal_hours")),
            (_("Hva koster det etterpå?"), ("operation_per_year",)),
        )
        self.fields = {**ahead, **self.fields}
        financing: Any = self.fields["financing"]
        financing.choices, financing.required = Initiative.Financing.choices, False

    def value_of(self, name: str, instance: Initiative) -> Any:
        if year := _year_of(name):
            return next((line.amount for line in instance.cost_lines.all() if line.year == year), None)
        return super().value_of(name, instance)

    def row_or_value(self, name: str, instance: Initiative) -> Any:
        return self.value_of(name, instance) if _year_of(name) else super().row_or_value(name, instance)

    def _save_m2m(self) -> None:
        super()._save_m2m()
        for name in self.changed_data:
            if year := _year_of(name):
                _write_line(self.instance, year, self.cleaned_data.get(name))


def _write_line(initiative: Initiative, year: int, amount: Decimal | None) -> None:
    if amount is None:
        initiative.cost_lines.filter(year=year).delete()
    else:
        CostLine.objects.update_or_create(initiative=initiative, year=year, defaults={"amount": amount})


def _investment(year: int) -> str:
    return f"investment_{year}"


def _year_of(name: str) -> int:
    return int(name.removeprefix("investment_")) if name.startswith("investment_") else 0
