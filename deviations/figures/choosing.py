"""What is chosen at the top of the figures: unit, capacity, period and denominator, all in the address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import FilterForm, offer_choices
from deviations import changes
from deviations.figures.exposure import Kind
from deviations.figures.periods import period_choices
from organization.models import Unit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from deviations.figures.scope import View

DEFAULT_PERIOD = "12"
_PER = [
    ("", _("Antall")),
    (Kind.WORK_YEARS.value, _("Per årsverk")),
    (Kind.RESIDENT_DAYS.value, _("Per 1 000 liggedøgn")),
]


class FiguresForm(FilterForm):
    """A choice that is not among those offered is said, and the usual one is shown."""

    enhet = forms.ChoiceField(label=_("Enhet"), required=False)
    periode = forms.ChoiceField(label=_("Periode"), required=False)
    per = forms.ChoiceField(label=_("Diagrammene viser"), required=False, choices=_PER)
    som = forms.ChoiceField(label=_("Du ser som"), required=False)

    def __init__(
        self, *args: Any, units: Sequence[Unit], views: Sequence[View], since: date | None, today: date, **kwargs: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.views = views
        offer_choices(self, "enhet", unit_lines(units))
        offer_choices(self, "periode", period_choices(since, today))
        offer_choices(self, "som", [(view.value, view.label) for view in views])
        if len(views) < 2:  # noqa: PLR2004 - one is no choice
            del self.fields["som"]

    @property
    def period(self) -> str:
        return str(self.cleaned_data.get("periode") or DEFAULT_PERIOD)

    @property
    def per_kind(self) -> str:
        return str(self.cleaned_data.get("per", ""))

    @property
    def view(self) -> View:
        chosen = self.cleaned_data.get("som")
        return next((view for view in self.views if view == chosen), self.views[0])


class ChangesForm(FilterForm):
    """Unit and period of *Dere sa, vi gjorde*."""

    enhet = forms.ChoiceField(label=_("Enhet"), required=False)
    periode = forms.ChoiceField(label=_("Periode"), required=False)

    def __init__(self, *args: Any, units: Sequence[Unit], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.periods = changes.period_choices(today)
        offer_choices(self, "enhet", unit_lines(units))
        offer_choices(self, "periode", self.periods)
        if len(units) < 2:  # noqa: PLR2004 - one is no choice
            self.fields["enhet"].widget = forms.HiddenInput()

    @property
    def period(self) -> str:
        return str(self.cleaned_data.get("periode") or self.periods[0][0])

    @property
    def period_label(self) -> str:
        return dict(self.periods)[self.period]


def unit_lines(units: Sequence[Unit]) -> list[tuple[str, str]]:
    """Return units as choices, each further in than the one above it."""
    top = min((len(unit.path) for unit in units), default=0)
    return [
        (str(unit.pk), "\xa0\xa0" * ((len(unit.path) - top) // Unit.steplen) + unit.name) for unit in units
    ]
