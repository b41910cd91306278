"""Forms of sak/arkiv."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.adapters.fiks_io import missing
from archive.models import ArchiveRules, Channel, Purpose
from core.forms import CheckboxList, DateField, FilterForm, Form, ModelForm, RadioCards

if TYPE_CHECKING:
    from archive.models import ArchiveMessage

MOST_BYTES = 2 * 1024 * 1024

# What the apps above send to the archive, in words.
KINDS = {
    "submission": gettext_lazy("Innmelding"),
    "resubmission": gettext_lazy("Ny innmelding"),
    "endorsement": gettext_lazy("Tilråding"),
    "hearing": gettext_lazy("Høringssvar"),
    "case_paper": gettext_lazy("Saksframlegg"),
    "summons": gettext_lazy("Møteinnkalling"),
    "meeting_case": gettext_lazy("Møtesak"),
    "minutes": gettext_lazy("Møteprotokoll"),
    "municipal_decision": gettext_lazy("Kommunens avgjørelse"),
    "decision": gettext_lazy("Melding om vedtak"),
    "benefit_plan": gettext_lazy("Gevinstplan"),
    "benefit_report": gettext_lazy("Gevinstrapport"),
    "case_closed": gettext_lazy("Saken avsluttet"),
    "deviation": gettext_lazy("Lukket avvik"),
    "consultation": gettext_lazy("Innspill til strategi"),
}


class CaseNumberForm(Form):
    """The case number that the archivist filed a message under."""

    archive_reference = forms.CharField(
        label=gettext_lazy("Saksnummer i arkivet"), max_length=60,
        help_text=gettext_lazy("Slik det står i sak/arkiv, for eksempel «26/1234» eller «2026/1234-1»."),
    )  # fmt: skip
    # What stood there when the page was opened: two archivists do not overwrite each other.
    expected = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)

    def clean_archive_reference(self) -> str:
        number: str = self.cleaned_data["archive_reference"]
        if not any(letter.isdigit() for letter in number):
            raise ValidationError(_("Saksnummeret må inneholde tall."))
        return number


class MessageFilter(FilterForm):
    """What narrows the list of messages."""

    q = forms.CharField(label=gettext_lazy("Søk i tittel eller saksnummer"), max_length=200, required=False)
    hva = forms.ChoiceField(
        label=gettext_lazy("Hva"), choices=[("", gettext_lazy("Alle")), *KINDS.items()], required=False
    )
    vis = forms.ChoiceField(
        choices=[("", ""), ("fort", ""), ("feil", "")], required=False, widget=forms.HiddenInput
    )

    @property
    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def active(self) -> int:
        """How many filters are in use; which of the two lists is shown is none."""
        return len(self.chosen.keys() - {"vis"})

    @property
    def shows_done(self) -> bool:
        return self.chosen.get("vis") == "fort"

    @property
    def shows_trouble(self) -> bool:
        return self.chosen.get("vis") == "feil"


class CorrectionForm(Form):
    """What is put right before a message is sent anew, under the same key."""

    public_title = forms.CharField(
        label=gettext_lazy("Offentlig tittel"), max_length=300, required=False,
        help_text=gettext_lazy("Bare når tittelen er skjermet. La stå tomt for å beholde den som er."),
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("Hva er rettet?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("For eksempel en kode i reglene for arkivet, eller noe i arkivet selv."),
    )  # fmt: skip

    def __init__(self, *args: Any, obj: ArchiveMessage, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["public_title"].initial = obj.public_title
        if not is_shielded(obj):
            del self.fields["public_title"]


def is_shielded(message: ArchiveMessage) -> bool:
    content = message.content
    return bool((content.get("folder") or {}).get("shield") or (content.get("entry") or {}).get("shield"))


class AnswerForm(Form):
    """An answer that the archivist brings from the archive as a file."""

    file = forms.FileField(
        label=gettext_lazy("Fil fra arkivet"), allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".xml,.zip,.mottatt,.kvittering"}),
        help_text=gettext_lazy("Kvittering eller feilmelding (XML), eller en ZIP-fil med den. Høyst 2 MB."),
    )  # fmt: skip

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload.size > MOST_BYTES:
            raise ValidationError(
                _("Filen er større enn 2 MB. Et svar fra arkivet er mindre. Velg en annen fil.")
            )
        return upload


class ExportForm(Form):
    """What an export of what happened before takes; nothing chosen is everything."""

    purpose = forms.ChoiceField(
        label=gettext_lazy("Hva vil du gjøre?"), choices=Purpose.choices, initial=Purpose.SEND,
        widget=RadioCards(descriptions={
            Purpose.SEND: gettext_lazy(
                "Det som skulle stått i arkivet og ikke har melding, får en, og sendes den vanlige veien. "
                "Det som alt er sendt, blir ikke sendt igjen."
            ),
            Purpose.PACKAGES: gettext_lazy(
                "Alt som har melding, også det som er kvittert, som ZIP-filer til et nytt arkivsystem. "
                "Ingenting sendes, og ingen status endres."
            ),
        }),
    )  # fmt: skip
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Slag"), choices=list(KINDS.items()), required=False, widget=CheckboxList,
        help_text=gettext_lazy("Velg ingen for å ta med alle."),
    )  # fmt: skip
    since = DateField(
        label=gettext_lazy("Fra og med"), required=False, help_text=gettext_lazy("Dagen det skjedde. Tomt: fra begynnelsen."),
    )  # fmt: skip
    until = DateField(
        label=gettext_lazy("Til og med"), required=False, help_text=gettext_lazy("Tomt: til nå.")
    )

    def clean(self) -> dict[str, Any] | None:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            self.add_error("until", _("«Til og med» er før «Fra og med». Bytt om datoene."))
        return cleaned


class RulesForm(ModelForm):
    """How the municipality files, with the codes that its archive wants."""

    formats = forms.CharField(
        label=gettext_lazy("Formatkoder"), widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("Én per linje: filtype = kode, for eksempel «pdf/a-2a = fmt/476»."),
    )  # fmt: skip

    class Meta:
        model = ArchiveRules
        fields = (
            "channel", "own_account", "archive_account", "trial_answer", "system", "rule", "archive_part", "class_system", "initiative_class",
            "meeting_class", "deviation_class", "access_code", "access_label", "default_basis", "algorithm", "formats",
            "source", "archives_deviations",
        )  # fmt: skip
        help_texts: ClassVar = {
            "own_account": gettext_lazy("Konto-id i Fiks Forvaltning. Bare for Fiks IO."),
            "archive_account": gettext_lazy("Konto-id-en arkivet tar imot på. Bare for Fiks IO."),
            "trial_answer": gettext_lazy("Gjelder bare når kommunen prøver seg mot prøvearkivet."),
            "rule": gettext_lazy("Navnet på regelen hvis arkivet styrer mottaket med regler."),
            "system": gettext_lazy("Første del av nøkkelen i arkivet. Ikke endre den etter første melding."),
            "archives_deviations": gettext_lazy(
                "Da arkiveres rapporten om hvert avvik når det lukkes, skjermet."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pairs = self.instance.formats.items()
        self.initial["formats"] = "\n".join(f"{name} = {code}" for name, code in sorted(pairs))

    def clean(self) -> dict[str, Any] | None:
        """Let Fiks IO be chosen only where it can send."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if (
            cleaned.get("channel") == Channel.FIKS_IO
            and not {"own_account", "archive_account"} & self.errors.keys()
        ):
            rules = copy(self.instance)
            rules.own_account, rules.archive_account = cleaned["own_account"], cleaned["archive_account"]
            for reason in missing(rules):
                self.add_error("channel", reason)
        return cleaned

    def clean_formats(self) -> dict[str, str]:
        found = {}
        for number, line in enumerate(self.cleaned_data["formats"].splitlines(), start=1):
            name, equals, code = (part.strip() for part in line.partition("="))
            if line.strip() and not (name and equals and code):
                raise ValidationError(
                    _("Linje %(number)s: skriv filtype, likhetstegn og kode."), params={"number": number}
                )
            if name:
                found[name.lower()] = code
        return found
