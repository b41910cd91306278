"""Forms of the secretariat and the archivist, apart from those of the transitions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import CheckboxList, DateField, DecimalField, FilterForm, Form, offer_choices
from core.forms.fields import write_number
from core.workdays import add_working_days
from governance.forms.transitions import future_day
from governance.models.mandate import HEARD
from organization.roles import Role

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from decimal import Decimal

    from governance.models import Participation

_ABOUT = {
    Role.IKT_LEADER: gettext_lazy("Drift, kapasitet og løsninger dere har fra før."),
    Role.ENTERPRISE_ARCHITECT: gettext_lazy("Integrasjoner og sammenheng med andre systemer."),
    Role.CHIEF_OF_FINANCE: gettext_lazy("Kostnad, dekning og budsjett."),
    Role.PRIVACY_OFFICER: gettext_lazy("Behandling av personopplysninger."),
    Role.ARCHIVIST: gettext_lazy("Hva som skal arkiveres, og hvordan."),
    Role.HR: gettext_lazy("Kompetanse og bemanning."),
    Role.TILLITSVALGT: gettext_lazy("Hva tiltaket betyr for de ansatte og arbeidsmiljøet."),
    Role.VERNEOMBUD: gettext_lazy("Hva tiltaket betyr for de ansatte og arbeidsmiljøet."),
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


class CostSharesForm(Form):
    """How many per cent each municipality that takes part is to carry."""

    def __init__(
        self, *args: Any, participations: Iterable[Participation], shares: dict[int, Decimal], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for row in participations:
            self.fields[_share_of(row.municipality_id)] = DecimalField(
                label=str(row.municipality), min_value=0, max_value=100, decimal_places=2, max_digits=5,
                initial=shares.get(row.municipality_id), help_text=_("Prosent av kostnaden."),
            )  # fmt: skip
        self.municipalities = [row.municipality_id for row in participations]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        whole = sum(self.shares.values())
        if not self.errors and whole != 100:  # noqa: PLR2004 - per cent
            raise ValidationError(
                _("Andelene blir %(whole)s prosent til sammen. De må bli 100."),
                params={"whole": write_number(whole)},
            )
        return data

    @property
    def shares(self) -> dict[int, Decimal]:
        """Return what was filled in, by municipality."""
        filled = {pk: self.cleaned_data.get(_share_of(pk)) for pk in self.municipalities}
        return {pk: share for pk, share in filled.items() if share is not None}


def _share_of(municipality_id: int) -> str:
    return f"share_{municipality_id}"


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


class PrincipleForm(Form):
    """Whether a case is a matter of principle; the reason is written either way."""

    is_principle = forms.ChoiceField(
        label=gettext_lazy("Er saken prinsipiell?"), choices=[("no", gettext_lazy("Nei")), ("yes", gettext_lazy("Ja"))],
        widget=forms.RadioSelect,
        help_text=gettext_lazy("En prinsipiell sak er ny, omstridt eller får følger for flere enn dem den gjelder."),
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("Begrunnelse"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )

    @property
    def judged(self) -> dict[str, Any]:
        """Return what was written, as the operation wants it."""
        return {
            "is_principle": self.cleaned_data["is_principle"] == "yes",
            "reason": self.cleaned_data["reason"],
        }


_YEARS_SHOWN = 10


class FrameFilter(FilterForm):
    """Which year's frame is shown; it stands in the address."""

    aar = forms.ChoiceField(label=gettext_lazy("År"), required=False)

    def __init__(self, *args: Any, this_year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.this_year = this_year
        years = [str(year) for year in range(this_year, this_year - _YEARS_SHOWN, -1)]
        offer_choices(self, "aar", [(year, year) for year in years])

    @property
    def year(self) -> int:
        """Return the chosen year: this one where none, or none that is offered, was chosen."""
        self.is_valid()
        return int(self.cleaned_data.get("aar") or self.this_year)
