"""The filters of the list of initiatives: what stands on the card, and search in what is readable.

The papers cannot be filtered by: whoever may not read a field could else guess it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.api.filtering import Filters, FlagFilter, IdFilter, MomentFilter
from governance.api.rows import STAGE_CHOICES
from governance.models import Status
from governance.models.status import FINAL, STAGES
from organization.api.filters import below

if TYPE_CHECKING:
    from governance.queries import InitiativeQuerySet


class InitiativeFilters(Filters):
    q = django_filters.CharFilter(
        method="by_text", max_length=200,
        help_text=_('Ord i tittel og nummer, og i innholdet der du leser det. «"hele uttrykk"», «eller» skrevet «or», og «-uten».'),
    )  # fmt: skip
    status = django_filters.MultipleChoiceFilter(
        choices=Status.choices, help_text=_("Hvor saken står. Kan gjentas.")
    )
    stage = django_filters.ChoiceFilter(
        choices=STAGE_CHOICES, method="by_stage", help_text=_("Delen av saksgangen.")
    )
    number = django_filters.CharFilter(max_length=20, help_text=_("Nummeret, for eksempel 2026-014."))
    municipality = IdFilter(
        method="by_municipality", help_text=_("Kommunen eller regionen som eier saken, eller som deltar.")
    )
    unit = IdFilter(field_name="unit_id", help_text=_("Enheten."))
    below = IdFilter(method="by_line", help_text=_("Enheten og alt under den."))
    submitter = IdFilter(field_name="submitter_id", help_text=_("Innmelderen."))
    case_handler = IdFilter(field_name="case_handler_id", help_text=_("Saksbehandleren."))
    service_owner = IdFilter(field_name="service_owner_id", help_text=_("Tjenesteeieren."))
    mine = FlagFilter(
        method="by_mine", help_text=_("Saker du har skrevet eller er navngitt i, eller bare de andre.")
    )
    in_my_hands = FlagFilter(method="by_hands", help_text=_("Saker som venter på deg, eller bare de andre."))
    open = FlagFilter(method="by_open", help_text=_("Saker som er i gang, eller bare de som er avsluttet."))
    overdue = FlagFilter(method="by_overdue", help_text=_("Saker over fristen, eller bare de andre."))
    updated_after = MomentFilter(
        field_name="changed_at", lookup_expr="gt", help_text=_("Endret etter dette tidspunktet.")
    )
    updated_before = MomentFilter(
        field_name="changed_at", lookup_expr="lt", help_text=_("Endret før dette tidspunktet.")
    )
    submitted_after = MomentFilter(
        field_name="submitted_at", lookup_expr="gt", help_text=_("Sendt inn etter dette tidspunktet.")
    )
    submitted_before = MomentFilter(
        field_name="submitted_at", lookup_expr="lt", help_text=_("Sendt inn før dette tidspunktet.")
    )

    def by_text(self, rows: InitiativeQuerySet, _name: str, text: str) -> InitiativeQuerySet:
        return rows.matching(text, self.actor)

    def by_stage(self, rows: InitiativeQuerySet, _name: str, key: str) -> InitiativeQuerySet:
        staged = {name: states for name, _label, states in STAGES}
        if key in staged:
            return rows.filter(status__in=staged[key])
        return rows.filter(status__in=FINAL - frozenset[Status]().union(*staged.values()))

    def by_municipality(self, rows: InitiativeQuerySet, _name: str, pk: int) -> InitiativeQuerySet:
        return rows.in_municipality(pk)

    def by_line(self, rows: InitiativeQuerySet, _name: str, pk: int) -> InitiativeQuerySet:
        return rows.filter(unit_id__in=below(pk, self.actor).order_by().values("pk"))

    def by_mine(self, rows: InitiativeQuerySet, _name: str, wanted: bool) -> InitiativeQuerySet:
        return _those(rows, rows.concerning(self.actor), wanted)  # type: ignore[arg-type]

    def by_hands(self, rows: InitiativeQuerySet, _name: str, wanted: bool) -> InitiativeQuerySet:
        return _those(rows, rows.in_my_hands(self.actor, timezone.localdate()), wanted)  # type: ignore[arg-type]

    def by_open(self, rows: InitiativeQuerySet, _name: str, wanted: bool) -> InitiativeQuerySet:
        return rows.open() if wanted else rows.filter(status__in=FINAL)

    def by_overdue(self, rows: InitiativeQuerySet, _name: str, wanted: bool) -> InitiativeQuerySet:
        return _those(rows, rows.overdue(timezone.localdate()), wanted)


def _those(rows: InitiativeQuerySet, named: Any, wanted: bool) -> InitiativeQuerySet:
    """Return the rows that are among ``named``, or those that are not."""
    return named if wanted else rows.exclude(pk__in=named.order_by().values("pk"))
