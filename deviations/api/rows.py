"""What the API shows of a deviation: that it is there to all who see it, its words to those who read them."""

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
from deviations.models import Deviation, DeviationType, DutyStatus
from deviations.models.catalogue import AnswerForm
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


class PhotoShape(Shape):
    about = _("Et bilde på saken.")

    key = serializers.UUIDField(help_text=_("Bildets nøkkel."))
    name = serializers.CharField(help_text=_("Navnet på fila."))
    mime = serializers.CharField(help_text=_("Typen, lest av innholdet."))
    size = serializers.IntegerField(help_text=_("Størrelsen i byte."))
    sha256 = serializers.CharField(help_text=_("Kontrollsummen av det som er lagret."))
    uploaded_at = serializers.DateTimeField(help_text=_("Når det ble lagt ved."))
    address = serializers.URLField(help_text=_("Her hentes bildet, av den som leser saken."))


class AnswerShape(Shape):
    about = _("Et svar, med spørsmålet slik det var da det ble besvart.")

    code = serializers.CharField(help_text=_("Spørsmålets kode."))
    question = serializers.CharField(help_text=_("Spørsmålet."))
    value = serializers.CharField(help_text=_("Svaret: «yes», «no», «unsure», eller det som er skrevet."))
    from_reporter = serializers.BooleanField(help_text=_("Om melderen svarte."))


class DutyShape(Shape):
    about = _("En meldeplikt på saken.")

    id = serializers.IntegerField(help_text=_("Pliktens id."))
    code = serializers.CharField(help_text=_("Pliktens kode i kommunens katalog."))
    name = serializers.CharField(help_text=_("Hva som skal meldes."))
    status = Choice(
        DutyStatus.choices, component="DutyStatus", help_text=_("Om den er åpen, utført eller vurdert.")
    )
    phone = serializers.CharField(help_text=_("Nummeret å ringe, tomt når det ikke ringes."))
    due_at = serializers.DateTimeField(
        allow_null=True, help_text=_("Fristen, null når loven ikke har timer.")
    )


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
    photos = PhotoShape(many=True, source="told_photos", help_text=_("Bildene."))
    answers = AnswerShape(many=True, source="told_answers", help_text=_("Svarene på spørsmålene."))
    duties = DutyShape(many=True, source="told_duties", help_text=_("Meldepliktene."))

    class Meta:
        model = Deviation
        fields: ClassVar[Any] = (
            "description", "place", "danger", "immediate_action", "anonymity", "discovered_at", "reported_severity",
            "severity", "consequence_area", "actual_consequence", "potential_consequence", "probability", "cause_ids",
            "cause_note", "whys", "corrective_action_ids", "closing_note", "no_action_reason", "effect", "effect_note",
            "merged_into_id", "service_id", "transferred_to", "photos", "answers", "duties",
        )  # fmt: skip


class DeviationRecord(DeviationWords, DeviationCard):
    """One deviation.  Its words are there for those who read them only."""

    about = _("Ett avvik. Det som ikke hører til kortet, er bare med når `reads_words` er sann.")
    optional = frozenset(DeviationWords.Meta.fields) | {"available_transitions", "refused_photos"}
    available_transitions = OfferedTransition(
        many=True, help_text=_("Med `?expand=available_transitions`: det du kan gjøre nå.")
    )
    refused_photos = serializers.ListField(
        child=serializers.CharField(),
        help_text=_("Når bilder er sendt: hvorfor noen av dem ikke er lagret. Resten er lagret."),
    )

    class Meta:
        model = Deviation
        fields: ClassVar[Any] = (
            *DeviationCard.Meta.fields, *DeviationWords.Meta.fields, "available_transitions", "refused_photos",
        )  # fmt: skip


class AnonymousReceipt(Shape):
    about = _(
        "Det som er igjen å si om en melding som er helt anonym: koden som følger den. Den vises bare nå."
    )

    number = serializers.CharField(help_text=_("Meldingens nummer."))
    follow_code = serializers.CharField(help_text=_("Koden. Den kan ikke hentes fram igjen."))
    follow_page = serializers.URLField(help_text=_("Siden der koden viser svar og lar deg legge til mer."))
    responsible = serializers.CharField(help_text=_("Hvem som har fått meldingen."))
    duties = DutyShape(many=True, help_text=_("Meldepliktene som startet."))
    refused_photos = serializers.ListField(
        child=serializers.CharField(), help_text=_("Hvorfor noen av bildene ikke er lagret.")
    )


class AskedQuestion(Shape):
    about = _("Et spørsmål som stilles for en melding. Ingen må besvares for å melde.")

    code = serializers.CharField(help_text=_("Koden svaret sendes under."))
    text = serializers.CharField(help_text=_("Spørsmålet."))
    help = serializers.CharField(help_text=_("Forklaring, kan være tom."))
    form = Choice(
        AnswerForm.choices, component="QuestionForm",
        help_text=_("Hvordan det besvares: yes_no som «yes», «no» eller «unsure», multiple som liste, number som tall."),
    )  # fmt: skip
    choices = serializers.ListField(child=serializers.CharField(), help_text=_("Valgene, når det er valg."))
    may_start_duty = serializers.BooleanField(help_text=_("Om svaret kan starte en meldeplikt."))


class AskedQuestions(Shape):
    about = _("Spørsmålene som stilles, i kommunens rekkefølge.")

    results = AskedQuestion(many=True)


class DeviationTypeRow(Row):
    """A type of the municipality's catalogue."""

    about = _("En type i kommunens katalog.")

    municipality_id = _id(_("Kommunen."), null=False)
    changed_at = serializers.DateTimeField(help_text=_("Sist endret."))

    class Meta:
        model = DeviationType
        ref_name = "DeviationType"
        fields: ClassVar[Any] = (
            "id", "code", "name", "category", "municipality_id", "is_confidential", "refers_to", "is_active", "version", "changed_at",
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
