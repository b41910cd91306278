"""Forms of the roles that follow from groups where people log in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy

from core.forms import offer_choices, offer_rows
from organization import operations
from organization.forms.base import DeedForm, RowForm
from organization.forms.choices import UnitField
from organization.models import GroupRole, Unit
from organization.roles import Role

if TYPE_CHECKING:
    from datetime import datetime

    from core.actors import Actor
    from organization.issuers import LogInProvider


def providers_of(municipality: Unit) -> list[LogInProvider]:
    """Return where the people of a municipality can log in."""
    return [one for one in settings.LOG_IN_PROVIDERS.values() if municipality.orgnr in one.municipalities]


class GroupRoleForm(RowForm):
    """A group, and the role that it gives on a unit."""

    checked_with = frozenset({"municipality"})
    done = gettext_lazy("Lagret. Rollen gis når de som er i gruppen, logger inn neste gang.")

    provider = forms.ChoiceField(label=gettext_lazy("Innlogging"))
    role = forms.ChoiceField(label=gettext_lazy("Rolle"))
    unit = UnitField(label=gettext_lazy("Enhet"))

    class Meta:
        model = GroupRole
        fields = ("provider", "group", "role", "unit")
        help_texts = {
            "group": gettext_lazy("Slik innloggingen skriver den, for eksempel objekt-ID-en i Entra ID."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        municipality = self.instance.municipality
        offer_choices(self, "provider", [(one.key, one.name) for one in providers_of(municipality)])
        offer_choices(self, "role", [one for one in Role.choices if one[0] != Role.ADMINISTRATOR])
        units = Unit.objects.filter(municipality=municipality).open_on(timezone.localdate())
        offer_rows(self, "unit", units.order_by("path"))

    def perform(self, *, by: Actor, now: datetime) -> GroupRole:
        added: GroupRole = operations.create(self.instance, action="add_group_role", by=by, now=now)
        return added


class GroupRoleRemoveForm(DeedForm):
    done = gettext_lazy("Gruppen gir ikke rollen lenger, og de som hadde den bare derfor, har mistet den.")

    row = forms.ModelChoiceField(GroupRole.objects.none(), widget=forms.HiddenInput)

    def __init__(self, *args: Any, municipality: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "row", GroupRole.objects.filter(municipality=municipality).select_related("unit"))

    def perform(self, *, by: Actor, now: datetime) -> None:
        operations.remove_group_role(self.cleaned_data["row"], by=by, now=now)
