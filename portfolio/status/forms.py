"""The form of a status report: a choice and a text for each area, begun with what the register says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.formats import long_date
from core.forms import DateField, Form, MoneyField
from portfolio.health import MEANINGS
from portfolio.models import Area, Health
from portfolio.status.wording import LABELS, values_of

if TYPE_CHECKING:
    from django.forms import BoundField

    from portfolio.health import Sign
    from portfolio.models import Project, StatusReport
    from portfolio.status.basis import Basis

LONGEST = 2000
_MONEY = ("budget", "spent", "forecast")


class HealthChoice(forms.RadioSelect):
    """The values of an area, each with what it means for that area."""

    def __init__(self, area: Area) -> None:
        super().__init__(choices=Health.choices)
        self.descriptions = {value.value: words for value, words in MEANINGS[area].items()}


@dataclass(frozen=True, slots=True)
class AreaFields:
    """The two fields of an area, and how it stood in the latest published report."""

    value: BoundField
    text: BoundField
    last: Sign | None


def _text_field(label: str, *, rows: int) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=LONGEST, required=False, widget=widget)


class StatusForm(Form):
    """What a report says.  What is needed to publish is asked by the operation, so that a draft may wait with it."""

    marks_demands = False
    day = DateField(label=gettext_lazy("Status per"))

    def __init__(
        self, *args: Any, project: Project, draft: StatusReport | None, basis: Basis, **kwargs: Any
    ) -> None:
        kwargs["initial"] = values_of(draft) if draft else _begun(basis)
        super().__init__(*args, **kwargs)
        self.fields["summary"] = _text_field(LABELS["summary"], rows=3)
        for area in Area:
            self._add_area(area, basis)
        ends = project.ends_on
        self.fields["forecast_ends_on"] = DateField(
            label=LABELS["forecast_ends_on"], required=False,
            help_text=_("Planlagt slutt er %(day)s.") % {"day": long_date(ends)} if ends else _("Prosjektet har ingen sluttdato."),
        )  # fmt: skip
        for name in _MONEY:
            summed = _("Summen av budsjettlinjene.") if basis.money[name] is not None else ""
            self.fields[name] = MoneyField(label=LABELS[name], required=False, min_value=0, help_text=summed)

    def _add_area(self, area: Area, basis: Basis) -> None:
        proposal = basis.areas[area]
        told = _("Grunnlag: %(why)s") % {"why": proposal.why}
        if proposal.value is not None:
            told = _("Forslag: %(value)s. Grunnlag: %(why)s") % {
                "value": proposal.value.label,
                "why": proposal.why,
            }
        self.fields[area.value] = forms.ChoiceField(
            label=LABELS[area],
            choices=Health.choices,
            required=False,
            widget=HealthChoice(area),
            help_text=told,
        )
        self.fields[f"{area}_text"] = _text_field(LABELS[f"{area}_text"], rows=2)

    def areas(self, last: list[Sign]) -> list[AreaFields]:
        """Return the fields of each area beside what was said last time."""
        before = {sign.area: sign for sign in last}
        return [AreaFields(self[area.value], self[f"{area}_text"], before.get(area)) for area in Area]


def _begun(basis: Basis) -> dict[str, Any]:
    """Return what a new report begins with: values and sums from the register, and no text."""
    values = {area.value: proposal.value for area, proposal in basis.areas.items() if proposal.value}
    return {"day": timezone.localdate(), **values, **basis.money}
