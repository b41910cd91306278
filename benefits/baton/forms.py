"""What is asked when the baton is passed, and when it is answered."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from benefits.baton.guards import why_not_receiver
from core.forms import DateField, Form, offer_rows
from organization.forms import PersonField, UnitField, people_of
from organization.models import Unit

if TYPE_CHECKING:
    from datetime import date

    from benefits.models import Handover
    from core.actors import Actor
    from governance.models import Initiative
    from organization.models import Person

_FAR = timedelta(days=3 * 366)


def _text(label: Any, *, required: bool = True, help_text: Any = "", most: int = 4000) -> forms.CharField:
    return forms.CharField(
        label=label, required=required, max_length=most, help_text=help_text, widget=forms.Textarea(attrs={"rows": 4})
    )  # fmt: skip


class HandOverForm(Form):
    """What, who and when.  A regional plan goes to the municipalities, which name who takes it."""

    what = _text(
        gettext_lazy("Hva overleveres?"),
        help_text=gettext_lazy("Det som er levert, avtaler, dokumentasjon og hvem som kan spørres."),
    )
    open_points = _text(gettext_lazy("Hva gjenstår?"), required=False)
    receiver = PersonField(
        label=gettext_lazy("Hvem tar imot?"),
        help_text=gettext_lazy("Tjenesteeieren som skal ta ut gevinstene. Skriv en del av navnet."),
    )
    effective_on = DateField(label=gettext_lazy("Linjen overtar fra"))

    def __init__(self, *args: Any, initiative: Initiative, to_municipalities: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if to_municipalities:
            del self.fields["receiver"]
            return
        people: Any = self.fields["receiver"]
        people.queryset = people_of(frozenset({initiative.municipality_id}))
        people.initial = initiative.service_owner

    def clean_receiver(self) -> Person:
        return _leading(self.cleaned_data["receiver"])

    def clean_effective_on(self) -> date:
        day: date = self.cleaned_data["effective_on"]
        today = timezone.localdate()
        if day < today:
            raise ValidationError(_("Dagen er passert. Velg i dag eller en senere dag."))
        if day > today + _FAR:
            raise ValidationError(_("Det er mer enn tre år fram i tid. Sjekk årstallet."))
        return day


def _leading(person: Person) -> Person:
    if reason := why_not_receiver(person):
        raise ValidationError(reason)
    return person


class AnswerForm(Form):
    """A form that knows the hand-over it answers."""

    def __init__(self, *args: Any, obj: Handover, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.obj, self.actor = obj, actor


class LeadershipForm(AnswerForm):
    """The kommunedirektor names who takes the plan, and where."""

    receiver = PersonField(
        label=gettext_lazy("Hvem skal ta planen?"),
        help_text=gettext_lazy("Tjenesteeieren blir spurt, og må selv ta imot. Skriv en del av navnet."),
    )
    unit = UnitField(label=gettext_lazy("Hvor i kommunen tas gevinsten ut?"))
    remark = _text(gettext_lazy("Merknad til tjenesteeieren"), required=False, most=2000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        home, fields = self.obj.initiative.municipality_id, self.fields
        fields["receiver"].queryset = people_of(frozenset({home}))  # type: ignore[attr-defined]
        units = Unit.objects.filter(municipality_id=home).open_on(timezone.localdate())
        fields["unit"].queryset = units  # type: ignore[attr-defined]
        fields["unit"].initial = self.obj.initiative.unit_id

    def clean_receiver(self) -> Person:
        return _leading(self.cleaned_data["receiver"])


class AcceptForm(AnswerForm):
    remark = _text(gettext_lazy("Merknad"), required=False, most=2000)


class RefuseForm(AnswerForm):
    reason = _text(
        gettext_lazy("Hva må på plass før du kan ta den?"), most=2000,
        help_text=gettext_lazy("Den som overleverte, får begrunnelsen. For et regionalt tiltak er det regionen."),
    )  # fmt: skip


class WithdrawForm(AnswerForm):
    reason = _text(gettext_lazy("Hvorfor trekkes overleveringen?"), most=2000)


class LineChangeForm(Form):
    """A change in the line, outside projects: what, where and who takes out the benefits."""

    title = forms.CharField(label=gettext_lazy("Hva endrer dere?"), max_length=200)
    summary = _text(gettext_lazy("Hvordan, og hvem merker det?"), most=600)
    unit = UnitField(label=gettext_lazy("Hvor?"))
    service_owner = PersonField(
        label=gettext_lazy("Tjenesteeier"),
        help_text=gettext_lazy("Lederen som skal ta ut gevinstene. Skriv en del av navnet."),
    )

    def __init__(self, *args: Any, units: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "unit", units)
        offer_rows(self, "service_owner", people_of(actor.municipality_ids))
        self.fields["service_owner"].initial = actor.person

    def clean_service_owner(self) -> Person:
        return _leading(self.cleaned_data["service_owner"])
