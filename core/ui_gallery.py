"""What the gallery of components shows: made-up content, no data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import forms as ours

if TYPE_CHECKING:
    from django.http import HttpRequest

CATEGORIES = [
    ("new", gettext_lazy("Ny løsning")),
    ("change", gettext_lazy("Endring av noe vi har")),
    ("end", gettext_lazy("Avvikling")),
]
SECTORS = [
    ("", gettext_lazy("Velg sektor")),
    ("school", gettext_lazy("Oppvekst")),
    ("health", gettext_lazy("Helse")),
]


class ExampleForm(ours.Form):
    """One field of each kind."""

    title = forms.CharField(label=gettext_lazy("Tittel"), max_length=80)
    summary = forms.CharField(
        label=gettext_lazy("Hva vil dere oppnå?"),
        help_text=gettext_lazy("Skriv som til en kollega i en annen sektor."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=400,
    )
    category = forms.ChoiceField(
        label=gettext_lazy("Hva slags tiltak er det?"),
        choices=CATEGORIES,
        widget=ours.RadioCards(
            descriptions={
                "new": gettext_lazy("Vi har ikke noe slikt i dag."),
                "change": gettext_lazy("En løsning i drift skal kunne mer."),
                "end": gettext_lazy("Noe skal ut av bruk."),
            }
        ),
    )
    sector = forms.ChoiceField(label=gettext_lazy("Sektor"), choices=SECTORS)
    owner = ours.SearchChoiceField(
        label=gettext_lazy("Ansvarlig"),
        help_text=gettext_lazy("Skriv en del av navnet og velg fra forslagene."),
        options_url="/ui/",
        required=False,
    )
    starts = ours.DateField(label=gettext_lazy("Oppstart"), required=False)
    amount = ours.MoneyField(label=gettext_lazy("Kostnad over levetiden"), required=False)
    hours = ours.DecimalField(
        label=gettext_lazy("Tid spart per uke"), suffix=gettext_lazy("timer"), required=False
    )
    affected = forms.MultipleChoiceField(
        label=gettext_lazy("Hvem merker det?"),
        choices=[
            ("staff", gettext_lazy("Ansatte")),
            ("people", gettext_lazy("Innbyggere")),
            ("firms", gettext_lazy("Næringsliv")),
        ],
        widget=ours.CheckboxList,
        required=False,
    )
    papers = ours.FilesField(label=gettext_lazy("Vedlegg"), required=False)
    checked = forms.BooleanField(label=gettext_lazy("Lederen min vet om dette"), required=False)


class ExampleFilters(ours.FilterForm):
    """Filters of a list."""

    q = forms.CharField(label=gettext_lazy("Søk"), required=False)
    sector = forms.ChoiceField(label=gettext_lazy("Sektor"), choices=SECTORS, required=False)
    mine = forms.BooleanField(label=gettext_lazy("Bare mine"), required=False)


def context_of_gallery(request: HttpRequest) -> dict[str, Any]:
    """Return the examples; ``?errors`` shows the form as it comes back with errors."""
    wrong = {"amount": "mye", "starts": "i morgen", "summary": "x" * 410}
    return {
        "form": ExampleForm(wrong if "errors" in request.GET else None),
        "filters": ExampleFilters(),
        "example_steps": example_steps(),
        "example_moves": [
            {"value": "review", "label": _("Til vurdering")},
            {"value": "approved", "label": _("Godkjent")},
        ],
        "example_reasons": [
            {"text": _("Minst ett strategisk mål må velges"), "url": "#oppgaveliste"},
            _("Nullalternativet er ikke beskrevet"),
        ],
    }


def example_steps() -> list[dict[str, str]]:
    """Return the way of a case in the middle of it."""
    return [
        {"label": _("Kladd"), "state": "done", "note": _("Sendt inn 3. mars")},
        {"label": _("Tilråding"), "state": "done", "note": _("Tilrådd 9. mars")},
        {"label": _("Sekretariatet"), "state": "current", "note": _("Frist 24. mars")},
        {"label": _("Rådet"), "state": "todo", "note": ""},
        {"label": _("Portefølje"), "state": "todo", "note": ""},
    ]
