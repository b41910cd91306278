"""``/api/v1/council-meetings/`` and ``/api/v1/decisions/``: what the council meets on, and what is decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    DateField,
    DateTimeField,
    DecimalField,
    JSONField,
    OuterRef,
    PositiveSmallIntegerField,
    TextField,
    Value,
    When,
)
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers

from core.api.filtering import ChangedFilters, IdFilter, MomentFilter
from core.api.rows import Row
from core.api.schema import Shape
from core.api.singles import SingleDetailView
from core.api.views import ListView
from governance.api import examples
from governance.models import AgendaItem, Decision, FollowUpStatus, Meeting, MeetingStatus, Outcome
from organization.api.rows import PersonReference, UnitReference

if TYPE_CHECKING:
    from django.db.models import QuerySet


def _id(text: Any, *, null: bool = True, source: str = "") -> serializers.IntegerField:
    options: dict[str, Any] = {"source": source} if source else {}
    return serializers.IntegerField(help_text=text, allow_null=null, **options)


# --- Meetings ----------------------------------------------------------------------------------------
class AgendaEntry(Shape):
    about = _("En sak på sakslista.")

    case_number = serializers.CharField(help_text=_("Saksnummeret i møtet, tomt til det er gitt."))
    kind = serializers.CharField(help_text=_("`DS` vedtakssak, `RS` referatsak, `AN` orientering."))
    initiative_id = _id(_("Tiltaket saken gjelder."))


class MeetingRow(Row):
    """A meeting of the council: that it takes place, and its agenda to those who read the papers."""

    about = _("Et møte i digitaliseringsrådet.")

    municipality_id = _id(_("Kommunen eller regionen rådet hører til."), null=False)
    chair_id = _id(_("Møtelederen."))
    version = serializers.IntegerField(help_text=_("Øker ved hver endring."))
    status_since = serializers.DateTimeField(help_text=_("Når møtet kom dit det står nå."))
    summoned_at = serializers.DateTimeField(allow_null=True, help_text=_("Når innkallingen gikk ut."))
    opened_at = serializers.DateTimeField(allow_null=True, help_text=_("Når møtet ble åpnet."))
    concluded_at = serializers.DateTimeField(allow_null=True, help_text=_("Når møtet ble avsluttet."))
    approved_at = serializers.DateTimeField(allow_null=True, help_text=_("Når protokollen ble godkjent."))
    changed_at = serializers.DateTimeField(help_text=_("Sist endret."))
    reads_papers = serializers.BooleanField(
        help_text=_("Om du ser sakslista. Alle gjør det etter innkalling.")
    )
    agenda = AgendaEntry(
        many=True, source="told_agenda", help_text=_("Sakslista, tom for dem som ikke ser den ennå.")
    )
    municipality = UnitReference()
    chair = PersonReference(allow_null=True)

    class Meta:
        model = Meeting
        ref_name = "CouncilMeeting"
        fields = (
            "id", "number", "municipality_id", "starts_at", "place", "status", "status_since", "chair_id", "summoned_at",
            "opened_at", "concluded_at", "approved_at", "version", "changed_at", "reads_papers", "agenda", "municipality",
            "chair",
        )  # fmt: skip


class MeetingFilters(ChangedFilters):
    municipality = IdFilter(field_name="municipality_id", help_text=_("Kommunen eller regionen."))
    status = django_filters.MultipleChoiceFilter(
        choices=MeetingStatus.choices, help_text=_("Hvor møtet står. Kan gjentas.")
    )
    starts_after = MomentFilter(field_name="starts_at", lookup_expr="gt", help_text=_("Begynner etter."))
    starts_before = MomentFilter(field_name="starts_at", lookup_expr="lt", help_text=_("Begynner før."))


@extend_schema_view(
    get=extend_schema(
        operation_id="council_meetings_list",
        summary=_("List møter i rådet"),
        description=_("Møtene i kommunen og i regionen den er med i. At et møte holdes, er åpent; sakslista følger innkallingen."),
        examples=[examples.MEETING],
    )
)  # fmt: skip
class MeetingList(ListView):
    resource = "council-meetings"
    serializer_class = MeetingRow
    filterset_class = MeetingFilters
    expands = MeetingRow

    def get_queryset(self) -> QuerySet[Any]:
        rows = Meeting.objects.visible_to(self.actor)
        if not self.actor:
            return rows
        told = JSONObject(case_number="case_number", kind="kind", initiative_id="initiative_id")
        items = AgendaItem.objects.on_agenda().filter(meeting=OuterRef("pk")).order_by("position", "pk")
        read = When(reads_papers=True, then=ArraySubquery(items.values(told=told)))
        nothing = Value([], ArrayField(JSONField()))
        return rows.with_access(self.actor).annotate(told_agenda=Case(read, default=nothing))


# --- Decisions -----------------------------------------------------------------------------------------
class DecisionRow(Row):
    """A line of the decision log; the words and the votes to those who read the papers."""

    about = _("Et vedtak. Ordlyd, beløp og stemmer er med når `reads_text` er sann.")

    municipality_id = _id(_("Kommunen eller regionen som har vedtatt."), null=False)
    initiative_id = _id(_("Tiltaket vedtaket gjelder."))
    meeting_id = _id(_("Møtet det ble vedtatt i."), source="agenda_item.meeting_id")
    text = serializers.CharField(source="told_text", help_text=_("Ordlyden, ellers tom."))
    amount = serializers.DecimalField(
        max_digits=14, decimal_places=2, allow_null=True, source="told_amount", help_text=_("Beløpet.")
    )
    votes_for = _id(_("Stemmer for."), source="told_for")
    votes_against = _id(_("Stemmer mot."), source="told_against")
    votes_blank = _id(_("Blanke stemmer."), source="told_blank")
    responsible_id = _id(_("Den som følger opp nå."), source="told_responsible")
    due_on = serializers.DateField(
        source="told_due", allow_null=True, help_text=_("Fristen for oppfølgingen slik den er nå.")
    )
    follow_up = serializers.ChoiceField(
        choices=FollowUpStatus.choices,
        source="told_follow_up",
        allow_null=True,
        help_text=_(
            "Hvor oppfølgingen står. Den er forsinket når den ikke er avsluttet og fristen er passert."
        ),
    )
    follow_up_closed_at = serializers.DateTimeField(
        source="told_closed", allow_null=True, help_text=_("Når oppfølgingen ble utført eller falt bort.")
    )
    decided_at = serializers.DateTimeField(
        help_text=_("Når det ble vedtatt, for andre organer når det ble ført.")
    )
    decided_on = serializers.DateField(
        allow_null=True, help_text=_("Dagen kommunedirektøren eller et politisk organ vedtok.")
    )
    budget_year = _id(_("Budsjettåret."), source="told_year")
    conditions = serializers.CharField(source="told_conditions", help_text=_("Vilkårene, ellers tom."))
    document_url = serializers.CharField(
        source="told_document", help_text=_("Lenke til saksdokumentet, ellers tom.")
    )
    changed_at = serializers.DateTimeField(help_text=_("Sist endret."))
    reads_text = serializers.BooleanField(help_text=_("Om du leser ordlyden."))
    municipality = UnitReference()

    class Meta:
        model = Decision
        ref_name = "Decision"
        fields = (
            "id", "number", "municipality_id", "initiative_id", "meeting_id", "body", "outcome", "reference", "decided_at", "decided_on",
            "reads_text", "text", "amount", "budget_year", "conditions", "document_url", "votes_for", "votes_against", "votes_blank", "responsible_id", "due_on",
            "follow_up", "follow_up_closed_at", "changed_at", "municipality",
        )  # fmt: skip


class DecisionFilters(ChangedFilters):
    q = django_filters.CharFilter(
        method="by_text", max_length=200,
        help_text=_("Ord i nummer og offentlig tittel, og i ordlyden der du leser den. Deler av ord fra tre tegn."),
    )  # fmt: skip
    municipality = IdFilter(field_name="municipality_id", help_text=_("Kommunen eller regionen."))
    initiative = IdFilter(field_name="initiative_id", help_text=_("Tiltaket."))
    meeting = IdFilter(field_name="agenda_item__meeting_id", help_text=_("Møtet."))
    body = django_filters.ChoiceFilter(choices=Decision.Body.choices, help_text=_("Organet."))
    outcome = django_filters.MultipleChoiceFilter(
        choices=Outcome.choices, help_text=_("Utfallet. Kan gjentas.")
    )
    follow_up = django_filters.MultipleChoiceFilter(
        field_name="follow_up__status", choices=FollowUpStatus.choices, method="by_follow_up",
        help_text=_("Hvor oppfølgingen står, der du leser ordlyden. Kan gjentas."),
    )  # fmt: skip
    decided_after = MomentFilter(field_name="decided_at", lookup_expr="gt", help_text=_("Vedtatt etter."))
    decided_before = MomentFilter(field_name="decided_at", lookup_expr="lt", help_text=_("Vedtatt før."))

    def by_follow_up(self, rows: Any, name: str, states: list[str]) -> Any:
        return rows.filter(**{"reads_text": True, f"{name}__in": states}) if states else rows

    def by_text(self, rows: Any, _name: str, text: str) -> Any:
        return rows.matching(text)


@extend_schema_view(
    get=extend_schema(
        summary=_("List vedtak"),
        description=_("Vedtaksloggen: linjene du ser, og ordlyden der du leser papirene."),
        examples=[examples.DECISION],
    )
)
class DecisionList(ListView):
    resource = "decisions"
    serializer_class = DecisionRow
    filterset_class = DecisionFilters
    expands = DecisionRow

    def get_queryset(self) -> QuerySet[Any]:
        if not self.actor:
            return Decision.objects.none()
        return Decision.objects.logged_for(self.actor).annotate(
            told_text=_words("text"),
            told_conditions=_words("conditions"),
            told_document=_words("document_url"),
            told_year=_told("budget_year", PositiveSmallIntegerField()),
            told_amount=_told("amount", DecimalField(max_digits=14, decimal_places=2)),
            told_for=_told("votes_for", PositiveSmallIntegerField()),
            told_against=_told("votes_against", PositiveSmallIntegerField()),
            told_blank=_told("votes_blank", PositiveSmallIntegerField()),
            told_responsible=_told("follow_up__responsible_id", BigIntegerField()),
            told_due=_told("follow_up__due_on", DateField()),
            told_follow_up=_told("follow_up__status", CharField()),
            told_closed=_told("follow_up__closed_at", DateTimeField()),
        )


def _words(column: str) -> Case:
    """Return a text to who reads the words, and an empty one to others."""
    return Case(When(reads_text=True, then=column), default=Value(""), output_field=TextField())


def _told(column: str, kind: Any) -> Case:
    """Return a column to who reads the words, and nothing to others."""
    return Case(When(reads_text=True, then=column), default=None, output_field=kind)


@extend_schema_view(
    get=extend_schema(
        operation_id="council_meetings_retrieve",
        summary=_("Hent ett møte i rådet"),
        description=_("Det samme som i lista, og `ETag`."),
        examples=[examples.MEETING],
    )
)
class MeetingDetail(SingleDetailView):
    listing = MeetingList


@extend_schema_view(
    get=extend_schema(
        summary=_("Hent ett vedtak"),
        description=_("Det samme som i lista, og `ETag`."),
        examples=[examples.DECISION],
    )
)
class DecisionDetail(SingleDetailView):
    listing = DecisionList
