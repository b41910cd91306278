"""The filters of the lists of benefits, indicators and measurements."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from benefits.models import Benefit
from core.api.filtering import FlagFilter, IdFilter
from organization.api.filters import PlaceFilters


class BenefitFilters(PlaceFilters):
    of = "initiative__"
    q = django_filters.CharFilter(
        field_name="title", lookup_expr="icontains", max_length=200, help_text=_("Del av gevinsten.")
    )
    initiative = IdFilter(field_name="initiative_id", help_text=_("Tiltaket."))
    service_owner = IdFilter(field_name="service_owner_id", help_text=_("Tjenesteeieren."))
    status = django_filters.MultipleChoiceFilter(
        choices=Benefit.Status.choices, help_text=_("Hvor gevinsten står. Kan gjentas.")
    )
    kind = django_filters.ChoiceFilter(choices=Benefit.Kind.choices, help_text=_("Typen."))
    form = django_filters.ChoiceFilter(choices=Benefit.Form.choices, help_text=_("Formen."))


class IndicatorFilters(PlaceFilters):
    of = "benefit__initiative__"
    benefit = IdFilter(field_name="benefit_id", help_text=_("Gevinsten."))
    initiative = IdFilter(field_name="benefit__initiative_id", help_text=_("Tiltaket."))
    responsible = IdFilter(field_name="responsible_id", help_text=_("Den som måler."))
    main = FlagFilter(field_name="is_main", help_text=_("Bare hovedindikatorer, eller bare de andre."))


class MeasurementFilters(PlaceFilters):
    of = "indicator__benefit__initiative__"
    indicator = IdFilter(field_name="indicator_id", help_text=_("Indikatoren."))
    benefit = IdFilter(field_name="indicator__benefit_id", help_text=_("Gevinsten."))
    initiative = IdFilter(field_name="indicator__benefit__initiative_id", help_text=_("Tiltaket."))
    measured = FlagFilter(method="by_measured", help_text=_("Bare det som er målt, eller bare det andre."))
    missing = FlagFilter(
        method="by_missing",
        help_text=_("Bare det som skulle vært målt og ikke er det, eller bare det andre."),
    )
    verified = FlagFilter(
        method="by_verified", help_text=_("Bare det som er bekreftet, eller bare det andre.")
    )

    def by_measured(self, rows: Any, _name: str, wanted: bool) -> Any:
        return rows.filter(value__isnull=not wanted)

    def by_missing(self, rows: Any, _name: str, wanted: bool) -> Any:
        missing = rows.missing(timezone.localdate())
        return missing if wanted else rows.exclude(pk__in=missing.order_by().values("pk"))

    def by_verified(self, rows: Any, _name: str, wanted: bool) -> Any:
        return rows.filter(verified_at__isnull=not wanted)
