"""Which area the page shows, a target, and how far down leaders have the page."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import DecimalField, FilterForm, Form, RadioCards, offer_choices
from governance.filters import unit_choices
from leadership.figures.catalogue import HUNDRED, Better, Figure, Kind
from leadership.models.rules import Level

if TYPE_CHECKING:
    from collections.abc import Sequence

    from organization.models import Unit

_MOST = {Kind.COUNT: Decimal(100_000), Kind.DAYS: Decimal(3_650), Kind.SHARE: Decimal(500)}
_SUFFIX = {Kind.COUNT: "", Kind.DAYS: gettext_lazy("dager"), Kind.SHARE: "%"}


class AreaForm(FilterForm):
    omrade = forms.ChoiceField(label=gettext_lazy("Område"), required=False)

    def __init__(self, *args: Any, areas: Sequence[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = unit_choices(areas) or [(str(area.pk), area.name) for area in areas]
        offer_choices(self, "omrade", choices)


class TargetForm(Form):
    """``seen`` is the target as the form was opened."""

    value = DecimalField(
        label=gettext_lazy("Mål"), required=False, decimal_places=2, max_digits=12, min_value=Decimal(0),
        help_text=gettext_lazy("La feltet stå tomt for å ta bort målet."),
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("Begrunnelse"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Hvorfor er målet slik? Begrunnelsen står i historikken og kan leses av alle ledere i området."),
    )  # fmt: skip
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, figure: Figure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.figure = figure
        field: Any = self.fields["value"]
        field.label = _("Minst") if figure.better == Better.MORE else _("Høyst")
        field.suffix = str(_SUFFIX[figure.kind])

    def clean_value(self) -> Decimal | None:
        value: Decimal | None = self.cleaned_data["value"]
        most = (
            Decimal(HUNDRED)
            if self.figure.better == Better.MORE and self.figure.kind == Kind.SHARE
            else _MOST[self.figure.kind]
        )
        if value is not None and value > most:
            raise forms.ValidationError(_("Målet kan være høyst %(most)s.") % {"most": most})
        return value


class LevelForm(Form):
    lowest_level = forms.ChoiceField(
        label=gettext_lazy("Hvor langt ned har ledere siden?"), choices=Level.choices,
        widget=RadioCards(descriptions={
            Level.MUNICIPALITY: gettext_lazy("Kommunedirektør, økonomisjef og porteføljeforvalter, og sektorlederne for egen sektor."),
            Level.SECTOR: gettext_lazy("Også andre ledere som har lederrolle på en sektor."),
            Level.UNIT: gettext_lazy("Også enhetslederne, for egen enhet."),
            Level.DEPARTMENT: gettext_lazy("Også avdelingslederne, for egen avdeling."),
        }),
    )  # fmt: skip
