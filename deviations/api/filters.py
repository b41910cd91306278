"""The filters of the list of deviations: what stands on the card, and search in what is readable."""

from __future__ import annotations

from typing import TYPE_CHECKING

import django_filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.api.filtering import Filters, FlagFilter, IdFilter, MomentFilter
from deviations.models import Category, Kind, Status
from organization.api.filters import below

if TYPE_CHECKING:
    from deviations.queries import DeviationQuerySet


class DeviationFilters(Filters):
    q = django_filters.CharFilter(
        method="by_text", max_length=200, help_text=_("Ord i det som er skrevet, der du leser det.")
    )
    status = django_filters.MultipleChoiceFilter(
        choices=Status.choices, help_text=_("Hvor saken står. Kan gjentas.")
    )
    kind = django_filters.ChoiceFilter(choices=Kind.choices, help_text=_("Hva slags melding."))
    category = django_filters.ChoiceFilter(choices=Category.choices, help_text=_("Kategorien."))
    type = IdFilter(field_name="type_id", help_text=_("Typen i kommunens katalog."))
    number = django_filters.CharFilter(max_length=20, help_text=_("Nummeret, for eksempel A2026-0042."))
    municipality = IdFilter(field_name="municipality_id", help_text=_("Kommunen."))
    unit = IdFilter(field_name="unit_id", help_text=_("Enheten."))
    below = IdFilter(method="by_line", help_text=_("Enheten og alt under den."))
    responsible = IdFilter(field_name="responsible_id", help_text=_("Lederen som tar imot."))
    handler = IdFilter(field_name="handler_id", help_text=_("Behandleren."))
    mine = FlagFilter(method="by_mine", help_text=_("Det du selv har meldt, eller bare det andre."))
    in_my_hands = FlagFilter(method="by_hands", help_text=_("Saker som ligger hos deg, eller bare de andre."))
    open = FlagFilter(method="by_open", help_text=_("Åpne saker, eller bare de som er avsluttet."))
    overdue = FlagFilter(method="by_overdue", help_text=_("Saker over fristen, eller bare de andre."))
    confidential = FlagFilter(
        field_name="is_confidential", help_text=_("Fortrolige saker, eller bare de andre.")
    )
    updated_after = MomentFilter(
        field_name="changed_at", lookup_expr="gt", help_text=_("Endret etter dette tidspunktet.")
    )
    updated_before = MomentFilter(
        field_name="changed_at", lookup_expr="lt", help_text=_("Endret før dette tidspunktet.")
    )
    reported_after = MomentFilter(
        field_name="reported_at", lookup_expr="gt", help_text=_("Meldt etter dette tidspunktet.")
    )
    reported_before = MomentFilter(
        field_name="reported_at", lookup_expr="lt", help_text=_("Meldt før dette tidspunktet.")
    )

    def by_text(self, rows: DeviationQuerySet, _name: str, text: str) -> DeviationQuerySet:
        return rows.matching(text, self.actor)

    def by_line(self, rows: DeviationQuerySet, _name: str, pk: int) -> DeviationQuerySet:
        return rows.filter(unit_id__in=below(pk, self.actor).order_by().values("pk"))

    def by_mine(self, rows: DeviationQuerySet, _name: str, wanted: bool) -> DeviationQuerySet:
        return _those(rows, rows.of_reporter(self.actor), wanted)

    def by_hands(self, rows: DeviationQuerySet, _name: str, wanted: bool) -> DeviationQuerySet:
        return _those(rows, rows.in_hands_of(self.actor), wanted)  # type: ignore[arg-type]

    def by_open(self, rows: DeviationQuerySet, _name: str, wanted: bool) -> DeviationQuerySet:
        return rows.open() if wanted else rows.ended()

    def by_overdue(self, rows: DeviationQuerySet, _name: str, wanted: bool) -> DeviationQuerySet:
        return _those(rows, rows.overdue(timezone.localdate()), wanted)


class DeviationTypeFilters(Filters):
    municipality = IdFilter(field_name="municipality_id", help_text=_("Kommunen."))
    category = django_filters.ChoiceFilter(choices=Category.choices, help_text=_("Kategorien."))
    code = django_filters.CharFilter(max_length=40, help_text=_("Koden."))
    active = FlagFilter(
        field_name="is_active", help_text=_("Typer som er i bruk, eller bare de som er tatt ut.")
    )
    updated_after = MomentFilter(
        field_name="changed_at", lookup_expr="gt", help_text=_("Endret etter dette tidspunktet.")
    )


def _those(rows: DeviationQuerySet, named: DeviationQuerySet, wanted: bool) -> DeviationQuerySet:
    return named if wanted else rows.exclude(pk__in=named.order_by().values("pk"))
