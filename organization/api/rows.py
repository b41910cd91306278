"""What the API shows of units, people and goals."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from core.api.rows import Row
from core.api.schema import Shape
from organization.models import Goal, Person, Service, Unit


class UnitReference(Row):
    """A unit as it stands beside its id."""

    resource = "units"
    about = _("En enhet, slik den står ved siden av id-en.")

    class Meta:
        model = Unit
        fields = ("id", "name", "kind", "code")


class PersonReference(Row):
    """A person as it stands beside the id: name and position, which everybody may know."""

    resource = "people"
    about = _("En person: navn og stilling.")

    class Meta:
        model = Person
        fields = ("id", "name", "title")


class UnitRow(Row):
    """A unit of the tree."""

    about = _("En enhet i organisasjonen.")

    parent_id = serializers.IntegerField(allow_null=True, help_text=_("Enheten over, eller null på toppen."))
    municipality_id = serializers.IntegerField(help_text=_("Kommunen eller regionen enheten hører til."))
    region_id = serializers.IntegerField(allow_null=True, help_text=_("Regionen kommunen er en del av."))
    changed_at = serializers.DateTimeField(help_text=_("Sist endret."))
    municipality = UnitReference()

    class Meta:
        model = Unit
        ref_name = "Unit"
        fields = (
            "id", "name", "short_name", "kind", "code", "orgnr", "parent_id", "municipality_id", "region_id",
            "closed_on", "changed_at", "municipality",
        )  # fmt: skip


class GoalRow(Row):
    """A strategic goal of a strategy or plan."""

    about = _("Et mål i en strategi eller plan.")

    strategy_id = serializers.IntegerField(help_text=_("Strategien målet står i."))
    strategy_title = serializers.CharField(source="strategy.title", help_text=_("Strategiens tittel."))
    strategy_version = serializers.CharField(source="strategy.version", help_text=_("Strategiens versjon."))
    municipality_id = serializers.IntegerField(
        source="strategy.municipality_id", help_text=_("Kommunen eller regionen som har vedtatt strategien.")
    )
    adopted_on = serializers.DateField(
        source="strategy.adopted_on",
        allow_null=True,
        help_text=_("Da strategien ble vedtatt, eller null i et utkast."),
    )
    adopted_body = serializers.CharField(
        source="strategy.adopted_body",
        help_text=_("Organet som vedtok den, som kode. Tomt i eldre strategier."),
    )
    adopted_by = serializers.CharField(
        source="strategy.adopted_by", help_text=_("Organet med ord, der det ikke har en kode.")
    )
    adopted_reference = serializers.CharField(
        source="strategy.adopted_reference", help_text=_("Saksnummeret til vedtaket.")
    )
    adopted_link = serializers.CharField(
        source="strategy.adopted_link", help_text=_("Lenke til det offentlige dokumentet.")
    )
    unit_id = serializers.IntegerField(help_text=_("Enheten målet gjelder."))
    parent_id = serializers.IntegerField(allow_null=True, help_text=_("Målet dette er en del av."))
    owner_id = serializers.IntegerField(allow_null=True, help_text=_("Måleieren."))
    changed_at = serializers.DateTimeField(help_text=_("Sist endret."))
    unit = UnitReference()
    owner = PersonReference(allow_null=True)

    class Meta:
        model = Goal
        ref_name = "Goal"
        fields = (
            "id", "code", "title", "indicator", "strategy_id", "strategy_title", "strategy_version",
            "municipality_id", "adopted_on", "adopted_body", "adopted_by", "adopted_reference", "adopted_link", "unit_id",
            "parent_id", "owner_id", "changed_at", "unit", "owner",
        )  # fmt: skip


class ServiceRow(Row):
    """A service and who owns it."""

    about = _("En tjeneste, og hvem som eier den.")

    municipality_id = serializers.IntegerField(help_text=_("Kommunen tjenesten hører til."))
    unit_id = serializers.IntegerField(help_text=_("Enheten som leverer den."))
    service_owner_id = serializers.IntegerField(allow_null=True, help_text=_("Tjenesteeieren."))
    changed_at = serializers.DateTimeField(help_text=_("Sist endret."))
    unit = UnitReference()
    municipality = UnitReference()
    service_owner = PersonReference(allow_null=True)

    class Meta:
        model = Service
        ref_name = "Service"
        fields = (
            "id", "name", "description", "municipality_id", "unit_id", "service_owner_id", "changed_at", "unit",
            "municipality", "service_owner",
        )  # fmt: skip


class HeldRole(Shape):
    about = _("En rolle som holdes i dag.")

    role = serializers.CharField(help_text=_("Rollen, som kode."))
    unit_id = serializers.IntegerField(help_text=_("Enheten den gjelder, med alt under."))
    municipality_id = serializers.IntegerField(help_text=_("Kommunen eller regionen."))


class PersonRow(Row):
    """A person: name, position and roles, which everybody in the municipality may know."""

    about = _("En person: navn, stilling og roller. Ikke hvordan de nås.")

    roles = HeldRole(many=True, source="roles_held", help_text=_("Rollene i dag, i kommuner du ser."))
    changed_at = serializers.DateTimeField(
        help_text=_(
            "Sist navn eller stilling ble endret. Roller som begynner eller slutter, endrer den ikke."
        )
    )

    class Meta:
        model = Person
        ref_name = "Person"
        fields = ("id", "name", "title", "roles", "changed_at")
