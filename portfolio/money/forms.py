"""The form of the money of a project: one budget line."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from core.forms import Form, MoneyField, YearField
from portfolio.models import Source
from portfolio.models.money import FIRST_YEAR, LAST_YEAR


class BudgetLineForm(Form):
    """What one source gives in one year, and what has become of it.  Zero is written as zero."""

    year = YearField(label=gettext_lazy("År"), min_value=FIRST_YEAR, max_value=LAST_YEAR)
    source = forms.ChoiceField(
        label=gettext_lazy("Finansiering"), choices=[("", gettext_lazy("Velg")), *Source.choices]
    )
    budget = MoneyField(label=gettext_lazy("Budsjett"), min_value=0)
    committed = MoneyField(
        label=gettext_lazy("Bundet"), min_value=0, help_text=gettext_lazy("Bestilt, men ikke betalt.")
    )
    spent = MoneyField(
        label=gettext_lazy("Påløpt"), min_value=0, help_text=gettext_lazy("Ført i regnskapet.")
    )
    forecast = MoneyField(
        label=gettext_lazy("Prognose"), min_value=0, help_text=gettext_lazy("Det året ender på.")
    )
