"""What the forms of the catalogue share: the version that was read, lists on lines, and what differs from what stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.forms import ModelForm
from deviations.catalogue_ties import TOLD_APART_BY, why_twin
from deviations.wording import NO_LABELS, Labels, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.http import QueryDict
    from django.utils.functional import _StrOrPromise as StrOrPromise

    from organization.models import Unit


class LinesField(forms.CharField):
    """A list of short texts, one on each line."""

    def __init__(self, *, longest: int = 120, most: int = 40, **options: Any) -> None:
        options.setdefault("widget", forms.Textarea(attrs={"rows": 5}))
        super().__init__(**options)
        self.longest, self.most = longest, most

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> Any:
        return list(
            dict.fromkeys(
                line.strip() for line in (super().to_python(value) or "").splitlines() if line.strip()
            )
        )

    def validate(self, value: Any) -> None:
        super().validate(value)
        if len(value) > self.most:
            raise ValidationError(_("Skriv høyst %(most)d linjer.") % {"most": self.most})
        for number, line in enumerate(value, start=1):
            if len(line) > self.longest:
                raise ValidationError(
                    _("Linje %(number)d er for lang. Skriv høyst %(longest)d tegn på hver linje.")
                    % {"number": number, "longest": self.longest}
                )

    def run_validators(self, value: Any) -> None:
        """Check the lines as one text."""
        super().run_validators("\n".join(value))


class RowForm(ModelForm):
    """A row of the catalogue.  ``version`` is the one that was read; it is absent of a row to be."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title: ClassVar[StrOrPromise] = ""

    def __init__(self, *args: Any, municipality: Unit, labels: Labels = NO_LABELS, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.municipality, self.labels = municipality, labels
        if self.instance.pk:
            self.initial["version"] = self.instance.version
        self.instance.municipality = municipality

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    @property
    def values(self) -> dict[str, Any]:
        """What is written: the fields of the row, as they were checked."""
        return {name: getattr(self.instance, name) for name in self.written}

    @property
    def written(self) -> Sequence[str]:
        return list(self._meta.fields or ())

    def differing(self, stands: Any) -> list[tuple[str, str, str]]:
        """Return the label, what was typed and what stands, of every field that differs."""
        found = []
        for name in self.written:
            field = stands._meta.get_field(name)
            mine, theirs = (shown(field, getattr(row, name), self.labels) for row in (self.instance, stands))
            if mine != theirs:
                label = str(field.verbose_name)
                found.append((label[:1].upper() + label[1:], mine, theirs))
        return found

    def take_version(self, sent: QueryDict, version: int) -> None:
        """Let the next save count from what stands now: to save once more is then a choice."""
        data = sent.copy()
        data["version"] = str(version)
        self.data = data

    def refuse_twin(self) -> None:
        """Refuse what stands in the catalogue already."""
        model = type(self.instance)
        reason = why_twin(
            model, self.cleaned_data, municipality_id=self.municipality.pk, apart_from=self.instance.pk
        )
        if reason:
            self.add_error(TOLD_APART_BY[model][0], reason)


def in_use(model: type[Any], municipality: Unit) -> Any:
    """Return the rows of the municipality's catalogue that can be chosen, in their order."""
    return model.objects.active().filter(municipality=municipality).order_by("position", "pk")


def add_choices(field: Any, choices: Iterable[tuple[str, StrOrPromise]], held: Iterable[str]) -> None:
    """Offer ``choices``, and what the row holds from before although it is out of use."""
    offered = list(choices)
    known = {code for code, _label in offered}
    gone = [
        (code, _("%(code)s (ute av bruk)") % {"code": code}) for code in held if code and code not in known
    ]
    field.choices = [*offered, *gone]
