"""Who is responsible, what has been considered, and what happens if nothing is done."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy

from core.forms import RadioCards
from governance.forms.intake.common import SectionForm
from governance.models.initiative import Answer, Initiative
from organization.forms import PersonField

NOTES = (
    "personal_data_note", "affects_staff_note", "security_note", "accessibility_note", "integration_note",
    "archive_note", "reuse_note", "dependency_note", "regional_note",
)  # fmt: skip


class ResponsibilityForm(SectionForm):
    must_fill: ClassVar[frozenset[str]] = frozenset({"service_owner"})
    service_owner = PersonField(
        label=gettext_lazy("Tjenesteeier"), required=False,
        help_text=gettext_lazy("Lederen som skal ta ut gevinsten når tiltaket er innført."),
    )  # fmt: skip
    project_owner = PersonField(label=gettext_lazy("Prosjekteier"), required=False)

    class Meta:
        model = Initiative
        fields = ("service_owner", "project_owner")


class AssessmentsForm(SectionForm):
    layout = (
        (gettext_lazy("Personvern"), ("personal_data", "personal_data_note")),
        (gettext_lazy("Ansatte"), ("affects_staff", "affects_staff_note")),
        (
            gettext_lazy("Teknikk og arkiv"),
            ("security_note", "accessibility_note", "integration_note", "archive_note"),
        ),
        (gettext_lazy("Andre tiltak og kommuner"), ("reuse_note", "dependency_note", "regional_note")),
    )
    must_fill: ClassVar[frozenset[str]] = frozenset({"personal_data", "affects_staff"})

    class Meta:
        model = Initiative
        fields = (
            "personal_data", "personal_data_note", "affects_staff", "affects_staff_note", "security_note",
            "accessibility_note", "integration_note", "archive_note", "reuse_note", "dependency_note", "regional_note",
        )  # fmt: skip
        labels: ClassVar[dict[str, Any]] = {
            "personal_data": gettext_lazy("Behandles personopplysninger?"),
            "personal_data_note": gettext_lazy(
                "Hvilke opplysninger, og er det vurdert personvernkonsekvenser (DPIA)?"
            ),
            "affects_staff": gettext_lazy("Endrer tiltaket arbeidet for ansatte?"),
            "affects_staff_note": gettext_lazy("Hvordan påvirkes de ansatte?"),
            "security_note": gettext_lazy("Informasjonssikkerhet"),
            "accessibility_note": gettext_lazy("Universell utforming"),
            "integration_note": gettext_lazy("Integrasjoner og arkitektur"),
            "archive_note": gettext_lazy("Arkiv"),
            "reuse_note": gettext_lazy("Finnes det en løsning fra før?"),
            "dependency_note": gettext_lazy("Er tiltaket avhengig av andre tiltak?"),
            "regional_note": gettext_lazy("Kan flere kommuner samarbeide om dette?"),
        }
        widgets: ClassVar[dict[str, Any]] = {
            "personal_data": RadioCards(),
            "affects_staff": RadioCards(),
            **{name: forms.Textarea(attrs={"rows": 3}) for name in NOTES},
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "affects_staff": gettext_lazy("Svarer du ja, blir tillitsvalgte og verneombud hørt."),
            "security_note": gettext_lazy("Hva kan gå galt, og hvor alvorlig er det?"),
            "accessibility_note": gettext_lazy("Kan alle bruke løsningen?"),
            "integration_note": gettext_lazy("Hvilke systemer må den snakke med?"),
            "archive_note": gettext_lazy("Lages det noe som skal arkiveres?"),
        }

    def prepare(self) -> None:
        super().prepare()
        for name in ("personal_data", "affects_staff"):
            field: Any = self.fields[name]
            field.choices, field.required = Answer.choices, False


class NullAlternativeForm(SectionForm):
    must_fill: ClassVar[frozenset[str]] = frozenset({"null_alternative"})

    class Meta:
        model = Initiative
        fields = ("null_alternative",)
        widgets: ClassVar[dict[str, Any]] = {"null_alternative": forms.Textarea(attrs={"rows": 6})}
        labels: ClassVar[dict[str, Any]] = {
            "null_alternative": gettext_lazy("Hva skjer om dere ikke gjør noe?")
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "null_alternative": gettext_lazy("Kostnad, risiko og ulempe ved å fortsette som i dag."),
        }
