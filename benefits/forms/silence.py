"""When the municipality takes fewer reports for silence."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy

from benefits.models import SilenceRules
from core.forms import IntegerField, ModelForm


class SilenceRulesForm(ModelForm):
    """The cleaned data are what ``operations.set_silence_rules`` takes."""

    fall_percent = IntegerField(
        label=gettext_lazy("Hvor mye må meldingene falle?"), min_value=10, max_value=90, suffix=gettext_lazy("prosent"),
        help_text=gettext_lazy("Fra nullpunktets periode til den siste. Vårt forslag er 50."),
    )  # fmt: skip
    level_percent = IntegerField(
        label=gettext_lazy("Hvor sikkert må fallet være?"), min_value=1, max_value=20, suffix=gettext_lazy("prosents nivå"),
        help_text=gettext_lazy("Sjansen for at tilfeldigheter alene gir et slikt fall. Vårt forslag er 5."),
    )  # fmt: skip
    fewest = IntegerField(
        label=gettext_lazy("Hvor mange andre meldinger må det ha vært?"), min_value=1, max_value=100, suffix=gettext_lazy("meldinger"),
        help_text=gettext_lazy("Med færre enn dette kan ikke det andre som meldes, vise at folk fortsatt melder. Vårt forslag er 5."),
    )  # fmt: skip

    class Meta:
        model = SilenceRules
        fields = ("fall_percent", "level_percent", "fewest", "reason")
        labels: ClassVar[dict[str, Any]] = {"reason": gettext_lazy("Hvorfor disse grensene?")}
        widgets: ClassVar[dict[str, Any]] = {"reason": forms.Textarea(attrs={"rows": 3})}

    def _post_clean(self) -> None:
        """The operation makes the row and checks it."""
