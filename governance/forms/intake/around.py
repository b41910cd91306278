"""What stands beside the sections: shielding, files, and those who write together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import FilesField, Form, file_help, offer_rows
from governance.forms.intake.common import SectionForm, people_around
from governance.models.initiative import Initiative
from organization.forms import PersonField

if TYPE_CHECKING:
    from organization.models import Person


class ShieldingForm(SectionForm):
    class Meta:
        model = Initiative
        fields = ("shield_basis", "public_title")
        labels: ClassVar[dict[str, Any]] = {
            "shield_basis": gettext_lazy("Hjemmel for å skjerme"),
            "public_title": gettext_lazy("Offentlig tittel"),
        }
        widgets: ClassVar[dict[str, Any]] = {"shield_basis": forms.RadioSelect()}
        help_texts: ClassVar[dict[str, Any]] = {
            "shield_basis": gettext_lazy("Skjerm bare når loven krever det. Hjemmelen vises i arkivet."),
            "public_title": gettext_lazy("Tittelen alle ser når saken er skjermet."),
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("shield_basis") and not data.get("public_title") and "public_title" in self.fields:
            self.add_error("public_title", _("Skriv en tittel som ikke røper det som skal skjermes."))
        return data


class CoEditorForm(Form):
    person = PersonField(
        label=gettext_lazy("Hvem vil du skrive sammen med?"),
        help_text=gettext_lazy(
            "Skriv en del av navnet. De kan lese og endre alt i kladden, og sende den inn."
        ),
    )

    def __init__(self, *args: Any, initiative: Initiative, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initiative = initiative
        offer_rows(self, "person", people_around(initiative))

    def clean_person(self) -> Person:
        person: Person = self.cleaned_data["person"]
        if person.pk == self.initiative.submitter_id or person in self.initiative.co_editors.all():
            raise ValidationError(_("%(name)s skriver alt i kladden.") % {"name": person})
        return person


class UploadForm(Form):
    """Several files at once; each is judged by itself when it is kept."""

    files = FilesField(  # type: ignore[assignment]
        label=gettext_lazy("Velg filer"), allow_empty_file=True,
        error_messages={"required": gettext_lazy("Velg minst én fil først.")},
    )  # fmt: skip
    is_shielded = forms.BooleanField(
        label=gettext_lazy("Skjerm filene"), required=False,
        help_text=gettext_lazy("Bare sekretariatet, rådet og de som er navngitt i saken, kan åpne dem."),
    )  # fmt: skip

    def __init__(self, *args: Any, initiative: Initiative, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["files"].help_text = file_help()
        if not initiative.is_shielded:  # a file is shielded on the legal basis of its case
            del self.fields["is_shielded"]
