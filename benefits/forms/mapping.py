"""Forms of the benefit map: a box, and a line between two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from benefits.map import COLUMNS, FINAL, GOAL
from benefits.models import Stage
from core.forms import Form

if TYPE_CHECKING:
    from benefits.map import BenefitMap


class NodeForm(Form):
    """A box before the benefits."""

    stage = forms.ChoiceField(
        label=_("Kolonne"), choices=Stage.choices, widget=forms.RadioSelect,
        help_text=_("Teknikken gjør endringen mulig. Folk som arbeider på en ny måte, gir gevinsten."),
    )  # fmt: skip
    title = forms.CharField(
        label=_("Hva"),
        max_length=160,
        help_text=_("Noen få ord, for eksempel «Dokumentere hjemme hos bruker»."),
    )
    prerequisites = forms.CharField(
        label=_("Forutsetninger"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Hva må være på plass for at dette skal skje?"),
    )  # fmt: skip


class LinkForm(Form):
    """Which box leads to which.  The boxes stand in groups, by column."""

    source = forms.ChoiceField(label=_("Fra"))
    target = forms.ChoiceField(label=_("Fører til"), help_text=_("En boks lenger fram i kartet."))

    def __init__(self, *args: Any, drawn: BenefitMap, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["source"].choices = [("", _("Velg")), *_groups(drawn, range(FINAL + 1))]
        fields["target"].choices = [("", _("Velg")), *_groups(drawn, range(1, GOAL + 1))]


def _groups(drawn: BenefitMap, columns: range) -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (str(COLUMNS[at]), [(box.key, box.title) for box in boxes])
        for at, boxes in drawn.columns()
        if at in columns
    ]
