"""The form of one benefit, and the filters of the list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from benefits.models import Benefit
from core.forms import DecimalField, FilterForm, IntegerField, RadioCards, YearField
from governance.forms.intake.common import kroner_field, people_around
from governance.forms.merging import MergingForm
from organization.forms import PersonField
from organization.models import Person, Unit

if TYPE_CHECKING:
    from datetime import date

    from benefits.queries import BenefitQuerySet
    from governance.models import Initiative
    from organization.actors import PersonActor

YEARS_AHEAD = 30
MAX_HOURS = 10_000_000


class BenefitForm(MergingForm):
    """One benefit: what, for whom, how much, and who sees to it."""

    must_fill: ClassVar[frozenset[str]] = frozenset({"service_owner"})
    layout: ClassVar[tuple[Any, ...]] = (
        ("", ("title", "how", "beneficiary", "kind")),
        (
            gettext_lazy("Hvor mye er det verdt?"),
            ("form", "kroner_per_year", "hours_per_year", "full_effect_from"),
        ),
        (gettext_lazy("Hva skal til?"), ("service_owner", "prerequisites", "losers")),
    )
    kroner_per_year = kroner_field(
        gettext_lazy("Kroner per år"),
        help_text=gettext_lazy("Et anslag holder. La det stå åpent hvis det ikke kan prises."),
    )
    hours_per_year = DecimalField(
        label=gettext_lazy("Timer per år"), required=False, min_value=0, max_value=MAX_HOURS, max_digits=10,
        decimal_places=1, suffix=gettext_lazy("timer"),
        error_messages={
            "min_value": gettext_lazy("Timene kan ikke være negative."),
            "max_value": gettext_lazy("Det er over ti millioner timer. Sjekk tallet."),
            "max_digits": gettext_lazy("Det er over ti millioner timer. Sjekk tallet."),
            "max_whole_digits": gettext_lazy("Det er over ti millioner timer. Sjekk tallet."),
            "max_decimal_places": gettext_lazy("Skriv timene med høyst én desimal."),
        },
    )  # fmt: skip
    full_effect_from = YearField(
        label=gettext_lazy("Full virkning fra år"),
        required=False,
        help_text=gettext_lazy("For eksempel 2028."),
    )
    service_owner = PersonField(
        label=gettext_lazy("Tjenesteeier"), required=False,
        help_text=gettext_lazy("Lederen som skal sørge for at gevinsten blir tatt ut. Skriv en del av navnet."),
    )  # fmt: skip

    class Meta:
        model = Benefit
        fields: tuple[str, ...] = (
            "title", "how", "beneficiary", "kind", "form", "kroner_per_year", "hours_per_year", "full_effect_from",
            "service_owner", "prerequisites", "losers",
        )  # fmt: skip
        labels: ClassVar[dict[str, Any]] = {
            "title": gettext_lazy("Hva blir bedre?"),
            "how": gettext_lazy("For hvem, og hvordan merkes det?"),
            "kind": gettext_lazy("Hva slags gevinst er det?"),
            "form": gettext_lazy("Kan den tas ut i penger?"),
            "losers": gettext_lazy("Ulemper, og hvem som taper på det"),
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "title": gettext_lazy("Kort, for eksempel «Mindre dobbeltføring av vaktlister»."),
            "prerequisites": gettext_lazy("Hva må være på plass for at gevinsten skal komme?"),
        }
        widgets: ClassVar[dict[str, Any]] = {
            "how": forms.Textarea(attrs={"rows": 3}),
            "prerequisites": forms.Textarea(attrs={"rows": 3}),
            "losers": forms.Textarea(attrs={"rows": 3}),
            "beneficiary": forms.RadioSelect(),
            "kind": RadioCards(
                descriptions={
                    "saved_time": gettext_lazy("Arbeid som tar kortere tid eller faller bort"),
                    "avoided_cost": gettext_lazy("Noe dere ellers måtte ha betalt for"),
                    "quality": gettext_lazy("Bedre, tryggere eller mer likeverdig tjeneste"),
                    "income": gettext_lazy("Penger inn som ellers ikke ville kommet"),
                }
            ),
            "form": forms.RadioSelect(),
        }

    def __init__(self, *args: Any, initiative: Initiative, **kwargs: Any) -> None:
        self.initiative = initiative
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        people: Any = self.fields["service_owner"]
        people.queryset = people_around(self.initiative, self.instance.service_owner_id)
        for name, choices in (
            ("beneficiary", Benefit.Beneficiary.choices), ("kind", Benefit.Kind.choices), ("form", Benefit.Form.choices),
        ):  # fmt: skip
            field: Any = self.fields[name]
            field.choices = choices

    def clean_full_effect_from(self) -> int | None:
        return _known_year(self.cleaned_data["full_effect_from"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("form") == Benefit.Form.NOT_PRICED and data.get("kroner_per_year") is not None:
            self.add_error(
                "kroner_per_year",
                _("Ta bort beløpet, eller velg at gevinsten kan tas ut i penger eller tid."),
            )
        return data


class PlanForm(BenefitForm):
    """The same benefit as its planners write on: also its points, what it is used for and the budget cut."""

    layout: ClassVar[tuple[Any, ...]] = (
        *BenefitForm.layout,
        (gettext_lazy("Hva brukes gevinsten til?"), ("used_for", "points")),
        (gettext_lazy("Budsjettkutt"), ("cut_amount", "cut_account", "cut_year")),
    )
    cut_amount = kroner_field(
        gettext_lazy("Beløp per år"),
        help_text=gettext_lazy("Spart tid regnes som penger bare når et budsjett kuttes."),
    )
    cut_year = YearField(label=gettext_lazy("Fra år"), required=False)
    points = DecimalField(
        label=gettext_lazy("Nyttepoeng"), required=False, min_value=0, max_value=100, max_digits=5, decimal_places=1,
        help_text=gettext_lazy("Fra 0 til 100, for gevinster som ikke kan prises."),
        error_messages={
            "min_value": gettext_lazy("Nyttepoeng går fra 0 til 100."),
            "max_value": gettext_lazy("Nyttepoeng går fra 0 til 100."),
        },
    )  # fmt: skip

    class Meta(BenefitForm.Meta):
        fields = (*BenefitForm.Meta.fields, "used_for", "points", "cut_amount", "cut_account", "cut_year")
        labels: ClassVar[dict[str, Any]] = {
            **BenefitForm.Meta.labels,
            "used_for": gettext_lazy("Hva brukes den til?"),
            "cut_account": gettext_lazy("Ansvar eller tjeneste"),
        }

    def clean_cut_year(self) -> int | None:
        return _known_year(self.cleaned_data["cut_year"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        cut = [name for name in ("cut_amount", "cut_account", "cut_year") if name in data]
        given = [name for name in cut if data[name] not in {None, ""}]
        if given and len(given) < len(cut):
            for name in cut:
                if name not in given:
                    self.add_error(name, _("Fyll ut både beløp, ansvar og år, eller ingen av dem."))
        if data.get("cut_amount") == 0:
            self.add_error("cut_amount", _("Skriv et beløp over null, eller ta bort kuttet."))
        return data


def _known_year(year: int | None) -> int | None:
    this_year = timezone.localdate().year
    if year is not None and not this_year - 5 <= year <= this_year + YEARS_AHEAD:
        raise ValidationError(
            _("Skriv et årstall med fire sifre, for eksempel %(year)s.") % {"year": this_year + 2}
        )
    return year


class BenefitFilters(FilterForm):
    """The filters of the list; every figure of the scorecard is a choice of these."""

    unit = forms.ModelChoiceField(
        label=gettext_lazy("Enhet"), queryset=Unit.objects.none(), required=False, empty_label=gettext_lazy("Alle enheter")
    )  # fmt: skip
    kind = forms.ChoiceField(label=gettext_lazy("Type"), required=False)
    beneficiary = forms.ChoiceField(label=gettext_lazy("Hvem får gevinsten"), required=False)
    status = forms.ChoiceField(label=gettext_lazy("Status"), required=False)
    owner = forms.ModelChoiceField(
        label=gettext_lazy("Tjenesteeier"), queryset=Person.objects.none(), required=False, empty_label=gettext_lazy("Alle")
    )  # fmt: skip
    measuring = forms.ChoiceField(label=gettext_lazy("Målinger"), required=False)
    year = IntegerField(label=gettext_lazy("Måledag i året"), required=False)
    counted = forms.BooleanField(label=gettext_lazy("Bare dem som teller i styringskortet"), required=False)
    mine = forms.BooleanField(label=gettext_lazy("Bare dem jeg er tjenesteeier for"), required=False)

    def __init__(self, *args: Any, units: Any, owners: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["unit"].queryset, fields["owner"].queryset = units, owners
        fields["kind"].choices = [("", _("Alle typer")), *Benefit.Kind.choices]
        fields["beneficiary"].choices = [("", _("Alle")), *Benefit.Beneficiary.choices]
        fields["status"].choices = [("", _("Alle")), *Benefit.Status.choices]
        fields["measuring"].choices = [("", _("Alle")), *_MEASURING]

    @property
    def chosen(self) -> dict[str, Any]:
        """What can be read of the choices; the rest is as if it were not there."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def narrowed(self, rows: BenefitQuerySet, *, actor: PersonActor, today: date) -> BenefitQuerySet:
        chosen = self.chosen
        if "mine" in chosen:
            rows = rows.owned_by(actor)
        if "counted" in chosen:
            rows = rows.in_plans()
        if "unit" in chosen:
            rows = rows.below(chosen["unit"])
        if "measuring" in chosen:
            rows = rows.with_measurements(chosen["measuring"], year=chosen.get("year"), today=today)
        columns = {"kind": "kind", "beneficiary": "beneficiary", "status": "status", "owner": "service_owner"}
        return rows.filter(**{column: chosen[name] for name, column in columns.items() if name in chosen})


_MEASURING = (
    ("due", gettext_lazy("Skulle vært målt")), ("made", gettext_lazy("Målt")), ("verified", gettext_lazy("Bekreftet")),
    ("missing", gettext_lazy("Mangler")),
)  # fmt: skip
