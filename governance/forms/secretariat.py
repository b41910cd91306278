"""Forms of the secretariat and the archivist, apart from those of the transitions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import CheckboxList, DateField, Form
from core.workdays import add_working_days
from governance.forms.transitions import future_day
from organization.roles import Role

if TYPE_CHECKING:
    from datetime import date

# Who is heard on a measure (domain/governance 4.3), in the order of the form.
HEARD = (
    Role.IKT_LEADER, Role.ENTERPRISE_ARCHITECT, Role.CHIEF_OF_FINANCE, Role.PRIVACY_OFFICER, Role.ARCHIVIST, Role.HR,
    Role.TILLITSVALGT, Role.VERNEOMBUD,
)  # fmt: skip
_ABOUT = {
    Role.IKT_LEADER: gettext_lazy("Drift, kapasitet og løsninger dere har fra før."),
    Role.ENTERPRISE_ARCHITECT: gettext_lazy("Integrasjoner og sammenheng med andre systemer."),
    Role.CHIEF_OF_FINANCE: gettext_lazy("Må spørres når saken trenger budsjett."),
    Role.PRIVACY_OFFICER: gettext_lazy("Når det behandles personopplysninger."),
    Role.ARCHIVIST: gettext_lazy("Hva som skal arkiveres, og hvordan."),
    Role.HR: gettext_lazy("Kompetanse og bemanning."),
    Role.TILLITSVALGT: gettext_lazy("Må spørres når tiltaket endrer arbeidet for ansatte."),
    Role.VERNEOMBUD: gettext_lazy("Må spørres når tiltaket endrer arbeidet for ansatte."),
}


class HearingsForm(Form):
    """Which roles to ask, and until when."""

    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Hvem skal uttale seg?"), choices=[(role.value, role.label) for role in HEARD],
        widget=CheckboxList(descriptions={role.value: text for role, text in _ABOUT.items()}),
        error_messages={"required": gettext_lazy("Velg minst én som skal uttale seg.")},
    )  # fmt: skip
    deadline = DateField(label=gettext_lazy("Svarfrist"))

    def __init__(self, *args: Any, days: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deadline"].initial = add_working_days(timezone.localdate(), days)

    def clean_roles(self) -> list[Role]:
        return [Role(value) for value in self.cleaned_data["roles"]]

    def clean_deadline(self) -> date | None:
        return future_day(self.cleaned_data["deadline"])


class ArchiveReferenceForm(Form):
    archive_reference = forms.CharField(
        label=gettext_lazy("Saksnummer"), max_length=60,
        help_text=gettext_lazy("Slik det står i arkivet, for eksempel 26/01234."),
    )  # fmt: skip

    def clean_archive_reference(self) -> str:
        number: str = self.cleaned_data["archive_reference"].strip()
        if not any(sign.isdigit() for sign in number):
            raise ValidationError(_("Et saksnummer har minst ett tall. Sjekk nummeret i arkivet."))
        return number
