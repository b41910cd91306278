"""``/api/v1/consultations/``: what is heard about draft strategies, and what is said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers

from core.api.filtering import ChangedFilters, FlagFilter, IdFilter
from core.api.rows import Row
from core.api.singles import SingleDetailView
from core.api.views import ListView
from organization.api import examples
from organization.api.rows import PersonReference, UnitReference
from organization.models import (
    Consultation,
    ConsultationAnswer,
    ConsultationComment,
    ConsultationPoint,
    ConsultationStatus,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet


class ConsultationRow(Row):
    """The days in which a draft strategy is heard."""

    about = _("En høring av et utkast til strategi.")

    strategy_id = serializers.IntegerField(help_text=_("Strategien som høres."))
    strategy_title = serializers.CharField(source="strategy.title", help_text=_("Strategiens tittel."))
    strategy_version = serializers.CharField(source="strategy.version", help_text=_("Strategiens versjon."))
    municipality_id = serializers.IntegerField(help_text=_("Kommunen eller regionen som hører."))
    changed_at = serializers.DateTimeField(help_text=_("Sist endret."))
    municipality = UnitReference()

    class Meta:
        model = Consultation
        ref_name = "Consultation"
        fields = (
            "id", "strategy_id", "strategy_title", "strategy_version", "municipality_id", "text", "opens_on", "closes_on",
            "hears_leaders", "hears_secretariat", "status", "changed_at", "municipality",
        )  # fmt: skip


class ConsultationPointRow(Row):
    """The strategy as a whole, or a goal in the words that were heard."""

    about = _("Strategien som helhet, eller ett mål i de ordene som ble hørt.")

    consultation_id = serializers.IntegerField(help_text=_("Høringen."))
    goal_id = serializers.IntegerField(
        allow_null=True, help_text=_("Målet. Null for strategien som helhet, og når målet er tatt ut av utkastet.")
    )  # fmt: skip
    changed_at = serializers.DateTimeField(help_text=_("Da det kom med i høringen."))

    class Meta:
        model = ConsultationPoint
        ref_name = "ConsultationPoint"
        fields = ("id", "consultation_id", "goal_id", "code", "title", "indicator", "changed_at")


class ConsultationCommentRow(Row):
    """What somebody who was asked means about a point, with the answer."""

    about = _("Et innspill til et høringspunkt, med svaret når det kan leses.")

    consultation_id = serializers.IntegerField(source="point.consultation_id", help_text=_("Høringen."))
    point_id = serializers.IntegerField(help_text=_("Høringspunktet."))
    author_id = serializers.IntegerField(help_text=_("Den som skrev det."))
    withdrawn_at = serializers.DateTimeField(
        allow_null=True, help_text=_("Da det ble trukket. Bare forfatteren ser det etterpå.")
    )
    answer_outcome = serializers.ChoiceField(
        choices=ConsultationAnswer.Outcome.choices, source="told_outcome", allow_null=True,
        help_text=_("Svaret, eller null når det ikke er gitt eller ikke er sendt."),
    )  # fmt: skip
    answer_text = serializers.CharField(
        source="told_answer", allow_null=True, help_text=_("Begrunnelsen for svaret, eller null.")
    )
    changed_at = serializers.DateTimeField(
        help_text=_("Sist endret. Et svar endrer det ikke: les innspillene på nytt når høringen er besvart.")
    )
    author = PersonReference()

    class Meta:
        model = ConsultationComment
        ref_name = "ConsultationComment"
        fields = (
            "id", "consultation_id", "point_id", "author_id", "text", "has_no_remarks", "withdrawn_at", "answer_outcome",
            "answer_text", "changed_at", "author",
        )  # fmt: skip


class ConsultationFilters(ChangedFilters):
    municipality = IdFilter(field_name="municipality_id", help_text=_("Kommunen eller regionen som hører."))
    strategy = IdFilter(field_name="strategy_id", help_text=_("Strategien som høres."))
    status = django_filters.ChoiceFilter(choices=ConsultationStatus.choices, help_text=_("Status."))


class ConsultationPointFilters(ChangedFilters):
    consultation = IdFilter(field_name="consultation_id", help_text=_("Høringen."))
    goal = IdFilter(field_name="goal_id", help_text=_("Målet."))


class ConsultationCommentFilters(ChangedFilters):
    consultation = IdFilter(field_name="point__consultation_id", help_text=_("Høringen."))
    point = IdFilter(field_name="point_id", help_text=_("Høringspunktet."))
    author = IdFilter(field_name="author_id", help_text=_("Den som skrev innspillet."))
    no_remarks = FlagFilter(
        field_name="has_no_remarks", help_text=_("Bare svar uten merknader, eller bare innspill.")
    )


@extend_schema_view(
    get=extend_schema(
        summary=_("List høringer av strategier"),
        description=_("Høringene i dine kommuner, og i regionen de er med i."),
        examples=[examples.CONSULTATION],
    )
)
class ConsultationList(ListView):
    resource = "consultations"
    serializer_class = ConsultationRow
    filterset_class = ConsultationFilters
    expands = ConsultationRow

    def get_queryset(self) -> QuerySet[Any]:
        return Consultation.objects.visible_to(self.actor)


@extend_schema_view(
    get=extend_schema(
        summary=_("List høringspunkter"),
        description=_("Strategien som helhet, og hvert mål i de ordene som ble hørt."),
        examples=[examples.CONSULTATION_POINT],
    )
)
class ConsultationPointList(ListView):
    resource = "consultations"
    serializer_class = ConsultationPointRow
    filterset_class = ConsultationPointFilters

    def get_queryset(self) -> QuerySet[Any]:
        return ConsultationPoint.objects.visible_to(self.actor)


@extend_schema_view(
    get=extend_schema(
        summary=_("List innspill til strategier"),
        description=_(
            "Dine egne. De som skriver strategien, ser alle som står, og når svarene er sendt, ser alle som ble spurt, dem. "
            "En klient er ikke spurt, og får ingen."
        ),
        examples=[examples.CONSULTATION_COMMENT],
    )
)  # fmt: skip
class ConsultationCommentList(ListView):
    resource = "consultations"
    serializer_class = ConsultationCommentRow
    filterset_class = ConsultationCommentFilters
    expands = ConsultationCommentRow

    def get_queryset(self) -> QuerySet[Any]:
        answers = ConsultationAnswer.objects.visible_to(self.actor).filter(comment=OuterRef("pk"))
        return ConsultationComment.objects.visible_to(self.actor).annotate(
            told_outcome=Subquery(answers.values("outcome")), told_answer=Subquery(answers.values("text"))
        )


@extend_schema_view(
    get=extend_schema(
        summary=_("Hent én høring av en strategi"),
        description=_("Det samme som i lista, og `ETag`."),
        examples=[examples.CONSULTATION],
    )
)
class ConsultationDetail(SingleDetailView):
    listing = ConsultationList


@extend_schema_view(
    get=extend_schema(
        summary=_("Hent ett høringspunkt"),
        description=_("Det samme som i lista, og `ETag`."),
        examples=[examples.CONSULTATION_POINT],
    )
)
class ConsultationPointDetail(SingleDetailView):
    listing = ConsultationPointList


@extend_schema_view(
    get=extend_schema(
        summary=_("Hent ett innspill til en strategi"),
        description=_("Det samme som i lista, og `ETag`."),
        examples=[examples.CONSULTATION_COMMENT],
    )
)
class ConsultationCommentDetail(SingleDetailView):
    listing = ConsultationCommentList
