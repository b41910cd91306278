"""Forms of a gate paper: what is proposed and why, and the decision of those who own the project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.text import normalize_newlines
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import Form, RadioCards
from governance.models import Outcome
from portfolio.gatepaper.operations import FIELDS
from portfolio.models.gatepaper import PROPOSALS

if TYPE_CHECKING:
    from portfolio.models import GatePaper

_FOLLOWS = {
    Outcome.APPROVE: gettext_lazy("Prosjektet kan gå videre."),
    Outcome.APPROVE_ON_TERMS: gettext_lazy("Prosjektet kan gå videre. Skriv vilkårene i vedtaket."),
    Outcome.SEND_BACK: gettext_lazy(
        "Prosjektet går ikke videre før et nytt beslutningsgrunnlag er godkjent."
    ),
    Outcome.STOP: gettext_lazy("Porteføljeforvalteren stopper prosjektet."),
}


def _area(label: Any, *, rows: int, limit: int = 8000, **how: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=limit, required=False, widget=forms.Textarea(attrs={"rows": rows}), **how
    )


class PaperForm(Form):
    """What a paper says.  What is needed to send it is asked by the operation, so that a draft may wait with it."""

    marks_demands = False
    summary = _area(
        gettext_lazy("Kort fortalt"), rows=3, limit=2000,
        help_text=gettext_lazy("Hvor prosjektet står, og hva som skal avgjøres. For den som bare leser dette."),
    )  # fmt: skip
    assessment = _area(
        gettext_lazy("Vurdering"), rows=8,
        help_text=gettext_lazy("Hva er oppnådd, hva er usikkert, og hvorfor tilrår dere dette? Tallene følger med av seg selv."),
    )  # fmt: skip
    proposed = forms.ChoiceField(
        label=gettext_lazy("Hva tilrår dere?"), choices=PROPOSALS, required=False, widget=forms.RadioSelect
    )
    proposal = _area(
        gettext_lazy("Forslag til vedtak"), rows=4,
        help_text=gettext_lazy("Skriv det som det skal stå i vedtaket, også vilkår."),
    )  # fmt: skip

    def __init__(self, *args: Any, draft: GatePaper | None, point: str, **kwargs: Any) -> None:
        begun = {"proposal": _("Prosjektet godkjennes ved %(point)s og går videre.") % {"point": point}}
        kwargs["initial"] = {name: getattr(draft, name) for name in FIELDS} if draft else begun
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        return {name: normalize_newlines(value) for name, value in data.items()}


class DecideForm(Form):
    """What the project's owner, or the portfolio manager for the board, decided."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Hva er bestemt?"), choices=[(one.value, one.label) for one in _FOLLOWS],
        widget=RadioCards(descriptions={one.value: text for one, text in _FOLLOWS.items()}),
    )  # fmt: skip
    text = forms.CharField(
        label=gettext_lazy("Vedtak"), max_length=8000, widget=forms.Textarea(attrs={"rows": 4})
    )
    reference = forms.CharField(
        label=gettext_lazy("Referanse"), max_length=100, required=False,
        help_text=gettext_lazy("Møte eller sak der det ble bestemt, for eksempel «Porteføljestyret 3. desember»."),
    )  # fmt: skip

    def clean_text(self) -> str:
        return normalize_newlines(self.cleaned_data["text"])
