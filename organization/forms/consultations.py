"""Forms of consultations: open one, comment, answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from core.forms import RadioCards
from organization import operations
from organization.consultation_rules import period_problems
from organization.forms.base import DeedForm, RowForm
from organization.models import Consultation, ConsultationAnswer, ConsultationComment
from organization.operations import Edit

if TYPE_CHECKING:
    from datetime import datetime

    from core.actors import Actor


class ConsultationForm(RowForm):
    checked_with = frozenset({"strategy"})
    adopted_words = gettext_lazy("Strategien er vedtatt. Bare utkast sendes på høring.")
    done = gettext_lazy("Høringen er lagret. De som blir hørt, får beskjed når den åpner.")

    class Meta:
        model = Consultation
        fields = ("text", "opens_on", "closes_on", "hears_leaders", "hears_secretariat")
        widgets: ClassVar[dict[str, Any]] = {"text": forms.Textarea(attrs={"rows": 6})}
        labels: ClassVar[dict[str, Any]] = {
            "text": gettext_lazy("Til dem som blir hørt"),
            "opens_on": gettext_lazy("Åpner"),
            "closes_on": gettext_lazy("Siste dag for innspill"),
            "hears_leaders": gettext_lazy("Spør også ledere og sektorledere"),
            "hears_secretariat": gettext_lazy("Spør også sekretariatet og koordinatorer"),
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "text": gettext_lazy("Hva dere særlig vil ha innspill til. De folkevalgte blir alltid spurt."),
            "opens_on": gettext_lazy("Målene høres slik de står denne dagen."),
        }

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = data.get("opens_on"), data.get("closes_on")
        if first and last:
            for name, problem in period_problems(first, last, timezone.localdate()).items():
                self.add_error(name, problem)
        return data

    def perform(self, *, by: Actor, now: datetime) -> Consultation:
        return operations.open_consultation(self.instance, by=by, now=now)


class CommentForm(RowForm):
    checked_with = frozenset({"point", "author"})
    done = gettext_lazy("Innspillet er lagret. Du kan endre det så lenge høringen er åpen.")

    class Meta:
        model = ConsultationComment
        fields = ("text",)
        labels: ClassVar[dict[str, Any]] = {"text": gettext_lazy("Innspillet ditt")}
        widgets: ClassVar[dict[str, Any]] = {"text": forms.Textarea(attrs={"rows": 8})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].required = True
        self.saved: str = self.instance.text  # a form that is checked writes what was typed over it

    @property
    def unsaved(self) -> str:
        """What was typed and is not saved, where it differs from what is."""
        typed = str(self["text"].value() or "") if self.is_bound else ""
        return typed if typed.strip() != self.saved.strip() else ""

    def perform(self, *, by: Actor, now: datetime) -> ConsultationComment:
        return operations.save_comment(self.edit, by=by, now=now)


class WithdrawForm(DeedForm):
    done = gettext_lazy("Innspillet er trukket.")

    def __init__(self, *args: Any, comment: ConsultationComment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.comment = comment

    def perform(self, *, by: Actor, now: datetime) -> None:
        operations.withdraw_comment(self.comment, by=by, now=now)


class NoRemarksForm(DeedForm):
    done = gettext_lazy("Takk. Du har svart at du ikke har merknader.")

    def __init__(self, *args: Any, consultation: Consultation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.consultation = consultation

    def perform(self, *, by: Actor, now: datetime) -> None:
        operations.have_no_remarks(self.consultation, by=by, now=now)


class AnswerForm(RowForm):
    checked_with = frozenset({"comment"})
    done = gettext_lazy("Svaret er lagret. Det vises for dem som ble hørt når dere sender svarene.")

    class Meta:
        model = ConsultationAnswer
        fields = ("outcome", "text")
        labels: ClassVar[dict[str, Any]] = {
            "outcome": gettext_lazy("Svaret"), "text": gettext_lazy("Begrunnelse"),
        }  # fmt: skip
        widgets: ClassVar[dict[str, Any]] = {"text": forms.Textarea(attrs={"rows": 5}), "outcome": RadioCards}

    def perform(self, *, by: Actor, now: datetime) -> ConsultationAnswer:
        edit = self.edit if self.instance.pk else Edit(self.instance, ())
        return operations.save_answer(edit, by=by, now=now)
