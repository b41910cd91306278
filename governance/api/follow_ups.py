"""``/api/v1/follow-ups/``: how decisions are followed up, read and carried on by the rules of the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import django_filters
from django.db.models import F
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers

from core.access import log_read
from core.api.bodies import cleaned
from core.api.filtering import ChangedFilters, FlagFilter, IdFilter, check_known
from core.api.idempotency import once
from core.api.preconditions import check_version, version_of_record
from core.api.rows import Row
from core.api.schema import FormBody
from core.api.singles import (
    SingleDetailView,
    SingleTransitionListView,
    SingleTransitionView,
    SingleView,
)
from core.api.transitions import OfferedTransition
from core.api.views import ListView
from core.seeing import lock
from governance.api import examples
from governance.following_up import Assignment, set_follow_up
from governance.forms.follow_up import MoveFollowUpForm
from governance.models import FollowUp, FollowUpStatus
from governance.workflow import follow_up_workflow
from organization.api.rows import PersonReference

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet
    from django.http import HttpResponseBase
    from rest_framework.request import Request
    from rest_framework.response import Response

    from core.actors import Actor


def _id(text: Any, *, null: bool = False, source: str = "") -> serializers.IntegerField:
    options: dict[str, Any] = {"source": source} if source else {}
    return serializers.IntegerField(help_text=text, allow_null=null, **options)


class FollowUpRow(Row):
    """What is done about a decision, to those who read its words and to who is to carry them out."""

    about = _("Oppfølgingen av et vedtak.")

    id = _id(_("Vedtakets id: oppfølgingen har ingen egen."))
    decision_id = _id(_("Vedtaket som følges opp."))
    number = serializers.CharField(source="decision.number", help_text=_("Vedtakets løpenummer."))
    municipality_id = _id(_("Kommunen eller regionen som har vedtatt."), source="decision.municipality_id")
    responsible_id = _id(_("Den som følger opp nå."), null=True)
    evidence_url = serializers.CharField(help_text=_("Lenke til dokumentasjon, ellers tom."))
    status_since = serializers.DateTimeField(help_text=_("Når oppfølgingen kom dit den står nå."))
    closed_at = serializers.DateTimeField(
        allow_null=True, help_text=_("Når den ble meldt utført eller falt bort.")
    )
    closed_by_id = _id(_("Den som avsluttet den."), null=True)
    changed_at = serializers.DateTimeField(help_text=_("Sist endret."))
    responsible = PersonReference(allow_null=True)

    class Meta:
        model = FollowUp
        ref_name = "FollowUp"
        fields: ClassVar[Any] = (
            "id", "decision_id", "number", "municipality_id", "status", "status_since", "responsible_id", "due_on", "evidence",
            "evidence_url", "closed_at", "closed_by_id", "changed_at", "responsible",
        )  # fmt: skip


class FollowUpRecord(FollowUpRow):
    """One follow-up, which can bring what may be done with it."""

    about = _("Oppfølgingen av ett vedtak.")
    optional = frozenset({"available_transitions"})
    available_transitions = OfferedTransition(
        many=True, help_text=_("Med `?expand=available_transitions`: det du kan gjøre nå.")
    )

    class Meta:
        model = FollowUp
        ref_name = "FollowUpRecord"
        fields: ClassVar[Any] = (*FollowUpRow.Meta.fields, "available_transitions")


class FollowUpFilters(ChangedFilters):
    municipality = IdFilter(
        field_name="decision__municipality_id", help_text=_("Kommunen eller regionen som har vedtatt.")
    )
    initiative = IdFilter(field_name="decision__initiative_id", help_text=_("Tiltaket vedtaket gjelder."))
    meeting = IdFilter(
        field_name="decision__agenda_item__meeting_id", help_text=_("Møtet det ble vedtatt i.")
    )
    responsible = IdFilter(field_name="responsible_id", help_text=_("Den ansvarlige."))
    status = django_filters.MultipleChoiceFilter(
        choices=FollowUpStatus.choices, help_text=_("Hvor oppfølgingen står. Kan gjentas.")
    )
    overdue = FlagFilter(
        method="by_overdue", help_text=_("Bare det som ikke er avsluttet og er over fristen, eller bare det andre.")
    )  # fmt: skip

    def by_overdue(self, rows: Any, _name: str, wanted: bool) -> Any:
        late = rows.late(timezone.localdate())
        return late if wanted else rows.exclude(pk__in=late.order_by().values("pk"))


@extend_schema_view(
    get=extend_schema(
        operation_id="follow_ups_list",
        summary=_("List oppfølging av vedtak"),
        description=_("Oppfølgingen av vedtakene du leser ordlyden i, og det du selv skal følge opp."),
        examples=[examples.FOLLOW_UP],
    )
)
class FollowUpList(ListView):
    resource = "decisions"
    serializer_class = FollowUpRow
    filterset_class = FollowUpFilters
    expands = FollowUpRow

    def get_queryset(self) -> QuerySet[Any]:
        return FollowUp.objects.visible_to(self.actor).annotate(id=F("decision_id"))


class _OneFollowUp(SingleView):
    listing = FollowUpList
    record = FollowUpRecord
    workflows = (follow_up_workflow,)

    def load(self, pk: int) -> Any:
        return seen_by(self.caller, pk)

    def note(self, row: dict[str, Any]) -> None:
        """Log that the evidence of a shielded case was read."""
        initiative = seen_by(self.caller, row["id"]).decision.initiative
        if initiative is not None and initiative.is_shielded:
            log_read(initiative, what="api: follow-up", by=self.caller, now=timezone.now())


def seen_by(actor: Actor, pk: int) -> FollowUp:
    """Return the follow-up with what its policies ask.

    :raises Http404: there is none that the actor may know of.
    """
    rows = FollowUp.objects.visible_to(actor).select_related(
        "decision__initiative", "decision__municipality", "responsible"
    )
    row: FollowUp = get_object_or_404(rows, pk=pk)
    return row


CHANGE = FormBody("FollowUpChange", [MoveFollowUpForm])


class FollowUpDetail(_OneFollowUp, SingleDetailView):
    people_only = ("PATCH",)
    idempotent = ("PATCH",)
    versioned: ClassVar[Any] = {"PATCH": True}
    problems: ClassVar[Any] = {"PATCH": (412, 428)}
    tagged = ("GET", "PATCH")

    @extend_schema(
        operation_id="follow_ups_retrieve",
        summary=_("Hent oppfølgingen av ett vedtak"),
        description=_("Det samme som i lista, og `ETag`. Lesing i en skjermet sak føres i tilgangsloggen."),
        examples=[examples.FOLLOW_UP],
    )
    def get(self, request: Request, pk: int) -> Response:
        return super().get(request, pk)

    @extend_schema(
        operation_id="follow_ups_partial_update",
        summary=_("Endre ansvarlig eller frist"),
        description=_("For sekretariatet, med begrunnelse. Det som ikke sendes, står. En avsluttet oppfølging gjenåpnes først."),
        request=CHANGE,
        responses={200: FollowUpRecord},
    )  # fmt: skip
    def patch(self, request: Request, pk: int) -> HttpResponseBase:
        check_known(request, ())
        seen_by(self.caller, pk)
        now = timezone.now()
        return once(request, lambda: self._change(request, pk, now), again=self.answer, now=now)

    def _change(self, request: Request, pk: int, now: datetime) -> Response:
        locked = lock(FollowUp(pk=pk), self.caller)
        check_version(request, version_of_record(locked), required=True)
        row = seen_by(self.caller, pk)
        data = cleaned(
            lambda data: MoveFollowUpForm(data, decision=row.decision, now_set=row),
            request.data,
            partial=True,
        )
        set_follow_up(row.decision, Assignment(**data, began=row.changed_at), by=self.caller, now=now)
        return self.answer(pk)


class FollowUpTransitions(_OneFollowUp, SingleTransitionListView):
    """What the caller may do with the follow-up of a decision."""


class FollowUpTransition(_OneFollowUp, SingleTransitionView):
    answers = "FollowUp"
