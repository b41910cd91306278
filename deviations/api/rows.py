"""What the API shows of a deviation: that it is there to all who see it, its words to those who read them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, ClassVar

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from core.api.rows import Derived, Row
from core.api.schema import Shape
from core.api.transitions import OfferedTransition
from deviations.models import Deviation
from organization.api.rows import PersonReference, UnitReference


def _id(text: Any, *, null: bool = True) -> serializers.IntegerField:
    return serializers.IntegerField(help_text=text, allow_null=null)


@lru_cache(maxsize=1)
def _page() -> str:
    return f"{settings.PUBLIC_URL}{reverse('deviations:deviation_detail', args=[0])}"


def page_of(pk: int) -> str:
    return _page().replace("/0/", f"/{pk}/")


class DeviationCard(Row):
    """The card of a deviation."""

    about = _("Kortet: at saken finnes, hvor den står, og hvem som har den. Ingenting av det som er skrevet.")

    title = serializers.CharField(
        source="read_title", help_text=_("Tittelen, for dem som leser det som er skrevet; ellers tom.")
    )
    version = serializers.IntegerField(
        help_text=_("Øker ved hvert steg og hver vurdering. «ETag» er den samme i hermetegn.")
    )
    unit_id = _id(_("Enheten der det skjedde."), null=False)
    municipality_id = _id(_("Kommunen."), null=False)
    type_id = _id(_("Typen i kommunens katalog."))
    responsible_id = _id(_("Lederen som tar imot saken."))
    handler_id = _id(_("Den som behandler saken."))
    reporter_id = serializers.IntegerField(
        source="read_reporter", allow_null=True, help_text=_("Melderen, null når melderen er anonym eller skjult for deg.")
    )  # fmt: skip
    created_at = serializers.DateTimeField(help_text=_("Når meldingen ble begynt."))
    reported_at = serializers.DateTimeField(allow_null=True, help_text=_("Når meldingen ble sendt."))
    closed_at = serializers.DateTimeField(allow_null=True, help_text=_("Når saken ble lukket."))
    status_since = serializers.DateTimeField(help_text=_("Når saken kom dit den står nå."))
    due_on = serializers.DateField(allow_null=True, help_text=_("Fristen for steget saken er i."))
    changed_at = serializers.DateTimeField(help_text=_("Sist endret."))
    reads_words = serializers.BooleanField(help_text=_("Om du leser det som er skrevet, eller bare kortet."))
    page_url = Derived(("id",), page_of, shown_as=serializers.URLField(help_text=_("Sakens side i Stafett.")))
    unit = UnitReference()
    municipality = UnitReference()
    responsible = PersonReference(allow_null=True)
    handler = PersonReference(allow_null=True)

    class Meta:
        model = Deviation
        fields: ClassVar[Any] = (
            "id", "number", "title", "status", "kind", "category", "type_id", "type_name", "is_confidential", "version",
            "unit_id", "municipality_id", "responsible_id", "handler_id", "reporter_id", "created_at", "reported_at",
            "closed_at", "status_since", "due_on", "changed_at", "reads_words", "page_url", "unit", "municipality",
            "responsible", "handler",
        )  # fmt: skip


class DeviationWords(Row):
    """What was reported, and what those who handle it have written."""

    about = _("Det som er skrevet.")

    reported_severity = _id(_("Melderens alvorlighet, 1 til 4."))
    severity = _id(_("Behandlerens alvorlighet, 1 til 4."))
    actual_consequence = _id(_("Faktisk følge på kommunens skala."))
    potential_consequence = _id(_("Mulig følge på kommunens skala."))
    probability = _id(_("Sannsynlighet på kommunens skala."))
    discovered_at = serializers.DateTimeField(help_text=_("Når det ble oppdaget."))
    cause_ids = serializers.ListField(
        child=serializers.IntegerField(), help_text=_("Årsakene i kommunens katalog.")
    )
    corrective_action_ids = serializers.ListField(
        child=serializers.IntegerField(), help_text=_("Tiltakene på saken.")
    )
    whys = serializers.ListField(child=serializers.CharField(), help_text=_("Fem ganger hvorfor."))
    merged_into_id = _id(_("Saken denne er slått sammen med."))
    service_id = _id(_("Tjenesten."))

    class Meta:
        model = Deviation
        fields: ClassVar[Any] = (
            "description", "place", "danger", "immediate_action", "anonymity", "discovered_at", "reported_severity",
            "severity", "consequence_area", "actual_consequence", "potential_consequence", "probability", "cause_ids",
            "cause_note", "whys", "corrective_action_ids", "closing_note", "no_action_reason", "effect", "effect_note",
            "merged_into_id", "service_id", "transferred_to",
        )  # fmt: skip


class DeviationRecord(DeviationWords, DeviationCard):
    """One deviation.  Its words are there for those who read them only."""

    about = _("Ett avvik. Det som ikke hører til kortet, er bare med når `reads_words` er sann.")
    optional = frozenset(DeviationWords.Meta.fields) | {"available_transitions"}
    available_transitions = OfferedTransition(
        many=True, help_text=_("Med `?expand=available_transitions`: det du kan gjøre nå.")
    )

    class Meta:
        model = Deviation
        fields: ClassVar[Any] = (
            *DeviationCard.Meta.fields, *DeviationWords.Meta.fields, "available_transitions",
        )  # fmt: skip


class DeviationEntry(Shape):
    about = _("Én ting som er gjort med saken.")

    at = serializers.DateTimeField(help_text=_("Når det skjedde."))
    action = serializers.CharField(help_text=_("Hva som ble gjort, som kode."))
    label = serializers.CharField(help_text=_("Hva som ble gjort, i ord."))  # type: ignore[assignment]
    who = serializers.CharField(
        help_text=_("Hvem som gjorde det; aldri navnet på en melder som er skjult for deg.")
    )
    state = serializers.CharField(help_text=_("Hvor saken sto etterpå, tomt når den ikke flyttet seg."))
    reason = serializers.CharField(help_text=_("Begrunnelsen, for dem som leser det som er skrevet."))


class DeviationHistory(Shape):
    about = _("Det som har skjedd med saken, det siste først.")

    results = DeviationEntry(many=True)
