"""An answer to a point of a checklist."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import Form, ModelForm
from portfolio.models import Answer, ChecklistPoint

if TYPE_CHECKING:
    from portfolio.models import Checkpoint


class AnswerForm(Form):
    """One of three answers, given by its button, with a comment; ``seen`` is the row as the page showed it."""

    answer = forms.ChoiceField(
        choices=Answer.choices,
        error_messages={
            "required": gettext_lazy("Velg et svar på punktet."), "invalid_choice": gettext_lazy("Velg et av svarene på punktet."),
        },
    )  # fmt: skip
    comment = forms.CharField(
        label=gettext_lazy("Kommentar"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Skriv hvorfor hvis punktet ikke gjelder dere."),
    )  # fmt: skip
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, checkpoint: Checkpoint, **kwargs: Any) -> None:
        initial = {"comment": checkpoint.comment, "seen": checkpoint.changed_at.isoformat()}
        super().__init__(*args, auto_id=f"punkt-{checkpoint.pk}-%s", initial=initial, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("answer") == Answer.NOT_RELEVANT and not data.get("comment") and "comment" in data:
            self.add_error("comment", _("Skriv hvorfor punktet ikke gjelder dere."))
        return data


class PointForm(ModelForm):
    """A point of a municipality's own checklist."""

    class Meta:
        model = ChecklistPoint
        fields = ("text", "help", "is_required")
        widgets = {"text": forms.Textarea(attrs={"rows": 2}), "help": forms.Textarea(attrs={"rows": 3})}
        labels = {
            "text": gettext_lazy("Hva skal være i orden?"),
            "help": gettext_lazy("Forklaring"),
            "is_required": gettext_lazy("Må være besvart"),
        }
        help_texts = {"text": gettext_lazy("Skriv det som noe man kan si seg enig i: «Pengene er bevilget.»")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stamp = self.instance.changed_at.isoformat() if self.instance.pk else ""
        self.fields["seen"] = forms.CharField(required=False, initial=stamp, widget=forms.HiddenInput)

    def _post_clean(self) -> None:
        """The operation makes the row and checks it."""
