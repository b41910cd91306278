"""What the API shows of benefits, how they are shown to come, and what was measured."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, ClassVar

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from benefits.models import Benefit, Indicator, Measurement
from core.api.rows import Derived, Row
from core.api.transitions import OfferedTransition
from organization.api.rows import PersonReference


def _id(text: Any, *, source: str = "", null: bool = False) -> serializers.IntegerField:
    options: dict[str, Any] = {"source": source} if source else {}
    return serializers.IntegerField(help_text=text, allow_null=null, **options)


def _changed() -> serializers.DateTimeField:
    return serializers.DateTimeField(help_text=_("Sist endret."))


@lru_cache(maxsize=1)
def _page() -> str:
    return f"{settings.PUBLIC_URL}{reverse('benefits:benefit_detail', args=[0])}"


def page_of(pk: int) -> str:
    return _page().replace("/0/", f"/{pk}/")


class BenefitReference(Row):
    """A benefit as it stands beside its id."""

    resource = "benefits"
    about = _("En gevinst, slik den står ved siden av id-en.")

    class Meta:
        model = Benefit
        fields = ("id", "title", "status")


class IndicatorReference(Row):
    """An indicator as it stands beside its id."""

    resource = "indicators"
    about = _("En indikator, slik den står ved siden av id-en.")

    class Meta:
        model = Indicator
        fields = ("id", "name", "target")


class BenefitRow(Row):
    """A benefit of an initiative's plan."""

    about = _("En gevinst som et tiltak skal gi.")

    initiative_id = _id(_("Tiltaket."))
    municipality_id = _id(
        _("Kommunen eller regionen som eier tiltaket."), source="initiative.municipality_id"
    )
    unit_id = _id(_("Enheten tiltaket gjelder."), source="initiative.unit_id")
    service_owner_id = _id(_("Tjenesteeieren som skal ta den ut."), null=True)
    created_at = serializers.DateTimeField(help_text=_("Når den ble skrevet inn."))
    changed_at = _changed()
    page_url = Derived(
        ("id",), page_of, shown_as=serializers.URLField(help_text=_("Gevinstens side i Stafett."))
    )
    service_owner = PersonReference(allow_null=True)

    class Meta:
        model = Benefit
        ref_name = "Benefit"
        fields = (
            "id", "title", "how", "beneficiary", "kind", "form", "status", "initiative_id", "municipality_id", "unit_id",
            "kroner_per_year", "hours_per_year", "full_effect_from", "prerequisites", "losers", "service_owner_id", "ownership",
            "points", "used_for", "cut_amount", "cut_account", "cut_year", "created_at", "changed_at", "page_url",
            "service_owner",
        )  # fmt: skip


class BenefitRecord(BenefitRow):
    """One benefit, which can bring what may be done with it."""

    about = _("Én gevinst.")
    optional = frozenset({"available_transitions"})
    available_transitions = OfferedTransition(
        many=True, help_text=_("Med `?expand=available_transitions`: det du kan gjøre nå.")
    )

    class Meta:
        model = Benefit
        ref_name = "BenefitRecord"
        fields: ClassVar[Any] = (*BenefitRow.Meta.fields, "available_transitions")


class IndicatorRow(Row):
    """What is counted to see whether a benefit comes."""

    about = _("Det som telles for å se om en gevinst kommer.")

    benefit_id = _id(_("Gevinsten."))
    municipality_id = _id(
        _("Kommunen eller regionen som eier tiltaket."), source="benefit.initiative.municipality_id"
    )
    measured_in = serializers.CharField(source="unit", help_text=_("Måleenheten, for eksempel «timer»."))
    responsible_id = _id(_("Den som måler, null når det er tjenesteeieren."), null=True)
    created_at = serializers.DateTimeField(help_text=_("Når den ble skrevet inn."))
    changed_at = _changed()
    benefit = BenefitReference()
    responsible = PersonReference(allow_null=True)

    class Meta:
        model = Indicator
        ref_name = "Indicator"
        fields = (
            "id", "benefit_id", "municipality_id", "name", "quantity", "measured_in", "method", "source", "direction", "target",
            "forecast", "baseline_on", "first_on", "last_on", "every", "responsible_id", "is_main", "created_at", "changed_at",
            "benefit", "responsible",
        )  # fmt: skip


class MeasurementRow(Row):
    """A point of the schedule: due, then measured, then verified.  Without a value it is not measured; zero is zero."""

    about = _("Et punkt i måleplanen. Uten verdi er det ikke målt; null er null.")

    indicator_id = _id(_("Indikatoren."))
    benefit_id = _id(_("Gevinsten."), source="indicator.benefit_id")
    measured_by_id = _id(_("Den som målte."), null=True)
    verified_by_id = _id(_("Den i økonomi som bekreftet."), null=True)
    verified_at = serializers.DateTimeField(allow_null=True, help_text=_("Når den ble bekreftet."))
    changed_at = _changed()
    indicator = IndicatorReference()
    measured_by = PersonReference(allow_null=True)

    class Meta:
        model = Measurement
        ref_name = "Measurement"
        fields = (
            "id", "indicator_id", "benefit_id", "kind", "due_on", "measured_on", "value", "comment", "measured_by_id",
            "verified_by_id", "verified_at", "changed_at", "indicator", "measured_by",
        )  # fmt: skip
