"""The form of a subscription: an area at home, and how often."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.translation import gettext_lazy

from core.forms import Form, RadioCards
from organization.forms import UnitField
from portfolio.models import HowOften
from portfolio.subscribing.operations import areas_at_home

if TYPE_CHECKING:
    from organization.actors import PersonActor

_MEANINGS = {
    HowOften.PUBLISHED.value: gettext_lazy("Én e-post for hver rapport, samme dag som den publiseres."),
    HowOften.MONTHLY.value: gettext_lazy(
        "Én e-post i måneden: den nyeste rapporten, eller hvordan porteføljen står der ingen er publisert."
    ),
}


class SubscriptionForm(Form):
    area = UnitField(label=gettext_lazy("Område"))
    how_often = forms.ChoiceField(
        label=gettext_lazy("Hvor ofte?"), choices=HowOften.choices, widget=RadioCards(descriptions=_MEANINGS)
    )

    def __init__(self, *args: Any, actor: PersonActor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area = cast("UnitField", self.fields["area"])
        area.queryset = areas_at_home(actor)
