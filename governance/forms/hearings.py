"""Forms of hearings beside the answer itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy

from core.forms import Form, offer_rows
from organization.forms import PersonField, people_of

if TYPE_CHECKING:
    from governance.models import Hearing


class StandInForm(Form):
    """Who answers in the place of who is asked."""

    person = PersonField(
        label=gettext_lazy("Stedfortreder"),
        help_text=gettext_lazy("Skriv en del av navnet og velg fra forslagene."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Begrunnelse"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("For eksempel ferie, eller at stedfortrederen kjenner saken best."),
    )  # fmt: skip

    def __init__(self, *args: Any, hearing: Hearing, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "person", people_of(hearing.homes).exclude(pk=hearing.person_id))
