"""Forms of services and professional groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from core.forms import FilterForm, offer_rows
from organization import operations
from organization.forms.base import DeedForm, RowForm
from organization.forms.choices import PersonField, UnitField, choosable, family_of, people_of
from organization.models import Person, ProfessionalGroup, Service, Unit

if TYPE_CHECKING:
    from datetime import datetime

    from core.actors import Actor
    from organization.actors import PersonActor


class SearchForm(FilterForm):
    q = forms.CharField(label=gettext_lazy("Søk"), required=False, max_length=100)


class ServiceForm(RowForm):
    checked_with = frozenset({"municipality"})
    done = gettext_lazy("Tjenesten er lagret.")

    unit = UnitField(label=gettext_lazy("Enhet"))
    service_owner = PersonField(
        label=gettext_lazy("Tjenesteeier"),
        required=False,
        help_text=gettext_lazy("Den som svarer for at gevinstene i tjenesten hentes ut."),
    )

    class Meta:
        model = Service
        fields = ("name", "unit", "service_owner", "description")
        widgets: ClassVar[dict[str, Any]] = {"description": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        municipality_id = self.instance.municipality_id
        units = (
            Unit.objects.filter(municipality_id=municipality_id)
            .open_on(timezone.localdate())
            .order_by("path")
        )
        offer_rows(self, "unit", units)
        people = choosable(frozenset({municipality_id}), self.instance.service_owner_id)
        offer_rows(self, "service_owner", people)

    def perform(self, *, by: Actor, now: datetime) -> Service:
        if self.instance.pk is None:
            made: Service = operations.create(self.instance, action="create_service", by=by, now=now)
            return made
        saved: Service = operations.save(self.edit, action="edit_service", by=by, now=now)
        return saved


class GroupForm(RowForm):
    done = gettext_lazy("Faggruppen er lagret.")

    responsible = PersonField(
        label=gettext_lazy("Ansvarlig"),
        help_text=gettext_lazy("Den som melder inn tiltak på vegne av gruppen."),
    )

    class Meta:
        model = ProfessionalGroup
        fields = ("name", "responsible", "purpose")
        widgets: ClassVar[dict[str, Any]] = {"purpose": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, actor: PersonActor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "responsible", choosable(family_of(actor), self.instance.responsible_id))

    def perform(self, *, by: Actor, now: datetime) -> ProfessionalGroup:
        if self.instance.pk is None:
            made: ProfessionalGroup = operations.create(self.instance, action="create_group", by=by, now=now)
            return made
        saved: ProfessionalGroup = operations.save(self.edit, action="edit_group", by=by, now=now)
        return saved


class MemberAddForm(DeedForm):
    done = gettext_lazy("Medlemmet er lagt til.")

    member = PersonField(label=gettext_lazy("Nytt medlem"))

    def __init__(self, *args: Any, group: ProfessionalGroup, actor: PersonActor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.group = group
        offer_rows(self, "member", people_of(family_of(actor)))

    def perform(self, *, by: Actor, now: datetime) -> None:
        operations.add_member(self.group, self.cleaned_data["member"], by=by, now=now)


class MemberRemoveForm(DeedForm):
    done = gettext_lazy("Medlemmet er tatt ut.")

    person = forms.ModelChoiceField(queryset=Person.objects.none(), widget=forms.HiddenInput)

    def __init__(self, *args: Any, group: ProfessionalGroup, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.group = group
        offer_rows(self, "person", group.members.all())

    def perform(self, *, by: Actor, now: datetime) -> None:
        operations.remove_member(self.group, self.cleaned_data["person"], by=by, now=now)
