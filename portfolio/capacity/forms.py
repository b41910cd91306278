"""Forms of roles, of how much there is of them, and of what takes people away from projects."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy

from core.forms import DateField, offer_rows
from organization.forms import PersonField
from organization.forms.base import RowForm
from organization.forms.choices import choosable
from portfolio.capacity import operations
from portfolio.capacity.request_forms import check_period, work_years_field
from portfolio.models import Absence, AbsenceKind, Capacity, ResourceRole

if TYPE_CHECKING:
    from datetime import datetime

    from core.actors import Actor


class RoleForm(RowForm):
    checked_with = frozenset({"municipality"})

    owner = PersonField(
        label=gettext_lazy("Ressurseier"), help_text=gettext_lazy("Den som svarer for disse folkene og sier ja eller nei til prosjektene."),
    )  # fmt: skip
    stand_in = PersonField(
        label=gettext_lazy("Stedfortreder"),
        required=False,
        help_text=gettext_lazy("Kan svare i stedet for ressurseieren."),
    )

    class Meta:
        model = ResourceRole
        fields = ("name", "owner", "stand_in")
        labels: ClassVar[dict[str, Any]] = {"name": gettext_lazy("Rolle")}
        help_texts: ClassVar[dict[str, Any]] = {"name": gettext_lazy("For eksempel «Prosjektleder» eller «IKT-rådgiver».")}  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row, ids = self.instance, frozenset({self.instance.municipality_id})
        offer_rows(self, "owner", choosable(ids, row.owner_id))
        offer_rows(self, "stand_in", choosable(ids, row.stand_in_id))

    def perform(self, *, by: Actor, now: datetime) -> ResourceRole:
        return operations.save_role(self.edit, by=by, now=now)


class CapacityForm(RowForm):
    work_years = work_years_field(
        gettext_lazy("Hvor mye er det av rollen?"), smallest=Decimal(0),
        help_text=gettext_lazy("I årsverk, for dem som kan brukes i prosjekter. 1 er en hel stilling, 0,5 en halv."),
    )  # fmt: skip
    from_on = DateField(label=gettext_lazy("Fra og med"))
    to_on = DateField(
        label=gettext_lazy("Til og med"), required=False, help_text=gettext_lazy("Tomt betyr inntil videre. Den slutter av seg selv når en ny begynner."),
    )  # fmt: skip

    class Meta:
        model = Capacity
        fields = ("work_years", "from_on", "to_on")

    def clean(self) -> dict[str, Any]:
        super().clean()
        check_period(self, "from_on", "to_on")
        return self.cleaned_data

    def perform(self, *, by: Actor, now: datetime) -> Capacity:
        return operations.save_capacity(self.edit, by=by, now=now)


class AbsenceForm(RowForm):
    kind = forms.ChoiceField(
        label=gettext_lazy("Hva tar tid?"), choices=AbsenceKind.choices, widget=forms.RadioSelect,
        help_text=gettext_lazy("Skriv aldri hvorfor noen er borte."),
    )  # fmt: skip
    work_years = work_years_field(
        gettext_lazy("Hvor mye tar det?"), help_text=gettext_lazy("I årsverk: én person som er helt borte i perioden, er 1.")
    )  # fmt: skip
    from_on = DateField(label=gettext_lazy("Fra og med"))
    to_on = DateField(label=gettext_lazy("Til og med"))
    person = PersonField(
        label=gettext_lazy("Hvem"), required=False, help_text=gettext_lazy("Bare de som svarer for rollen, ser navnet. Andre ser summen."),
    )  # fmt: skip

    class Meta:
        model = Absence
        fields = ("kind", "work_years", "from_on", "to_on", "person")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ids = frozenset({self.instance.role.municipality_id})
        offer_rows(self, "person", choosable(ids, self.instance.person_id))

    def clean(self) -> dict[str, Any]:
        super().clean()
        check_period(self, "from_on", "to_on")
        return self.cleaned_data

    def perform(self, *, by: Actor, now: datetime) -> Absence:
        return operations.save_absence(self.edit, by=by, now=now)
