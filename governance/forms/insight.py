"""The search in published cases."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from core.forms import FilterForm


class InsightFilter(FilterForm):
    q = forms.CharField(
        label=gettext_lazy("Søk i saker"), max_length=200, required=False,
        help_text=gettext_lazy("Ord i titler, og i innholdet av saker du kan lese."),
    )  # fmt: skip

    @property
    def words(self) -> str:
        return str(self.cleaned_data["q"]) if self.is_valid() else ""
