"""Which two versions of a plan to compare; it stands in the address so that a view can be shared."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import FilterForm


class VersionsForm(FilterForm):
    """A choice that cannot be read is as if it were not there."""

    fra = forms.ChoiceField(label=_("Fra"), required=False)
    til = forms.ChoiceField(label=_("Til"), required=False)

    def __init__(
        self, data: dict[str, str], *, choices: list[tuple[str, str]], latest: str, now: str
    ) -> None:
        known = dict(choices)
        defaults = {"fra": latest, "til": now}
        self.chosen = {
            name: data[name] if data.get(name) in known else value for name, value in defaults.items()
        }
        super().__init__(self.chosen)
        for name in defaults:
            field: Any = self.fields[name]
            field.choices = choices
