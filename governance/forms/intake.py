"""The intake form, a ModelForm per section.  A draft may leave everything but the title open."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import CheckboxList, Form, ModelForm, MoneyField, RadioCards
from governance.models.initiative import Answer, CostLine, Initiative
from organization.forms import PersonField, people_of
from organization.models import Goal, Person, ProfessionalGroup, Unit

if TYPE_CHECKING:
    from organization.actors import PersonActor

INVESTMENT_YEARS = 4
MAX_KRONER = Decimal(10_000_000_000)


class SectionForm(ModelForm):
    """A section of the intake.  ``actor`` decides which people, units and goals can be chosen."""

    def __init__(self, *args: Any, actor: PersonActor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        ids = frozenset({self.instance.municipality_id}) | self._participants()
        for field in self.fields.values():
            if isinstance(field, PersonField):
                field.queryset = people_of(ids)

    def _participants(self) -> frozenset[int]:
        if self.instance.pk is None:
            return frozenset()
        return frozenset(p.municipality_id for p in self.instance.participations.all())


class StartForm(Form):
    """What is needed to begin a draft: a title and the unit it is for."""

    title = forms.CharField(
        label=gettext_lazy("Hva vil du få til?"),
        max_length=200,
        help_text=gettext_lazy("En kort tittel som andre forstår. Du kan endre den senere."),
    )
    unit = forms.ModelChoiceField(
        label=gettext_lazy("Hvilken enhet gjelder det?"), queryset=Unit.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class AboutForm(SectionForm):
    must_fill: ClassVar[frozenset[str]] = frozenset({"title", "summary", "need", "target_group", "category", "goals"})

    class Meta:
        model = Initiative
        fields = (
            "title", "summary", "need", "target_group", "unit", "category", "goals", "is_statutory",
            "statutory_basis", "statutory_deadline", "professional_group", "desired_start",
        )  # fmt: skip
        widgets: ClassVar[dict[str, Any]] = {
            "summary": forms.Textarea(attrs={"rows": 4}),
            "need": forms.Textarea(attrs={"rows": 6}),
            "category": RadioCards(),
            "goals": CheckboxList(),
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "summary": gettext_lazy("Hva går tiltaket ut på? Høyst 600 tegn. Alle i kommunen kan lese dette når saken er vedtatt."),
            "need": gettext_lazy("Hva er problemet i dag, og hvordan merkes det?"),
            "target_group": gettext_lazy("For eksempel: ansatte i hjemmetjenesten, foreldre med barn i barnehage."),
            "goals": gettext_lazy("Velg målene i vedtatt strategi som tiltaket bidrar til."),
            "is_statutory": gettext_lazy("Kryss av hvis en lov eller forskrift krever tiltaket."),
            "statutory_basis": gettext_lazy("Lov og paragraf."),
            "desired_start": gettext_lazy("Dag, måned og år, for eksempel 1.3.2027."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        municipality = self.instance.municipality
        today = timezone.localdate()
        self.fields["unit"].queryset = Unit.objects.below(municipality).filter(municipality=municipality).open_on(today)
        ids = {municipality.pk, municipality.region_id, *self._participants()}
        self.fields["goals"].queryset = Goal.objects.adopted_on(today).filter(strategy__municipality_id__in=ids)
        self.fields["professional_group"].queryset = ProfessionalGroup.objects.visible_to(self.actor)
        # A choice among «nothing chosen» and five cards needs no empty card.
        self.fields["category"].choices = Initiative.Category.choices
        self.fields["category"].required = False

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("is_statutory") and not data.get("statutory_basis"):
            self.add_error("statutory_basis", _("Skriv hvilken lov eller forskrift som krever tiltaket."))
        return data


class CostsForm(SectionForm):
    """Investments for the coming years, yearly operation and where the money comes from."""

    operation_per_year = MoneyField(
        label=gettext_lazy("Årlig drift når det er innført"), required=False, min_value=0, max_value=MAX_KRONER
    )
    internal_hours = forms.IntegerField(
        label=gettext_lazy("Interne timer"), required=False, min_value=0, max_value=1_000_000,
        help_text=gettext_lazy("Tid egne ansatte bruker på å innføre tiltaket."),
    )  # fmt: skip

    class Meta:
        model = Initiative
        fields = ("operation_per_year", "internal_hours", "financing", "cost_note")
        widgets: ClassVar[dict[str, Any]] = {
            "financing": RadioCards(),
            "cost_note": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "cost_note": gettext_lazy("Hva er usikkert? Skriv gjerne laveste og høyeste anslag."),
        }

    field_order = ("operation_per_year", "internal_hours", "financing", "cost_note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {line.year: line.amount for line in self.instance.cost_lines.all()}
        self.years = sorted({*known, *range(timezone.localdate().year, timezone.localdate().year + INVESTMENT_YEARS)})
        ahead = {}
        for year in self.years:
            ahead[f"investment_{year}"] = MoneyField(
                label=_("Investering i %(year)s") % {"year": year}, required=False, min_value=0,
                max_value=MAX_KRONER, initial=known.get(year),
            )  # fmt: skip
        self.fields = {**ahead, **self.fields}
        self.fields["financing"].choices = Initiative.Financing.choices
        self.fields["financing"].required = False

    def save(self, commit: bool = True) -> Initiative:
        initiative: Initiative = super().save(commit=commit)
        for year in self.years:
            if f"investment_{year}" not in self.changed_data:
                continue
            amount = self.cleaned_data.get(f"investment_{year}")
            if amount is None:
                initiative.cost_lines.filter(year=year).delete()
            else:
                CostLine.objects.update_or_create(initiative=initiative, year=year, defaults={"amount": amount})
        return initiative


class ResponsibilityForm(SectionForm):
    must_fill: ClassVar[frozenset[str]] = frozenset({"service_owner"})
    service_owner = PersonField(
        label=gettext_lazy("Tjenesteeier"), required=False,
        help_text=gettext_lazy("Lederen som skal ta ut gevinsten når tiltaket er innført."),
    )  # fmt: skip
    project_owner = PersonField(label=gettext_lazy("Prosjekteier"), required=False)

    class Meta:
        model = Initiative
        fields = ("service_owner", "project_owner")


class AssessmentsForm(SectionForm):
    must_fill: ClassVar[frozenset[str]] = frozenset({"personal_data", "affects_staff"})

    class Meta:
        model = Initiative
        fields = (
            "personal_data", "personal_data_note", "affects_staff", "affects_staff_note", "security_note",
            "accessibility_note", "integration_note", "archive_note", "reuse_note", "dependency_note", "regional_note",
        )  # fmt: skip
        labels: ClassVar[dict[str, Any]] = {
            "personal_data": gettext_lazy("Behandles personopplysninger?"),
            "personal_data_note": gettext_lazy("Hvilke opplysninger, og er det vurdert personvernkonsekvenser (DPIA)?"),
            "affects_staff": gettext_lazy("Endrer tiltaket arbeidet for ansatte?"),
            "affects_staff_note": gettext_lazy("Hvordan påvirkes de ansatte?"),
            "reuse_note": gettext_lazy("Finnes det en løsning fra før?"),
        }
        widgets: ClassVar[dict[str, Any]] = {
            "personal_data": RadioCards(),
            "affects_staff": RadioCards(),
            **{
                name: forms.Textarea(attrs={"rows": 3})
                for name in (
                    "personal_data_note", "affects_staff_note", "security_note", "accessibility_note",
                    "integration_note", "archive_note", "reuse_note", "dependency_note", "regional_note",
                )  # fmt: skip
            },
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "affects_staff": gettext_lazy("Svarer du ja, blir tillitsvalgte og verneombud hørt."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("personal_data", "affects_staff"):
            self.fields[name].choices = Answer.choices
            self.fields[name].required = False


class NullAlternativeForm(SectionForm):
    must_fill: ClassVar[frozenset[str]] = frozenset({"null_alternative"})

    class Meta:
        model = Initiative
        fields = ("null_alternative",)
        widgets: ClassVar[dict[str, Any]] = {"null_alternative": forms.Textarea(attrs={"rows": 6})}
        labels: ClassVar[dict[str, Any]] = {"null_alternative": gettext_lazy("Hva skjer om dere ikke gjør noe?")}
        help_texts: ClassVar[dict[str, Any]] = {
            "null_alternative": gettext_lazy("Kostnad, risiko og ulempe ved å fortsette som i dag."),
        }


class ShieldingForm(SectionForm):
    class Meta:
        model = Initiative
        fields = ("shield_basis", "public_title")
        help_texts: ClassVar[dict[str, Any]] = {
            "shield_basis": gettext_lazy("Skjerm bare når loven krever det. Hjemmelen vises i arkivet."),
            "public_title": gettext_lazy("Tittelen alle ser når saken er skjermet."),
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("shield_basis") and not data.get("public_title"):
            self.add_error("public_title", _("Skriv en tittel som ikke røper det som skal skjermes."))
        return data


class CoEditorForm(Form):
    person = PersonField(label=gettext_lazy("Legg til en medforfatter"))

    def __init__(self, *args: Any, actor: PersonActor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people_of(actor.municipality_ids)  # type: ignore[attr-defined]

    def clean_person(self) -> Person:
        person: Person = self.cleaned_data["person"]
        return person
