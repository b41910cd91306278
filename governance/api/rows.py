"""What the API shows of an initiative: the card to all who see it, the papers to those who read them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, ClassVar

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from core.api.rows import Choice, Derived, Row
from core.api.schema import Shape
from core.api.transitions import OfferedTransition
from governance.models import Initiative
from governance.models.status import STAGES, stage_of
from organization.api.rows import PersonReference, UnitReference

STAGE_CHOICES = [*((key, label) for key, label, _states in STAGES), ("ended", _("Avsluttet underveis"))]


def _id(text: Any, *, source: str = "", null: bool = False) -> serializers.IntegerField:
    options: dict[str, Any] = {"source": source} if source else {}
    return serializers.IntegerField(help_text=text, allow_null=null, **options)


def _ids(text: Any) -> serializers.ListField:
    return serializers.ListField(child=serializers.IntegerField(), help_text=text)


@lru_cache(maxsize=1)
def _page() -> str:
    """Return the address of the page of initiative 0, which all others are made from."""
    return f"{settings.PUBLIC_URL}{reverse('governance:initiative_detail', args=[0])}"


def page_of(pk: int) -> str:
    return _page().replace("/0/", f"/{pk}/")


class InitiativeCard(Row):
    """The card of an initiative."""

    about = _("Kortet: det alle som kjenner til tiltaket, kan se.")

    title = serializers.CharField(
        source="card_title",
        help_text=_("Tittelen. Er saken skjermet, den offentlige for dem som ikke leser det skjermede."),
    )
    stage = Derived(
        ("status",), stage_of,
        shown_as=Choice(STAGE_CHOICES, component="InitiativeStage", help_text=_("Delen av saksgangen, slik en nykommer tenker.")),
    )  # fmt: skip
    version = serializers.IntegerField(help_text=_("Øker ved hver endring. «ETag» er den samme i hermetegn."))
    unit_id = _id(_("Enheten tiltaket gjelder."))
    municipality_id = _id(_("Kommunen eller regionen som eier saken."))
    submitter_id = _id(_("Innmelderen."))
    case_handler_id = _id(_("Saksbehandleren."), null=True)
    service_owner_id = _id(_("Tjenesteeieren som skal ta ut gevinsten."), null=True)
    created_at = serializers.DateTimeField(help_text=_("Når kladden ble opprettet."))
    submitted_at = serializers.DateTimeField(allow_null=True, help_text=_("Når saken ble sendt inn."))
    status_since = serializers.DateTimeField(help_text=_("Når saken kom dit den står nå."))
    due_on = serializers.DateField(allow_null=True, help_text=_("Fristen for steget saken er i."))
    changed_at = serializers.DateTimeField(help_text=_("Sist endret."))
    reads_papers = serializers.BooleanField(
        source="reads_content", help_text=_("Om du leser innholdet, eller bare kortet.")
    )
    page_url = Derived(("id",), page_of, shown_as=serializers.URLField(help_text=_("Sakens side i Stafett.")))
    unit = UnitReference()
    municipality = UnitReference()
    submitter = PersonReference()
    case_handler = PersonReference(allow_null=True)
    service_owner = PersonReference(allow_null=True)

    class Meta:
        model = Initiative
        fields: ClassVar[Any] = (
            "id", "number", "title", "status", "stage", "version", "unit_id", "municipality_id", "submitter_id",
            "case_handler_id", "service_owner_id", "created_at", "submitted_at", "status_since", "due_on", "changed_at",
            "reads_papers", "page_url", "unit", "municipality", "submitter", "case_handler", "service_owner",
        )  # fmt: skip


class Investment(Shape):
    about = _("Hva det koster å innføre tiltaket ett år.")

    year = serializers.IntegerField(help_text=_("Året."))
    amount = serializers.DecimalField(max_digits=14, decimal_places=2, help_text=_("Kroner."))


class MissingPoint(Shape):
    about = _("Et punkt på lista over det som manglet da saken ble returnert.")

    text = serializers.CharField(help_text=_("Hva som manglet."))
    done = serializers.BooleanField(help_text=_("Om innmelderen har krysset det av."))


class InitiativePapers(Row):
    """The content of an initiative."""

    about = _("Innholdet.")

    title = serializers.CharField(help_text=_("Hele tittelen."))
    goal_ids = _ids(_("De strategiske målene tiltaket bidrar til."))
    participant_ids = serializers.ListField(
        child=serializers.IntegerField(),
        source="told_participants",
        help_text=_("Kommunene som deltar i et regionalt tiltak."),
    )
    co_editor_ids = _ids(_("De som skriver i kladden sammen med innmelderen."))
    professional_group_id = _id(_("Faggruppen tiltaket meldes inn på vegne av."), null=True)
    project_owner_id = _id(_("Prosjekteieren."), null=True)
    merged_into_id = _id(_("Tiltaket denne saken er slått sammen med."), null=True)
    investments = Investment(many=True, help_text=_("Hva det koster å innføre, per år."))
    missing = MissingPoint(many=True, help_text=_("Huskelista fra den som returnerte saken."))

    class Meta:
        model = Initiative
        fields: ClassVar[Any] = (
            "title", "summary", "need", "target_group", "category", "is_statutory", "statutory_basis",
            "statutory_deadline", "goal_ids", "participant_ids", "co_editor_ids", "professional_group_id",
            "desired_start", "operation_per_year", "internal_hours", "financing", "cost_note", "investments",
            "project_owner_id", "personal_data", "personal_data_note", "security_note", "accessibility_note",
            "integration_note", "archive_note", "affects_staff", "affects_staff_note", "dependency_note",
            "regional_note", "reuse_note", "null_alternative", "shield_basis", "public_title", "missing", "review_on",
            "archive_reference", "merged_into_id", "referred_to",
        )  # fmt: skip


def _only_papers() -> frozenset[str]:
    return frozenset(InitiativePapers.Meta.fields) - frozenset(InitiativeCard.Meta.fields)


class InitiativeRecord(InitiativePapers, InitiativeCard):
    """One initiative.  What belongs to the papers is there for those who read them only."""

    about = _("Ett tiltak. Det som ikke hører til kortet, er bare med når `reads_papers` er sann.")
    optional = _only_papers() | {"available_transitions"}
    title = serializers.CharField(
        help_text=_("Hele tittelen for dem som leser innholdet, ellers den på kortet.")
    )
    available_transitions = OfferedTransition(
        many=True, help_text=_("Med `?expand=available_transitions`: det du kan gjøre nå.")
    )

    class Meta(InitiativeCard.Meta):
        ref_name = "Initiative"
        fields: ClassVar[Any] = (
            *InitiativeCard.Meta.fields,
            *sorted(_only_papers()),
            "available_transitions",
        )


class TimelineEntry(Shape):
    about = _("Noe som har skjedd med saken.")

    at = serializers.DateTimeField(help_text=_("Når det skjedde."))
    registered_at = serializers.DateTimeField(help_text=_("Når det ble ført."))
    action = serializers.CharField(help_text=_("Hva som ble gjort, som kode."))
    label = serializers.CharField(help_text=_("Hva som ble gjort, i ord."))  # type: ignore[assignment]
    actor_id = serializers.IntegerField(
        allow_null=True, help_text=_("Hvem som gjorde det, null når det var Stafett selv.")
    )
    actor_name = serializers.CharField(help_text=_("Navnet."))
    status_before = serializers.CharField(
        allow_null=True, help_text=_("Hvor saken sto, null da den ble til.")
    )
    status_after = serializers.CharField(help_text=_("Hvor saken sto etterpå."))
    reason = serializers.CharField(help_text=_("Begrunnelsen, for dem som leser innholdet."))


class Timeline(Shape):
    about = _("Det som har skjedd med saken, det siste først.")

    results = TimelineEntry(many=True)
