"""What the handling of a case asks for beside its steps: who shall have it, answers, links and messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deviations.forms.people import colleagues, person_field
from deviations.forms.transitions import TransitionForm
from deviations.guarding import Kind, find
from deviations.models import Deviation
from deviations.operations.routing import why_not

if TYPE_CHECKING:
    from organization.models import Person

_NAMING = frozenset({Kind.IDENTITY, Kind.PHONE, Kind.NAME})


def _text(label: Any, *, rows: int = 4, limit: int = 2000, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=limit, help_text=help_text, widget=widget)


class RerouteForm(TransitionForm):
    person = person_field(
        label=gettext_lazy("Hvem skal ha saken?"), help_text=gettext_lazy("Skriv en del av navnet.")
    )
    reason = _text(
        gettext_lazy("Begrunnelse"), rows=3, limit=500, help_text=gettext_lazy("Den som får saken, leser dette.")
    )  # fmt: skip

    def prepare(self) -> None:
        field: Any = self.fields["person"]
        field.queryset = colleagues(self.obj.municipality_id)

    def clean_person(self) -> Person:
        person: Person = self.cleaned_data["person"]
        if reasons := why_not(self.obj, person):
            raise ValidationError(reasons)
        return person


class LinkForm(TransitionForm):
    number = forms.CharField(
        label=gettext_lazy("Nummeret på den andre saken"), max_length=20,
        help_text=gettext_lazy("For eksempel A2026-0042."),
    )  # fmt: skip

    def clean_number(self) -> Deviation:
        number = self.cleaned_data["number"].strip().upper()
        if number == self.obj.number:
            raise ValidationError(_("Dette er nummeret på saken du står i. Skriv nummeret på en annen."))
        rows = Deviation.objects.visible_to(self.actor).filter(municipality_id=self.obj.municipality_id)
        found: Deviation | None = rows.filter(number=number).exclude(number="").first()
        if found is None:
            raise ValidationError(
                _("Fant ingen annen sak med nummer %(number)s som du har tilgang til.") % {"number": number}
            )
        return found


class MessageForm(TransitionForm):
    text = _text(gettext_lazy("Beskjed"), rows=3)


class MeasureForm(TransitionForm):
    """A draft of an initiative, which many will read: nothing of the report is put into it by itself."""

    title = forms.CharField(label=gettext_lazy("Tittel"), max_length=200)
    need = _text(
        gettext_lazy("Behovet"), rows=6, limit=4000,
        help_text=gettext_lazy("Hva går galt, hvor ofte, og for hvem? Uten navn og uten enkeltpersoners historie."),
    )  # fmt: skip
    summary = _text(
        gettext_lazy("Kort om tiltaket"), rows=3, limit=600, help_text=gettext_lazy("Hva bør gjøres?")
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name in ("title", "need", "summary"):
            found = [one.text for one in find(data.get(name, "")) if one.kind in _NAMING]
            if found:
                words = _("Tiltaket leses av alle i kommunen. Ta bort «%(found)s».") % {"found": found[0]}
                self.add_error(name, words)
        return data
