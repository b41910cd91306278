"""``/api/v1/archive-messages/``: what shall to the archive, and whether it has come there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import serializers

from archive.models import ArchiveMessage, MessageStatus
from core.api.filtering import ChangedFilters, FlagFilter, IdFilter
from core.api.rows import Row
from core.api.singles import SingleDetailView
from core.api.views import ListView
from organization.api.rows import UnitReference

if TYPE_CHECKING:
    from django.db.models import QuerySet


class MessageRow(Row):
    """A message of the outbox: its key, its public title and where it stands."""

    about = _("En melding til sak/arkiv. Nøkkelen er den samme om den sendes på nytt.")

    municipality_id = serializers.IntegerField(help_text=_("Kommunen eller regionen som er arkivskaper."))
    subject_type = serializers.CharField(
        source="content_type.model", help_text=_("Hva meldingen handler om, for eksempel `initiative`.")
    )
    subject_id = serializers.IntegerField(source="object_id", help_text=_("Id-en til det den handler om."))
    status_since = serializers.DateTimeField(help_text=_("Når meldingen kom dit den står nå."))
    created_at = serializers.DateTimeField(help_text=_("Når den ble til."))
    changed_at = serializers.DateTimeField(help_text=_("Sist endret."))
    municipality = UnitReference()

    class Meta:
        model = ArchiveMessage
        ref_name = "ArchiveMessage"
        fields = (
            "id", "key", "kind", "title", "municipality_id", "subject_type", "subject_id", "status", "status_since",
            "archive_reference", "created_at", "changed_at", "municipality",
        )  # fmt: skip


class MessageFilters(ChangedFilters):
    q = django_filters.CharFilter(
        method="by_text", max_length=200, help_text=_("Del av tittelen eller saksnummeret.")
    )
    municipality = IdFilter(field_name="municipality_id", help_text=_("Kommunen eller regionen."))
    kind = django_filters.CharFilter(
        max_length=40, help_text=_("Hva slags melding, for eksempel `submission`.")
    )
    status = django_filters.MultipleChoiceFilter(
        choices=MessageStatus.choices, help_text=_("Hvor meldingen står. Kan gjentas.")
    )
    key = django_filters.CharFilter(max_length=120, help_text=_("Nøkkelen."))
    archive_reference = django_filters.CharFilter(max_length=60, help_text=_("Saksnummeret i arkivet."))
    filed = FlagFilter(method="by_filed", help_text=_("Bare de som har saksnummer, eller bare de andre."))

    def by_text(self, rows: Any, _name: str, text: str) -> Any:
        return rows.matching(text)

    def by_filed(self, rows: Any, _name: str, wanted: bool) -> Any:
        return rows.with_case_number() if wanted else rows.without_case_number()


_EXAMPLE = OpenApiExample(
    "message", response_only=True,
    value={
        "id": 8, "key": "initiative/41/submission", "kind": "submission", "title": "Robotisert behandling av sykmeldinger",
        "municipality_id": 2, "subject_type": "initiative", "subject_id": 41, "status": "ready",
        "status_since": "2026-03-03T07:10:02Z", "archive_reference": "", "created_at": "2026-03-03T07:10:02Z",
        "changed_at": "2026-03-03T07:10:02Z",
    },
)  # fmt: skip


@extend_schema_view(
    get=extend_schema(
        operation_id="archive_messages_list",
        summary=_("List meldinger til sak/arkiv"),
        description=_("Utboksen, for arkivaren og sekretariatet, og for klienter som har fått den."),
        examples=[_EXAMPLE],
    )
)
class MessageList(ListView):
    resource = "archive-messages"
    serializer_class = MessageRow
    filterset_class = MessageFilters
    expands = MessageRow

    def get_queryset(self) -> QuerySet[Any]:
        return ArchiveMessage.objects.visible_to(self.actor)


@extend_schema_view(
    get=extend_schema(
        operation_id="archive_messages_retrieve",
        summary=_("Hent én melding til sak/arkiv"),
        description=_("Det samme som i lista, og `ETag`."),
        examples=[_EXAMPLE],
    )
)
class MessageDetail(SingleDetailView):
    listing = MessageList
