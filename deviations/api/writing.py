"""Reports filed through the API: the operation of the page, and the checks of its form."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.api.bodies import Filling, cleaned, error, object_of, pointer_to, refuse, unknown
from core.api.problems import ApiProblem
from core.api.schema import FormBody
from core.forms import DateTimeField, Form
from core.workflow import TransitionDenied
from deviations import guarding, operations, photos, policies, reporting
from deviations.forms.questions import PREFIX, QuestionsForm
from deviations.forms.report import checked_discovery
from deviations.forms.units import closed_words
from deviations.models import Anonymity, Category, Danger, DeviationRules, DeviationType, Kind, Severity
from deviations.operations import ReportInput
from deviations.operations.reporting import plain
from deviations.triage import Case
from organization.models import Unit
from organization.roles import Permission

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import QueryDict

    from deviations.models import Deviation, Question
    from organization.actors import PersonActor

_KEYS = uuid.UUID("0b1f6a5e-6a0c-4a0e-9a41-6f3b0f7f4d53")
_GUARDED = ("title", "description", "place", "immediate_action")


class NewDeviationForm(Form):
    """A report as the API takes it; answers and photos come beside it."""

    kind = forms.ChoiceField(label=gettext_lazy("Hva slags melding"), choices=Kind.choices)
    description = forms.CharField(label=gettext_lazy("Hva skjedde?"), max_length=20_000)
    danger = forms.ChoiceField(label=gettext_lazy("Er noen skadet eller i fare?"), choices=Danger.choices)
    unit = forms.ModelChoiceField(Unit.objects.none(), label=gettext_lazy("Enheten der det skjedde"))
    type = forms.ModelChoiceField(
        DeviationType.objects.none(), label=gettext_lazy("Typen i kommunens katalog"), required=False
    )
    category = forms.ChoiceField(
        label=gettext_lazy("Kategorien, når ingen type er valgt"), required=False,
        choices=[("", gettext_lazy("Ikke valgt")), *Category.choices],
    )  # fmt: skip
    title = forms.CharField(label=gettext_lazy("Kort tittel"), max_length=200, required=False)
    place = forms.CharField(label=gettext_lazy("Sted"), max_length=200, required=False)
    immediate_action = forms.CharField(
        label=gettext_lazy("Hva ble gjort med en gang?"), max_length=4000, required=False
    )
    discovered_at = DateTimeField(
        label=gettext_lazy("Når ble det oppdaget?"), required=False, help_text=gettext_lazy("Nå, når det ikke sendes.")
    )  # fmt: skip
    reported_severity = forms.IntegerField(
        label=gettext_lazy("Hvor alvorlig er det?"), required=False, min_value=min(Severity.values), max_value=max(Severity.values),
    )  # fmt: skip
    concerns_leader = forms.BooleanField(
        label=gettext_lazy("Saken gjelder lederen min, og går til lederen over"), required=False
    )
    anonymity = forms.ChoiceField(
        label=gettext_lazy("Hvem skal se navnet ditt?"), choices=Anonymity.choices, required=False,
        help_text=gettext_lazy("Med «anonymous» lagres ikke hvem som kaller, og svaret er koden som følger meldingen."),
    )  # fmt: skip
    follow_code = forms.CharField(
        label=gettext_lazy("Koden som skal følge en anonym melding"), required=False, max_length=60,
        help_text=gettext_lazy(
            "Seksten tilfeldige tegn av A–Z uten I og O og 2–9. Send den med når du sender med «Idempotency-Key»: da svarer en gjentakelse med den samme koden. Ellers lages en."
        ),
    )  # fmt: skip
    confirmed = forms.BooleanField(
        label=gettext_lazy("Send selv om teksten ser ut til å nevne noen"), required=False
    )
    confirmed_few = forms.BooleanField(
        label=gettext_lazy("Skjul navnet selv om så få arbeider i enheten at noen kan gjette"), required=False
    )

    def __init__(self, data: dict[str, Any], *, actor: PersonActor) -> None:
        super().__init__(data)
        places = actor.municipalities_where(Permission.REPORT_DEVIATION)
        fields: Any = self.fields
        fields["unit"].queryset = Unit.objects.filter(municipality_id__in=places)
        fields["type"].queryset = DeviationType.objects.active().filter(municipality_id__in=places)

    def clean_unit(self) -> Unit:
        unit: Unit = self.cleaned_data["unit"]
        if unit.closed_on is not None and unit.closed_on <= timezone.localdate():
            raise ValidationError(closed_words(unit))
        return unit

    def clean_discovered_at(self) -> datetime | None:
        return checked_discovery(self.cleaned_data["discovered_at"])

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        type_, unit = data.get("type"), data.get("unit")
        if type_ is not None and unit is not None and type_.municipality_id != unit.municipality_id:
            self.add_error("type", _("Typen hører til en annen kommune enn enheten."))
        if type_ is not None and type_.refers_to:
            self.add_error(
                "type",
                _("«%(type)s» meldes ikke her. Bruk kanalen kommunen har for det.") % {"type": type_.name},
            )
        if not data.get("confirmed"):
            self._warn(data)
        self._warn_of_guessing(data)
        return data

    def clean_follow_code(self) -> str:
        given: str = self.cleaned_data["follow_code"]
        if given and not plain(given):
            raise ValidationError(_("Koden skal ha seksten tegn av A–Z uten I og O og 2–9."))
        return plain(given)

    def _warn_of_guessing(self, data: dict[str, Any]) -> None:
        unit = data.get("unit")
        if unit is None or data.get("confirmed_few") or data.get("anonymity") in {None, "", Anonymity.OPEN}:
            return
        rules = DeviationRules.of_id(cast("int", unit.municipality_id))
        if reporting.is_small(unit, rules, day=timezone.localdate()):
            self.add_error(
                "anonymity",
                _(
                    "Så få arbeider i enheten at noen kan gjette hvem du er. Skal det sendes likevel, sett «confirmed_few»."
                ),
            )

    def _warn(self, data: dict[str, Any]) -> None:
        for name in _GUARDED:
            for finding in guarding.find(data.get(name, "")):
                self.add_error(name, _warning(finding))


_ANSWERS: dict[str, Any] = {
    "type": "object",
    "title": gettext_lazy("Svar på spørsmålene, under kodene deres"),
    "description": gettext_lazy("Spørsmålene for en melding står på `/deviations/questions/`. Svar som kan starte en meldeplikt, starter den."),
    "additionalProperties": {
        "oneOf": [
            {"type": "string"},
            {"type": "integer"},
            {"type": "array", "items": {"type": "string"}},
        ]
    },
}  # fmt: skip
CREATE = FormBody("NewDeviation", (NewDeviationForm,), more={"answers": _ANSWERS})
_PHOTOS: dict[str, Any] = {
    "type": "array", "maxItems": photos.MOST, "items": {"type": "string", "format": "binary"},
    "description": gettext_lazy("JPEG, PNG, WebP eller GIF, hver på høyst 25 MB. Hvor og når bildene er tatt, lagres ikke."),
}  # fmt: skip
CREATE_WITH_PHOTOS = {
    "type": "object",
    "properties": {
        "json": {"allOf": [{"$ref": "#/components/schemas/NewDeviation"}]},
        "photos": _PHOTOS,
    },
    "required": ["json"],
}
PHOTOS = {"type": "object", "properties": {"photos": _PHOTOS}, "required": ["photos"]}


@dataclass(frozen=True, slots=True)
class Filed:
    """What came of a report: the case, its code when it is anonymous, and why photos were refused."""

    case: Deviation
    code: str
    refused: list[str]


def is_anonymous(body: Any) -> bool:
    """Tell whether nothing of who calls may be kept."""
    return isinstance(body, dict) and body.get("anonymity") == Anonymity.ANONYMOUS


def create(body: Any, *, by: PersonActor, now: datetime) -> Filed:
    """File a report with what was sent.

    :raises TransitionDenied: ``by`` may not report anywhere.
    :raises TransitionBlocked: nobody in the line can receive the case.
    :raises ApiProblem: something that was sent is wrong; then nothing is filed.
    """
    given, uploads = _read(body, by=by, now=now)
    return _file(given, uploads, by=by, now=now)


def create_anonymously(body: Any, *, key: str, by: PersonActor, now: datetime) -> Filed:
    """File a report that keeps nothing of who calls, once for each ``key``.

    The key is not remembered beside the caller, as others are: it becomes the report's own, and
    only who sends the code along learns it again.

    :raises ApiProblem: also where the key belongs to another report, or the code to no report of that key.
    """
    given, uploads = _read(body, by=by, now=now)
    if key:
        given = replace(given, submission_key=uuid.uuid5(_KEYS, key))
    filed = _file(given, uploads, by=by, now=now)
    if not filed.code or filed.case.description != given.description:
        raise ApiProblem("key-reused")
    return filed


def _file(given: ReportInput, uploads: list[Any], *, by: PersonActor, now: datetime) -> Filed:
    case, code = operations.report(given, by=by, now=now)
    mine = bool(code) or case.reporter_id == by.person_id
    return Filed(case, code, photos.keep_once(case, uploads, by=by, now=now) if mine else [])


def _read(body: Any, *, by: PersonActor, now: datetime) -> tuple[ReportInput, list[Any]]:
    if not by.municipalities_where(Permission.REPORT_DEVIATION):
        raise TransitionDenied
    told = object_of(body)
    uploads, answers = photos_of(told), told.pop("answers", {})
    sent = cleaned(lambda data: NewDeviationForm(data, actor=by), told)
    confirmed, _few = sent.pop("confirmed"), sent.pop("confirmed_few")
    sent["answers"] = _answers(answers, sent, confirmed=confirmed)
    unit, day = sent["unit"], timezone.localdate(now)
    apart = sent.pop("concerns_leader")
    leaders = reporting.leaders_of(unit, day=day, apart_from=by.person_id) if apart else ()
    sent["anonymity"] = sent["anonymity"] or Anonymity.OPEN
    return ReportInput(**sent, concerned=leaders), uploads


def photos_of(body: dict[str, Any]) -> list[Any]:
    """Take the files out of what was sent.

    :raises ApiProblem: there are files under another name, or something else under theirs.
    """
    files = {name: value for name, value in body.items() if _are_files(value)}
    refuse(unknown(files, ("photos",)))
    return body.pop("photos") if files else []


def _are_files(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, UploadedFile) for one in value)


def _answers(given: Any, sent: dict[str, Any], *, confirmed: bool) -> dict[str, str]:
    """Return the answers as they are kept, checked by the form of the page.

    :raises ApiProblem: with the place of each that is wrong or not asked.
    """
    if not isinstance(given, dict):
        raise ApiProblem("invalid", errors=[error(pointer_to("answers"), _("Skal være et JSON-objekt."))])
    asked = questions_asked(sent, {code: str(value) for code, value in given.items()})
    filling = Filling(lambda data: QuestionsForm(cast("QueryDict", data), questions=asked))
    known = {question.code for question in asked}
    for code in given.keys() & known:
        filling.put_field(f"{PREFIX}{code}", given[code], pointer_to("answers", code))
    strange = [error(pointer_to("answers", code[:200]), _("Spørsmålet stilles ikke for denne meldingen.")) for code in given if code not in known]  # fmt: skip
    refuse([*strange, *filling.errors()])
    answers: dict[str, str] = filling.form.answers()
    if not confirmed:
        refuse(
            [
                error(pointer_to("answers", code), _warning(finding))
                for code, value in answers.items()
                for finding in guarding.find(value)
            ]
        )
    return answers


def questions_asked(sent: dict[str, Any], answers: dict[str, str]) -> list[Question]:
    """Return what a report is asked, as far as it is told."""
    type_ = sent["type"]
    category = type_.category if type_ else sent.get("category", "")
    case = Case(category=category, type=type_, danger=sent["danger"], answers=answers)
    return reporting.questions_for(sent["unit"].municipality_id, case, kind=sent["kind"])


def _warning(finding: guarding.Finding) -> str:
    words = {"kind": finding.kind.label, "advice": finding.advice}
    return _("%(kind)s: %(advice)s Skal det sendes likevel, sett «confirmed».") % words


def add_photos(case: Deviation, body: Any, *, by: PersonActor, now: datetime) -> list[str]:
    """Add photos to an own report, and return why some were refused.

    :raises TransitionDenied: the report is somebody else's, or has ended.
    :raises ApiProblem: nothing was sent, or nothing of it can be kept.
    """
    if not policies.is_reporter(by, case) or case.is_final:
        raise TransitionDenied
    told = object_of(body)
    uploads = photos_of(told)
    at = pointer_to("photos")
    refuse([*unknown(told, ()), *([] if uploads else [error(at, _("Legg ved minst ett bilde."))])])
    refused = photos.keep(case, uploads, by=by, now=now)
    if len(refused) == len(uploads):
        refuse([error(at, reason) for reason in refused])
    return refused
