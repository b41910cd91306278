"""The form of a stakeholder."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy

from core.history import label_actions
from portfolio.models import ProjectStakeholder
from portfolio.row_forms import RowForm

ADD, EDIT, REMOVE = (
    "add_stakeholder_of_project",
    "edit_stakeholder_of_project",
    "remove_stakeholder_of_project",
)
label_actions({
    ADD: gettext_lazy("Interessent lagt til"), EDIT: gettext_lazy("Interessent endret"), REMOVE: gettext_lazy("Interessent fjernet"),
})  # fmt: skip


class StakeholderForm(RowForm):
    layout = (
        ("", ("name", "group", "interest")),
        (gettext_lazy("Hvor mye betyr det?"), ("affected", "influence")),
        (gettext_lazy("Hvordan møter dere dem?"), ("strategy", "arena", "measure")),
    )

    class Meta:
        model = ProjectStakeholder
        fields = ("name", "group", "interest", "affected", "influence", "strategy", "arena", "measure")
        labels: ClassVar[dict[str, Any]] = {
            "name": gettext_lazy("Hvem?"), "group": gettext_lazy("Interessentgruppe"), "interest": gettext_lazy("Hva er de opptatt av?"),
            "affected": gettext_lazy("Hvor mye påvirkes de?"), "influence": gettext_lazy("Hvor mye kan de påvirke?"),
            "strategy": gettext_lazy("Hvordan vil dere møte dem?"), "arena": gettext_lazy("Hvor møter dere dem?"),
            "measure": gettext_lazy("Hva gjør dere?"),
        }  # fmt: skip
        help_texts: ClassVar[dict[str, Any]] = {
            "name": gettext_lazy("En gruppe eller en rolle. Alle i kommunen kan lese dette, så skriv ikke om enkeltpersoner."),
            "arena": gettext_lazy("For eksempel brukerutvalg eller allmøte."),
        }  # fmt: skip
        widgets: ClassVar[dict[str, Any]] = {
            name: forms.Textarea(attrs={"rows": 3}) for name in ("interest", "strategy", "measure")
        }
