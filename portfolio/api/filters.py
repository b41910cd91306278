"""The filters of the portfolio's lists."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from core.api.filtering import FlagFilter, IdFilter, MomentFilter, YearFilter
from organization.api.filters import PlaceFilters
from portfolio.models import Phase, ProjectKind, ProjectStatus, Source
from portfolio.models.status import ReportStatus


class ProjectFilters(PlaceFilters):
    q = django_filters.CharFilter(
        method="by_text", max_length=200,
        help_text=_("Ord i navnet, og i nummeret og den offentlige tittelen til tiltaket. Deler av ord fra tre tegn."),
    )  # fmt: skip
    number = django_filters.CharFilter(
        field_name="initiative__number", max_length=20, help_text=_("Nummeret, for eksempel 2026-014.")
    )
    initiative = IdFilter(field_name="initiative_id", help_text=_("Tiltaket."))
    kind = django_filters.ChoiceFilter(choices=ProjectKind.choices, help_text=_("Slaget."))
    phase = django_filters.MultipleChoiceFilter(choices=Phase.choices, help_text=_("Fasen. Kan gjentas."))
    status = django_filters.MultipleChoiceFilter(
        choices=ProjectStatus.choices, help_text=_("Hvor prosjektet står. Kan gjentas.")
    )
    owner = IdFilter(field_name="owner_id", help_text=_("Prosjekteieren."))
    manager = IdFilter(field_name="manager_id", help_text=_("Prosjektlederen."))
    programme = IdFilter(field_name="programme_id", help_text=_("Programmet."))
    parent = IdFilter(field_name="parent_id", help_text=_("Prosjektet de er en del av."))
    running = FlagFilter(
        method="by_running", help_text=_("Bare prosjekter som går, også de på vent, eller bare de andre.")
    )

    def by_text(self, rows: Any, _name: str, text: str) -> Any:
        return rows.matching(text).every

    def by_running(self, rows: Any, _name: str, wanted: bool) -> Any:
        return rows.running() if wanted else rows.exclude(status__in=["active", "paused"])


class StatusFilters(PlaceFilters):
    of = "project__"
    project = IdFilter(field_name="project_id", help_text=_("Prosjektet."))
    status = django_filters.ChoiceFilter(choices=ReportStatus.choices, help_text=_("Kladd eller publisert."))
    published_after = MomentFilter(
        field_name="published_at", lookup_expr="gt", help_text=_("Publisert etter dette tidspunktet.")
    )
    published_before = MomentFilter(
        field_name="published_at", lookup_expr="lt", help_text=_("Publisert før dette tidspunktet.")
    )


class BudgetLineFilters(PlaceFilters):
    of = "project__"
    project = IdFilter(field_name="project_id", help_text=_("Prosjektet."))
    number = django_filters.CharFilter(
        field_name="project__initiative__number",
        max_length=20,
        help_text=_("Nummeret, for eksempel 2026-014."),
    )
    year = YearFilter(field_name="year", help_text=_("Året."))
    source = django_filters.ChoiceFilter(choices=Source.choices, help_text=_("Finansieringen."))
