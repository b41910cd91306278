"""What the initiative is about."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Case, Q, When
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import CheckboxList, RadioCards
from governance.forms.intake.common import SectionForm, offer_units
from governance.goals import cited, decision_behind, goals_of
from governance.models.initiative import Initiative, Participation
from organization.models import Goal, ProfessionalGroup, Unit

FIRST_DAY = date(1990, 1, 1)
YEARS_AHEAD = 20


class AboutForm(SectionForm):
    must_fill: ClassVar[frozenset[str]] = frozenset(
        {"title", "summary", "need", "target_group", "category", "goals"}
    )
    layout = (
        ("", ("title", "summary", "need", "target_group", "unit", "participants", "category", "goals")),
        (
            gettext_lazy("Krav og tid"),
            ("is_statutory", "statutory_basis", "statutory_deadline", "desired_start"),
        ),
    )

    class Meta:
        model = Initiative
        fields = (
            "title", "summary", "need", "target_group", "unit", "category", "goals", "is_statutory",
            "statutory_basis", "statutory_deadline", "professional_group", "desired_start",
        )  # fmt: skip
        labels: ClassVar[dict[str, Any]] = {
            "need": gettext_lazy("Problem eller behov"),
            "target_group": gettext_lazy("Hvem gjelder det?"),
            "is_statutory": gettext_lazy("Tiltaket er lovpålagt"),
            "goals": gettext_lazy("Strategiske mål"),
        }
        widgets: ClassVar[dict[str, Any]] = {
            "summary": forms.Textarea(attrs={"rows": 4}),
            "need": forms.Textarea(attrs={"rows": 6}),
            "category": RadioCards(
                descriptions={
                    "operations": gettext_lazy("Holde det vi har, ved like"),
                    "development": gettext_lazy("Lage noe nytt eller gjøre noe på en ny måte"),
                    "procurement": gettext_lazy("Kjøpe en løsning eller tjeneste"),
                    "study": gettext_lazy("Finne ut mer før noe avgjøres"),
                    "regional": gettext_lazy("Noe flere kommuner gjør sammen"),
                }
            ),
            "goals": CheckboxList(describe=decision_behind),
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "summary": gettext_lazy(
                "Hva går tiltaket ut på? Alle i kommunen kan lese dette når saken er vedtatt."
            ),
            "need": gettext_lazy("Hva er problemet i dag, og hvordan merkes det?"),
            "target_group": gettext_lazy(
                "For eksempel: ansatte i hjemmetjenesten, foreldre med barn i barnehage."
            ),
            "goals": gettext_lazy("Velg målene i vedtatt strategi som tiltaket bidrar til."),
            "is_statutory": gettext_lazy("Kryss av hvis en lov eller forskrift krever tiltaket."),
            "statutory_basis": gettext_lazy("Lov og paragraf."),
            "desired_start": gettext_lazy("Omtrent når bør arbeidet begynne?"),
        }

    def prepare(self) -> None:
        super().prepare()
        initiative, today = self.instance, timezone.localdate()
        self._offer_units(today)
        self._offer_participants(today)
        self._offer_groups()
        chosen = [goal.pk for goal in initiative.goals.all()]
        goals = Goal.objects.adopted_on(today).filter(strategy__municipality_id__in=self._goal_owners())
        field: Any = self.fields["goals"]
        offered = (goals | Goal.objects.filter(pk__in=chosen)).select_related(
            "strategy__municipality", "unit"
        )
        field.queryset = offered.order_by(self._own_goals_first(), "strategy", "code")
        field.label_from_instance = self._named_goal
        # A choice among «nothing chosen» and five cards needs no empty card.
        category: Any = self.fields["category"]
        category.choices, category.required = Initiative.Category.choices, False

    def _offer_units(self, today: date) -> None:
        municipality = self.instance.municipality
        units = Unit.objects.below(municipality).filter(municipality=municipality)
        offer_units(self.fields["unit"], units.open_on(today) | units.filter(pk=self.instance.unit_id))

    def _own_goals_first(self) -> Case:
        return Case(When(strategy__municipality=self.instance.municipality_id, then=0), default=1)

    def _named_goal(self, goal: Goal) -> str:
        """Name a goal by whose it is, where that is not the municipality itself: parts often share a title."""
        return str(goal) if goal.unit_id == self.instance.municipality_id else f"{goal} ({goal.unit})"

    def _offer_participants(self, today: date) -> None:
        """Ask which municipalities take part, where the initiative belongs to a region."""
        region = self.instance.municipality
        if region.kind != Unit.Kind.REGION:
            return
        taking_part = _taking_part(self.instance)
        members = Unit.objects.filter(kind=Unit.Kind.MUNICIPALITY, region=region)
        self.fields["participants"] = forms.ModelMultipleChoiceField(
            label=_("Kommuner som deltar"), required=False, widget=CheckboxList(), initial=taking_part,
            queryset=members.open_on(today) | members.filter(pk__in=taking_part),
        )  # fmt: skip

    def _offer_groups(self) -> None:
        chosen = self.instance.professional_group_id
        own = ProfessionalGroup.objects.filter(responsible_id=self.actor.person_id)
        groups = ProfessionalGroup.objects.filter(Q(pk__in=own.values("pk")) | Q(pk=chosen))
        field: Any = self.fields["professional_group"]
        field.queryset, field.empty_label = groups, _("Ingen")

    def is_asked(self, name: str) -> bool:
        return name != "professional_group" or bool(self.fields[name].queryset)  # type: ignore[attr-defined]

    def _goal_owners(self) -> set[int]:
        municipality = self.instance.municipality
        return {
            municipality.pk,
            *self.instance.participant_ids,
            *([municipality.region_id] if municipality.region_id else []),
        }

    def value_of(self, name: str, instance: Initiative) -> Any:
        return _taking_part(instance) if name == "participants" else super().value_of(name, instance)

    def row_or_value(self, name: str, instance: Initiative) -> Any:
        if name == "goals":
            return goals_of(instance)
        if name != "participants":
            return super().row_or_value(name, instance)
        return list(Unit.objects.filter(pk__in=_taking_part(instance)))

    def shown(self, name: str, value: Any) -> str:
        return "\n".join(map(cited, value)) if name == "goals" and value else super().shown(name, value)

    def _save_m2m(self) -> None:
        super()._save_m2m()
        if "participants" in self.changed_data:
            _write_participants(self.instance, {unit.pk for unit in self.cleaned_data["participants"]})

    def clean_statutory_deadline(self) -> date | None:
        return _sensible(self.cleaned_data["statutory_deadline"])

    def clean_desired_start(self) -> date | None:
        day = _sensible(self.cleaned_data["desired_start"])
        if day is not None and day < timezone.localdate():
            raise ValidationError(_("Ønsket oppstart er passert. Velg i dag eller en senere dag."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("is_statutory") and not data.get("statutory_basis") and "statutory_basis" in self.fields:
            self.add_error("statutory_basis", _("Skriv hvilken lov eller forskrift som krever tiltaket."))
        start, deadline = data.get("desired_start"), data.get("statutory_deadline")
        if start and deadline and start > deadline:
            self.add_error(
                "desired_start", _("Ønsket oppstart er etter den lovpålagte fristen. Rett en av datoene.")
            )
        return data


def _taking_part(initiative: Initiative) -> list[int]:
    return sorted(initiative.participant_ids - {initiative.municipality_id})


def _write_participants(initiative: Initiative, wanted: set[int]) -> None:
    """Let exactly ``wanted`` take part; who leaves keeps the row, with the time it left."""
    now = initiative.changed_at
    rows = {row.municipality_id: row for row in Participation.objects.filter(initiative=initiative)}
    for municipality_id in wanted - set(rows):
        Participation.objects.create(initiative=initiative, municipality_id=municipality_id, changed_at=now)
    for municipality_id, row in rows.items():
        left_at = None if municipality_id in wanted else row.left_at or now
        if left_at != row.left_at:
            row.left_at = left_at
            row.stamp(now)
            row.save()


def _sensible(day: date | None) -> date | None:
    if day is not None and not FIRST_DAY <= day <= timezone.localdate() + timedelta(days=366 * YEARS_AHEAD):
        raise ValidationError(_("Sjekk årstallet."))
    return day
