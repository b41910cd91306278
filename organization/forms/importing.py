"""The form that takes a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy

from core.forms import Form, RadioCards
from core.spreadsheets import Table, TableError, read_table
from organization.importing import KINDS

if TYPE_CHECKING:
    from organization.importing import Kind


class UploadForm(Form):
    kind = forms.ChoiceField(label=gettext_lazy("Hva er i filen?"), widget=RadioCards)
    file = forms.FileField(
        label=gettext_lazy("Fil"),
        help_text=gettext_lazy(
            "Excel (XLSX) eller CSV, høyst 10 MB. Ingenting lagres før du har sett hva som skjer."
        ),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
        allow_empty_file=True,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        field.choices = [(kind.slug, kind.label) for kind in KINDS.values()]  # type: ignore[attr-defined]
        field.widget.descriptions = {kind.slug: kind.help for kind in KINDS.values()}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("file"):
            try:
                data["table"] = read_table(data["file"].file, data["file"].name)
            except TableError as problem:
                self.add_error("file", str(problem))
        return data

    @property
    def chosen(self) -> Kind:
        return KINDS[self.cleaned_data["kind"]]

    @property
    def table(self) -> Table:
        table: Table = self.cleaned_data["table"]
        return table
