"""The filters of the decision log."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.finding import is_long_enough
from core.forms import FilterForm, offer_choices
from governance.models import Decision, FollowUpStatus, Outcome

_YEARS = 10


class DecisionLogFilter(FilterForm):
    """What narrows the decision log; it stands in the address."""

    q = forms.CharField(label=_("Søk"), max_length=200, required=False)
    organ = forms.ChoiceField(
        label=_("Organ"), choices=[("", _("Alle")), *Decision.Body.choices], required=False
    )
    utfall = forms.ChoiceField(label=_("Utfall"), choices=[("", _("Alle")), *Outcome.choices], required=False)
    aar = forms.ChoiceField(label=_("År"), required=False)
    moete = forms.CharField(
        label=_("Møte"),
        max_length=20,
        required=False,
        help_text=_("Møtets nummer, slik det står på sakslista."),
    )
    oppfolging = forms.ChoiceField(
        label=_("Oppfølging"), required=False,
        choices=[
            ("", _("Alle")), ("all", _("Har oppfølging")), ("mine", _("Jeg er ansvarlig")), *FollowUpStatus.choices,
            ("waiting", _("Ikke avsluttet")), ("overdue", _("Forsinket")),
        ],
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        this = timezone.localdate().year
        years = [(str(year), str(year)) for year in range(this, this - _YEARS, -1)]
        offer_choices(self, "aar", [("", _("Alle")), *years])

    @property
    def chosen(self) -> dict[str, str]:
        """Return what was chosen and could be read; the rest is as if it were not there."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def finds_titles_only(self) -> bool:
        """Whether the search is too short to find parts of words and numbers."""
        return "q" in self.chosen and not is_long_enough(self.chosen["q"])

    @property
    def active(self) -> int:
        """How many filters are in use."""
        return len(self.chosen)
