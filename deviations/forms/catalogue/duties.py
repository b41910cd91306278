"""The form of a duty to notify: recipients, deadline, channel and the checklist."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import CheckboxList
from deviations.forms.catalogue.base import LinesField, RowForm
from deviations.models import DutyTemplate
from organization.roles import Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from organization.models import Unit

_EMPTY_POINTS = 3
_MOST_POINTS = 20
_LONGEST_HOURS = 24 * 90
_HOURS = re.compile(r"[0-9]{1,4}")


class HoursField(forms.CharField):
    """Hours after the discovery, such as «48, 66, 72»."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(str(hour) for hour in value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        hours = []
        for part in (super().to_python(value) or "").replace(";", ",").split(","):
            text = part.strip()
            if text and (not _HOURS.fullmatch(text) or not 0 < int(text) <= _LONGEST_HOURS):
                raise ValidationError(
                    _(
                        "«%(text)s» er ikke et antall timer. Skriv hele timer fra 1 til %(most)d med komma mellom, for eksempel 48, 66, 72."
                    )
                    % {"text": text, "most": _LONGEST_HOURS}
                )
            if text:
                hours.append(int(text))
        return sorted(set(hours))

    def run_validators(self, value: Any) -> None:
        """Leave the hours alone: each has been checked."""


class DutyForm(RowForm):
    recipients = LinesField(
        label=gettext_lazy("Mottakere"), most=10, help_text=gettext_lazy("En på hver linje.")
    )
    escalation_hours = HoursField(
        label=gettext_lazy("Varsles videre etter (timer)"), required=False, max_length=100,
        help_text=gettext_lazy("Timer etter at det ble oppdaget, med komma mellom: 48, 66, 72."),
    )  # fmt: skip
    escalation_roles = forms.MultipleChoiceField(
        label=gettext_lazy("Varsles videre til"), choices=Role.choices, widget=CheckboxList, required=False
    )

    class Meta:
        model = DutyTemplate
        fields = (
            "name", "recipients", "deadline", "hours", "escalation_hours", "escalation_roles", "channel", "phone", "guidance",
            "source", "confirmed_on",
        )  # fmt: skip
        widgets = {"guidance": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, municipality: Unit, **kwargs: Any) -> None:
        super().__init__(*args, municipality=municipality, **kwargs)
        self._held = list(self.instance.stamps)
        points = min(len(self._held) + _EMPTY_POINTS, _MOST_POINTS)
        if self.is_bound:
            points = max(points, sum(name.startswith("point_") for name in self.data))
        self._points = range(min(points, _MOST_POINTS))
        for number in self._points:
            held = self._held[number] if number < len(self._held) else {}
            self.fields[f"point_{number}"] = forms.CharField(
                label=_("Punkt %(number)d") % {"number": number + 1}, max_length=120, required=False, initial=held.get("label", "")
            )  # fmt: skip
            self.fields[f"meets_{number}"] = forms.BooleanField(
                label=_("Fristen gjelder punkt %(number)d") % {"number": number + 1}, required=False,
                initial=bool(held.get("meets_deadline")),
            )  # fmt: skip

    @property
    def point_fields(self) -> list[tuple[Any, Any]]:
        return [(self[f"point_{number}"], self[f"meets_{number}"]) for number in self._points]

    @property
    def fact_fields(self) -> list[Any]:
        return [self[name] for name in self._meta.fields or ()]

    @property
    def written(self) -> list[str]:
        return [*super().written, "stamps"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        needs_hours = data.get("deadline") == DutyTemplate.Deadline.HOURS
        if needs_hours and not data.get("hours") and "hours" not in self.errors:
            self.add_error("hours", _("Skriv hvor mange timer fristen er."))
        if not needs_hours and data.get("hours"):
            self.add_error(
                "hours",
                _(
                    "Timer hører bare til fristen «Innen et antall timer». Fjern tallet, eller velg den fristen."
                ),
            )
        if data.get("escalation_hours") and not data.get("escalation_roles"):
            self.add_error("escalation_roles", _("Velg hvem som varsles videre, eller fjern timene."))
        self.instance.stamps = self._checklist(data)
        self.refuse_twin()
        return data

    def _checklist(self, data: Mapping[str, Any]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        codes = {str(held.get("code")) for held in self._held}
        for number in self._points:
            label = " ".join(data.get(f"point_{number}", "").split())
            if not label:
                continue
            code = str(self._held[number]["code"]) if number < len(self._held) else _code_for(label, codes)
            codes.add(code)
            found.append(
                {
                    "code": code,
                    "label": label,
                    **({"meets_deadline": True} if data.get(f"meets_{number}") else {}),
                }
            )
        if not any(point.get("meets_deadline") for point in found):
            self.add_error(
                "point_0",
                _(
                    "Kryss av for minst ett punkt som fristen gjelder, så det er klart når plikten er oppfylt."
                ),
            )
        return found


def _code_for(label: str, taken: set[str]) -> str:
    begun = slugify(label).replace("-", "_")[:30] or "punkt"
    return next(
        code
        for code in (begun, *(f"{begun}_{number}" for number in range(2, _MOST_POINTS + 2)))
        if code not in taken
    )
