"""Forms of roles: which one, on what terms, and until when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.formats import long_date
from core.forms import DateField, Form, IntegerField, offer_choices, offer_rows
from organization import operations
from organization.forms.base import DeedForm, RowForm
from organization.forms.choices import PersonField, UnitField, people_of
from organization.forms.units import sensible_day
from organization.models import RoleAssignment, Unit
from organization.policies import CASE_ROLES, may_edit_person
from organization.roles import COUNCIL_ROLES, Role

if TYPE_CHECKING:
    from datetime import date, datetime

    from core.actors import Actor
    from organization.actors import PersonActor
    from organization.models import Person

# Fields that only some roles have.
_ONLY_FOR: dict[str, frozenset[Role]] = {
    "allocated_percentage": frozenset({Role.COORDINATOR}),
    "field": COUNCIL_ROLES,
    "competence": COUNCIL_ROLES,
    "is_leading": frozenset({Role.SECRETARIAT}),
}


class RoleChoiceForm(Form):
    """The first step: which role.  An administrator gives himself no role that reads cases."""

    rolle = forms.ChoiceField(label=gettext_lazy("Hvilken rolle?"))

    def __init__(self, *args: Any, person: Person, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_self = person.pk == actor.person_id
        choices = [choice for choice in Role.choices if not self.is_self or choice[0] not in CASE_ROLES]
        offer_choices(self, "rolle", choices)


class RoleForm(RowForm):
    """The second step: where, from when, and what goes with the role chosen."""

    checked_with = frozenset({"role"})
    done = gettext_lazy("Rollen er gitt.")

    unit = UnitField(label=gettext_lazy("Enhet"))
    allocated_percentage = IntegerField(
        label=gettext_lazy("Avsatt tid"), required=False, min_value=0, max_value=100, suffix="%"
    )
    stand_in_for = PersonField(
        label=gettext_lazy("Vikar for"),
        required=False,
        help_text=gettext_lazy("Bare hvis rollen er et vikariat."),
    )

    class Meta:
        model = RoleAssignment
        fields = (
            "unit", "valid_from", "valid_to", "allocated_percentage", "field", "competence", "is_leading",
            "stand_in_for", "is_main",
        )  # fmt: skip
        labels: ClassVar[dict[str, Any]] = {
            "valid_from": gettext_lazy("Fra og med"),
            "is_main": gettext_lazy("Dette er hovedstillingen"),
            "is_leading": gettext_lazy("Leder sekretariatet og kan avgjøre på fullmakt"),
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "valid_to": gettext_lazy(
                "Den dagen tilgangen faller bort. La stå tomt hvis rollen ikke er tidsbegrenset."
            ),
        }

    def __init__(self, *args: Any, actor: PersonActor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        for name, roles in _ONLY_FOR.items():
            if self.instance.role not in roles:
                del self.fields[name]
        if not may_edit_person(actor, self.instance.person):
            del self.fields["is_main"]  # whose main position is elsewhere, stays there
        units = Unit.objects.managed_by(actor).open_on(timezone.localdate()).order_by("path")
        offer_rows(self, "unit", units)
        offer_rows(self, "stand_in_for", people_of(actor.municipality_ids))
        self.initial["valid_from"] = timezone.localdate()

    def clean_valid_from(self) -> date | None:
        return sensible_day(self.cleaned_data["valid_from"])

    def clean_valid_to(self) -> date | None:
        return sensible_day(self.cleaned_data["valid_to"])

    def clean_stand_in_for(self) -> Person | None:
        person: Person | None = self.cleaned_data["stand_in_for"]
        if person is not None and person.pk == self.instance.person_id:
            raise ValidationError(_("Ingen kan være vikar for seg selv."))
        return person

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("unit") and data.get("valid_from"):
            twin = twin_of(self.instance, data["unit"], data["valid_from"], data.get("valid_to"))
            if twin is not None:
                self.add_error("unit", twin_problem(twin))
        return data

    def perform(self, *, by: Actor, now: datetime) -> RoleAssignment:
        shown = {name: self.cleaned_data[name] for name in RoleForm.Meta.fields if name in self.fields}
        return operations.give_role(
            person=self.instance.person, role=self.instance.role, by=by, now=now, **shown
        )


def twin_of(row: RoleAssignment, unit: Unit, begins: date, ends: date | None) -> RoleAssignment | None:
    """Return a role that the person already has there in the same period."""
    meets = Q(valid_to=None) | Q(valid_to__gt=begins)
    if ends is not None:
        meets &= Q(valid_from__lt=ends)
    rows = RoleAssignment.objects.filter(meets, person_id=row.person_id, role=row.role, unit=unit)
    found: RoleAssignment | None = rows.exclude(valid_to=F("valid_from")).first()  # those never began
    return found


def twin_problem(twin: RoleAssignment) -> str:
    return _(
        "Personen har alt denne rollen her fra %(day)s. Avslutt den først, eller velg en senere dato."
    ) % {"day": long_date(twin.valid_from)}


class RoleEndForm(DeedForm):
    done = gettext_lazy("Rollen er avsluttet. Den står i historikken.")

    day = DateField(
        label=gettext_lazy("Første dag uten rollen"),
        help_text=gettext_lazy("Tilgangen faller bort denne dagen."),
    )
    reason = forms.CharField(label=gettext_lazy("Merknad"), required=False, max_length=300)

    def __init__(self, *args: Any, row: RoleAssignment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row
        self.fields["day"].initial = max(timezone.localdate(), row.valid_from)

    def clean_day(self) -> date | None:
        day = sensible_day(self.cleaned_data["day"])
        if day is not None and day < self.row.valid_from:
            raise ValidationError(
                _("Rollen begynner %(day)s. Velg den dagen eller senere.")
                % {"day": long_date(self.row.valid_from)}
            )
        return day

    def perform(self, *, by: Actor, now: datetime) -> RoleAssignment:
        data = self.cleaned_data
        return operations.end_role(self.row, on=data["day"], reason=data["reason"], by=by, now=now)
