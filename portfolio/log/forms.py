"""The form of an entry in the log of a project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import DateField, RadioCards
from core.history import label_actions
from organization.forms import PersonField
from organization.forms.choices import choosable
from portfolio.models import LogKind, ProjectLogEntry
from portfolio.row_forms import RowForm, checked_day

if TYPE_CHECKING:
    from datetime import date

ADD, EDIT = "add_log_entry", "edit_log_entry"
label_actions({ADD: gettext_lazy("Skrevet i loggen"), EDIT: gettext_lazy("Rettet i loggen")})
KINDS = {
    LogKind.EVENT.value: gettext_lazy("Noe som skjedde, eller noe noen er bekymret for."),
    LogKind.CHANGE_REQUEST.value: gettext_lazy("Noen ber om noe annet enn det som er avtalt."),
    LogKind.OFF_SPECIFICATION.value: gettext_lazy("Noe ble ikke som avtalt."),
    LogKind.DECISION.value: gettext_lazy("Noe ble bestemt. Skriv hvem som bestemte det og når."),
}  # fmt: skip


class LogForm(RowForm):
    layout = (
        ("", ("kind", "title", "text", "happened_on", "reported_by", "responsible")),
        (gettext_lazy("Hva betyr det?"), ("consequence", "recommendation")),
        (gettext_lazy("Gjelder det en beslutning?"), ("decided_by", "decided_on")),
        (gettext_lazy("Kan andre lære av det?"), ("lesson",)),
    )
    happened_on = DateField(label=gettext_lazy("Når?"))
    reported_by = PersonField(
        label=gettext_lazy("Meldt av"), help_text=gettext_lazy("Skriv en del av navnet.")
    )
    decided_by = PersonField(label=gettext_lazy("Besluttet av"), required=False)
    decided_on = DateField(label=gettext_lazy("Besluttet dato"), required=False)

    class Meta:
        model = ProjectLogEntry
        fields = (
            "kind", "title", "text", "happened_on", "reported_by", "responsible", "consequence", "recommendation", "decided_by",
            "decided_on", "lesson",
        )  # fmt: skip
        labels: ClassVar[dict[str, Any]] = {
            "kind": gettext_lazy("Hva slags?"), "title": gettext_lazy("Kort fortalt"), "text": gettext_lazy("Beskrivelse"),
            "responsible": gettext_lazy("Ansvarlig"), "consequence": gettext_lazy("Konsekvens"),
            "recommendation": gettext_lazy("Anbefaling"), "lesson": gettext_lazy("Til erfaringsloggen"),
        }  # fmt: skip
        help_texts: ClassVar[dict[str, Any]] = {
            "title": gettext_lazy("Alle i kommunen kan lese loggen."),
            "lesson": gettext_lazy("Hva vil dere råde andre til? Det du skriver her, finner alle prosjekter under Erfaringer."),
        }  # fmt: skip
        widgets: ClassVar[dict[str, Any]] = {
            "kind": RadioCards(descriptions=KINDS),
            **{name: forms.Textarea(attrs={"rows": 3}) for name in ("text", "consequence", "recommendation", "lesson")},
        }  # fmt: skip

    def prepare(self) -> None:
        fields: Any = self.fields
        fields["kind"].choices = LogKind.choices
        ids, row = self.instance.project.initiative.participant_ids, self.instance
        for name in ("reported_by", "decided_by"):
            fields[name].queryset = choosable(ids, getattr(row, f"{name}_id"))
        if row.pk is None:
            self.initial.update({"happened_on": timezone.localdate(), "reported_by": self.actor.person_id})

    def clean_happened_on(self) -> date | None:
        return checked_day(self.cleaned_data["happened_on"])

    def clean_decided_on(self) -> date | None:
        return checked_day(self.cleaned_data["decided_on"])

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        is_decision = data.get("kind") == LogKind.DECISION
        lacking = {
            "decided_by": _("Skriv hvem som tok beslutningen."), "decided_on": _("Skriv når beslutningen ble tatt."),
        }  # fmt: skip
        for name, words in lacking.items():
            if name not in data:
                continue
            if is_decision and not data[name]:
                self.add_error(name, words)
            elif not is_decision and data[name] and "kind" in data:
                self.add_error(
                    name, _("Bare en beslutning har dette. Velg «Beslutning» øverst, eller tøm feltet.")
                )
        return data
