"""Reports filed through the API: the operation of the page, and the checks of its form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.api.bodies import cleaned
from core.api.schema import FormBody
from core.forms import DateTimeField, Form
from core.workflow import TransitionDenied
from deviations import guarding, operations, reporting
from deviations.forms.report import checked_discovery
from deviations.forms.units import closed_words
from deviations.models import Anonymity, Category, Danger, DeviationType, Kind, Severity
from deviations.operations import ReportInput
from organization.models import Unit
from organization.roles import Permission

if TYPE_CHECKING:
    from datetime import datetime

    from deviations.models import Deviation
    from organization.actors import PersonActor

_NAMED = [choice for choice in Anonymity.choices if choice[0] != Anonymity.ANONYMOUS]
_GUARDED = ("title", "description", "place", "immediate_action")


class NewDeviationForm(Form):
    """A report as the API takes it.

    Not truly anonymous: the caller is known, and so is the key of the request, which is kept.
    """

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
        label=gettext_lazy("Hvem skal se navnet ditt?"), choices=_NAMED, required=False,
        help_text=gettext_lazy("Helt anonymt meldes bare på siden: her er den som kaller, kjent."),
    )  # fmt: skip
    confirmed = forms.BooleanField(
        label=gettext_lazy("Send selv om teksten ser ut til å nevne noen"), required=False
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
        return data

    def _warn(self, data: dict[str, Any]) -> None:
        for name in _GUARDED:
            for finding in guarding.find(data.get(name, "")):
                words = {"kind": finding.kind.label, "advice": finding.advice}
                self.add_error(
                    name, _("%(kind)s: %(advice)s Skal det sendes likevel, sett «confirmed».") % words
                )


CREATE = FormBody("NewDeviation", (NewDeviationForm,))


def create(body: Any, *, by: PersonActor, now: datetime) -> Deviation:
    """File a report with what was sent.

    :raises TransitionDenied: ``by`` may not report anywhere.
    :raises TransitionBlocked: nobody in the line can receive the case.
    :raises ApiProblem: something that was sent is wrong; then nothing is filed.
    """
    if not by.municipalities_where(Permission.REPORT_DEVIATION):
        raise TransitionDenied
    sent = cleaned(lambda data: NewDeviationForm(data, actor=by), body)
    sent.pop("confirmed")
    unit, day = sent["unit"], timezone.localdate(now)
    apart = sent.pop("concerns_leader")
    leaders = reporting.leaders_of(unit, day=day, apart_from=by.person_id) if apart else ()
    sent["anonymity"] = sent["anonymity"] or Anonymity.OPEN
    given = ReportInput(**sent, concerned=leaders)
    return operations.report(given, by=by, now=now)[0]
