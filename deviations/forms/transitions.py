"""What each transition asks for.  The cleaned data are the keyword arguments of its body."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import DateField, Form
from deviations.deadlines import suggested_due
from deviations.forms.people import colleagues, person_field
from deviations.models import Deviation, Effect
from organization.models import Person

if TYPE_CHECKING:
    from datetime import date

    from core.actors import Actor

_TEN_YEARS = timedelta(days=3660)


class TransitionForm(Form):
    """A form that knows the record it is about and who fills it in."""

    def __init__(self, *args: Any, obj: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.obj = obj
        self.actor = actor
        self.prepare()

    def prepare(self) -> None:
        """Fill choices and defaults that depend on the record."""


def _text(
    label: Any, *, required: bool = True, rows: int = 4, help_text: Any = "", limit: int = 4000
) -> forms.CharField:
    return forms.CharField(
        label=label, required=required, max_length=limit, help_text=help_text, widget=forms.Textarea(attrs={"rows": rows})
    )  # fmt: skip


def future_day(value: date | None) -> date | None:
    if value is not None and value < timezone.localdate():
        raise ValidationError(_("Datoen er passert. Velg i dag eller en senere dag."))
    if value is not None and value > timezone.localdate() + _TEN_YEARS:
        raise ValidationError(_("Datoen er mer enn ti år fram i tid. Sjekk årstallet."))
    return value


class ReasonForm(TransitionForm):
    reason = _text(gettext_lazy("Begrunnelse"), limit=2000)


class DismissForm(ReasonForm):
    reason = _text(
        gettext_lazy("Begrunnelse"), limit=2000,
        help_text=gettext_lazy("Melder får lese dette, og kan klage til lederen over deg."),
    )  # fmt: skip


class NoteForm(TransitionForm):
    note = _text(
        gettext_lazy("Beskjed til melder"), required=False, rows=3, limit=2000,
        help_text=gettext_lazy("Står feltet tomt, får melder en kort standardbeskjed."),
    )  # fmt: skip


class ReceiveForm(NoteForm):
    pass


class StartForm(TransitionForm):
    handler = person_field(label=gettext_lazy("Behandler"))
    deadline = DateField(label=gettext_lazy("Frist"))
    note = NoteForm.base_fields["note"]

    def prepare(self) -> None:
        field: Any = self.fields["handler"]
        field.queryset = colleagues(self.obj.municipality_id)
        field.initial = Person.objects.filter(pk=self.actor.person_id).first()
        self.fields["deadline"].initial = suggested_due(self.obj, day=timezone.localdate())

    def clean_handler(self) -> Person:
        person: Person = self.cleaned_data["handler"]
        if self.obj.concerned.filter(pk=person.pk).exists():
            raise ValidationError(_("%(name)s er selv del av saken. Velg en annen.") % {"name": person})
        return person

    def clean_deadline(self) -> date | None:
        return future_day(self.cleaned_data["deadline"])


class QuestionForm(TransitionForm):
    question = _text(
        gettext_lazy("Hva vil du vite?"), limit=2000,
        help_text=gettext_lazy("Melder får spørsmålet i Mine oppgaver. En anonym melder ser det med koden sin."),
    )  # fmt: skip


class AnswerForm(TransitionForm):
    answer = _text(gettext_lazy("Svaret ditt"))


class _ClosingForm(TransitionForm):
    closing_note = _text(
        gettext_lazy("Hva ble endret?"), limit=2000,
        help_text=gettext_lazy("Skriv til melder med vanlige ord, uten navn. Melder får lese dette, og de ansatte i enheten i «Dere sa, vi gjorde»."),
    )  # fmt: skip


class CloseForm(_ClosingForm):
    pass


class CloseWithoutActionForm(_ClosingForm):
    no_action_reason = _text(gettext_lazy("Hvorfor trengs ingen tiltak?"), rows=3, limit=2000)
    field_order = ("no_action_reason", "closing_note")


class CloseWithEffectForm(_ClosingForm):
    effect = forms.ChoiceField(
        label=gettext_lazy("Virket tiltakene?"), choices=Effect.choices, widget=forms.RadioSelect
    )
    effect_note = _text(gettext_lazy("Hvordan vet vi det?"), rows=3, limit=2000)
    field_order = ("effect", "effect_note", "closing_note")


class TransferForm(TransitionForm):
    transferred_to = forms.CharField(
        label=gettext_lazy("Hvor følges saken opp?"), max_length=300,
        help_text=gettext_lazy("For eksempel varslingskanalen, pasientjournalen eller FDV-systemet."),
    )  # fmt: skip
    reason = _text(gettext_lazy("Begrunnelse"), limit=2000)


class MergeForm(TransitionForm):
    main = forms.CharField(
        label=gettext_lazy("Nummeret på saken den skal inn i"), max_length=20,
        help_text=gettext_lazy("For eksempel A2026-0042. Melder følger den saken videre."),
    )  # fmt: skip

    def clean_main(self) -> Deviation:
        number = self.cleaned_data["main"].strip().upper()
        rows = Deviation.objects.readable_by(self.actor).filter(
            municipality_id=self.obj.municipality_id, number=number
        )
        found: Deviation | None = rows.exclude(pk=self.obj.pk).first()
        if found is None:
            raise ValidationError(
                _("Fant ingen annen sak med nummer %(number)s som du har tilgang til.") % {"number": number}
            )
        if not found.is_open:
            raise ValidationError(_("%(number)s er avsluttet. Velg en sak som er åpen.") % {"number": number})
        return found


class JudgementForm(TransitionForm):
    reason = _text(
        gettext_lazy("Hvorfor er dette ikke meldepliktig?"), limit=2000,
        help_text=gettext_lazy("Navnet ditt og begrunnelsen står i saken."),
    )  # fmt: skip


class OutcomeForm(TransitionForm):
    outcome = _text(gettext_lazy("Hva ble gjort?"), limit=2000)


class ActionEffectForm(TransitionForm):
    effect = forms.ChoiceField(
        label=gettext_lazy("Virket det?"), choices=Effect.choices, widget=forms.RadioSelect
    )


class NewOwnerForm(TransitionForm):
    owner = person_field(label=gettext_lazy("Ny ansvarlig"))
    deadline = DateField(label=gettext_lazy("Frist"))

    def prepare(self) -> None:
        field: Any = self.fields["owner"]
        field.queryset = colleagues(self.obj.municipality_id)
        self.fields["deadline"].initial = self.obj.due_on

    def clean_deadline(self) -> date | None:
        return future_day(self.cleaned_data["deadline"])
