"""What the API shows of units, people and goals."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from core.api.rows import Row
from organization.models import Goal, Person, Unit


class UnitReference(Row):
    """A unit as it stands beside its id."""

    about = _("En enhet, slik den står ved siden av id-en.")

    class Meta:
        model = Unit
        fields = ("id", "name", "kind", "code")


class PersonReference(Row):
    """A person as it stands beside the id: name and position, which everybody may know."""

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
            "municipality_id", "unit_id", "parent_id", "owner_id", "changed_at", "unit", "owner",
        )  # fmt: skip
