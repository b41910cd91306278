"""What is counted, where an indicator is computed: a form per source, and how many months at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from benefits.models import Computation
from benefits.periods import period_of
from benefits.sources.choosing import types_for, units_for
from core.formats import short_date
from core.forms import CheckboxList, Form
from deviations.models import Category
from organization.models import Exposure

if TYPE_CHECKING:
    from benefits.models import Indicator
    from core.actors import Actor


class SourceForm(Form):
    """What every source asks for.  ``choice`` is what a subclass keeps of its own fields, once it has cleaned them."""

    choice: dict[str, Any]
    months = forms.TypedChoiceField(
        label=gettext_lazy("Hvor lenge telles det før hver måledag?"), coerce=int, choices=Computation.Months.choices,
        help_text=gettext_lazy("Hele måneder, så hvert tall kan regnes etter. Lengre perioder gir sikrere tall."),
    )  # fmt: skip

    def __init__(self, *args: Any, indicator: Indicator, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.indicator, self.actor = indicator, actor
        standing = getattr(indicator, "computation", None)
        self.standing: dict[str, Any] = standing.choice if standing else {}
        self.fields["months"].initial = standing.months if standing else Computation.Months.THREE

    def clean_months(self) -> int:
        months: int = self.cleaned_data["months"]
        baseline_end = period_of(self.indicator.baseline_on, months)[1]
        first, _end = period_of(self.indicator.first_on, months)
        if first < baseline_end:
            raise ValidationError(
                _("Perioden før første måling (%(day)s) overlapper nullpunktets. Velg færre måneder, eller flytt første måling.")
                % {"day": short_date(self.indicator.first_on)}
            )  # fmt: skip
        return months


class DeviationSourceForm(SourceForm):
    """Which deviations, where, and against what."""

    units = forms.TypedMultipleChoiceField(
        label=gettext_lazy("I hvilke enheter?"), coerce=int, widget=CheckboxList,
        help_text=gettext_lazy("Enhetene under er med. Enheter der færre enn fem arbeider, er ikke på lista."),
        error_messages={"required": gettext_lazy("Velg minst én enhet.")},
    )  # fmt: skip
    what = forms.ChoiceField(label=gettext_lazy("Hvilke avvik?"), required=False)
    severe = forms.BooleanField(
        label=gettext_lazy("Bare alvorlige avvik (høy og kritisk)"), required=False,
        help_text=gettext_lazy("Det sikreste: alvorlige avvik blir meldt også når det meldes lite."),
    )  # fmt: skip
    per = forms.ChoiceField(
        label=gettext_lazy("Hva skal antallet deles på?"), required=False, widget=forms.RadioSelect,
        choices=[
            (Exposure.Kind.RESIDENT_DAYS.value, gettext_lazy("Per 1 000 liggedøgn")),
            (Exposure.Kind.WORK_YEARS.value, gettext_lazy("Per årsverk og år")), ("", gettext_lazy("Ingenting: vis antallet")),
        ],
        help_text=gettext_lazy("Uten nevner for enheten i hele perioden blir tallet stående som «mangler»."),
    )  # fmt: skip
    field_order = ("units", "what", "severe", "per", "months")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        initiative, fields = self.indicator.benefit.initiative, self.fields
        units = units_for(initiative, self.actor, timezone.localdate(), kept=self.standing.get("units", []))
        fields["units"].choices = [(unit.pk, unit.name) for unit in units]  # type: ignore[attr-defined]
        fields["what"].choices = _kinds(types_for(initiative.municipality_id))  # type: ignore[attr-defined]
        fields["units"].initial = self.standing.get("units", [])
        fields["severe"].initial = self.standing.get("severe", True)
        fields["per"].initial = self.standing.get("per", "")
        kind = self.standing.get("type")
        fields["what"].initial = f"type:{kind}" if kind else self.standing.get("category", "")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors:
            is_type = data["what"].startswith("type:")
            self.choice = {
                "units": sorted(data["units"]), "category": "" if is_type else data["what"],
                "type": int(data["what"].removeprefix("type:")) if is_type else 0, "severe": data["severe"], "per": data["per"],
            }  # fmt: skip
        return data


def _kinds(types: list[Any]) -> list[Any]:
    """Return every category with its types as choices."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for one in types:
        groups.setdefault(one.category, []).append((f"type:{one.pk}", one.name))
    rows: list[Any] = [("", _("Alle avvik"))]
    for value, label in Category.choices:
        whole = (value, _("Alle i %(category)s") % {"category": label})
        rows.append((str(label), [whole, *groups.get(value, [])]))
    return rows
