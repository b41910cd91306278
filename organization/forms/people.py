"""Forms of people: who they are, the day they leave, and the search for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import DateField, FilterForm, offer_rows
from organization import operations
from organization.forms.base import DeedForm, RowForm
from organization.forms.choices import UnitField
from organization.forms.units import sensible_day
from organization.models import Person, RoleAssignment, Unit
from organization.policies import home_of
from organization.roles import Role

if TYPE_CHECKING:
    from datetime import date, datetime

    from core.actors import Actor

FACTS = ("name", "username", "email", "phone", "title", "employee_number")


class PersonFilter(FilterForm):
    q = forms.CharField(label=gettext_lazy("Navn eller stilling"), required=False, max_length=100)
    rolle = forms.ChoiceField(
        label=gettext_lazy("Rolle"),
        required=False,
        choices=[("", gettext_lazy("Alle roller")), *Role.choices],
    )
    enhet = UnitField(
        label=gettext_lazy("Enhet, med alt under"), required=False, empty_label=gettext_lazy("Alle enheter")
    )
    tidligere = forms.BooleanField(label=gettext_lazy("Vis også de som har sluttet"), required=False)
    regionen = forms.BooleanField(
        label=gettext_lazy("Vis ansatte i alle kommunene i regionen"), required=False
    )

    def __init__(self, *args: Any, actor: Actor, leads_region: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = Unit.objects.visible_to(actor).open_on(timezone.localdate()).order_by("path")
        offer_rows(self, "enhet", units)
        if not leads_region:
            del self.fields["regionen"]


class _PersonFacts(RowForm):
    """What is known of a person.  A user name is one, however it is capitalised."""

    class Meta:
        model = Person
        fields = FACTS
        help_texts: ClassVar[dict[str, Any]] = {
            "username": gettext_lazy(
                "Det personen logger inn med. Bruk gjerne det samme som i kommunens andre systemer."
            ),
            "email": gettext_lazy("Påminnelser sendes hit, og «Glemt passord» virker bare med e-post."),
            "employee_number": gettext_lazy("Nummeret i lønnssystemet. Brukes når personer importeres."),
        }
        widgets: ClassVar[dict[str, Any]] = {"phone": forms.TextInput(attrs={"inputmode": "tel"})}

    def clean_username(self) -> str:
        typed: str = self.cleaned_data["username"].strip()
        if Person.objects.exclude(pk=self.instance.pk).filter(username__iexact=typed).exists():
            raise ValidationError(_("Brukernavnet er alt i bruk. Velg et annet."))
        return typed

    def clean_email(self) -> str:
        typed: str = self.cleaned_data["email"]
        if typed and Person.objects.exclude(pk=self.instance.pk).filter(email__iexact=typed).exists():
            raise ValidationError(_("E-postadressen er alt i bruk av en annen person."))
        return typed

    def check_number(self, municipality_id: int | None) -> None:
        """See that nobody else in the municipality has the employee number: imports look people up by it."""
        number = self.cleaned_data.get("employee_number")
        others = Person.objects.exclude(pk=self.instance.pk).filter(
            employee_number=number, roles__unit__municipality_id=municipality_id
        )
        if number and others.exists():
            self.add_error("employee_number", _("En annen person har dette ansattnummeret. Sjekk tallet."))


class PersonEditForm(_PersonFacts):
    done = gettext_lazy("Endringene er lagret.")

    def keep_log_in(self) -> None:
        """Show user name and e-mail without letting them be changed: the person has roles elsewhere too."""
        for name in ("username", "email"):
            self.fields[name].disabled = True
            self.fields[name].help_text = gettext_lazy(
                "Personen har også roller et annet sted. Personen endrer dette gjennom den som drifter Stafett."
            )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        home = home_of(self.instance)
        if home is not None and "employee_number" in self.changed_data:
            self.check_number(home.unit.municipality_id)
        return data

    def perform(self, *, by: Actor, now: datetime) -> Person:
        return operations.edit_person(self.edit, by=by, now=now)


class PersonCreateForm(_PersonFacts):
    unit = UnitField(label=gettext_lazy("Enhet"))
    role = forms.ChoiceField(
        label=gettext_lazy("Første rolle"),
        choices=Role.choices,
        initial=Role.EMPLOYEE,
        help_text=gettext_lazy("Blir hovedstillingen. Flere roller kan du gi etterpå."),
    )
    valid_from = DateField(label=gettext_lazy("Fra og med"))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = Unit.objects.managed_by(actor).open_on(timezone.localdate()).order_by("path")
        offer_rows(self, "unit", units)
        self.fields["valid_from"].initial = timezone.localdate()

    def clean_valid_from(self) -> date | None:
        return sensible_day(self.cleaned_data["valid_from"])

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("unit"):
            self.check_number(data["unit"].municipality_id)
        return data

    def perform(self, *, by: Actor, now: datetime) -> Person:
        data = self.cleaned_data
        first = RoleAssignment(unit=data["unit"], role=data["role"], valid_from=data["valid_from"])
        return operations.create_person(self.instance, first_role=first, by=by, now=now)


class LeaveForm(DeedForm):
    day = DateField(
        label=gettext_lazy("Første dag uten tilgang"),
        help_text=gettext_lazy(
            "Fra denne dagen gjelder ingen av rollene. Velg i dag for å stenge tilgangen nå."
        ),
    )
    reason = forms.CharField(
        label=gettext_lazy("Merknad"), required=False, max_length=300,
        help_text=gettext_lazy("Står i historikken. Ikke skriv noe om helse eller andre private forhold."),
    )  # fmt: skip

    def __init__(self, *args: Any, person: Person, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.actor = actor
        self.fields["day"].initial = timezone.localdate()

    def clean_day(self) -> date | None:
        return sensible_day(self.cleaned_data["day"])

    def perform(self, *, by: Actor, now: datetime) -> list[RoleAssignment]:
        data = self.cleaned_data
        units = Unit.objects.managed_by(self.actor)
        return operations.leave(
            self.person, units=units, on=data["day"], reason=data["reason"], by=by, now=now
        )
