"""Corrective actions: a new one, one that is there already, and the filters of their list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters as filters
from django import forms
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy

from core.forms import DateField, FilterForm, MoneyField, RadioCards, SearchChoiceField
from deviations.forms.people import colleagues, person_field
from deviations.forms.transitions import TransitionForm, future_day
from deviations.forms.units import UnitField, units_in
from deviations.models import ActionStatus, CorrectiveAction
from governance.filters import Flag
from organization.models import Person

if TYPE_CHECKING:
    from datetime import date

    from deviations.queries import CorrectiveActionQuerySet

Kind = CorrectiveAction.Kind
_KINDS = {
    Kind.IMMEDIATE.value: gettext_lazy("Noe som ble gjort, eller gjøres, med en gang."),
    Kind.CORRECTIVE.value: gettext_lazy("Retter det som gikk galt."),
    Kind.PREVENTIVE.value: gettext_lazy("Hindrer at det skjer igjen."),
    Kind.IMPROVEMENT.value: gettext_lazy("Gjør noe bedre enn det var."),
}
_LARGEST = 9_999_999_999


class ProposeForm(TransitionForm):
    """The cleaned data are what ``operations.propose_action`` takes."""

    title = forms.CharField(label=gettext_lazy("Hva skal gjøres?"), max_length=200)
    description = forms.CharField(
        label=gettext_lazy("Mer om tiltaket"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Skriv uten navn på melder eller bruker: den som skal gjøre det, leser dette."),
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=gettext_lazy("Hva slags tiltak?"), choices=Kind.choices, initial=Kind.CORRECTIVE,
        widget=RadioCards(descriptions=_KINDS),
    )  # fmt: skip
    owner = person_field(
        label=gettext_lazy("Hvem er ansvarlig?"),
        help_text=gettext_lazy("Skriv en del av navnet. Det kan være noen i en annen enhet."),
    )
    unit = UnitField(label=gettext_lazy("Hvilken enhet gjør det?"))
    due_on = DateField(label=gettext_lazy("Frist"))
    cost = MoneyField(
        label=gettext_lazy("Kostnad"), required=False, min_value=0, max_value=_LARGEST, max_digits=12
    )  # fmt: skip
    is_evaluated = forms.BooleanField(
        label=gettext_lazy("Effekten skal vurderes etterpå"), required=False, initial=True,
        help_text=gettext_lazy("Bare strakstiltak kan lukkes uten at effekten er vurdert."),
    )  # fmt: skip

    def prepare(self) -> None:
        fields: Any = self.fields
        fields["owner"].queryset = colleagues(self.obj.municipality_id)
        fields["due_on"].initial = max(self.obj.due_on, timezone.localdate()) if self.obj.due_on else None
        fields["owner"].initial = Person.objects.filter(pk=self.actor.person_id).first()
        fields["unit"].queryset = units_in(self.obj.municipality_id)
        fields["unit"].options_url = reverse("deviations:report_units", args=[self.obj.municipality_id])
        fields["unit"].initial = self.obj.unit_id

    def clean_due_on(self) -> date | None:
        return future_day(self.cleaned_data["due_on"])

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("kind") and data["kind"] != Kind.IMMEDIATE:
            data["is_evaluated"] = True
        return data


def action_label(action: CorrectiveAction) -> str:
    return f"{action.title} ({action.unit})"


def reusable(actor: Any, municipality_id: int) -> CorrectiveActionQuerySet:
    """Return the actions of the municipality that ``actor`` sees and another case may lean on."""
    rows = CorrectiveAction.objects.visible_to(actor).filter(municipality_id=municipality_id)
    return rows.exclude(status=ActionStatus.REJECTED).select_related("unit").order_by("-created_at", "-pk")


def action_field(**options: Any) -> SearchChoiceField:
    return SearchChoiceField(
        label_from=action_label, search_fields=("title", "unit__name"),
        options_url=reverse_lazy("deviations:action_options"), **options,
    )  # fmt: skip


class ReuseForm(TransitionForm):
    action = action_field(
        label=gettext_lazy("Tiltak som finnes"),
        help_text=gettext_lazy("Skriv et ord fra tiltaket eller navnet på enheten, og velg fra forslagene."),
    )

    def prepare(self) -> None:
        field: Any = self.fields["action"]
        field.queryset = reusable(self.actor, self.obj.municipality_id).exclude(deviations=self.obj)


OPEN = "open"
_STATES = [(OPEN, gettext_lazy("Alle åpne")), *ActionStatus.choices]


class ActionFilter(filters.FilterSet):
    """The filters of the list of corrective actions, which stand in the address."""

    q = filters.CharFilter(label=gettext_lazy("Søk"), method="by_text", max_length=200)
    status = filters.ChoiceFilter(
        label=gettext_lazy("Status"), method="by_status", choices=_STATES, empty_label=gettext_lazy("Alle")
    )
    forfalt = Flag(label=gettext_lazy("Over fristen"), method="by_overdue")

    class Meta:
        model = CorrectiveAction
        fields: list[str] = []
        form = FilterForm

    @property
    def active(self) -> int:
        return sum(1 for name in self.filters if self.data.get(name))

    def by_text(self, rows: CorrectiveActionQuerySet, _name: str, text: str) -> CorrectiveActionQuerySet:
        return rows.matching(text)

    def by_status(self, rows: CorrectiveActionQuerySet, _name: str, chosen: str) -> CorrectiveActionQuerySet:
        return rows.open() if chosen == OPEN else rows.filter(status=chosen)

    def by_overdue(
        self, rows: CorrectiveActionQuerySet, _name: str, chosen: bool
    ) -> CorrectiveActionQuerySet:
        return rows.open().filter(due_on__lt=timezone.localdate()) if chosen else rows
