"""Forms of the money of a project: one budget line, and a file from accounting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from core.forms import Form, MoneyField, YearField
from core.spreadsheets import Table, TableError, read_table
from portfolio.models import Source
from portfolio.models.money import FIRST_YEAR, LAST_YEAR

if TYPE_CHECKING:
    from typing import BinaryIO

    from django.core.files.uploadedfile import UploadedFile


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


class AccountsFileForm(Form):
    """``table`` is what stands in the file."""

    table: Table
    file = forms.FileField(
        label=gettext_lazy("Fil"), allow_empty_file=True, widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
        help_text=gettext_lazy("Excel (XLSX) eller CSV, høyst 10 MB."),
    )  # fmt: skip

    def clean_file(self) -> UploadedFile[Any]:
        upload: UploadedFile[Any] = self.cleaned_data["file"]
        try:
            self.table = read_table(cast("BinaryIO", upload.file), upload.name or "")
        except TableError as problem:
            raise ValidationError(str(problem)) from problem
        return upload
