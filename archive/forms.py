"""Forms of sak/arkiv."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import FilterForm, Form

# What the apps above send to the archive, in words.
KINDS = {
    "submission": gettext_lazy("Innmelding"),
    "endorsement": gettext_lazy("Tilråding"),
    "minutes": gettext_lazy("Møteprotokoll"),
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
    vis = forms.ChoiceField(choices=[("", ""), ("fort", "")], required=False, widget=forms.HiddenInput)

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
