"""Forms of the import of older cases: the file, and what its columns and words mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import Form
from core.spreadsheets import Table, TableError, read_table
from deviations.importing import COLUMNS, guess
from deviations.importing.found import MOST_WORDS
from deviations.models import DeviationType, ImportMapping
from organization.models import Unit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deviations.importing import Waiting

KINDS = ("type", "unit")


class UploadForm(Form):
    system = forms.CharField(
        label=gettext_lazy("Hvilket system kommer sakene fra?"), max_length=60,
        help_text=gettext_lazy("For eksempel «Compilo» eller «Avviksskjema på papir». Skriv det samme hver gang, så leses ingen sak inn to ganger."),
    )  # fmt: skip
    file = forms.FileField(
        label=gettext_lazy("Fil"), widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}), allow_empty_file=True,
        help_text=gettext_lazy("Excel (XLSX) eller CSV, høyst 10 MB og 20 000 rader. Ingenting lagres før du har sett hva som skjer."),
    )  # fmt: skip

    def clean_system(self) -> str:
        return " ".join(self.cleaned_data["system"].split())

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("file"):
            try:
                data["table"] = read_table(data["file"].file, data["file"].name)
            except TableError as problem:
                self.add_error("file", str(problem))
        return data

    @property
    def table(self) -> Table:
        table: Table = self.cleaned_data["table"]
        return table


class ColumnsForm(Form):
    """Which heading says what; guessed, remembered, and to be put right."""

    def __init__(self, *args: Any, file: Waiting, mapping: ImportMapping | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        headings = file.table.headings
        guessed = guess(headings, mapping.columns if mapping else {})
        for column in COLUMNS:
            self.fields[column.key] = forms.ChoiceField(
                label=column.title, required=column.required, initial=guessed.get(column.key, ""),
                choices=[("", _("Står ikke i fila")), *((heading, heading) for heading in headings)],
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        taken: dict[str, str] = {}
        for key, heading in list(data.items()):
            if heading and heading in taken:
                self.add_error(
                    key,
                    _("«%(heading)s» er valgt også for «%(other)s». Velg en annen kolonne.")
                    % {"heading": heading, "other": taken[heading]},
                )
            taken.setdefault(heading, str(self.fields[key].label))
        if not data.get("type") and not data.get("category"):
            self.add_error(
                "type", _("Velg kolonnen som sier hvilken type saken er, eller kolonnen med kategori.")
            )
        return data

    @property
    def columns(self) -> dict[str, str]:
        return {key: heading for key, heading in self.cleaned_data.items() if heading}


class WordsForm(Form):
    """What the file's own words for types and units mean here."""

    def __init__(
        self, *args: Any, municipality: Unit, words: Mapping[str, Sequence[str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.words = {kind: list(words.get(kind, []))[:MOST_WORDS] for kind in KINDS}
        self._choices = (
            {"type": _types(municipality), "unit": _units(municipality)} if any(self.words.values()) else {}
        )
        for kind, texts in self.words.items():
            for number, text in enumerate(texts):
                self.fields[f"code_{kind}_{number}"] = forms.ChoiceField(
                    label=_("«%(word)s» er") % {"word": text[:80]}, required=False, choices=[("", _("Ikke valgt")), *self._choices[kind]]
                )  # fmt: skip
                self.fields[f"word_{kind}_{number}"] = forms.CharField(
                    widget=forms.HiddenInput, initial=text, required=False
                )

    @property
    def visible(self) -> list[Any]:
        return [field for field in self if not field.is_hidden]

    @classmethod
    def sent_words(cls, data: Mapping[str, Any]) -> dict[str, list[str]]:
        """Return the words that a page was sent with, so that its choices can be read again."""
        return {
            kind: [
                data[f"word_{kind}_{number}"]
                for number in range(MOST_WORDS)
                if data.get(f"word_{kind}_{number}")
            ]
            for kind in KINDS
        }

    @property
    def values(self) -> dict[str, dict[str, str]]:
        return {
            kind: {
                text: self.cleaned_data[f"code_{kind}_{number}"]
                for number, text in enumerate(texts)
                if self.cleaned_data.get(f"code_{kind}_{number}")
            }
            for kind, texts in self.words.items()
        }


def _types(municipality: Unit) -> list[tuple[str, str]]:
    rows = DeviationType.objects.filter(municipality=municipality, refers_to="").order_by("position", "pk")
    return list(rows.values_list("code", "name"))


def _units(municipality: Unit) -> list[tuple[str, str]]:
    rows = Unit.objects.filter(municipality=municipality).exclude(code="").order_by("path")
    return [(unit.code, "\xa0\xa0" * max(len(unit.path) // Unit.steplen - 2, 0) + unit.name) for unit in rows]
