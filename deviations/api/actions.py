"""``/api/v1/corrective-actions/``: what is done about deviations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import django_filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers

from core.api.filtering import FlagFilter, IdFilter
from core.api.rows import Row
from core.api.singles import (
    SingleDetailView,
    SingleTransitionListView,
    SingleTransitionView,
    SingleView,
)
from core.api.transitions import OfferedTransition
from core.api.views import ListView
from deviations.api import examples
from deviations.models import ActionStatus, CorrectiveAction
from deviations.views.loading import action_seen_by
from deviations.workflow import action_workflow
from organization.api.filters import PlaceFilters
from organization.api.rows import PersonReference, UnitReference

if TYPE_CHECKING:
    from django.db.models import QuerySet


def _id(text: Any) -> serializers.IntegerField:
    return serializers.IntegerField(help_text=text)


class ActionRow(Row):
    """An action of a unit; the deviations it serves have a visibility of their own and are not told here."""

    about = _("Et tiltak på ett eller flere avvik. Hvilke avvik står ikke her.")

    municipality_id = _id(_("Kommunen."))
    unit_id = _id(_("Enheten som gjør det."))
    owner_id = _id(_("Den ansvarlige."))
    status_since = serializers.DateTimeField(help_text=_("Når tiltaket kom dit det står nå."))
    done_at = serializers.DateTimeField(allow_null=True, help_text=_("Når det ble utført."))
    created_at = serializers.DateTimeField(help_text=_("Når det ble foreslått."))
    changed_at = serializers.DateTimeField(help_text=_("Sist endret."))
    unit = UnitReference()
    municipality = UnitReference()
    owner = PersonReference()

    class Meta:
        model = CorrectiveAction
        ref_name = "CorrectiveAction"
        fields = (
            "id", "title", "description", "kind", "status", "status_since", "municipality_id", "unit_id", "owner_id", "due_on",
            "cost", "outcome", "done_at", "is_evaluated", "effect", "created_at", "changed_at", "unit", "municipality", "owner",
        )  # fmt: skip


class ActionRecord(ActionRow):
    """One action, which can bring what may be done with it."""

    about = _("Ett tiltak på ett eller flere avvik.")
    optional = frozenset({"available_transitions"})
    available_transitions = OfferedTransition(
        many=True, help_text=_("Med `?expand=available_transitions`: det du kan gjøre nå.")
    )

    class Meta:
        model = CorrectiveAction
        ref_name = "CorrectiveActionRecord"
        fields: ClassVar[Any] = (*ActionRow.Meta.fields, "available_transitions")


class ActionFilters(PlaceFilters):
    q = django_filters.CharFilter(method="by_text", max_length=200, help_text=_("Deler av tittelen."))
    status = django_filters.MultipleChoiceFilter(
        choices=ActionStatus.choices, help_text=_("Hvor tiltaket står. Kan gjentas.")
    )
    kind = django_filters.ChoiceFilter(choices=CorrectiveAction.Kind.choices, help_text=_("Typen."))
    owner = IdFilter(field_name="owner_id", help_text=_("Den ansvarlige."))
    open = FlagFilter(method="by_open", help_text=_("Bare det som ikke er ferdig, eller bare det andre."))
    overdue = FlagFilter(method="by_overdue", help_text=_("Bare åpne tiltak over fristen, eller bare andre."))

    def by_text(self, rows: Any, _name: str, text: str) -> Any:
        return rows.matching(text)

    def by_open(self, rows: Any, _name: str, wanted: bool) -> Any:
        return rows.open() if wanted else rows.exclude(pk__in=rows.open().order_by().values("pk"))

    def by_overdue(self, rows: Any, _name: str, wanted: bool) -> Any:
        late = rows.open().filter(due_on__lt=timezone.localdate())
        return late if wanted else rows.exclude(pk__in=late.order_by().values("pk"))


@extend_schema_view(
    get=extend_schema(
        operation_id="corrective_actions_list",
        summary=_("List tiltak på avvik"),
        description=_("Egne tiltak, de i egen linje, og de på avvik du har i hende. Tiltak på fortrolige avvik er ikke med for linjen."),
        examples=[examples.ACTION],
    )
)  # fmt: skip
class ActionList(ListView):
    resource = "corrective-actions"
    serializer_class = ActionRow
    filterset_class = ActionFilters
    expands = ActionRow

    def get_queryset(self) -> QuerySet[Any]:
        return CorrectiveAction.objects.visible_to(self.actor)


class _OneAction(SingleView):
    listing = ActionList
    record = ActionRecord
    workflows = (action_workflow,)

    def load(self, pk: int) -> Any:
        return action_seen_by(self.caller, pk)


@extend_schema_view(
    get=extend_schema(
        operation_id="corrective_actions_retrieve",
        summary=_("Hent ett tiltak på avvik"),
        description=_("Det samme som i lista, og `ETag`."),
        examples=[examples.ACTION],
    )
)
class ActionDetail(_OneAction, SingleDetailView):
    pass


class ActionTransitions(_OneAction, SingleTransitionListView):
    """What the caller may do with a corrective action."""


class ActionTransition(_OneAction, SingleTransitionView):
    answers = "Action"
