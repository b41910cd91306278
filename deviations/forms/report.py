"""What a report asks: three answers that are needed, and the rest for whoever has time."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import DateTimeField, FilesField, Form, RadioCards, offer_rows
from core.forms.fields import FilesInput
from deviations.forms.units import UnitField, units_in
from deviations.models import Anonymity, Category, Danger, DeviationType, Kind, Severity
from deviations.models.status import SEVERITY_HELP, UNHURT
from deviations.operations.reporting import new_code

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import QueryDict
    from django.utils.datastructures import MultiValueDict
    from django.utils.functional import _StrOrPromise as StrOrPromise

    from organization.queries import UnitQuerySet

MISSING_DESCRIPTION = gettext_lazy("Skriv kort hva som skjedde.")
_SEVERITIES = [(severity.value, severity.label) for severity in Severity]
_OLDEST = timedelta(days=3660)
_CLOCK_SKEW = timedelta(minutes=5)
_KINDS: dict[str, StrOrPromise] = {
    Kind.DEVIATION: gettext_lazy("Noe gikk galt"),
    Kind.NEAR_MISS: gettext_lazy("Det gikk nesten galt"),
    Kind.DANGEROUS_CONDITION: gettext_lazy("Noe kan gå galt"),
    Kind.SUGGESTION: gettext_lazy("Noe kan bli bedre"),
    Kind.POSITIVE: gettext_lazy("Noe andre kan lære av"),
}
_ANONYMITY: dict[str, StrOrPromise] = {
    Anonymity.OPEN: gettext_lazy(
        "Lederen og den som behandler saken, ser hvem du er og kan spørre deg om mer."
    ),
    Anonymity.HIDDEN: gettext_lazy(
        "Navnet lagres, men verken lederen eller den som behandler saken, ser det. Du får beskjeder som vanlig. "
        "Det du skriver, kan likevel røpe hvem du er, og ved lovpålagt innsyn kan navnet bli hentet fram."
    ),
    Anonymity.ANONYMOUS: gettext_lazy(
        "Navnet ditt lagres ikke noe sted, og ingen kan finne det senere. Du får en kode som viser deg svarene. "
        "Mister du koden, kan ingen hente den fram. Det du skriver og bildene dine kan likevel røpe hvem du er."
    ),
}


def checked_discovery(found: datetime | None) -> datetime | None:
    """Return the moment of discovery.

    :raises ValidationError: it is in the future, or so long ago that the year must be wrong.
    """
    now = timezone.now()
    if found is not None and found > now + _CLOCK_SKEW:
        raise ValidationError(_("Tidspunktet er i framtiden. Skriv når det ble oppdaget."))
    if found is not None and found < now - _OLDEST:
        raise ValidationError(_("Tidspunktet er mer enn ti år siden. Sjekk årstallet."))
    return found


class PhotosField(FilesField):
    """Photos, checked one by one after the report is filed: a bad one shall not stop it."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data]
        return [file for file in files if file]


class _Photos(FilesInput):
    """A control whose chosen files outlive a swap of the form."""

    def __init__(self, **attrs: str) -> None:
        super().__init__(attrs={"accept": "image/*", "hx-preserve": "true", **attrs})


class SuggestedField(forms.ModelChoiceField):
    """A suggestion that was accepted; one that is gone meanwhile is no mistake of the reporter's."""

    def clean(self, value: Any) -> DeviationType | None:
        try:
            found: DeviationType | None = super().clean(value)
        except ValidationError:
            return None
        return found


def _long(label: Any, limit: int, rows: int, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=limit, widget=forms.Textarea(attrs={"rows": rows}), **options
    )


class PhotosForm(Form):
    """Photos from the camera, or those that are taken already."""

    marks_demands = False
    camera = PhotosField(
        label=gettext_lazy("Ta bilde"), required=False, widget=_Photos(capture="environment"),
        help_text=gettext_lazy("Ikke ta bilde av brukere, pasienter eller elever. Hvor bildet er tatt, lagres ikke."),
    )  # fmt: skip
    photos = PhotosField(label=gettext_lazy("Velg bilder du har"), required=False, widget=_Photos())

    def all_photos(self) -> list[Any]:
        return [*self.cleaned_data["camera"], *self.cleaned_data["photos"]]


class ReportForm(PhotosForm):
    kind = forms.ChoiceField(
        label=gettext_lazy("Hva vil du melde?"), choices=Kind.choices, widget=RadioCards(descriptions=_KINDS),
        error_messages={"required": gettext_lazy("Velg hva du vil melde.")},
    )  # fmt: skip
    description = _long(
        gettext_lazy("Hva skjedde?"), 20_000, 4, error_messages={"required": MISSING_DESCRIPTION},
        help_text=gettext_lazy("Noen få setninger er nok. Ikke skriv navn på brukere, pasienter eller elever."),
    )  # fmt: skip
    danger = forms.ChoiceField(
        label=gettext_lazy("Er noen skadet eller i fare?"), choices=Danger.choices, widget=RadioCards(),
        error_messages={"required": gettext_lazy("Svar på om noen er skadet eller i fare.")},
    )  # fmt: skip
    unit = UnitField(
        label=gettext_lazy("Enhet"),
        error_messages={"required": gettext_lazy("Velg enheten der det skjedde.")},
    )
    place = forms.CharField(
        label=gettext_lazy("Sted"), max_length=200, required=False, help_text=gettext_lazy("Rom, adresse eller kjøretøy.")
    )  # fmt: skip
    type = forms.ModelChoiceField(
        label=gettext_lazy("Type"), queryset=DeviationType.objects.none(), required=False,
        empty_label=gettext_lazy("Ikke valgt (lederen velger)"),
    )  # fmt: skip
    suggested = SuggestedField(queryset=DeviationType.objects.none(), required=False)
    title = forms.CharField(label=gettext_lazy("Kort tittel"), max_length=200, required=False)
    reported_severity = forms.TypedChoiceField(
        label=gettext_lazy("Hvor alvorlig er det?"), choices=_SEVERITIES, coerce=int, empty_value=None, required=False,
        widget=RadioCards(descriptions={str(key.value): text for key, text in SEVERITY_HELP.items()}),
    )  # fmt: skip
    discovered_at = DateTimeField(
        label=gettext_lazy("Når ble det oppdaget?"), required=False,
        help_text=gettext_lazy("Står feltet tomt, regnes det som nå."),
    )  # fmt: skip
    immediate_action = _long(gettext_lazy("Hva ble gjort med en gang?"), 4000, 2, required=False)
    concerns_leader = forms.BooleanField(
        label=gettext_lazy("Saken gjelder lederen min"), required=False,
        help_text=gettext_lazy("Da går den til lederen over, og nærmeste leder får ikke se den."),
    )  # fmt: skip
    anonymity = forms.ChoiceField(
        label=gettext_lazy("Hvem skal se navnet ditt?"), choices=Anonymity.choices, required=False,
        widget=RadioCards(descriptions=_ANONYMITY),
    )  # fmt: skip
    submission_key = forms.CharField(widget=forms.HiddenInput, required=False)
    follow_code = forms.CharField(widget=forms.HiddenInput, required=False)
    municipality = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        data: QueryDict | None = None,
        files: MultiValueDict[str, Any] | None = None,
        *,
        municipality_id: int,
        initial: dict[str, Any],
    ) -> None:
        unique = {"submission_key": uuid.uuid4(), "follow_code": new_code(), "anonymity": Anonymity.OPEN}
        super().__init__(data, files, initial={**unique, **initial, "municipality": municipality_id})
        types = DeviationType.objects.active().filter(municipality_id=municipality_id)
        unit, type_, suggested = (self.fields[name] for name in ("unit", "type", "suggested"))
        unit.queryset = units_in(municipality_id)  # type: ignore[attr-defined]
        unit.options_url = reverse("deviations:report_units", args=[municipality_id])  # type: ignore[attr-defined]
        type_.queryset = suggested.queryset = types.order_by("position", "pk")  # type: ignore[attr-defined]
        type_.iterator = _Grouped  # type: ignore[attr-defined]
        if data is not None and data.get("kind") in UNHURT:
            self.fields["danger"].required = False

    def clean_danger(self) -> str:
        """Return the answer; of what harms nobody the question is not asked."""
        harmless = self.cleaned_data.get("kind") in UNHURT
        return Danger.NONE if harmless else self.cleaned_data["danger"]

    def clean_anonymity(self) -> str:
        return self.cleaned_data["anonymity"] or Anonymity.OPEN

    def clean_discovered_at(self) -> datetime | None:
        return checked_discovery(self.cleaned_data["discovered_at"])

    def clean_submission_key(self) -> uuid.UUID:
        try:
            return uuid.UUID(self.cleaned_data["submission_key"])
        except ValueError:
            return uuid.uuid4()

    def chosen_type(self) -> DeviationType | None:
        """Return the type in the list, else the suggestion that was accepted."""
        return self.cleaned_data.get("type") or self.cleaned_data.get("suggested")


class _Grouped(forms.models.ModelChoiceIterator):
    """The types under their categories, in one query."""

    def __iter__(self) -> Any:
        yield "", self.field.empty_label
        groups: dict[str, list[Any]] = {}
        for row in self.queryset:
            groups.setdefault(row.category, []).append(self.choice(row))
        for category, choices in groups.items():
            yield Category(category).label, choices


class AdditionForm(PhotosForm):
    """More about a report that is sent: words, photos or both."""

    text = _long(gettext_lazy("Hva vil du legge til?"), 4000, 3, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("text") and not self.files:
            self.add_error("text", _("Skriv noe, eller legg ved et bilde."))
        return cleaned


class CodeForm(Form):
    code = forms.CharField(
        label=gettext_lazy("Koden din"), max_length=60,
        help_text=gettext_lazy("Seksten bokstaver og tall. Små bokstaver, mellomrom og bindestreker går bra."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip


class WordsForm(Form):
    """An answer, an objection or a reason to open the case again."""

    prefix = "words"
    text = _long(gettext_lazy("Skriv her"), 4000, 3)


class QrForm(Form):
    """Which unit the sheets are for, and the rooms or places in it."""

    unit = UnitField(label=gettext_lazy("Enhet"), options_url=reverse_lazy("deviations:report_qr_units"))
    places = _long(
        gettext_lazy("Rom eller steder"), 4000, 6, required=False,
        help_text=gettext_lazy("Ett på hver linje. Står feltet tomt, lages én kode for hele enheten."),
    )  # fmt: skip

    def __init__(
        self, data: QueryDict | None = None, *, units: UnitQuerySet, initial: dict[str, Any]
    ) -> None:
        super().__init__(data, initial=initial)
        offer_rows(self, "unit", units)

    def clean_places(self) -> list[str]:
        lines = dict.fromkeys(" ".join(line.split()) for line in self.cleaned_data["places"].splitlines())
        places = [line for line in lines if line]
        if len(places) > _MOST_PLACES:
            raise ValidationError(_("Skriv høyst %(most)d steder om gangen.") % {"most": _MOST_PLACES})
        if too_long := next((place for place in places if len(place) > _LONGEST_PLACE), None):
            raise ValidationError(
                _("«%(place)s» er for langt. Skriv høyst %(most)d tegn.")
                % {"place": f"{too_long[:40]}…", "most": _LONGEST_PLACE}
            )
        return places


_MOST_PLACES = 120
_LONGEST_PLACE = 80
