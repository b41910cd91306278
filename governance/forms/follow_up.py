"""What the steps of a follow-up ask for, and who is to carry it out by when."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import DateField, Form, offer_rows
from governance.forms.transitions import future_day
from organization.forms import PersonField
from organization.forms.choices import choosable

if TYPE_CHECKING:
    from datetime import date

    from django.utils.functional import _StrOrPromise as StrOrPromise

    from core.actors import Actor
    from governance.models import Decision, FollowUp, Initiative
    from organization.models import Unit

_LONG = forms.Textarea(attrs={"rows": 4})


class StepForm(Form):
    """A step of a follow-up; what is asked does not depend on whose it is."""

    def __init__(self, *args: Any, obj: FollowUp, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class ReasonForm(StepForm):
    reason = forms.CharField(label=gettext_lazy("Begrunnelse"), max_length=2000, widget=_LONG)


class ReopenForm(ReasonForm):
    """The deadline that was may have passed, so a new one is asked for."""

    due_on = DateField(label=gettext_lazy("Ny frist for oppfølging"))

    field_order = ("due_on", "reason")

    def clean_due_on(self) -> date | None:
        return future_day(self.cleaned_data["due_on"])


def web_address(label: StrOrPromise, *, help_text: StrOrPromise = "") -> forms.URLField:
    """Return an optional field for the address of a page or a document on the web."""
    return forms.URLField(
        label=label, max_length=500, required=False, assume_scheme="https", help_text=help_text,
        validators=[URLValidator(schemes=["http", "https"])],
    )  # fmt: skip


class EvidenceForm(StepForm):
    remark = forms.CharField(
        label=gettext_lazy("Hva er gjort?"), max_length=4000, widget=_LONG,
        help_text=gettext_lazy("Skriv det slik at rådet ser at vedtaket er fulgt opp."),
    )  # fmt: skip
    evidence_url = web_address(
        gettext_lazy("Lenke til dokumentasjon"),
        help_text=gettext_lazy("For eksempel et tiltak i Stafett, et dokument eller en nettside."),
    )


def municipalities_to_act(home: Unit, initiative: Initiative | None) -> frozenset[int]:
    """Return whose people a decision can give something to do: the council's own, in a region also the participants'."""
    if home.kind != home.Kind.REGION or initiative is None:
        return frozenset({home.pk})
    taking_part = initiative.participations.filter(left_at=None).values_list("municipality_id", flat=True)
    return frozenset({home.pk, *taking_part})


class MoveFollowUpForm(Form):
    """Who is to carry out a decision, and by when; ``reason`` is asked for when it is moved."""

    responsible = PersonField(
        label=gettext_lazy("Ansvarlig for oppfølging"), required=False,
        help_text=gettext_lazy("Skriv en del av navnet og velg fra forslagene."),
    )  # fmt: skip
    due_on = DateField(label=gettext_lazy("Frist for oppfølging"), required=False)
    reason = forms.CharField(label=gettext_lazy("Begrunnelse"), max_length=2000, widget=_LONG)

    def __init__(self, *args: Any, decision: Decision, now_set: FollowUp | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now_set = now_set
        homes = municipalities_to_act(decision.municipality, decision.initiative)
        offer_rows(self, "responsible", choosable(homes, now_set.responsible_id if now_set else None))
        if now_set is None:
            self.fields["reason"].required = False
            return
        self.fields["responsible"].initial, self.fields["due_on"].initial = (
            now_set.responsible_id,
            now_set.due_on,
        )

    def clean_due_on(self) -> date | None:
        value: date | None = self.cleaned_data["due_on"]
        if self.now_set is not None and value == self.now_set.due_on:
            return value  # a day that has passed may stand when somebody else takes over
        return future_day(value)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        chosen = (data["responsible"], data["due_on"])
        if chosen == (None, None):
            raise ValidationError(_("Velg en ansvarlig eller en frist."))
        if self.now_set is not None and chosen == (self.now_set.responsible, self.now_set.due_on):
            raise ValidationError(_("Ingenting er endret. Velg en annen ansvarlig eller frist."))
        return data


class FollowUpForm(MoveFollowUpForm):
    """The form of the page, which knows when what the writer saw was last changed."""

    began = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, decision: Decision, now_set: FollowUp | None, **kwargs: Any) -> None:
        super().__init__(*args, decision=decision, now_set=now_set, **kwargs)
        if now_set is not None:
            self.fields["began"].initial = now_set.changed_at.isoformat()

    def clean_began(self) -> datetime | None:
        """When what the writer saw was last changed; what is no moment was seen by nobody, as where there was nothing."""
        try:
            return datetime.fromisoformat(self.cleaned_data["began"])
        except ValueError:
            return None
