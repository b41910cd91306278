"""What a statutory duty asks for: stamps, the report of a breach, and the letter to those it concerns."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import CheckboxList, DateTimeField, Form, IntegerField, RadioCards
from deviations import breach
from deviations.models import Question
from deviations.operations.duties import why_not_at
from deviations.operations.notification import LONGEST_REFERENCE
from deviations.triage import YES_NO

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from django.http import QueryDict

    from deviations.models import Duty, Stamp

_CLOCK_SKEW = timedelta(minutes=5)
_MOST_PEOPLE = 10_000_000


class _Done(Form):
    """When something was done for a duty: not before the discovery, not in the future."""

    at = DateTimeField(label=gettext_lazy("Når ble det gjort?"))

    def __init__(self, *args: Any, duty: Duty, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.duty = duty
        self.fields["at"].initial = timezone.now().replace(second=0, microsecond=0)

    def clean_at(self) -> datetime:
        at: datetime = self.cleaned_data["at"]
        now = timezone.now()
        if now < at <= now + _CLOCK_SKEW:  # a phone whose clock is fast
            at = now
        if reason := why_not_at(self.duty, at, now=now):
            raise ValidationError(reason)
        return at


class StampForm(_Done):
    proof = forms.CharField(
        label=gettext_lazy("Dokumentasjon"), max_length=500,
        help_text=gettext_lazy("Hvem du snakket med, et referansenummer, eller hvor brevet ligger."),
    )  # fmt: skip

    def __init__(self, *args: Any, stamp: Stamp, **kwargs: Any) -> None:
        super().__init__(*args, duty=stamp.duty, auto_id=f"punkt_{stamp.pk}_%s", **kwargs)
        if stamp.done_at:
            self.fields["at"].initial, self.fields["proof"].initial = stamp.done_at, stamp.proof


class UnstampForm(Form):
    reason = forms.CharField(label=gettext_lazy("Hvorfor er stempelet feil?"), max_length=500)


class SentForm(_Done):
    kind = forms.ChoiceField(
        label=gettext_lazy("Hva er sendt?"),
        choices=list(breach.PARTS.items()),
        widget=RadioCards(
            descriptions={
                breach.FIRST: gettext_lazy("Det dere vet nå. Resten kan sendes senere (GDPR art. 33 nr. 4)."),
                breach.ADDITIONAL: gettext_lazy("Noe nytt, men ikke alt."),
                breach.FINAL: gettext_lazy(
                    "Alt er med. Velg denne også når den første meldingen er fullstendig."
                ),
            }
        ),
    )
    reference = forms.CharField(
        label=gettext_lazy("Referanse fra Altinn"), max_length=LONGEST_REFERENCE,
        help_text=gettext_lazy("Den står i kvitteringen."),
    )  # fmt: skip
    field_order = ("kind", "at", "reference")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["at"].label = _("Når ble den sendt?")
        if self.duty.details.get("parts"):
            choices = [choice for choice in breach.PARTS.items() if choice[0] != breach.FIRST]
            kind: Any = self.fields["kind"]
            kind.choices = choices


def _long(label: Any, *, help_text: Any = "", rows: int = 4) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=4000, help_text=help_text, widget=forms.Textarea(attrs={"rows": rows})
    )  # fmt: skip


def _short(label: Any, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=200, **options)


class _Notification(Form):
    """Text that is kept as it stands: nothing is needed until it is sent."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def content(self) -> dict[str, Any]:
        """Return what was written as ``Duty.details`` keeps it.  The form is valid."""
        return {name: _plain(value) for name, value in self.cleaned_data.items() if name != "seen"}

    def warn_of_others(self, seen: str) -> None:
        """Say that somebody else wrote meanwhile, and let the next save stand."""
        self.add_error(
            None,
            _(
                "Noen andre lagret mens du skrev. Teksten din står her. Se hva som er lagret, før du lagrer over."
            ),
        )
        data = cast("QueryDict", self.data).copy()
        data["seen"] = seen
        self.data = data


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


class ReportForm(_Notification):
    """The report to Datatilsynet, in the order of its form."""

    cause = forms.ChoiceField(
        label=gettext_lazy("Hovedårsak"), required=False, choices=breach.CAUSES, widget=forms.RadioSelect
    )
    started_at = DateTimeField(label=gettext_lazy("Når begynte det?"), required=False)
    ended_at = DateTimeField(label=gettext_lazy("Når tok det slutt?"), required=False)
    is_ongoing = forms.BooleanField(label=gettext_lazy("Det pågår fortsatt"), required=False)
    delay_reason = _long(
        gettext_lazy("Hvorfor meldes det senere enn 72 timer?"), rows=3,
        help_text=gettext_lazy("Bare når fristen er ute."),
    )  # fmt: skip
    people = IntegerField(
        label=gettext_lazy("Antall personer som er berørt"), required=False, min_value=0, max_value=_MOST_PEOPLE,
        help_text=gettext_lazy("Omtrent."),
    )  # fmt: skip
    records = IntegerField(
        label=gettext_lazy("Antall registreringer"), required=False, min_value=0, max_value=_MOST_PEOPLE,
        help_text=gettext_lazy("Omtrent, for eksempel dokumenter eller poster i en liste."),
    )  # fmt: skip
    what = _long(
        gettext_lazy("Hva har skjedd?"), rows=6,
        help_text=gettext_lazy("Uten navn og fødselsnummer på dem det gjelder."),
    )  # fmt: skip
    breach_of = forms.MultipleChoiceField(
        label=gettext_lazy("Hva ble brutt?"), required=False, widget=CheckboxList
    )
    how = _long(gettext_lazy("Hvordan oppsto avviket?"))
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Hva slags personopplysninger?"), required=False, widget=CheckboxList
    )
    kinds_note = _short(gettext_lazy("Andre personopplysninger"))
    special = forms.ChoiceField(
        label=gettext_lazy("Er noe av dette særlige kategorier?"), required=False, choices=YES_NO,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Helse, religion, fagforening, etnisitet, seksuell orientering, genetikk eller biometri."),
    )  # fmt: skip
    special_note = _short(gettext_lazy("Hvilke særlige kategorier?"))
    relations = forms.MultipleChoiceField(
        label=gettext_lazy("Hvem er de berørte for kommunen?"), required=False, choices=breach.RELATIONS,
        widget=CheckboxList,
    )  # fmt: skip
    where_now = _long(gettext_lazy("Hvor er opplysningene nå?"), rows=3)
    consequences = _long(gettext_lazy("Mulige konsekvenser for de berørte"))
    measures = _long(gettext_lazy("Hva er gjort for å stanse bruddet og begrense følgene?"))
    prevention = _long(gettext_lazy("Hva er gjort og planlagt for å hindre at det skjer igjen?"))
    informed = _long(gettext_lazy("Hva har de berørte fått vite?"), rows=3)
    contact_name = _short(gettext_lazy("Kontaktperson"))
    contact_email = forms.EmailField(label=gettext_lazy("E-post til kontaktpersonen"), required=False)
    contact_phone = _short(gettext_lazy("Telefon til kontaktpersonen"))
    dpo_name = _short(gettext_lazy("Personvernombud"))
    dpo_email = forms.EmailField(label=gettext_lazy("E-post til personvernombudet"), required=False)

    def __init__(self, *args: Any, duty: Duty, initial: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, initial={**_read(initial), "seen": duty.seen}, **kwargs)
        self.duty = duty
        offered = _choices_of(duty.deviation.municipality_id, ("breach_of", "breach_data"))
        self._offer("breach_of", offered["breach_of"], initial)
        self._offer("kinds", offered["breach_data"], initial)

    def _offer(self, name: str, choices: Iterable[str], initial: Mapping[str, Any]) -> None:
        """Offer the choices of the catalogue, and those that were chosen under older words."""
        words = dict.fromkeys([*choices, *(initial.get(name) or [])])
        field: Any = self.fields[name]
        field.choices = [(word, word) for word in words]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        start, end, now = given.get("started_at"), given.get("ended_at"), timezone.now()
        for name, moment in (("started_at", start), ("ended_at", end)):
            if moment and moment > now:
                self.add_error(name, _("Tidspunktet er ikke kommet ennå."))
        if start and end and end < start:
            self.add_error("ended_at", _("Det kan ikke ta slutt før det begynte."))
        if end and given.get("is_ongoing"):
            self.add_error("is_ongoing", _("Kryss ikke av her når du har skrevet når det tok slutt."))
        return given


class LetterForm(_Notification):
    """The letter to those whose data it is (GDPR art. 34), in plain words."""

    description = _long(gettext_lazy("Hva har skjedd?"))
    consequences = _long(gettext_lazy("Hva kan dette bety for deg?"))
    measures = _long(gettext_lazy("Hva gjør vi?"))
    advice = _long(
        gettext_lazy("Hva kan du gjøre?"),
        help_text=gettext_lazy("For eksempel bytte passord eller være på vakt mot svindel."),
    )
    contact = _long(
        gettext_lazy("Hvem kan du spørre?"),
        rows=2,
        help_text=gettext_lazy("Personvernombudet eller et annet kontaktpunkt."),
    )
    people = IntegerField(
        label=gettext_lazy("Hvor mange er underrettet?"), required=False, min_value=0, max_value=_MOST_PEOPLE,
        help_text=gettext_lazy("Står ikke i brevet."),
    )  # fmt: skip
    way = _short(
        gettext_lazy("Hvordan fikk de vite det?"),
        help_text=gettext_lazy("Direkte og for seg selv, ikke sammen med annen post. Står ikke i brevet."),
    )

    def __init__(self, *args: Any, duty: Duty, initial: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, initial={**initial, "seen": duty.seen}, **kwargs)


def _read(details: Mapping[str, Any]) -> dict[str, Any]:
    moments = {name: parse_datetime(details.get(name) or "") for name in ("started_at", "ended_at")}
    return {**details, **moments}


def _choices_of(municipality_id: int, codes: Iterable[str]) -> dict[str, list[str]]:
    """Return the choices of the municipality's own questions."""
    rows = Question.objects.filter(municipality_id=municipality_id, code__in=codes)
    return {**{code: [] for code in codes}, **dict(rows.values_list("code", "choices"))}
