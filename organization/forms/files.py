"""The form that takes a file with a table of one kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from core.forms import Form
from core.spreadsheets import Table, TableError, read_table

if TYPE_CHECKING:
    from typing import BinaryIO

    from django.core.files.uploadedfile import UploadedFile


class TableFileForm(Form):
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
